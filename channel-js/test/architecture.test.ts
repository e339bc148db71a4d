import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';

/** What a source takes from packages: `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')`. */
function packagesOf(source: string): string[] {
    const imports = source.matchAll(/^(?:import|export)\b[^;]*?\bfrom\s+['"]([^'"]+)|^import\s*['"]([^'"]+)|\bimport\(\s*['"]([^'"]+)/gm);
    return [...imports].flatMap((match) => match.slice(1).filter((name) => name !== undefined && !name.startsWith('.')));
}

describe('the sources', () => {
    it('know Strophe in strophe-transport.ts, and no other package anywhere', () => {
        const users = readdirSync('src')
            .map((name) => [name, packagesOf(readFileSync(`src/${name}`, 'utf8'))])
            .filter(([, packages]) => packages!.length > 0);
        assert.deepEqual(users, [['strophe-transport.ts', ['strophe.js']]]);
    });
});
