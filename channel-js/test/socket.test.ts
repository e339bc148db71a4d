import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Socket, type ChannelError, type ChannelMessage } from '../src/index.js';
import { FakeGateway, headline, json, never, reset, status } from './fake-gateway.js';
import { document } from './dom.js';
import { Opened } from './opened.js';

const { CONNECTING, OPEN, CLOSING, CLOSED } = Socket.ReadyState;

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

function open(...args: [timing?: ConstructorParameters<typeof Opened>[1], handler?: ConstructorParameters<typeof Opened>[2]]): Opened {
    const one = new Opened(gateway, ...args);
    opened.push(one);
    return one;
}

/** Opens a socket and waits until its first poll is held. */
async function openAndPoll(timing?: ConstructorParameters<typeof Opened>[1]): Promise<Opened> {
    const one = open(timing);
    assert.equal(await one.events.next(), 'open');
    await gateway.polls.next();
    return one;
}

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
        const { events } = open({ connectTimeout: 30 });
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

describe('callbacks', () => {
    it('may be given to open(), are read when they are due, and get the socket as this', async () => {
        const seen: unknown[] = [];
        const handler: { onmessage?: (this: unknown, message: ChannelMessage) => void } = {};
        const { socket } = open({}, handler);
        await gateway.polls.next();
        handler.onmessage = function (message) {
            seen.push(this, message);
        };
        gateway.push('sid-1', 'one');
        await gateway.polls.next();
        assert.deepEqual(seen, [socket, { data: 'one' }]);
        assert.equal(socket.onmessage, handler.onmessage);
    });

    it('may be assigned to the socket, which hides those of the handler, frozen or not', async () => {
        const handler = Object.freeze({ onmessage: () => assert.fail('hidden') });
        const { socket } = open({}, handler);
        await gateway.polls.next();
        const data = new Promise((resolve) => {
            socket.onmessage = (message) => resolve(message.data);
        });
        gateway.push('sid-1', 'one');
        assert.equal(await data, 'one');
        socket.onmessage = null;
        await gateway.polls.next();
        gateway.push('sid-1', 'two');
        await gateway.polls.next();
    });

    it('may be missing altogether', async () => {
        const { socket, reported } = open({}, {});
        await gateway.polls.next();
        gateway.push('sid-1', 'one');
        await gateway.polls.next();
        gateway.connectAnswers.push(json(401, { code: 401, description: 'Token+timed+out.' }));
        gateway.terminate('sid-1', 'item-not-found');
        await gateway.connects.nextOf(2);
        while (socket.readyState !== CLOSED) {
            await new Promise(setImmediate);
        }
        assert.deepEqual(reported.all, []);
    });

    it('may throw: it is reported and nothing else changes', async () => {
        const { socket, events, reported } = open();
        const boom = new Error('boom');
        socket.onopen = () => {
            throw boom;
        };
        socket.onmessage = ({ data }) => {
            events.add(data);
            throw boom;
        };
        await gateway.polls.next();
        gateway.push('sid-1', 'one', 'two');
        assert.deepEqual(await events.nextOf(2), ['one', 'two']);
        await gateway.polls.next();
        gateway.push('sid-1', 'three');
        assert.equal(await events.next(), 'three');
        assert.deepEqual(reported.all, [boom, boom, boom, boom]);
    });
});

