import { Strophe } from 'strophe.js';
import { fullJitter, parseRetryAfter, requestedPause } from './backoff.js';
import { children, headline, is } from './headline.js';
import type { Session, SessionEnd, Transport, TransportListener, TransportOptions } from './transport.js';

// The only file that knows Strophe. It relies on what Strophe 5.0.0 does (package.json pins that version); where it uses
// one of Strophe's underscored members, the comment says what it counts on.

const NS_BODY = 'http://jabber.org/protocol/httpbind';

type Request = InstanceType<typeof Strophe.Request>;
type StropheConnection = InstanceType<typeof Strophe.Connection>;

Strophe.setLogLevel(Strophe.LogLevel.FATAL);

/** Polls a session with Strophe. */
export function strophe(session: Session, listener: TransportListener, options: TransportOptions): Transport {
    return new StropheTransport(session, listener, options);
}

class StropheTransport implements Transport {
    private readonly connection: StropheConnection;
    private readonly bosh: PersistentBosh;
    private stopped = false;
    private condition: string | null = null;

    constructor(
        private readonly session: Session,
        private readonly listener: TransportListener,
        options: TransportOptions,
    ) {
        this.connection = new Strophe.Connection(new URL(session.path, options.gateway).href);
        this.bosh = new PersistentBosh(this.connection, session.inactivity * 1000, options, {
            failed: (status) => this.listener.failed(status),
            lost: (status) => this.end('lost', status),
        });
        this.connection._proto = this.bosh;
        // Strophe would otherwise try out and clear sessionStorage, although `keepalive` is off.
        this.connection._sessionCachingSupported = () => false;
        this.connection.xmlInput = (body) => this.received(body as Element);
        // Strophe uses `wait` for nothing but the time after which a request counts as dead: TIMEOUT * wait.
        const patience = Math.ceil((session.wait + options.timing.pollSlack / 1000) / Strophe.TIMEOUT);
        this.connection.attach(
            session.jid,
            session.sid,
            session.rid,
            (status, condition) => this.changed(status, condition),
            patience,
            session.hold,
            session.requests,
        );
        // attach() sends nothing by itself; the next idle tick would, 100 ms later.
        this.connection.flush();
    }

    retryNow(): void {
        this.bosh.retryNow();
    }

    stop(): void {
        if (this.stopped) {
            return;
        }
        this.stopped = true;
        this.bosh.stop();
        // disconnect() of a connection that is not connected sends nothing: it aborts all requests and ends the idle timer.
        this.connection.connected = false;
        this.connection.disconnect();
    }

    private changed(status: number, condition: string | null): void {
        if (status === Strophe.Status.CONNFAIL) {
            this.condition = condition;
        } else if (status === Strophe.Status.DISCONNECTED) {
            this.end(this.condition === null ? 'refused' : 'terminated', this.bosh.lastStatus);
        }
    }

    private end(how: SessionEnd['how'], status: number): void {
        if (this.stopped) {
            return;
        }
        this.stop();
        this.listener.ended({ how, condition: this.condition, status });
    }

    /** Each body that arrives, once, before Strophe looks at it. */
    private received(body: Element): void {
        if (this.stopped) {
            return;
        }
        if (body.getAttribute('type') !== 'terminate') {
            // The next poll leaves as soon as Strophe is done with this answer; its own timer would take up to 100 ms,
            // and a minute in a hidden tab.
            void Promise.resolve().then(() => this.stopped || this.connection.flush());
            this.listener.answered();
        }
        const service = `channel.${Strophe.getDomainFromJid(this.session.jid)}`;
        for (const stanza of children(body)) {
            const text = headline(stanza, service, this.session.channel);
            if (text !== null && !this.stopped) {
                this.listener.message(text);
            }
        }
    }
}

interface RetryListener {
    failed(status: number): void;
    lost(status: number): void;
}

/**
 * Repeats a failed request, the same rid with the same bytes, for as long as the session can be alive (XEP-0124 §14.3), at
 * its own pace. Strophe itself gives up after five attempts and pauses 8, 27, 64 … seconds between them.
 */
class PersistentBosh extends Strophe.Bosh {
    /** Of the last request that failed; 0 without an answer. */
    lastStatus = 0;
    private failures = 0;
    private failingSince = 0;
    private retry: ReturnType<typeof setTimeout> | null = null;
    private probe: ReturnType<typeof setTimeout> | undefined;
    /** Whose answer came while an earlier request had none yet. */
    private early: Request[] = [];

