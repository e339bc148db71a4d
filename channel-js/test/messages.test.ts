import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FakeGateway, headline } from './fake-gateway.js';
import { scene } from './scene.js';

let gateway: FakeGateway;
const { openAndPoll } = scene((started) => (gateway = started));

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
