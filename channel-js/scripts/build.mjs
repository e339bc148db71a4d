// Makes the scripts that the gateway serves (target/classes) and the module for bundlers (dist). The same sources give the
// same bytes, wherever they lie.
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { common } from './bundle.mjs';

const root = new URL('../', import.meta.url);
const served = new URL('target/classes/org/channelgateway/js/', root);
const dist = new URL('dist/', root);

const stropheLicence = await readFile(new URL('node_modules/strophe.js/LICENSE.txt', root), 'utf8');
const stropheVersion = JSON.parse(await readFile(new URL('node_modules/strophe.js/package.json', root), 'utf8')).version;
const legal = `/*!
Channel Gateway, browser library. SPDX-License-Identifier: Apache-2.0

Contains Strophe.js ${stropheVersion}, MIT:

${stropheLicence.trim()}
*/`;

await Promise.all([rm(served, { recursive: true, force: true }), rm(dist, { recursive: true, force: true })]);
await mkdir(new URL('licenses/', served), { recursive: true });
await Promise.all([
    bundle('src/jsapi.ts', new URL('jsapi.js', served), { format: 'iife', minify: true }),
    bundle('src/jsapi.ts', new URL('jsapi-debug.js', served), { format: 'iife', sourcemap: 'linked' }),
    bundle('src/index.ts', new URL('index.mjs', dist), { format: 'esm', sourcemap: 'linked' }),
    writeFile(new URL('licenses/strophe.js.txt', served), stropheLicence),
]);
await Promise.all(['jsapi.js', 'jsapi-debug.js', 'jsapi-debug.js.map'].map(compress));
execFileSync(process.execPath, [inRoot('node_modules/typescript/bin/tsc'), '--project', inRoot('tsconfig.dist.json')], {
    stdio: 'inherit',
});

function bundle(entry, outfile, options) {
    return build({
        ...common,
        absWorkingDir: fileURLToPath(root),
        banner: { js: legal },
        entryPoints: [entry],
        outfile: fileURLToPath(outfile),
        platform: 'browser',
        ...options,
    });
}

async function compress(name) {
    const bytes = await readFile(new URL(name, served));
    const gzip = gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });
    gzip[9] = 255; // the operating system: unknown (RFC 1952 §2.3.1), so that it makes no difference
    const brotli = brotliCompressSync(bytes, {
        params: {
            [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
            [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
            [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
            [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
    });
    await Promise.all([
        writeFile(new URL(`${name}.gz`, served), gzip),
        writeFile(new URL(`${name}.br`, served), brotli),
    ]);
}

function inRoot(path) {
    return fileURLToPath(new URL(path, root));
}
