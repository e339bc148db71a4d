import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Socket, type ChannelError } from '../src/index.js';
import { document } from './dom.js';
import { type Answer, type FakeGateway, json, never, reset, status } from './fake-gateway.js';
import { Opened } from './opened.js';
import { scene } from './scene.js';

const { CONNECTING, OPEN, CLOSING, CLOSED } = Socket.ReadyState;

let gateway: FakeGateway;
const { open } = scene((started) => (gateway = started));

describe('opening', () => {
    it('sends the token as text and polls the session that connect made, with its rid and at its path', async () => {
        const { socket, events } = open();
        assert.equal(socket.readyState, CONNECTING);
        const connect = await gateway.connects.next();
        assert.equal(connect.body, 'token-1');
        assert.match(connect.headers['content-type'] ?? '', /^text\/plain/);
        assert.equal(await events.next(), 'open');
        assert.equal(socket.readyState, OPEN);
        const poll = await gateway.polls.next();
        assert.deepEqual([poll.path, poll.sid, poll.rid], ['/http-bind/node-1', 'sid-1', 1000]);
    });

    it('polls at once', async () => {
        const pauses: number[] = [];
        for (let i = 0; i < 5; i++) {
            open();
            const connect = await gateway.connects.next();
            pauses.push((await gateway.polls.next()).at - connect.at);
        }
        assert.ok(Math.min(...pauses) < 90, `${pauses.join(', ')} ms (expected: below the 100 ms of Strophe's timer)`);
    });

    it('calls back only after open() has returned', async () => {
        let returned = false;
        const first = await new Promise<boolean>((resolve) => {
            open({}, { onopen: () => resolve(returned) });
            returned = true;
        });
        assert.equal(first, true);
    });

    it('retries over refused connections, 5xx, 429 and answers that are no session', async () => {
        gateway.connectAnswers.push(
            reset,
            status(502),
            status(429, { 'Retry-After': '0' }),
            status(503, { 'Retry-After': '0' }),
            status(200, {}, '<html>Please log in</html>'),
            json(200, { sid: 'only' }),
        );
        const { events } = open({ giveUp: 60_000 });
        assert.equal(await events.next(), 'open');
        assert.equal(gateway.connects.all.length, 7);
    });

    it('waits as long as Retry-After asks for', async () => {
        gateway.connectAnswers.push(status(503, { 'Retry-After': '1' }));
        open();
        const [first, second] = await gateway.connects.nextOf(2);
        assert.ok(second!.at - first!.at >= 990, `${second!.at - first!.at} ms (expected: >= 1000)`);
    });

    it('tries again when connect does not answer in time', async () => {
        gateway.connectAnswers.push(never);
        const { events } = open({ connectTimeout: 500, giveUp: 60_000 }); // the second attempt has as long, on a slow machine
        assert.equal(await events.next(), 'open');
    });

    it('tells of an invalid token and closes', async () => {
        gateway.connectAnswers.push(json(401, { code: 401, description: 'Invalid+token.' }));
        const { socket, events } = open();
        let error: ChannelError | undefined;
        const states: number[] = [];
        socket.onerror = (e) => {
            error = e;
            states.push(socket.readyState);
            socket.close(); // as programs for Google's API do
        };
        assert.equal(await events.next(), 'close');
        assert.deepEqual(error, { code: 401, description: 'Invalid+token.' });
        assert.deepEqual([...states, socket.readyState], [CLOSING, CLOSED]);
        assert.deepEqual(events.all, ['close']);
    });

    it('tells of any other refusal with its status and detail', async () => {
        gateway.connectAnswers.push(json(413, { status: 413, detail: 'token: 200 characters (expected: at most 128)' }));
        const { events } = open();
        assert.deepEqual(await events.nextOf(2), ['error 413 token: 200 characters (expected: at most 128)', 'close']);
    });

    it('has a description for every refusal, also for those of others than the gateway', async () => {
        const bare = (code: number): Answer => (_request, response) => response.writeHead(code, '').end();
        gateway.connectAnswers.push(bare(400), json(404, { description: '' }), bare(401));
        const seen: string[] = [];
        for (let i = 0; i < 3; i++) {
            const { events } = open();
            seen.push(...(await events.nextOf(2)));
        }
        assert.deepEqual(seen, [
            'error 400 HTTP status 400',
            'close',
            'error 404 Not Found',
            'close',
            'error 401 Invalid+token.',
            'close',
        ]);
    });

    it('gives up when everything fails for too long', async () => {
        gateway.connectAnswers.push(...Array<typeof reset>(1000).fill(status(502)));
        const { socket, events } = open({ giveUp: 1000 });
        assert.deepEqual(await events.nextOf(2), ['error 502 The gateway cannot be reached.', 'close']);
        assert.equal(socket.readyState, CLOSED);
        assert.ok(gateway.connects.all.length > 1);
    });

    it("throws Google's string where the page has no body yet", () => {
        const { body } = document;
        document.body = null;
        try {
            assert.throws(
                () => new Opened(gateway),
                (thrown) => thrown === 'document.body is not defined -- do not create socket from script in <head>.',
            );
        } finally {
            document.body = body;
        }
        assert.equal(gateway.connects.all.length, 0);
    });
});
