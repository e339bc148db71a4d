import assert from 'node:assert/strict';
import { afterEach, beforeEach } from 'node:test';
import { FakeGateway } from './fake-gateway.js';
import { Opened } from './opened.js';
import type { SocketHandler } from '../src/handler.js';
import type { Timing } from '../src/timing.js';

export interface Scene {
    open(timing?: Partial<Timing>, handler?: SocketHandler): Opened;
    /** Opens a socket and waits until its first poll is held. */
    openAndPoll(timing?: Partial<Timing>): Promise<Opened>;
}

/** A gateway for each test of the file, and sockets that are closed after it. */
export function scene(started: (gateway: FakeGateway) => void): Scene {
    let gateway: FakeGateway;
    let opened: Opened[];

    beforeEach(async () => {
        gateway = await FakeGateway.start();
        opened = [];
        started(gateway);
    });

    afterEach(async () => {
        for (const { socket } of opened) {
            socket.onclose = null;
            socket.close();
        }
        await gateway.stop();
    });

    const open: Scene['open'] = (timing, handler) => {
        const one = new Opened(gateway, timing, handler);
        opened.push(one);
        return one;
    };
    return {
        open,
        async openAndPoll(timing) {
            const one = open(timing);
            assert.equal(await one.events.next(), 'open');
            await gateway.polls.next();
            return one;
        },
    };
}
