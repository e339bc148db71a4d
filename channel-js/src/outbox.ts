import { fullJitter, requestedPause } from './backoff.js';
import type { Delivery } from './gateway.js';
import type { Timing } from './timing.js';

/** More than a page sends before an answer is due. */
const MOST_WAITING = 100;
/** Half a minute, about, before a message is given up. */
const MOST_ATTEMPTS = 8;

export interface OutboxOptions {
    readonly timing: Pick<Timing, 'connectBase' | 'connectMax'>;
    readonly random: () => number;
}

/** A message, and an id by which the gateway knows it when it comes again. */
export interface Outgoing {
    readonly id: string;
    readonly text: string;
}

/**
 * What a page sends to the application, one message after the other. A message that the gateway did not take is sent again,
 * after a pause that grows; one that it refuses is dropped.
 */
export class Outbox {
    private readonly waiting: Outgoing[] = [];
    /** Begins the ids of this outbox: those of another have another one. */
    private readonly name = [0, 1].map(() => Math.random().toString(36).slice(2)).join('');
    private count = 0;
    /** How often the first of them was sent. */
    private attempts = 0;
    private underWay = false;
    private finishing = false;
    private pause: ReturnType<typeof setTimeout> | null = null;

    /** @param deliver - never rejects */
    constructor(
        private readonly deliver: (message: Outgoing) => Promise<Delivery>,
        private readonly options: OutboxOptions,
    ) {}

    /** False when too many wait already. */
    add(text: string): boolean {
        if (this.waiting.length >= MOST_WAITING) {
            return false;
        }
        this.waiting.push({ id: `${this.name}-${this.count++}`, text });
        this.next();
        return true;
    }

    /** Sends the first one now instead of after its pause. */
    retryNow(): void {
        if (this.pause !== null) {
            clearTimeout(this.pause);
            this.pause = null;
            this.next();
        }
    }

    /** What waits is sent once more at the most, without a pause. */
    finish(): void {
        this.finishing = true;
        this.retryNow();
    }

    /** Drops what waits. */
    drop(): void {
        this.waiting.length = 0;
        this.finish();
    }

    private next(): void {
        const message = this.waiting[0];
        if (message === undefined || this.underWay || this.pause !== null) {
            return;
        }
        this.underWay = true;
        void this.deliver(message).then((delivery) => {
            this.underWay = false;
            this.delivered(delivery);
        });
    }

    private delivered(delivery: Delivery): void {
        this.attempts++;
        const again = delivery.kind === 'failed' && this.attempts < MOST_ATTEMPTS && !this.finishing;
        if (again) {
            this.pause = setTimeout(() => this.retryNow(), this.pauseAfter(delivery.retryAfter));
            return;
        }
        this.waiting.shift();
        this.attempts = 0;
        this.next();
    }

    private pauseAfter(retryAfter: number | null): number {
        const { random, timing } = this.options;
        return retryAfter === null
            ? fullJitter(this.attempts - 1, timing.connectBase, timing.connectMax, random)
            : requestedPause(retryAfter, random);
    }
}
