import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fullJitter, parseRetryAfter, requestedPause } from '../src/backoff.js';
import { Outage } from '../src/outage.js';

describe('full jitter', () => {
    it('draws from a range that doubles up to its maximum', () => {
        const ranges = [0, 1, 2, 3, 10, 2000].map((attempt) => fullJitter(attempt, 500, 30_000, () => 1));
        assert.deepEqual(ranges, [500, 1000, 2000, 4000, 30_000, 30_000]);
        assert.equal(
            fullJitter(3, 500, 30_000, () => 0),
            0,
        );
    });
});

describe('Retry-After', () => {
    it('is read as seconds or as a date', () => {
        const now = Date.parse('2026-11-22T00:00:00Z');
        assert.equal(parseRetryAfter('120', now), 120_000);
        assert.equal(parseRetryAfter('Sun, 22 Nov 2026 00:00:07 GMT', now), 7_000);
        assert.equal(parseRetryAfter('Sat, 21 Nov 2026 00:00:00 GMT', now), 0);
        assert.equal(parseRetryAfter('soon', now), null);
        assert.equal(parseRetryAfter(null, now), null);
    });

    it('is obeyed with a quarter of jitter, up to an hour', () => {
        assert.equal(
            requestedPause(1000, () => 0),
            1000,
        );
        assert.equal(
            requestedPause(1000, () => 1),
            1250,
        );
        assert.equal(
            requestedPause(1e12, () => 0),
            3_600_000,
        );
    });
});

describe('an outage', () => {
    it('lasts from its first failure until it is over', () => {
        const outage = new Outage(100, 50);
        assert.equal(outage.failed(1000), false);
        assert.equal(outage.failed(1040), false);
        assert.equal(outage.failed(1080), false);
        outage.over();
        assert.equal(outage.failed(1090), false);
        assert.equal(outage.failed(1140), false);
        assert.equal(outage.failed(1190), true);
    });

    it('does not count the hours that a laptop slept', () => {
        const outage = new Outage(100, 50);
        outage.failed(0);
        assert.equal(outage.failed(8 * 3_600_000), false);
        assert.equal(outage.failed(8 * 3_600_000 + 50), true);
    });
});
