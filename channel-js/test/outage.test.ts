import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { FakeGateway, reset, status, type Answer } from './fake-gateway.js';
import { Opened } from './opened.js';
import type { Timing } from '../src/timing.js';

let gateway: FakeGateway;
let opened: Opened[];

beforeEach(async () => {
    gateway = await FakeGateway.start();
    opened = [];
});

afterEach(async () => {
    for (const { socket } of opened) {
        socket.onclose = null;
        socket.close();
    }
    await gateway.stop();
});

/** Opens a socket that tells of outages, too. */
function open(timing: Partial<Timing> = {}): Opened {
    const one = new Opened(gateway, { giveUp: 60_000, ...timing });
    one.socket.onoutage = () => one.events.add('outage');
    one.socket.onrecovery = () => one.events.add('recovery');
    opened.push(one);
    return one;
}

async function openAndPoll(timing?: Partial<Timing>): Promise<Opened> {
    const one = open(timing);
    assert.equal(await one.events.next(), 'open');
    await gateway.polls.next();
    return one;
}

/** As often as it is asked, until the answers are taken away. */
function forEver(answers: Answer[], answer: Answer): void {
    answers.push((request, response) => {
        forEver(answers, answer);
        answer(request, response);
    });
}

describe('onoutage and onrecovery', () => {
    it('tell of an outage once, however often it is tried, and of its end before the message that comes with it', async () => {
        const { socket, events } = await openAndPoll();
        gateway.pollAnswers.push(reset, status(502), status(502), reset);
        gateway.breakPoll('sid-1');
        await gateway.polls.nextOf(5);
        assert.equal(socket.readyState, 1);
        gateway.push('sid-1', 'one');
        assert.deepEqual(await events.nextOf(3), ['outage', 'recovery', 'message one']);
        await gateway.polls.next();
        gateway.push('sid-1', 'two');
        assert.deepEqual(await events.next(), 'message two');
    });

    it('tell of the end although no message comes: a poll behind the repeated one makes the gateway answer', async () => {
        const { events } = await openAndPoll({ probe: 20 });
        gateway.breakPoll('sid-1');
        assert.deepEqual(await events.nextOf(2), ['outage', 'recovery']);
        const repeats = await gateway.polls.nextOf(2);
        assert.deepEqual(
            repeats.map(({ sid, rid }) => [sid, rid]),
            [
                ['sid-1', 1000],
                ['sid-1', 1001],
            ],
        );
        gateway.push('sid-1', 'one');
        assert.equal(await events.next(), 'message one');
        assert.equal((await gateway.polls.next()).rid, 1002);
        assert.equal(gateway.connects.all.length, 1);
    });

    it('do not tell of an end while both of these polls fail, and all is well after that', async () => {
        const { events } = await openAndPoll({ probe: 5 });
        gateway.pollAnswers.push(() => undefined, (request) => {
            gateway.pollAnswers.push(status(502));
            request.socket.destroy();
        });
        gateway.breakPoll('sid-1');
        assert.deepEqual(
            (await gateway.polls.nextOf(3)).map(({ rid }) => rid),
            [1000, 1001, 1001],
        );
        assert.deepEqual(events.all, ['open', 'outage']);
    });

    it('tell of a session that is replaced', async () => {
        const { events } = await openAndPoll();
        gateway.connectAnswers.push(reset, status(503, { 'Retry-After': '0' }));
        gateway.terminate('sid-1', 'system-shutdown');
        assert.deepEqual(await events.nextOf(2), ['outage', 'recovery']);
        assert.equal((await gateway.polls.next()).sid, 'sid-2');
        assert.equal(gateway.connects.all.length, 4);
    });

    it('say nothing before onopen', async () => {
        gateway.connectAnswers.push(reset, status(502));
        const { events } = open();
        await gateway.polls.next();
        gateway.push('sid-1', 'one');
        assert.deepEqual(await events.nextOf(2), ['open', 'message one']);
    });

    it('say nothing of an end when it is given up', async () => {
        const { events } = await openAndPoll({ giveUp: 100 });
        forEver(gateway.pollAnswers, reset);
        gateway.breakPoll('sid-1');
        assert.deepEqual(await events.nextOf(3), ['outage', 'error 0 The gateway cannot be reached.', 'close']);
    });

    it('may close the socket, which ends all trying', async () => {
        const { socket, events } = await openAndPoll();
        socket.onoutage = () => socket.close();
        gateway.terminate('sid-1', 'system-shutdown');
        assert.equal(await events.next(), 'close');
        assert.equal(gateway.connects.all.length, 1);

        const other = await openAndPoll();
        other.socket.onrecovery = () => other.socket.close();
        gateway.breakPoll('sid-2');
        await gateway.polls.next();
        gateway.push('sid-2', 'too late');
        assert.deepEqual(await other.events.nextOf(2), ['outage', 'close']);
        assert.equal((await gateway.disconnects.next()).body, 'sid-2');
    });
});
