// The built scripts, as a page or a bundler loads them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { FakeGateway } from './fake-gateway.js';
import { load, served } from './loaded.js';
import { Page } from './opened.js';

for (const name of ['jsapi.js', 'jsapi-debug.js']) {
    describe(name, () => {
        it('adds goog and no other name to the page', () => {
            const names = Object.keys(load('jsapi.js', 'http://gateway.example/_ah/channel/jsapi'));
            const window = load(name, 'http://gateway.example/_ah/channel/jsapi');
            assert.deepEqual(Object.keys(window), names);
            assert.equal(names.filter((n) => /strophe|\$|stx|stanza/i.test(n)).length, 0);
            assert.ok(names.includes('goog'));
        });

        it('has the names of Google’s API', () => {
            const { goog } = load(name, 'http://gateway.example/_ah/channel/jsapi');
            const { Channel, Socket } = goog.appengine;
            assert.equal(typeof Channel.prototype.open, 'function');
            assert.equal(typeof Socket.prototype.close, 'function');
            assert.deepEqual({ ...Socket.ReadyState }, { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 });
            const handler = new Socket.Handler();
            for (const callback of ['onopen', 'onmessage', 'onerror', 'onclose']) {
                assert.equal(typeof Socket.Handler.prototype[callback], 'function');
                assert.equal(handler[callback](), undefined);
            }
        });

        it('keeps the goog that the page has', () => {
            const goog = { require: () => 1, appengine: { users: 2 } };
            const window = load(name, 'http://gateway.example/_ah/channel/jsapi', { goog });
            assert.equal(window.goog, goog);
            assert.deepEqual(Object.keys(goog.appengine), ['users', 'Channel', 'Socket']);
            assert.deepEqual(Object.keys(goog), ['require', 'appengine']);
        });

        it('opens channels at the origin that it was loaded from, with the token trimmed', async () => {
            const gateway = await FakeGateway.start();
            const page = new Page();
            const { goog } = load(name, `${gateway.origin}/_ah/channel/jsapi`, {
                addEventListener: page.addEventListener.bind(page),
                removeEventListener: page.removeEventListener.bind(page),
            });
            const socket = new goog.appengine.Channel(' token-1\r\n').open();
            await new Promise((resolve) => (socket.onopen = resolve));
            assert.equal(socket.readyState, 1);
            assert.equal((await gateway.connects.next()).body, 'token-1');
            assert.equal((await gateway.connects.all)[0]?.headers.cookie, undefined);
            await gateway.polls.next();
            const message = new Promise<{ data: string }>((resolve) => (socket.onmessage = resolve));
            gateway.push('sid-1', 'Hello');
            assert.equal((await message).data, 'Hello');
            await new Promise((resolve) => {
                socket.onclose = resolve;
                socket.close();
            });
            await gateway.stop();
        });

        it('carries the licence of Strophe, and is there compressed', () => {
            const script = readFileSync(served + name);
            const licence = readFileSync(`${served}licenses/strophe.js.txt`, 'utf8').trim();
            assert.ok(licence.startsWith('Copyright (c)'));
            assert.ok(script.includes(licence));
            assert.ok(gunzipSync(readFileSync(`${served}${name}.gz`)).equals(script));
            assert.ok(brotliDecompressSync(readFileSync(`${served}${name}.br`)).equals(script));
        });
    });
}

describe('jsapi-debug.js', () => {
    it('names its source map, which has the sources', () => {
        assert.match(readFileSync(`${served}jsapi-debug.js`, 'utf8'), /^\/\/# sourceMappingURL=jsapi-debug\.js\.map$/m);
        const map = JSON.parse(readFileSync(`${served}jsapi-debug.js.map`, 'utf8'));
        const own = map.sources.findIndex((source: string) => source.endsWith('src/socket.ts'));
        assert.match(map.sourcesContent[own], /class Socket/);
    });
});

describe('the module', () => {
    it('exports Channel, Socket and ReadyState, and adds no name to the page', async () => {
        const before = Object.getOwnPropertyNames(globalThis);
        const module = await import(new URL('../../dist/index.mjs', import.meta.url).href);
        assert.deepEqual(Object.keys(module).sort(), ['Channel', 'ReadyState', 'Socket']);
        assert.deepEqual(Object.getOwnPropertyNames(globalThis), before);
    });
});
