import { Channel } from './channel.js';
import { Socket } from './socket.js';

// The script that a page includes: `goog.appengine.Channel` and `goog.appengine.Socket`, beside whatever `goog` has already.

interface Goog {
    appengine?: Record<string, unknown>;
}

const gateway = originOf(document.currentScript);

/** A channel of the gateway that this script came from. */
class GatewayChannel extends Channel {
    constructor(token: string) {
        super(token, { gateway });
    }
}

const page = window as unknown as { goog?: Goog };
const goog = (page.goog = page.goog || {});
goog.appengine = Object.assign(goog.appengine || {}, { Channel: GatewayChannel, Socket });

function originOf(script: HTMLOrSVGScriptElement | null): string {
    if (script !== null && 'src' in script && script.src) {
        const { origin } = new URL(script.src, location.href);
        if (origin !== 'null') {
            return origin;
        }
    }
    return location.origin;
}
