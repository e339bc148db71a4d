// What `npm pack` gives to a bundler and to a compiler of TypeScript.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';

const PROGRAM = `
import { Channel, ReadyState, Socket, type ChannelError, type ChannelMessage, type SocketHandler } from 'channel-js';

const handler: SocketHandler = {
    onmessage({ data }: ChannelMessage) { document.title = data; },
    onerror(error: ChannelError) { document.title = String(error.code + 1) + error.description; },
    onoutage() { document.title = String(this.readyState === ReadyState.OPEN); },
};
const socket = new Channel('ct_1', { gateway: 'https://push.example.org' }).open(handler);
socket.onrecovery = () => socket.close();
const sent: boolean = socket.send(JSON.stringify({ move: 3, sent: socket.readyState }));
const replaced: SocketHandler = Object.assign(new Socket.Handler(), { onclose() { document.title = String(sent); } });
socket.onclose = replaced.onclose;
// @ts-expect-error the types are those of the library, not any
socket.close(1);
`;

describe('the package', () => {
    let folder: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), 'channel-js-'));
        const packed = join(folder, 'node_modules/channel-js');
        mkdirSync(packed, { recursive: true });
        // Not with prepack: the other tests read what it would build anew.
        const list = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8', stdio: 'pipe' });
        for (const { path } of JSON.parse(list)[0].files as { path: string }[]) {
            cpSync(path, join(packed, path));
        }
    });

    after(() => rmSync(folder, { recursive: true }));

    for (const module of ['nodenext', 'esnext']) {
        it(`has types for a program of module kind ${module}`, () => {
            writeFileSync(join(folder, 'program.mts'), PROGRAM);
            const resolution = module === 'esnext' ? 'bundler' : module;
            const flags = `--noEmit --strict --target es2020 --module ${module} --moduleResolution ${resolution} --lib es2020,dom`;
            try {
                execFileSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), ...flags.split(' '), 'program.mts'], {
                    cwd: folder,
                    encoding: 'utf8',
                });
            } catch (error) {
                assert.fail((error as { stdout: string }).stdout);
            }
        });
    }

    it('has the module that they describe', () => {
        writeFileSync(join(folder, 'run.mjs'), "import * as module from 'channel-js'; console.log(Object.keys(module).join());");
        const names = execFileSync(process.execPath, ['run.mjs'], { cwd: folder, encoding: 'utf8' });
        assert.equal(names, 'Channel,ReadyState,Socket\n');
    });
});