describe('messages', () => {
    it('arrive in order and each once, many in a body, over many polls', async () => {
        const { events } = await openAndPoll();
        gateway.push('sid-1', '1', '2', '3');
        await gateway.polls.next();
        gateway.push('sid-1', '4');
        await gateway.polls.next();
        gateway.push('sid-1', '5', '6');
        assert.deepEqual(
            await events.nextOf(6),
            [1, 2, 3, 4, 5, 6].map((n) => `message ${n}`),
        );
        const rids = [...gateway.polls.all, await gateway.polls.next()].map(({ rid }) => rid);
        assert.deepEqual([...new Set(rids)], [1000, 1001, 1002, 1003]);
    });

    it('arrive as they were sent: markup, quotes, white space, CR, emoji, 32,767 bytes', async () => {
        const { events } = await openAndPoll();
        const texts = ['<&>"\'&amp;', ' a\r\nb\rc\td\n ', '🙂\u00e9', '{"move":3}'];
        const longest = 'ü'.repeat(16_383) + 'x';
        gateway.push('sid-1', ...texts, longest);
        assert.deepEqual(
            await events.nextOf(texts.length),
            texts.map((text) => `message ${text}`),
        );
        assert.ok((await events.next()) === `message ${longest}`);
    });

    it('are followed by the next poll at once', async () => {
        await openAndPoll();
        const pauses: number[] = [];
        for (let i = 0; i < 5; i++) {
            const start = performance.now();
            gateway.push('sid-1', String(i));
            pauses.push((await gateway.polls.next()).at - start);
        }
        assert.ok(Math.min(...pauses) < 50, `${pauses.join(', ')} ms (expected: below the 100 ms of Strophe's timer)`);
    });

    it('are delivered only when the service sent them to this channel', async () => {
        const { events } = await openAndPoll();
        gateway.pushStanzas(
            'sid-1',
            headline('other sender', 'c1', "type='headline' from='evil@example.org'"),
            headline('the domain', 'c1', "type='headline' from='example.org'"),
            headline('chat', 'c1', "type='chat' from='channel.example.org'"),
            headline('other channel', 'c2'),
            headline('no namespace', 'c1').replace('urn:channelgateway:1', 'urn:other'),
            "<message xmlns='jabber:client' type='headline' from='channel.example.org'><body>no channel</body></message>",
            "<presence xmlns='jabber:client' from='channel.example.org'/>",
            headline('good', 'c1'),
        );
        assert.equal(await events.next(), 'message good');
    });

    it('in the body that ends the session are delivered too', async () => {
        const { events } = await openAndPoll();
        gateway.terminate('sid-1', 'system-shutdown', headline('last', 'c1'));
        assert.equal(await events.next(), 'message last');
    });
});

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

describe('close()', () => {
    it('ends the session at the gateway, then calls onclose and no onerror', async () => {
        const { socket, events } = await openAndPoll();
        socket.close();
        assert.equal(socket.readyState, CLOSING);
        assert.deepEqual(events.all, ['open']);
        const { body, headers } = await gateway.disconnects.next();
        assert.equal(body, 'sid-1');
        assert.match(headers['content-type'] ?? '', /^text\/plain/);
        assert.equal(await events.next(), 'close');
        assert.equal(socket.readyState, CLOSED);
        socket.close();
        assert.deepEqual(events.all, ['open', 'close']);
    });

    it('lets no message through any more, not even of the same body', async () => {
        const { socket, events } = await openAndPoll();
        socket.onmessage = ({ data }) => {
            events.add(data);
            socket.close();
        };
        gateway.push('sid-1', 'one', 'two', 'three');
        assert.deepEqual(await events.nextOf(2), ['one', 'close']);
    });

    it('from onopen works', async () => {
        const { socket, events } = open();
        socket.onopen = () => socket.close();
        assert.equal(await events.next(), 'close');
        assert.deepEqual(gateway.live, []);
    });

    it('does not wait longer than its limit for the gateway', async () => {
        const { socket, events } = await openAndPoll({ closeTimeout: 30 });
        gateway.disconnectAnswers.push(never);
        socket.close();
        assert.equal(await events.next(), 'close');
    });

    it('is content with a disconnect that fails', async () => {
        const { socket, events } = await openAndPoll({ closeTimeout: 60_000 });
        gateway.disconnectAnswers.push(reset);
        socket.close();
        assert.equal(await events.next(), 'close');
    });

    it('while connecting ends the session that is made all the same, and never opens', async () => {
        const { socket, events } = open();
        socket.close();
        assert.equal(socket.readyState, CLOSING);
        assert.equal(await events.next(), 'close');
        assert.equal((await gateway.disconnects.next()).body, 'sid-1');
        assert.deepEqual(gateway.polls.all, []);
    });

    it('leaves no timer and no listener behind', async () => {
        const timers = new Set<NodeJS.Timeout>();
        const left = () => [...timers].filter((timer) => timer.hasRef()); // Node's fetch has some of its own without
        const { setTimeout: set, clearTimeout: clear, setInterval: repeat } = globalThis;
        globalThis.setTimeout = ((callback: () => void, delay: number) => {
            const timer = set(() => {
                timers.delete(timer);
                callback();
            }, delay);
            timers.add(timer);
            return timer;
        }) as never;
        globalThis.clearTimeout = ((timer: never) => {
            timers.delete(timer);
            clear(timer);
        }) as never;
        globalThis.setInterval = (() => assert.fail('setInterval')) as never;
        try {
            const { socket, page, events } = await openAndPoll();
            gateway.push('sid-1', 'one');
            await gateway.polls.next();
            gateway.breakPoll('sid-1');
            await gateway.polls.next();
            assert.ok(left().length > 0 && page.listeners > 0);
            socket.close();
            assert.deepEqual(await events.nextOf(2), ['message one', 'close']);
            assert.deepEqual(left(), []);
            assert.equal(page.listeners, 0);

            gateway.connectAnswers.push(json(401, { code: 401, description: 'Invalid+token.' }));
            const refused = open();
            await refused.events.nextOf(2);
            assert.deepEqual(left(), []);
            assert.equal(refused.page.listeners, 0);
        } finally {
            Object.assign(globalThis, { setTimeout: set, clearTimeout: clear, setInterval: repeat });
        }
    });
});

