// SPDX-License-Identifier: MIT
// Each step of setting up that fails says what failed, and what to do. ./dev is given a PATH that has nothing but what a
// bare machine has and stand-ins that fail; CMake is told not to find what it looks for.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { temporaryFolder } from '../harness/certificates.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const base = temporaryFolder();

function pathOf(program) {
    const files = process.env.PATH.split(delimiter).map((folder) => join(folder, program));
    return files.find((file) => {
        try {
            accessSync(file);
            return true;
        } catch {
            return false;
        }
    });
}

/** A machine with these stand-ins, of which each is a script for sh. */
function machine(standIns) {
    const folder = mkdtempSync(join(base, 'machine-'));
    const bin = join(folder, 'bin');
    mkdirSync(join(folder, 'installer'), { recursive: true });
    mkdirSync(join(folder, 'tests/integration'), { recursive: true });
    mkdirSync(bin);
    writeFileSync(join(folder, 'tests/integration/package-lock.json'), '{}');
    copyFileSync(join(root, 'dev'), join(folder, 'dev'));
    copyFileSync(join(root, 'installer/package.sh'), join(folder, 'installer/package.sh'));
    // Nothing of this machine is changed, whoever runs the test.
    const scripts = { id: 'echo 1000', tee: 'cat >/dev/null', rm: 'true', chmod: 'true', ...standIns };
    // None of a program with a stand-in, which would be written through the link.
    for (const program of ['bash', 'cat', 'date', 'df', 'dirname', 'env', 'grep', 'head', 'realpath', 'sed', 'sh', 'sort', 'tail', 'tr', 'true']
        .filter((it) => !(it in scripts)))
        symlinkSync(pathOf(program), join(bin, program));
    for (const [name, script] of Object.entries(scripts)) {
        writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
        chmodSync(join(bin, name), 0o755);
    }
    return { folder, bin };
}

const nothingInstalled = { 'dpkg-query': 'true' };
const sudo = { sudo: 'exec "$@"' };
const node = { node: 'case "$1" in -e) exit 0;; *) echo v18.0.0;; esac' };
const cmake = (build = 'true') => ({ cmake: `case "$1" in --version) echo cmake version 3.25.1;; --build) ${build};; *) exit 0;; esac` });

/** What is broken, the command, and what must be said. */
const steps = [
    ['packages are missing, and there is neither root nor sudo', 'dev build', nothingInstalled,
        /without root or sudo.*administrator run: apt-get install .*qt6-base-dev/s],
    ['sudo says no', 'dev build', { ...nothingInstalled, sudo: 'exit 1' }, /sudo does not let.*administrator run: apt-get install/s],
    ['apt cannot download', 'dev build', { ...nothingInstalled, ...sudo, 'apt-get': 'exit 100' },
        /apt-get update failed.*apt-get could not install.*Acquire::http::Proxy.*by hand: apt-get install/s],
    ['no CMake, not on Debian', 'dev build', {}, /CMake is missing. Install CMake 3.25/],
    ['an old CMake', 'dev build', { cmake: 'echo cmake version 3.16.3' }, /CMake 3.16.3 at \S+ is too old. Install 3.25/],
    ['CMake finds something wrong', 'dev build',
        { cmake: 'case "$1" in --version) echo cmake version 3.31.6;; *) echo its words >&2; exit 1;; esac' },
        /its words.*CMake could not configure build\/release; it says why above/s],
    ['a source that cannot be compiled', 'dev build', cmake('exit 1'), /could not be compiled; the reason is above/],
    ['fuzz targets that cannot be compiled', 'dev fuzz 1', cmake('exit 1'), /could not be compiled; the reason is above/],
    ['a daemon that cannot be compiled', 'dev soak 1', { ...cmake('exit 1'), ...node, npm: 'true', touch: 'true' },
        /could not be compiled; the reason is above/],
    ['no number of minutes', 'dev soak', {}, /takes a number of minutes/],
    ['a full disk', 'dev build', { ...cmake('exit 1'), df: 'echo "/dev/disk 9 9 2048 100% /"' }, /The disk of \S+ is full: 2 MB are left/],
    ['no Node.js, not on Debian', 'dev test', cmake(), /Node.js or npm is missing. Install Node.js 18/],
    ['an old Node.js', 'dev test', { ...cmake(), node: 'case "$1" in -e) exit 1;; *) echo v16.1.0;; esac', npm: 'true' },
        /Node.js v16.1.0 at \S+ is too old. Install 18/],
    ['npm cannot download', 'dev test', { ...cmake(), ...node, npm: 'case "$1" in config) echo its registry;; *) exit 1;; esac' },
        /npm could not install .*come from its registry.*npm_config_registry.*HTTPS_PROXY.*NODE_EXTRA_CA_CERTS/s],
    ['no clang-format, not on Debian', 'dev format', {}, /clang-format is missing/],
    ['no rpmbuild, not on Debian', 'dev package rpm', { ...cmake(), ninja: 'true' }, /rpmbuild is missing; install it/],
    ['packages that CPack cannot make', 'dev package rpm', { ...cmake(), ninja: 'true', rpmbuild: 'true', cpack: 'exit 1',
        git: 'echo 1700000000', mkdir: 'true' }, /CPack could not make the rpm packages/],
];

