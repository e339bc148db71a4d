import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { Socket } from '../src/index.js';
import { Outbox } from '../src/outbox.js';
import { Arrivals } from './arrivals.js';
import { json, never, reset, status, type Answer, type Call, type FakeGateway } from './fake-gateway.js';
import { QUICK } from './opened.js';
import { scene } from './scene.js';

const { OPEN } = Socket.ReadyState;

let gateway: FakeGateway;
const { open, openAndPoll } = scene((started) => (gateway = started));

function message({ body }: Call): string | null {
    return new URLSearchParams(body).get('msg');
}

/** Has the next message held, until the answer that is returned is given. */
function hold(): Arrivals<ServerResponse> {
    const held = new Arrivals<ServerResponse>();
    gateway.receiveAnswers.push((_request, response) => held.add(response));
    return held;
}

async function received(count: number): Promise<(string | null)[]> {
    return (await gateway.receives.nextOf(count)).map(message);
}

describe('send()', () => {
    it('posts a form with the token as key and the message, of a type that needs no preflight', async () => {
        const { socket } = await openAndPoll();
        assert.equal(socket.send('Hello'), true);
        const { path, body, headers } = await gateway.receives.next();
        assert.equal(path, '/_ah/channel/receive');
        assert.match(body, /^key=token-1&msg=Hello&id=[a-z0-9]+-0$/);
        assert.equal(headers['content-type'], 'application/x-www-form-urlencoded;charset=UTF-8');
        assert.equal(headers.cookie, undefined);
    });

    it('sends nothing and says so unless the socket is open', async () => {
        const { socket, events } = open();
        assert.equal(socket.send('connecting'), false);
        assert.equal(await events.next(), 'open');
        socket.close();
        assert.equal(socket.send('closing'), false);
        assert.equal(await events.next(), 'close');
        assert.equal(socket.send('closed'), false);
        const other = await openAndPoll();
        other.socket.send('open');
        assert.deepEqual(await received(1), ['open']);
    });

    it('works from onopen and from onmessage', async () => {
        const { socket } = open();
        socket.onopen = () => assert.equal(socket.send('opened'), true);
        socket.onmessage = function ({ data }) {
            assert.equal(this.send(`re: ${data}`), true);
        };
        await gateway.polls.next();
        gateway.push('sid-1', 'one');
        assert.deepEqual(await received(2), ['opened', 're: one']);
    });

    it('carries every text as it is, and makes a text of anything else', async () => {
        const { socket } = await openAndPoll();
        const texts = ['a&msg=b=c+d%20 "<', ' \r\n\t', '漢字 🙂', 'ü'.repeat(16_383)];
        for (const value of [...texts, '', 7, null, undefined, ['a', 'b'], 'cut \ud83d off']) {
            assert.equal(socket.send(value), true);
        }
        assert.deepEqual(await received(10), [...texts, '', '7', 'null', 'undefined', 'a,b', 'cut \ufffd off']);
    });

    it('sends one message of a socket after the other', async () => {
        const held = hold();
        const { socket, events } = await openAndPoll();
        const other = await openAndPoll();
        ['1', '2', '3'].forEach((text) => socket.send(text));
        const first = await held.next();
        other.socket.send('of another socket');
        assert.deepEqual(await received(2), ['1', 'of another socket']);
        gateway.push('sid-1', 'a message meanwhile');
        assert.equal(await events.next(), 'message a message meanwhile');
        first.writeHead(204).end();
        assert.deepEqual(await received(2), ['2', '3']);
    });

    it('repeats what was not taken, and keeps the order', async () => {
        const later = { 'Retry-After': '0' };
        gateway.receiveAnswers.push(reset, status(500), status(503, later), status(429, later), status(408));
        const { socket } = await openAndPoll();
        ['1', '2'].forEach((text) => socket.send(text));
        assert.deepEqual(await received(7), ['1', '1', '1', '1', '1', '1', '2']);
    });

    it('repeats what is not answered in time', async () => {
        gateway.receiveAnswers.push(never);
        const { socket } = await openAndPoll({ connectTimeout: 300 });
        socket.send('1');
        assert.deepEqual(await received(2), ['1', '1']);
    });

    it('names a message by the same id when it comes again, and by no other', async () => {
        gateway.receiveAnswers.push(status(503, { 'Retry-After': '0' }));
        const { socket } = await openAndPoll();
        socket.send('1');
        socket.send('2');
        const ids = (await gateway.receives.nextOf(3)).map(({ body }) => new URLSearchParams(body).get('id'));
        assert.equal(ids[1], ids[0]);
        assert.notEqual(ids[2], ids[0]);
        assert.match(String(ids[0]), /^[A-Za-z0-9_-]{8,64}$/);
    });

    it('waits as long as Retry-After asks for', async () => {
        gateway.receiveAnswers.push(status(503, { 'Retry-After': '1' }));
        const { socket } = await openAndPoll();
        socket.send('1');
        const [first, second] = await gateway.receives.nextOf(2);
        assert.ok(second!.at - first!.at >= 990, `${second!.at - first!.at} ms (expected: >= 1000)`);
    });

    for (const code of [400, 401, 404, 413, 415, 422]) {
        it(`drops what is refused by ${code}, of which the page hears nothing`, async () => {
            gateway.receiveAnswers.push(json(code, { status: code, detail: 'msg: refused' }));
            const { socket, events, reported } = await openAndPoll();
            ['1', '2'].forEach((text) => socket.send(text));
            assert.deepEqual(await received(2), ['1', '2']);
            assert.equal(socket.readyState, OPEN);
            assert.deepEqual([events.all, reported.all], [['open'], []]);
        });
    }

    it('gives a message up after eight attempts', async () => {
        gateway.receiveAnswers.push(...Array<Answer>(8).fill(status(502)));
        const { socket } = await openAndPoll();
        ['1', '2'].forEach((text) => socket.send(text));
        assert.deepEqual(await received(9), [...Array(8).fill('1'), '2']);
    });

    it('takes no more than a hundred that wait', async () => {
        const held = hold();
        const { socket } = await openAndPoll();
        const taken = Array.from({ length: 101 }, (_, i) => socket.send(i));
        assert.deepEqual([taken.indexOf(false), taken.lastIndexOf(true)], [100, 99]);
        (await held.next()).writeHead(204).end();
        await gateway.receives.nextOf(100);
        assert.equal(socket.send('room again'), true);
        assert.deepEqual(await received(1), ['room again']);
    });

    it('goes on when the gateway is reachable again after an outage', async () => {
        gateway.receiveAnswers.push(reset);
        const { socket, events } = await openAndPoll({ connectBase: 1e8, connectMax: 1e8, probe: 0 });
        socket.onrecovery = () => events.add('recovery');
        socket.send('1');
        while (gateway.receives.all.length < 2) {
            gateway.breakPoll('sid-1');
            assert.equal(await events.next(), 'recovery');
        }
        assert.deepEqual(await received(2), ['1', '1']);
    });
});