describe('a page that goes away', () => {
    it('ends its session by a beacon, and gets a new one when it comes back', async () => {
        const { socket, page, events } = await openAndPoll();
        page.fire('pagehide', { persisted: true });
        assert.equal((await gateway.disconnects.next()).body, 'sid-1');
        page.fire('online');
        page.fire('pageshow', { persisted: true });
        assert.equal((await gateway.polls.next()).sid, 'sid-2');
        gateway.push('sid-2', 'one');
        assert.equal(await events.next(), 'message one');
        assert.equal(socket.readyState, OPEN);
        assert.equal(gateway.connects.all.length, 2);
    });

    it('while connect is under way leaks no session', async () => {
        const { page, events } = open();
        page.fire('pagehide', { persisted: true });
        assert.equal((await gateway.disconnects.next()).body, 'sid-1');
        page.fire('pageshow', { persisted: true });
        assert.equal(await events.next(), 'open');
        assert.deepEqual(gateway.live, ['sid-2']);
    });

    it('and comes back before connect has answered keeps one session', async () => {
        const { page, events } = open();
        page.fire('pagehide', { persisted: true });
        page.fire('pageshow', { persisted: true });
        await gateway.disconnects.next();
        assert.equal(await events.next(), 'open');
        assert.equal(gateway.live.length, 1);
        const poll = await gateway.polls.next();
        assert.deepEqual([poll.sid], gateway.live);
    });

    it('is not connected again when it is shown for the first time, nor after close()', async () => {
        const { socket, page, events } = await openAndPoll();
        page.fire('pageshow', { persisted: false });
        socket.close();
        assert.equal(await events.next(), 'close');
        page.fire('pagehide', { persisted: true });
        page.fire('pageshow', { persisted: true });
        assert.equal(gateway.connects.all.length, 1);
        assert.equal(gateway.disconnects.all.length, 1);
    });
});

describe('several channels', () => {
    it('of one page have a session each', async () => {
        const [a, b] = [await openAndPoll(), await openAndPoll()];
        gateway.push('sid-2', 'to b');
        assert.equal(await b.events.next(), 'message to b');
        a.socket.close();
        assert.equal(await a.events.next(), 'close');
        await gateway.polls.next();
        gateway.push('sid-2', 'still to b');
        assert.equal(await b.events.next(), 'message still to b');
        assert.deepEqual(a.events.all, ['open', 'close']);
    });
});
