// `npm ci`, when what it would install is not what is there. Needs no package itself.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const marker = new URL('node_modules/.installed', root);
const wanted = createHash('sha256')
    .update(readFileSync(new URL('package.json', root)))
    .update(readFileSync(new URL('package-lock.json', root)))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex');

if (installed() !== wanted) {
    const npm = spawnSync('npm', ['ci', '--ignore-scripts'], {
        cwd: fileURLToPath(root),
        stdio: 'inherit',
        shell: process.platform === 'win32',
    });
    if (npm.status !== 0) {
        console.error(`npm ci: ${npm.error?.message ?? `exit status ${npm.status ?? npm.signal}`} (expected: 0)`);
        process.exit(1);
    }
    writeFileSync(marker, wanted);
}

function installed() {
    try {
        return readFileSync(marker, 'utf8');
    } catch {
        return null;
    }
}
