import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { Socket } from '../src/index.js';
import { type FakeGateway, headline, json, never, reset, status } from './fake-gateway.js';
import { scene } from './scene.js';

const { OPEN, CLOSED } = Socket.ReadyState;

let gateway: FakeGateway;
const { open, openAndPoll } = scene((started) => (gateway = started));

/** Answers a poll over a connection that is closed when the client has read it. */
function answer(response: ServerResponse, text: string): void {
    const body = `<body xmlns='http://jabber.org/protocol/httpbind'>${headline(text, 'c1')}</body>`;
    status(200, { 'Content-Type': 'text/xml', Connection: 'close' }, body)(undefined as never, response);
}

describe('a lost connection', () => {
    it('is picked up by the same request, unnoticed by the application', async () => {
        const { events } = await openAndPoll();
        gateway.breakPoll('sid-1');
        assert.equal((await gateway.polls.next()).rid, 1000);
        gateway.push('sid-1', 'one');
        assert.equal(await events.next(), 'message one');
        assert.equal((await gateway.polls.next()).rid, 1001);
        assert.equal(gateway.connects.all.length, 1);
    });

    it('is picked up over more failures than Strophe would bear: resets, 5xx, answers that are not BOSH', async () => {
        const { events } = await openAndPoll({ giveUp: 60_000 });
        const html = status(200, { 'Content-Type': 'text/html' }, '<html>Please log in</html>');
        const failures = [reset, status(500), reset, status(502), html, status(200, {}, '<p'), status(200), reset, status(504)];
        gateway.pollAnswers.push(...failures, status(503, { 'Retry-After': '0' }));
        gateway.breakPoll('sid-1');
        const repeats = await gateway.polls.nextOf(failures.length + 2);
        assert.deepEqual([...new Set(repeats.map(({ rid }) => rid))], [1000]);
        assert.deepEqual([...new Set(repeats.map(({ body }) => body))].length, 1);
        gateway.push('sid-1', 'one');
        assert.equal(await events.next(), 'message one');
        assert.equal(gateway.connects.all.length, 1);
    });

    it('does not deliver twice what was lost on its way', async () => {
        const { events } = await openAndPoll();
        gateway.pollAnswers.push(reset);
        gateway.push('sid-1', 'one');
        assert.equal(await events.next(), 'message one');
        gateway.push('sid-1', 'two');
        assert.equal(await events.next(), 'message two');
        assert.deepEqual(events.all, ['open', 'message one', 'message two']);
    });

    it('delivers in the order of the requests what is answered in another one', async () => {
        const { events } = await openAndPoll({ probe: 1 });
        const kept: ServerResponse[] = [];
        const keep = (_: unknown, response: ServerResponse): void => void kept.push(response);
        gateway.pollAnswers.push(keep, keep);
        gateway.breakPoll('sid-1');
        const polls = await gateway.polls.nextOf(2);
        assert.deepEqual(
            polls.map(({ rid }) => rid),
            [1000, 1001],
        );
        const read = new Promise((resolve) => kept[1]!.socket!.once('close', resolve));
        answer(kept[1]!, 'two');
        await read;
        answer(kept[0]!, 'one');
        assert.equal(await events.next(), 'message one');
        assert.equal(await events.next(), 'message two');
        assert.deepEqual(events.all, ['open', 'message one', 'message two']);
        assert.equal((await gateway.polls.next()).rid, 1002);
    });

    it('that says nothing is noticed soon after the time that a poll is held', async () => {
        gateway.settings.wait = 1;
        gateway.pollAnswers.push(never);
        const { events } = open({ pollSlack: 0 });
        assert.equal(await events.next(), 'open');
        const [first, second] = await gateway.polls.nextOf(2);
        assert.equal(second!.rid, first!.rid);
        gateway.push('sid-1', 'one');
        assert.equal(await events.next(), 'message one');
    });

    it('is given up for a new session when the old one cannot be alive any more', async () => {
        gateway.settings.inactivity = 0.05;
        const { events } = await openAndPoll({ giveUp: 60_000 });
        const fail: typeof reset = (request) => {
            gateway.pollAnswers.push(fail);
            request.socket.destroy();
        };
        gateway.pollAnswers.push(fail);
        gateway.breakPoll('sid-1');
        assert.equal((await gateway.disconnects.next()).body, 'sid-1');
        gateway.pollAnswers.length = 0;
        let poll = await gateway.polls.next();
        while (!gateway.holds(poll.sid)) {
            poll = await gateway.polls.next();
        }
        assert.notEqual(poll.sid, 'sid-1');
        gateway.push(poll.sid, 'one');
        assert.equal(await events.next(), 'message one');
        assert.deepEqual(events.all, ['open', 'message one']);
    });

    it('is an error in the end', async () => {
        const { events } = await openAndPoll({ giveUp: 100 });
        gateway.pollAnswers.push(...Array<typeof reset>(1000).fill(reset));
        gateway.breakPoll('sid-1');
        assert.deepEqual(await events.nextOf(2), ['error 0 The gateway cannot be reached.', 'close']);
    });

    it('is tried at once when the browser is back online', async () => {
        const { page, events } = await openAndPoll({ repeatBase: 1e8, repeatMax: 1e8 });
        gateway.pollAnswers.push(reset);
        gateway.breakPoll('sid-1');
        let rids: number[] = [];
        const polls = gateway.polls.nextOf(2).then((two) => (rids = two.map(({ rid }) => rid)));
        while (rids.length === 0) {
            page.fire('online');
            await new Promise(setImmediate);
        }
        await polls;
        assert.deepEqual(rids, [1000, 1000]);
        gateway.push('sid-1', 'one');
        assert.equal(await events.next(), 'message one');
    });

    it('to connect is tried at once, too, when the browser is back online', async () => {
        gateway.connectAnswers.push(reset);
        const { page, events } = open({ connectBase: 1e8, connectMax: 1e8 });
        await gateway.connects.next();
        while (gateway.sids.length === 0) {
            page.fire('online');
            await new Promise(setImmediate);
        }
        assert.equal(await events.next(), 'open');
    });
});

