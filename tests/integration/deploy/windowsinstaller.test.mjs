// SPDX-License-Identifier: MIT
// The script of which NSIS makes the installer for Windows, made by CPack here, with stand-ins for NSIS and windeployqt:
// every path in it is one that Windows knows.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { before, describe, it } from 'node:test';
import { temporaryFolder } from '../harness/certificates.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('the installer for Windows', () => {
    let lines;

    before(() => {
        const folder = temporaryFolder();
        const bin = join(folder, 'bin');
        mkdirSync(bin);
        for (const [name, script] of [['makensis', 'echo v3.08'], ['windeployqt', 'true']]) {
            writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
            chmodSync(join(bin, name), 0o755);
        }
        writeFileSync(join(folder, 'CMakeLists.txt'), `cmake_minimum_required(VERSION 3.25)
project(realtime-relay VERSION 1.2.3 LANGUAGES NONE)
set(PROJECT_SOURCE_DIR "${root}")
set(CPACK_RESOURCE_FILE_LICENSE "${root}/LICENSE")
set(CPACK_VERBATIM_VARIABLES ON)
include("${root}/cmake/PackagingWindows.cmake")
include(CPack)
`);
        const run = (program, ...words) => spawnSync(program, words,
            { cwd: folder, env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` }, encoding: 'utf8' });
        const { status, stderr } = run(process.env.CMAKE, '-G', 'Ninja', '-S', '.', '-B', '.');
        assert.equal(status, 0, stderr);
        const { stdout } = run(join(dirname(process.env.CMAKE), 'cpack'), '-G', 'NSIS', '-V'); // there will be no installer
        const script = /\S+project\.nsi/.exec(stdout);
        assert.ok(script, stdout);
        lines = readFileSync(script[0], 'utf8').split('\n');
    });

    it('has the paths of the program with one backslash', () => {
        assert.ok(lines.some((line) => line.includes('"$INSTDIR\\bin\\realtime-relay.exe"')));
        assert.deepEqual(lines.filter((line) => /\$INSTDIR.*\\\\|Software\\\\/.test(line)), []);
    });
    it('starts it at login, and takes that back', () => {
        const key = 'HKCU "Software\\Microsoft\\Windows\\CurrentVersion\\Run" "RealtimeRelay"';
        assert.ok(lines.some((line) => line.includes(`WriteRegStr ${key}`)));
        assert.ok(lines.some((line) => line.includes(`DeleteRegValue ${key}`)));
    });
});
