// Bundles each test as the scripts are bundled, with Strophe's build for browsers, and runs them all.
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { common } from './bundle.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const out = join(root, 'target/test');
const tests = readdirSync(join(root, 'test')).filter((name) => name.endsWith('.test.ts'));

rmSync(out, { recursive: true, force: true });
await build({
    ...common,
    absWorkingDir: root,
    entryPoints: tests.map((name) => `test/${name}`),
    format: 'esm',
    outdir: out,
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    sourcemap: 'linked',
    target: 'node18',
});
const run = spawnSync(
    process.execPath,
    ['--enable-source-maps', '--test', ...tests.map((name) => join(out, name.replace(/\.ts$/, '.mjs')))],
    { stdio: 'inherit', cwd: root, timeout: 120_000 },
);
if (run.status === null) {
    console.error(`tests: ${run.error?.message ?? run.signal} (expected: an end within 2 minutes)`);
}
process.exit(run.status ?? 1);
