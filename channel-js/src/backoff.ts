/** The longest pause that a `Retry-After` may ask for. */
const LONGEST_REQUESTED_PAUSE = 60 * 60_000;

/** Full jitter: anything from 0 to `base * 2^attempt`, but not above `max`. */
export function fullJitter(attempt: number, base: number, max: number, random: () => number): number {
    return random() * Math.min(max, base * 2 ** Math.min(attempt, 30));
}

/** Never earlier than the server asked for, and up to a quarter later, so that not all come back at once. */
export function requestedPause(retryAfter: number, random: () => number): number {
    return Math.min(retryAfter, LONGEST_REQUESTED_PAUSE) * (1 + random() / 4);
}

/**
 * Milliseconds that a `Retry-After` header asks for (RFC 9110 §10.2.3: seconds or a date); null when there is none, or
 * when it cannot be read.
 */
export function parseRetryAfter(header: string | null, now: number): number | null {
    if (header === null) {
        return null;
    }
    if (/^\s*\d+\s*$/.test(header)) {
        return Number(header) * 1000;
    }
    const date = Date.parse(header);
    return Number.isNaN(date) ? null : Math.max(0, date - now);
}