    constructor(
        connection: StropheConnection,
        /** How long the session can live without a request, in milliseconds. */
        private readonly lifetime: number,
        private readonly options: TransportOptions,
        private readonly listener: RetryListener,
    ) {
        super(connection);
    }

    /** Strophe calls this for each request that failed, and counts to five in it. */
    override _hitError(status: number): void {
        this.lastStatus = status;
    }

    /**
     * Every way to send goes through here. A request that failed is still in the queue then, with its XHR done
     * (`readyState` 4), and `super` would send it again at once.
     */
    override _throttledRequestHandler(): void {
        if (this.retry !== null) {
            return;
        }
        const done = this._requests.find(({ xhr }) => xhr.readyState === 4);
        const failed = done ?? this._requests.find((request) => this.overdue(request));
        if (failed !== undefined) {
            this.failed(done?.xhr.status ?? 0, failed.xhr);
            return;
        }
        super._throttledRequestHandler();
    }

    /**
     * Takes the answer of status 200 out of a request, which Strophe has removed from the queue. Where it is no BOSH body (a
     * captive portal, a proxy's error page), the session has not gone on: the same request has to be sent again.
     */
    override _reqToData(request: Request): Element | undefined {
        const body = parsed(request);
        if (body !== null) {
            this.failures = 0;
            clearTimeout(this.probe);
            return this.isEarly(request, body) ? (null as unknown as undefined) : body;
        }
        this._requests.push(new Strophe.Request(request.xmlData, request.origFunc, request.rid));
        this._requests.sort((a, b) => a.rid - b.rid);
        this.failed(request.xhr.status, null);
        return null as unknown as undefined; // Connection._dataRecv ignores null
    }

    /** Two answers may come in any order, over two connections or one of HTTP/2; they are read in that of their rids. */
    private isEarly(request: Request, body: Element): boolean {
        if (body.getAttribute('type') !== 'terminate' && this._requests.some(({ rid }) => rid < request.rid)) {
            this.early.push(request);
            return true;
        }
        if (this.early.length > 0) {
            void Promise.resolve().then(() => this.readEarly()); // after this one, before any other
        }
        return false;
    }

    private readEarly(): void {
        const read = this.early.sort((a, b) => a.rid - b.rid);
        this.early = [];
        read.forEach((request) => this._conn._dataRecv(request)); // asks _reqToData() again
    }

    retryNow(): void {
        if (this.retry === null) {
            return;
        }
        this.cancelRetry();
        for (const request of this._requests) {
            request.sends = 0; // the pause of Strophe's own before it sends begins with the third attempt
        }
        this.probe = setTimeout(() => this.pollOnceMore(), this.options.timing.probe);
        super._throttledRequestHandler();
    }

    stop(): void {
        this.cancelRetry();
        clearTimeout(this.probe);
    }

    private cancelRetry(): void {
        if (this.retry !== null) {
            clearTimeout(this.retry);
            this.retry = null;
        }
    }

    /** The gateway holds one poll: a second one makes it answer the first. */
    private pollOnceMore(): void {
        if (this._requests.length === 1) {
            this._conn._data.push(null); // an empty body
            this._conn.flush();
        }
    }

    private failed(status: number, answer: XMLHttpRequest | null): void {
        const now = Date.now();
        clearTimeout(this.probe);
        this.lastStatus = status;
        if (this.failures === 0) {
            this.failingSince = now;
        }
        const { random, timing } = this.options;
        const asked = status === 503 ? parseRetryAfter(answer?.getResponseHeader('Retry-After') ?? null, now) : null;
        const pause =
            asked === null
                ? fullJitter(this.failures, timing.repeatBase, timing.repeatMax, random)
                : requestedPause(asked, random);
        this.failures++;
        if (now - this.failingSince > this.lifetime) {
            this.listener.lost(status);
            return;
        }
        this.retry = setTimeout(() => this.retryNow(), pause);
        this.listener.failed(status);
    }

    /** The condition by which `super` takes a request for dead and sends it again. */
    private overdue(request: Request): boolean {
        return request.age() > Math.floor(Strophe.TIMEOUT * this.wait);
    }
}

function parsed(request: Request): Element | null {
    try {
        const body = request.getResponse();
        return body !== null && is(body, 'body', NS_BODY) ? body : null;
    } catch {
        return null;
    }
}
