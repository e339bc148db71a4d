import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { browserGlobals, document } from './dom.js';

export const served = 'target/classes/org/channelgateway/js/';

/** Runs a served script in a page of its own. */
export function load(name: string, src: string, page: object = {}): Record<string, any> {
    const window: Record<string, any> = createContext({
        ...browserGlobals,
        document: Object.assign(Object.create(document), { currentScript: { src } }),
        location: new URL('http://page.example/index.html'),
        URL,
        AbortController,
        URLSearchParams,
        fetch,
        console: new Proxy({}, { get: () => assert.fail('console') }),
        setTimeout,
        clearTimeout,
        ...page,
    });
    window.window = window;
    runInContext(readFileSync(served + name, 'utf8'), window);
    return window;
}
