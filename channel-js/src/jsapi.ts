import type { SocketHandler } from './handler.js';
import { Socket } from './socket.js';
import { browser } from './surroundings.js';

// The script that a page includes: `goog.appengine.Channel` and `goog.appengine.Socket`, beside whatever `goog` has already.

interface Goog {
    appengine?: Record<string, unknown>;
}

interface GatewayChannel {
    token: unknown;
}

const gateway = originOf(document.currentScript);

/** A socket of the gateway that this script came from. */
class GatewaySocket extends Socket {
    constructor(token: unknown, handler?: SocketHandler | null) {
        super(token, handler, browser(gateway));
    }
}

/** A function and no class: programs may derive from it as they derived from Google's, which `Channel.call(this, token)`. */
function GatewayChannel(this: GatewayChannel, token: unknown): void {
    this.token = token;
}

GatewayChannel.prototype.open = function (this: GatewayChannel, handler?: SocketHandler | null): Socket {
    return new GatewaySocket(this.token, handler);
};

const page = window as unknown as { goog?: Goog };
const goog = (page.goog = page.goog || {});
goog.appengine = Object.assign(goog.appengine || {}, { Channel: GatewayChannel, Socket: GatewaySocket });

function originOf(script: HTMLOrSVGScriptElement | null): string {
    if (script !== null && 'src' in script && script.src) {
        const { origin } = new URL(script.src, location.href);
        if (origin !== 'null') {
            return origin;
        }
    }
    return location.origin;
}
