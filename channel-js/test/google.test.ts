// What programs written for Google's library do with goog.appengine, with the script that pages load.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Arrivals } from './arrivals.js';
import { FakeGateway, json } from './fake-gateway.js';
import { load } from './loaded.js';
import { Page } from './opened.js';

const CALLBACKS = ['onopen', 'onmessage', 'onerror', 'onclose'];
const NO_BODY = 'document.body is not defined -- do not create socket from script in <head>.';
const TIMED_OUT = json(401, { code: 401, description: 'Token+timed+out.' });

let gateway: FakeGateway;
let page: Page;
let appengine: Record<string, any>;
let events: Arrivals<string>;

beforeEach(async () => {
    gateway = await FakeGateway.start();
    page = new Page();
    events = new Arrivals();
    appengine = load('jsapi.js', `${gateway.origin}/_ah/channel/jsapi`, {
        addEventListener: page.addEventListener.bind(page),
        removeEventListener: page.removeEventListener.bind(page),
        reportError: (error: unknown) => events.add(`reported ${error}`),
        navigator: {}, // without beacons
    }).goog.appengine;
});

afterEach(async () => {
    page.fire('pagehide');
    await gateway.stop();
});

/** Callbacks that write down what they get and the state that they were called in. */
function recorder(name = ''): Record<string, any> {
    return Object.fromEntries(
        CALLBACKS.map((callback) => [
            callback,
            function (this: { readyState: number }, ...values: unknown[]) {
                const given = values.map((value) => JSON.stringify(value)).join();
                events.add(`${name}${callback}(${given}) ${this.readyState}`);
            },
        ]),
    );
}

describe('goog.appengine.Channel', () => {
    it('opens a new socket as often as it is asked, two at once as well', async () => {
        const channel = new appengine.Channel('token-1');
        const [first, second] = [channel.open(recorder('a.')), channel.open(recorder('b.'))];
        assert.notEqual(first, second);
        assert.deepEqual((await events.nextOf(2)).sort(), ['a.onopen() 1', 'b.onopen() 1']);
        assert.equal(gateway.live.length, 2);
        first.close();
        assert.equal(await events.next(), 'a.onclose() 3');
        assert.equal(second.readyState, 1);
        assert.deepEqual(gateway.connects.all.map(({ body }) => body), ['token-1', 'token-1']);
    });

    it('opens again after close(), from within onclose', async () => {
        const channel = new appengine.Channel('token-1');
        const handler = recorder('a.');
        handler.onclose = () => {
            events.add('a.onclose');
            channel.open(recorder('b.'));
        };
        const socket = channel.open(handler);
        assert.equal(await events.next(), 'a.onopen() 1');
        socket.close();
        assert.deepEqual(await events.nextOf(2), ['a.onclose', 'b.onopen() 1']);
        assert.equal(socket.readyState, 3);
        assert.equal(gateway.live.length, 1);
    });

    it('opens again from within onerror, whose socket closes all the same', async () => {
        gateway.connectAnswers.push(TIMED_OUT);
        const channel = new appengine.Channel('token-1');
        const handler = recorder('a.');
        handler.onerror = ({ code, description }: { code: number; description: string }) => {
            events.add(`${code + 1} ${description}`);
            channel.open(recorder('b.'));
        };
        channel.open(handler);
        assert.deepEqual(await events.nextOf(3), ['402 Token+timed+out.', 'a.onclose() 3', 'b.onopen() 1']);
    });

    it('can be derived from as in the days before classes', async () => {
        function Derived(this: object): void {
            appengine.Channel.call(this, ' token-1\n');
        }
        Derived.prototype = Object.create(appengine.Channel.prototype);
        new (Derived as unknown as new () => Record<string, any>)().open(recorder());
        assert.equal(await events.next(), 'onopen() 1');
        assert.equal(gateway.connects.all[0]!.body, 'token-1');
    });

    it('without a token is told that the token is invalid, not by an exception', async () => {
        gateway.connectAnswers.push(json(401, { code: 401, description: 'Invalid+token.' }));
        new appengine.Channel().open(recorder());
        assert.deepEqual(await events.nextOf(2), [
            'onerror({"code":401,"description":"Invalid+token."}) 2',
            'onclose() 3',
        ]);
    });
});