describe('a session that is gone', () => {
    for (const condition of ['item-not-found', 'system-shutdown', 'remote-stream-error', 'policy-violation']) {
        it(`by ${condition} is replaced, unnoticed by the application`, async () => {
            const { socket, events } = await openAndPoll();
            gateway.terminate('sid-1', condition);
            const poll = await gateway.polls.next();
            assert.deepEqual([poll.sid, poll.rid], ['sid-2', 2000]);
            gateway.push('sid-2', 'one');
            assert.equal(await events.next(), 'message one');
            assert.equal(socket.readyState, OPEN);
            assert.deepEqual(
                gateway.connects.all.map(({ body }) => body),
                ['token-1', 'token-1'],
            );
        });
    }

    it('by a 4xx is replaced as well', async () => {
        gateway.pollAnswers.push(status(404));
        const { events } = open();
        await gateway.polls.nextOf(2);
        gateway.push('sid-2', 'one');
        assert.deepEqual(await events.nextOf(2), ['open', 'message one']);
    });

    it('again and again is replaced at a growing pace', async () => {
        const { events } = await openAndPoll({ connectBase: 200, connectMax: 200 });
        gateway.terminate('sid-1', 'policy-violation');
        await gateway.polls.next();
        gateway.connectAnswers.push(status(503, { 'Retry-After': '0' }));
        gateway.terminate('sid-2', 'policy-violation');
        await gateway.polls.next();
        gateway.push('sid-3', 'one');
        assert.equal(await events.next(), 'message one');
        assert.equal(gateway.connects.all.length, 4);
    });

    it('because the token timed out is an error', async () => {
        const { socket, events } = await openAndPoll();
        gateway.connectAnswers.push(json(401, { code: 401, description: 'Token+timed+out.' }));
        gateway.terminate('sid-1', 'item-not-found');
        assert.deepEqual(await events.nextOf(2), ['error 401 Token+timed+out.', 'close']);
        assert.equal(socket.readyState, CLOSED);
        assert.equal(gateway.disconnects.all.length, 0);
    });
});
