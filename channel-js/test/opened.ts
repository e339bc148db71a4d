import { Arrivals } from './arrivals.js';
import { install } from './dom.js';
import type { FakeGateway } from './fake-gateway.js';
import type { SocketHandler } from '../src/handler.js';
import { Socket } from '../src/socket.js';
import { strophe } from '../src/strophe-transport.js';
import type { Surroundings } from '../src/surroundings.js';
import type { Timing } from '../src/timing.js';

install();

/** Short enough to test with, in the proportions of the real ones. */
export const QUICK: Timing = {
    connectTimeout: 5_000,
    connectBase: 10,
    connectMax: 40,
    repeatBase: 10,
    repeatMax: 40,
    probe: 60_000,
    pollSlack: 6_000,
    stable: 10_000,
    giveUp: 300,
    longestStep: 60_000,
    closeTimeout: 2_000,
};

/** An EventTarget that knows how many listen. */
export class Page extends EventTarget {
    listeners = 0;

    override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
        this.listeners++;
        super.addEventListener(...args);
    }

    override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void {
        this.listeners--;
        super.removeEventListener(...args);
    }

    fire(type: string, properties: object = {}): void {
        this.dispatchEvent(Object.assign(new Event(type), properties));
    }
}

export class Opened {
    readonly page = new Page();
    readonly reported = new Arrivals<unknown>();
    /** `open`, `error 401 Invalid+token.`, `close`, and messages as `message …`. */
    readonly events = new Arrivals<string>();
    readonly socket: Socket;

    constructor(gateway: FakeGateway, timing: Partial<Timing> = {}, handler?: SocketHandler) {
        const around: Surroundings = {
            gateway: gateway.origin,
            page: this.page,
            openTransport: strophe,
            timing: { ...QUICK, ...timing },
            random: Math.random,
            report: (error) => this.reported.add(error),
        };
        this.socket = new Socket('token-1', handler, around);
        if (handler === undefined) {
            this.socket.onopen = () => this.events.add('open');
            this.socket.onmessage = ({ data }) => this.events.add(`message ${data}`);
            this.socket.onerror = ({ code, description }) => this.events.add(`error ${code} ${description}`);
            this.socket.onclose = () => this.events.add('close');
        }
    }
}