describe('goog.appengine.Socket', () => {
    it('has the methods of Google’s, which a page may replace', async () => {
        const { prototype } = appengine.Socket;
        assert.deepEqual([typeof prototype.send, typeof prototype.close], ['function', 'function']);
        assert.equal(typeof appengine.Channel.prototype.open, 'function');
        prototype.send = (data: string) => `not sent: ${data}`;
        const socket = new appengine.Channel('token-1').open();
        assert.ok(socket instanceof appengine.Socket);
        assert.equal(socket.send('one'), 'not sent: one');
    });

    it('can be made without a channel', async () => {
        new appengine.Socket('token-1', recorder());
        assert.equal(await events.next(), 'onopen() 1');
    });

    it('does not mind misspelt callbacks, missing ones and settings of Google’s', async () => {
        appengine.Socket.POLLING_TIMEOUT_MS = 1500;
        const wrong = { onClose: assert.fail, onError: assert.fail, onMessage: assert.fail, onOpen: assert.fail };
        const socket = new appengine.Channel('token-1').open({ ...wrong, onopen: undefined, onmessage: null, onerror: 'none' });
        Object.assign(socket, wrong);
        await gateway.polls.next();
        gateway.push('sid-1', 'one');
        await gateway.polls.next();
        gateway.connectAnswers.push(TIMED_OUT);
        socket.onclose = () => events.add('close');
        gateway.terminate('sid-1', 'item-not-found');
        assert.equal(await events.next(), 'close');
        assert.deepEqual(events.all, ['close']);
    });

    it('reports what onerror throws and calls onclose all the same', async () => {
        gateway.connectAnswers.push(TIMED_OUT);
        const handler = recorder();
        handler.onerror = () => {
            throw 'boom';
        };
        new appengine.Channel('token-1').open(handler);
        assert.deepEqual(await events.nextOf(2), ['reported boom', 'onclose() 3']);
    });

    it('throws Google’s words where there is no body yet, and has told the gateway nothing', () => {
        const early = load('jsapi.js', `${gateway.origin}/_ah/channel/jsapi`, { document: { currentScript: null } });
        const channel = new early.goog.appengine.Channel('token-1');
        assert.throws(
            () => channel.open(),
            (thrown) => thrown === NO_BODY,
        );
        assert.equal(gateway.connects.all.length, 0);
    });

    it('sends to the gateway that the script came from', async () => {
        const socket = new appengine.Channel(' token-1\n').open({ onopen: () => events.add(String(socket.send('up & away'))) });
        assert.equal(await events.next(), 'true');
        assert.match((await gateway.receives.next()).body, /^key=token-1&msg=up\+%26\+away&id=/);
    });
});

describe('goog.appengine.Socket.Handler', () => {
    it('does nothing until its callbacks are replaced', async () => {
        const handler = new appengine.Socket.Handler();
        assert.deepEqual(CALLBACKS.map((name) => handler[name]({})), [undefined, undefined, undefined, undefined]);
        new appengine.Channel('token-1').open(Object.assign(handler, recorder()));
        assert.equal(await events.next(), 'onopen() 1');
    });

    it('is what a socket has that was opened without one', async () => {
        Object.assign(appengine.Socket.Handler.prototype, recorder('default.'));
        const socket = new appengine.Channel('token-1').open();
        assert.equal(socket.onmessage, appengine.Socket.Handler.prototype.onmessage);
        assert.equal(await events.next(), 'default.onopen() 1');
    });

    it('can be derived from as in the days before classes', async () => {
        function Derived(this: object): void {
            appengine.Socket.Handler.call(this);
        }
        Derived.prototype = Object.assign(Object.create(appengine.Socket.Handler.prototype), recorder());
        new appengine.Channel('token-1').open(new (Derived as unknown as new () => object)());
        assert.equal(await events.next(), 'onopen() 1');
    });
});
