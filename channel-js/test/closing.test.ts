import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Socket } from '../src/index.js';
import { type FakeGateway, json, never, reset } from './fake-gateway.js';
import { scene } from './scene.js';

const { OPEN, CLOSING, CLOSED } = Socket.ReadyState;

let gateway: FakeGateway;
const { open, openAndPoll } = scene((started) => (gateway = started));

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
