import { Gateway } from './gateway.js';
import { Handler, type ChannelError, type HandlerConstructor, type SocketHandler } from './handler.js';
import { Link } from './link.js';
import { Outbox } from './outbox.js';
import { ReadyState } from './ready-state.js';
import type { Surroundings } from './surroundings.js';

/** An open channel. Made by {@link Channel.open}; once closed it cannot be used again. */
export class Socket {
    static readonly ReadyState = ReadyState;
    static readonly Handler: HandlerConstructor = Handler;

    private state: ReadyState = ReadyState.CONNECTING;
    private readonly callbacks: SocketHandler;
    private readonly link: Link;
    private readonly outbox: Outbox;
    private readonly report: (error: unknown) => void;

    /** @internal */
    constructor(token: unknown, handler: SocketHandler | null | undefined, around: Surroundings) {
        if (!document.body) {
            // Google's words, thrown as Google did: a string.
            throw 'document.body is not defined -- do not create socket from script in <head>.';
        }
        // What is assigned to the socket hides what the handler has; both are looked up when a callback is due.
        this.callbacks = Object.create(Object(handler || new Handler())) as SocketHandler;
        this.report = around.report;
        // Pages get it with a line end behind it, from programs that println() it.
        const trimmed = String(token).trim();
        const gateway = new Gateway(around.gateway);
        this.outbox = new Outbox((message) => gateway.receive(trimmed, message, around.timing.connectTimeout), around);
        this.link = new Link(trimmed, around, {
            opened: () => this.opened(),
            message: (data) => this.call('onmessage', { data }),
            lost: () => this.call('onoutage'),
            restored: () => this.restored(),
            failed: (error) => this.failed(error),
        });
        this.link.start();
    }

    get readyState(): ReadyState {
        return this.state;
    }

    get onopen(): SocketHandler['onopen'] {
        return this.callbacks.onopen;
    }

    set onopen(callback: SocketHandler['onopen']) {
        this.assign('onopen', callback);
    }

    get onmessage(): SocketHandler['onmessage'] {
        return this.callbacks.onmessage;
    }

    set onmessage(callback: SocketHandler['onmessage']) {
        this.assign('onmessage', callback);
    }

    get onerror(): SocketHandler['onerror'] {
        return this.callbacks.onerror;
    }

    set onerror(callback: SocketHandler['onerror']) {
        this.assign('onerror', callback);
    }

    get onclose(): SocketHandler['onclose'] {
        return this.callbacks.onclose;
    }

    set onclose(callback: SocketHandler['onclose']) {
        this.assign('onclose', callback);
    }

    get onoutage(): SocketHandler['onoutage'] {
        return this.callbacks.onoutage;
    }

    set onoutage(callback: SocketHandler['onoutage']) {
        this.assign('onoutage', callback);
    }

    get onrecovery(): SocketHandler['onrecovery'] {
        return this.callbacks.onrecovery;
    }

    set onrecovery(callback: SocketHandler['onrecovery']) {
        this.assign('onrecovery', callback);
    }

    /**
     * Sends a text to the application, which gets it from the gateway as a POST to `/_ah/channel/receive`. Messages of one
     * socket arrive in order. One that did not get through is sent again for half a minute or so, and the gateway takes it
     * once; one that it refuses is dropped. Nobody tells the page.
     *
     * @param data - 1 to 32,767 bytes of UTF-8; what is no text is made one by `String()`
     * @returns false, and nothing is sent, when the socket is not open, or when 100 messages wait already
     */
    send(data: unknown): boolean {
        return this.state === ReadyState.OPEN && this.outbox.add(String(data));
    }

    /**
     * Ends the session. No message arrives any more; `onclose` follows when the gateway has acknowledged it, after two
     * seconds at the latest.
     */
    close(): void {
        if (this.state === ReadyState.CLOSING || this.state === ReadyState.CLOSED) {
            return;
        }
        this.state = ReadyState.CLOSING;
        this.outbox.finish();
        void this.link.end().then(() => this.closed());
    }

    private opened(): void {
        this.state = ReadyState.OPEN;
        this.call('onopen');
    }

    private restored(): void {
        this.outbox.retryNow();
        this.call('onrecovery');
    }

    private failed(error: ChannelError): void {
        this.state = ReadyState.CLOSING;
        this.outbox.drop();
        this.call('onerror', error);
        this.closed();
    }

    private closed(): void {
        this.state = ReadyState.CLOSED;
        this.call('onclose');
    }

    private assign(name: keyof SocketHandler, value: unknown): void {
        // Not by `=`, which a frozen handler would forbid.
        Object.defineProperty(this.callbacks, name, { value, writable: true, configurable: true });
    }

    private call(name: keyof SocketHandler, ...args: unknown[]): void {
        try {
            const callback: unknown = this.callbacks[name];
            if (typeof callback === 'function') {
                callback.apply(this, args);
            }
        } catch (error) {
            this.report(error);
        }
    }
}
