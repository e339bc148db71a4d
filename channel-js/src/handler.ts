import type { Socket } from './socket.js';

/** What `onmessage` gets. */
export interface ChannelMessage {
    /** The text as it was sent. */
    readonly data: string;
}

/** What `onerror` gets; an `onclose` follows it always. */
export interface ChannelError {
    /** The HTTP status, e.g. 401; 0 when the gateway could not be reached at all. */
    readonly code: number;
    /** E.g. `Invalid+token.` or `Token+timed+out.` */
    readonly description: string;
}

/** The callbacks of a socket. Each is optional, is read when it is due, and is called with the socket as `this`. */
export interface SocketHandler {
    onopen?: ((this: Socket) => void) | null | undefined;
    onmessage?: ((this: Socket, message: ChannelMessage) => void) | null | undefined;
    onerror?: ((this: Socket, error: ChannelError) => void) | null | undefined;
    onclose?: ((this: Socket) => void) | null | undefined;
    /** Beyond Google's API: an open socket has lost its connection, and goes on trying. `onrecovery` or `onerror` follows. */
    onoutage?: ((this: Socket) => void) | null | undefined;
    /** Beyond Google's API: the connection is back after `onoutage`. */
    onrecovery?: ((this: Socket) => void) | null | undefined;
}

/** {@link Handler} as programs know it. */
export interface HandlerConstructor {
    new (): SocketHandler;
    readonly prototype: SocketHandler;
}

/**
 * `goog.appengine.Socket.Handler`: callbacks that do nothing, to be replaced. A function and no class: programs may derive
 * from it as they derived from Google's, by `Handler.call(this)`.
 */
export const Handler = function Handler(): void {} as unknown as HandlerConstructor;

Handler.prototype.onopen = nothing;
Handler.prototype.onmessage = nothing;
Handler.prototype.onerror = nothing;
Handler.prototype.onclose = nothing;

function nothing(): void {}
