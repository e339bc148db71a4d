import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Socket, type ChannelMessage } from '../src/index.js';
import { type FakeGateway, json } from './fake-gateway.js';
import { scene } from './scene.js';

const { CLOSED } = Socket.ReadyState;

let gateway: FakeGateway;
const { open, openAndPoll } = scene((started) => (gateway = started));

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
