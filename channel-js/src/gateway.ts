import { parseRetryAfter } from './backoff.js';
import type { Session } from './transport.js';

/** What became of one attempt to connect. */
export type ConnectAnswer =
    | { readonly kind: 'session'; readonly session: Session }
    | { readonly kind: 'refused'; readonly code: number; readonly description: string }
    | { readonly kind: 'failed'; readonly code: number; readonly retryAfter: number | null };

/** What became of one attempt to hand a message to the application. */
export type Delivery =
    | { readonly kind: 'taken' | 'refused' }
    | { readonly kind: 'failed'; readonly retryAfter: number | null };

/** 4xx that say "later" rather than "no": RFC 9110 §15.5.9, RFC 6585 §4. */
const TRANSIENT = [408, 429];

/** Browsers let requests of up to 64 KiB, all together, outlive their page. */
const OUTLIVING = 32 * 1024;

const TEXT = 'text/plain;charset=UTF-8';
/** With {@link TEXT} one of the types that need no preflight from another origin. */
const FORM = 'application/x-www-form-urlencoded;charset=UTF-8';

/** The addresses of the gateway beside the one to poll. Tokens and sids travel in bodies, never in URLs. */
export class Gateway {
    private readonly connectUrl: string;
    private readonly disconnectUrl: string;
    private readonly receiveUrl: string;

    /** @param origin - of the gateway */
    constructor(origin: string) {
        this.connectUrl = new URL('/_ah/channel/connect', origin).href;
        this.disconnectUrl = new URL('/_ah/channel/disconnect', origin).href;
        this.receiveUrl = new URL('/_ah/channel/receive', origin).href;
    }

    /** Never rejects. */
    connect(token: string, timeout: number): Promise<ConnectAnswer> {
        const none: ConnectAnswer = { kind: 'failed', code: 0, retryAfter: null };
        return within(timeout, none, async (signal) => {
            const response = await post(this.connectUrl, TEXT, token, { signal });
            return await read(response);
        });
    }

    /**
     * Hands a message of a page to the application, in the name of the token's key. Never rejects.
     *
     * @param message - its `id` is the same when it is sent again: the gateway takes it once
     */
    receive(token: string, message: { id: string; text: string }, timeout: number): Promise<Delivery> {
        const body = new URLSearchParams({ key: token, msg: message.text, id: message.id }).toString();
        const keepalive = body.length <= OUTLIVING;
        return within(timeout, { kind: 'failed', retryAfter: null }, async (signal) => {
            const response = await post(this.receiveUrl, FORM, body, { signal, keepalive });
            if (response.ok) {
                return { kind: 'taken' };
            }
            return refuses(response) ? { kind: 'refused' } : { kind: 'failed', retryAfter: retryAfter(response) };
        });
    }

    /** Ends a session; resolves when the gateway acknowledged it or when that failed. */
    async disconnect(sid: string): Promise<void> {
        try {
            await post(this.disconnectUrl, TEXT, sid, { keepalive: true });
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

/** What `work` resolves to, or `otherwise` when it fails or takes too long. */
async function within<T>(timeout: number, otherwise: T, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeout);
    try {
        return await work(abort.signal);
    } catch {
        return otherwise;
    } finally {
        clearTimeout(timer);
    }
}

function post(url: string, type: string, body: string, options: RequestInit): Promise<Response> {
    return fetch(url, {
        ...options,
        method: 'POST',
        headers: { 'Content-Type': type },
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
    return refuses(response)
        ? { kind: 'refused', code, description: await description(response) }
        : { kind: 'failed', code, retryAfter: retryAfter(response) };
}

function refuses({ status }: Response): boolean {
    return status >= 400 && status < 500 && !TRANSIENT.includes(status);
}

function retryAfter(response: Response): number | null {
    return parseRetryAfter(response.headers.get('Retry-After'), Date.now());
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
        if (typeof text === 'string' && text !== '') {
            return text;
        }
    } catch {
        // Not JSON: the status has to do.
    }
    // HTTP/2 has no text beside the status.
    return response.status === 401 ? 'Invalid+token.' : response.statusText || `HTTP status ${response.status}`;
}
