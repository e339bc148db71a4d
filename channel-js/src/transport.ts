import type { Timing } from './timing.js';

/** A BOSH session which the gateway has authenticated and bound. Times are in seconds, as in XEP-0124. */
export interface Session {
    readonly jid: string;
    readonly sid: string;
    /** The rid of the next request. */
    readonly rid: number;
    readonly wait: number;
    readonly hold: number;
    readonly requests: number;
    readonly inactivity: number;
    /** Where to poll, relative to the gateway. */
    readonly path: string;
    /** The opaque id that messages of this channel carry. */
    readonly channel: string;
}

/** What a transport tells. Never called once `stop()` was. */
export interface TransportListener {
    /** The gateway answered a poll. */
    answered(): void;
    /** A message of the session's channel. */
    message(text: string): void;
    /** A poll failed and will be repeated. `status`: of HTTP, 0 without an answer. */
    failed(status: number): void;
    /** The session is gone, or cannot be alive any more. Nothing follows. */
    ended(end: SessionEnd): void;
}

export interface SessionEnd {
    /** `terminated`: by the gateway; `refused`: a poll got a 4xx; `lost`: no answer for longer than it can live. */
    readonly how: 'terminated' | 'refused' | 'lost';
    /** The condition of a `terminate` (XEP-0124 §17.2), if it had one. */
    readonly condition: string | null;
    /** The last HTTP status, 0 without an answer. */
    readonly status: number;
}

/** Polls one session until it ends or is stopped. */
export interface Transport {
    /** Repeats a failed poll now instead of after its pause. */
    retryNow(): void;
    /** Aborts what is under way. Tells the gateway nothing. */
    stop(): void;
}

export interface TransportOptions {
    /** Base address of the gateway. */
    readonly gateway: string;
    readonly timing: Pick<Timing, 'repeatBase' | 'repeatMax' | 'probe' | 'pollSlack'>;
    readonly random: () => number;
}

export type OpenTransport = (session: Session, listener: TransportListener, options: TransportOptions) => Transport;