describe('a step of setting up that fails', () => {
    for (const [what, command, standIns, said] of steps) {
        it(`./${command}: ${what}`, () => {
            const { folder, bin } = machine(standIns);
            mkdirSync(join(folder, 'build/package'), { recursive: true });
            const [script, ...words] = command.split(' ');
            const { status, stderr } = spawnSync(join(bin, 'bash'), [join(folder, script), ...words],
                { env: { PATH: bin, TMPDIR: folder }, encoding: 'utf8', timeout: 30_000 });
            assert.notEqual(status, 0);
            assert.match(stderr, said);
        });
    }

    // Servers for the tests: a machine that opens port 22 or 80 at its next boot was not asked for.
    for (const [how, end] of [['goes well', 'true'], ['fails half-way', 'exit 100']]) {
        it(`./dev keeps what it installs from starting at boot, when that ${how}`, () => {
            const { folder, bin } = machine({ ...cmake(), ...nothingInstalled, ...sudo,
                'apt-get': `case "$1" in update) ;; *) echo >"$TMPDIR/installed"; ${end};; esac`,
                systemctl: `case "$*" in *list-unit-files*) echo 'own.service enabled enabled'
                    [ ! -e "$TMPDIR/installed" ] || printf '%s enabled enabled\\n' ssh.service prometheus.service ssh.socket some.timer;;
                *) echo "$*" >"$TMPDIR/asked";; esac` });
            const { stderr } = spawnSync(join(bin, 'bash'), [join(folder, 'dev'), 'build'],
                { env: { PATH: bin, TMPDIR: folder }, encoding: 'utf8', timeout: 30_000 });
            assert.equal(readFileSync(join(folder, 'asked'), 'utf8'),
                '--root=/ --quiet disable ssh.service prometheus.service ssh.socket\n', stderr);
            assert.match(stderr, /does not start with this machine: ssh.service prometheus.service ssh.socket\n/);
            assert.equal(/apt-get could not install/.test(stderr), end !== 'true');
        });
    }

    for (const [what, option, said] of [
        ['Qt', '-DCMAKE_DISABLE_FIND_PACKAGE_Qt6=ON', /Qt 6\.4 or\s+later is needed.*apt-get install qt6-base-dev.*CMAKE_PREFIX_PATH/s],
        ['the QR Code generator', '-DRELAY_QRCODEGEN_SOURCE=/nonexistent',
            /QR Code generator.*apt-get install libqrcodegencpp-dev.*RELAY_QRCODEGEN_SOURCE/s],
        ['OpenSSL', '-DCMAKE_DISABLE_FIND_PACKAGE_OpenSSL=ON', /OpenSSL 3\.0 or later.*apt-get install libssl-dev.*OPENSSL_ROOT_DIR/s],
    ]) {
        it(`CMake: ${what} is missing`, () => {
            const { status, stderr } = spawnSync(process.env.CMAKE, ['-S', root, '-B', join(base, what), '-G', 'Ninja', option],
                { encoding: 'utf8', timeout: 60_000 });
            assert.notEqual(status, 0);
            assert.match(stderr, said);
        });
    }
});
