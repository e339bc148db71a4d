// How the sources become scripts; build.mjs and test.mjs share it.
import { readFile } from 'node:fs/promises';

/**
 * Strophe's module assigns seven names to the page's global object. Nothing in it reads them, and the page's names are the
 * page's: they are left out, each line staying a line so that source maps hold.
 */
export const keepGlobalsClean = {
    name: 'keep-globals-clean',
    setup(build) {
        build.onLoad({ filter: /[\\/]strophe\.js[\\/]dist[\\/]strophe\.esm\.js$/ }, async ({ path }) => {
            const source = await readFile(path, 'utf8');
            let count = 0;
            const contents = source.replace(/^globalThis\.[$\w]+ = [$\w.]+;$/gm, () => {
                count++;
                return '';
            });
            if (count !== 7 || contents.includes('globalThis')) {
                throw new Error(`${path}: ${count} assignments to globalThis (expected: 7, and no other use)`);
            }
            return { contents, loader: 'js' };
        });
    },
};

/** What all bundles have in common. `browser`: Strophe's build without Node's shims. */
export const common = {
    bundle: true,
    charset: 'utf8',
    conditions: ['browser'],
    legalComments: 'inline',
    logLevel: 'warning',
    plugins: [keepGlobalsClean],
    target: 'es2018',
};