describe('what was sent before', () => {
    it('close() still goes, each once at the most', async () => {
        const held = hold();
        gateway.receiveAnswers.push(status(503, { 'Retry-After': '3600' }));
        const { socket, events } = await openAndPoll();
        ['1', '2', '3'].forEach((text) => socket.send(text));
        const first = await held.next();
        socket.close();
        assert.equal(await events.next(), 'close');
        first.destroy();
        assert.deepEqual(await received(3), ['1', '2', '3']);
        const other = await openAndPoll();
        other.socket.send('of another socket');
        assert.deepEqual(await received(1), ['of another socket']);
    });

    it('close() is sent without waiting for the end of a pause', async () => {
        const pauses = new Arrivals<string>();
        const sent: string[] = [];
        const outbox = new Outbox(
            async ({ text }) => {
                sent.push(text);
                return { kind: 'failed', retryAfter: 3_600_000 };
            },
            { timing: QUICK, random: () => (pauses.add('begins'), 0) },
        );
        ['1', '2'].forEach((text) => outbox.add(text));
        await pauses.next();
        assert.deepEqual(sent, ['1']);
        outbox.finish();
        await new Promise(setImmediate);
        assert.deepEqual(sent, ['1', '1', '2']);
        assert.deepEqual(pauses.all, ['begins']);
    });

    it('the token timed out is dropped', async () => {
        const held = hold();
        const { socket, events } = await openAndPoll();
        ['1', '2'].forEach((text) => socket.send(text));
        const first = await held.next();
        gateway.connectAnswers.push(json(401, { code: 401, description: 'Token+timed+out.' }));
        gateway.terminate('sid-1', 'item-not-found');
        assert.deepEqual(await events.nextOf(2), ['error 401 Token+timed+out.', 'close']);
        first.writeHead(401).end();
        const other = await openAndPoll();
        other.socket.send('of another socket');
        assert.deepEqual(await received(2), ['1', 'of another socket']);
    });
});
