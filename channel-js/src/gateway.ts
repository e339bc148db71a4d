import { parseRetryAfter } from './backoff.js';
import type { Session } from './transport.js';

/** What became of one attempt to connect. */
export type ConnectAnswer =
    | { readonly kind: 'session'; readonly session: Session }
    | { readonly kind: 'refused'; readonly code: number; readonly description: string }
    | { readonly kind: 'failed'; readonly code: number; readonly retryAfter: number | null };

/** 4xx that say "later" rather than "no": RFC 9110 §15.5.9, RFC 6585 §4. */
const TRANSIENT = [408, 429];

/** The addresses of the gateway beside the one to poll. Tokens and sids travel in bodies, never in URLs. */
export class Gateway {
    private readonly connectUrl: string;
    private readonly disconnectUrl: string;

    /** @param origin - of the gateway */
    constructor(origin: string) {
        this.connectUrl = new URL('/_ah/channel/connect', origin).href;
        this.disconnectUrl = new URL('/_ah/channel/disconnect', origin).href;
    }

    /** Never rejects. */
    async connect(token: string, timeout: number): Promise<ConnectAnswer> {
        const abort = new AbortController();
        const timer = setTimeout(() => abort.abort(), timeout);
        try {
            const response = await post(this.connectUrl, token, { signal: abort.signal });
            return await read(response);
        } catch {
            return { kind: 'failed', code: 0, retryAfter: null };
        } finally {
            clearTimeout(timer);
        }
    }

    /** Ends a session; resolves when the gateway acknowledged it or when that failed. */
    async disconnect(sid: string): Promise<void> {
        try {
            await post(this.disconnectUrl, sid, { keepalive: true });
        } catch {
            // It ends by its inactivity.
        }
    }

    /** Ends a session while the page goes away. */
    disconnectByBeacon(sid: string): void {
        if (!navigator.sendBeacon?.(this.disconnectUrl, sid)) {
            void this.disconnect(sid);
        }
    }
}

function post(url: string, body: string, options: RequestInit): Promise<Response> {
    return fetch(url, {
        ...options,
        method: 'POST',
        headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
        body,
        cache: 'no-store',
        credentials: 'omit',
    });
}

async function read(response: Response): Promise<ConnectAnswer> {
    const code = response.status;
    if (response.ok) {
        return { kind: 'session', session: checked(await response.json()) };
    }
    if (code >= 400 && code < 500 && !TRANSIENT.includes(code)) {
        return { kind: 'refused', code, description: await description(response) };
    }
    return { kind: 'failed', code, retryAfter: parseRetryAfter(response.headers.get('Retry-After'), Date.now()) };
}

/** Throws when this is no session: whoever answered, a captive portal say, was not the gateway. */
function checked(answer: unknown): Session {
    const session = answer as Partial<Session> | null;
    const valid =
        session !== null &&
        [session.jid, session.sid, session.path, session.channel].every((value) => typeof value === 'string') &&
        [session.rid, session.wait, session.inactivity].every((value) => typeof value === 'number');
    if (!valid) {
        throw new TypeError('connect: not a session (expected: jid, sid, rid, wait, inactivity, path, channel)');
    }
    return session as Session;
}

async function description(response: Response): Promise<string> {
    try {
        const problem = await response.json();
        const text: unknown = problem.description ?? problem.detail ?? problem.title;
        if (typeof text === 'string') {
            return text;
        }
    } catch {
        // Not JSON: the status has to do.
    }
    return response.status === 401 ? 'Invalid+token.' : response.statusText;
}
