import { strophe } from './strophe-transport.js';
import { TIMING, type Timing } from './timing.js';
import type { OpenTransport } from './transport.js';

/** All that a socket needs of the world; tests bring their own. */
export interface Surroundings {
    /** Origin of the gateway. */
    readonly gateway: string;
    /** Where `pagehide`, `pageshow` and `online` happen. */
    readonly page: EventTarget;
    readonly openTransport: OpenTransport;
    readonly timing: Timing;
    /** From 0 to less than 1. */
    readonly random: () => number;
    /** Tells the page's developer of an exception that a callback threw. */
    readonly report: (error: unknown) => void;
}

/** The page that the library runs in. */
export function browser(gateway: string | undefined): Surroundings {
    return {
        gateway: new URL(gateway ?? location.origin).origin,
        page: window,
        openTransport: strophe,
        timing: TIMING,
        random: Math.random,
        report,
    };
}

function report(error: unknown): void {
    if (typeof reportError === 'function') {
        reportError(error);
        return;
    }
    setTimeout(() => {
        throw error;
    });
}
