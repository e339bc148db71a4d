import { browser } from './surroundings.js';
import type { SocketHandler } from './handler.js';
import { Socket } from './socket.js';

export interface ChannelOptions {
    /** Origin of the gateway, e.g. `https://push.example.org`. Default: the origin of the page. */
    gateway?: string;
}

/** What a token opens. A page may have several, each with a session of its own. */
export class Channel {
    private readonly token: string;
    private readonly gateway: string | undefined;

    /**
     * @param token - what `createChannel` returned; white space around it is ignored
     * @param options - only needed where the gateway is not the origin of the page
     */
    constructor(token: string, options?: ChannelOptions) {
        this.token = token;
        this.gateway = options?.gateway;
    }

    /**
     * Opens a new socket. No callback is called before this has returned, so that they may be assigned to the
     * socket afterwards.
     *
     * @param handler - the callbacks, if they are not assigned to the socket
     */
    open(handler?: SocketHandler | null): Socket {
        return new Socket(this.token, handler, browser(this.gateway));
    }
}
