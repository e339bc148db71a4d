import { fullJitter, requestedPause } from './backoff.js';
import { Gateway, type ConnectAnswer } from './gateway.js';
import type { ChannelError } from './handler.js';
import { Outage } from './outage.js';
import type { Surroundings } from './surroundings.js';
import type { Session, SessionEnd, Transport } from './transport.js';
import { UnderWay } from './under-way.js';

/** What a link tells. Never called from within `start()` or `end()`, nor after `end()`. */
export interface LinkListener {
    /** The first session is there. */
    opened(): void;
    message(text: string): void;
    /** There was a session, and now there is none, or it cannot be reached. */
    lost(): void;
    /** After `lost()`: the gateway answers again. */
    restored(): void;
    /** It is over, for good. */
    failed(error: ChannelError): void;
}

/**
 * Keeps a token connected: a session after the other, over lost connections, restarts of the gateway and pages that go away
 * and come back.
 *
 * Every call of connect is a turn. What belongs to an earlier turn than the present one comes too late: its session is
 * ended at once.
 */
export class Link {
    private readonly gateway: Gateway;
    private readonly outage: Outage;
    private turn = 0;
    private opened = false;
    /** The listener was told that the connection is lost. */
    private cut = false;
    /** The page is gone, or in the back/forward cache. */
    private away = false;
    private session: Session | null = null;
    private transport: Transport | null = null;
    /** Since when the present session has been without a failure. */
    private wellSince: number | null = null;
    /** Sessions and attempts in a row that came to nothing. */
    private vain = 0;
    private pause: ReturnType<typeof setTimeout> | null = null;
    private readonly underWay = new UnderWay();

    constructor(
        private readonly token: string,
        private readonly around: Surroundings,
        private readonly listener: LinkListener,
    ) {
        this.gateway = new Gateway(around.gateway);
        this.outage = new Outage(around.timing.giveUp, around.timing.longestStep);
    }

    start(): void {
        this.around.page.addEventListener('pagehide', this.leave);
        this.around.page.addEventListener('pageshow', this.comeBack);
        this.around.page.addEventListener('online', this.retryNow);
        this.connect();
    }

    /** Ends the session; resolves when the gateway acknowledged that, or it failed, or took too long. */
    async end(): Promise<void> {
        const sid = this.drop();
        this.release();
        if (sid !== null) {
            this.underWay.add(this.gateway.disconnect(sid));
        }
        await this.underWay.end(this.around.timing.closeTimeout);
    }

    private connect(): void {
        const turn = ++this.turn;
        this.underWay.add(
            this.gateway.connect(this.token, this.around.timing.connectTimeout).then((answer) => {
                if (turn === this.turn) {
                    this.answered(answer);
                } else if (answer.kind === 'session') {
                    return this.gateway.disconnect(answer.session.sid);
                }
                return undefined;
            }),
        );
    }

    private answered(answer: ConnectAnswer): void {
        if (answer.kind === 'session') {
            this.join(answer.session);
        } else if (answer.kind === 'refused') {
            this.fail(answer);
        } else if (!this.failing(answer.code)) {
            const { random } = this.around;
            this.connectAfter(answer.retryAfter === null ? this.jitter() : requestedPause(answer.retryAfter, random));
            this.vain++;
            this.lost();
        }
    }

    private join(session: Session): void {
        const turn = this.turn;
        const current = () => turn === this.turn;
        this.session = session;
        this.wellSince = Date.now();
        this.transport = this.around.openTransport(
            session,
            {
                answered: () => current() && this.well(),
                message: (text) => current() && this.listener.message(text),
                failed: (status) => current() && !this.failing(status) && this.lost(),
                ended: (end) => current() && this.rejoin(end),
            },
            this.around,
        );
        if (!this.opened) {
            this.opened = true;
            this.listener.opened();
        }
        this.restored();
    }

    /** The session is gone, or may be: a new one takes its place, or connect says why there is none. */
    private rejoin(end: SessionEnd): void {
        const lost = end.how === 'lost' ? this.session : null;
        const stable = this.wasStable();
        this.drop();
        if (lost !== null) {
            // The gateway may not have noticed yet.
            this.underWay.add(this.gateway.disconnect(lost.sid));
        }
        if (stable) {
            this.vain = 0;
        } else if (end.how !== 'lost' && this.vain > 0 && this.failing(end.status)) {
            return;
        }
        // All sessions of a gateway end together when it shuts down: come back one by one.
        const atOnce = this.vain === 0 && end.condition !== 'system-shutdown';
        this.connectAfter(atOnce ? 0 : this.jitter());
        this.vain++;
        this.lost();
    }

    /** Counts a failed attempt of any kind; true when that was the last one. */
    private failing(status: number): boolean {
        if (this.wasStable()) {
            this.vain = 0;
            this.outage.over();
        }
        this.wellSince = null;
        if (!this.outage.failed(Date.now())) {
            return false;
        }
        const sid = this.drop();
        if (sid !== null) {
            this.underWay.add(this.gateway.disconnect(sid));
        }
        this.fail({ code: status, description: 'The gateway cannot be reached.' });
        return true;
    }

    private well(): void {
        this.outage.over();
        this.wellSince = this.wellSince ?? Date.now();
        this.restored();
    }

    /** Comes last in whatever calls it: the listener may end the link. */
    private lost(): void {
        if (this.opened && !this.cut) {
            this.cut = true;
            this.listener.lost();
        }
    }

    private restored(): void {
        if (this.cut) {
            this.cut = false;
            this.listener.restored();
        }
    }

    private wasStable(): boolean {
        return this.wellSince !== null && Date.now() - this.wellSince >= this.around.timing.stable;
    }

    private fail({ code, description }: ChannelError): void {
        this.release();
        this.listener.failed({ code, description });
    }

    private connectAfter(pause: number): void {
        if (pause === 0) {
            this.connect();
            return;
        }
        this.pause = setTimeout(() => this.retryNow(), pause);
    }

    private jitter(): number {
        const { random, timing } = this.around;
        return fullJitter(this.vain, timing.connectBase, timing.connectMax, random);
    }

    private readonly retryNow = (): void => {
        if (this.pause !== null) {
            this.cancelPause();
            this.connect();
        } else {
            this.transport?.retryNow();
        }
    };

    private readonly leave = (): void => {
        this.away = true;
        const sid = this.drop();
        if (sid !== null) {
            this.gateway.disconnectByBeacon(sid);
        }
    };

    private readonly comeBack = (): void => {
        if (!this.away) {
            return; // the first showing of the page
        }
        this.away = false;
        this.vain = 0;
        this.outage.over();
        this.connect();
    };

    /** Forgets what is under way and returns the sid that may still be alive. */
    private drop(): string | null {
        this.turn++;
        this.cancelPause();
        const sid = this.session?.sid ?? null;
        this.transport?.stop();
        this.transport = null;
        this.session = null;
        this.wellSince = null;
        return sid;
    }

    private release(): void {
        this.around.page.removeEventListener('pagehide', this.leave);
        this.around.page.removeEventListener('pageshow', this.comeBack);
        this.around.page.removeEventListener('online', this.retryNow);
    }

    private cancelPause(): void {
        if (this.pause !== null) {
            clearTimeout(this.pause);
            this.pause = null;
        }
    }
}
