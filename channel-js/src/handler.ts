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

/** `goog.appengine.Socket.Handler`: callbacks that do nothing, to be replaced. */
export class Handler implements SocketHandler {
    onopen(): void {}
    onmessage(_message: ChannelMessage): void {}
    onerror(_error: ChannelError): void {}
    onclose(): void {}
}
