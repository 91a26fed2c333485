// SPDX-License-Identifier: MIT
// The real nginx and HAProxy, started from the very files of installer/deploy/several-machines. Only what belongs to a
// machine is put in: addresses, paths, and the account.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { within, until } from '../harness/waiting.mjs';

const configurations = new URL('../../../installer/deploy/several-machines/', import.meta.url);

/** A port that nobody has. */
export function freePort() {
    return new Promise((resolve) => {
        const server = net.createServer().listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

function fill(file, places) {
    let text = readFileSync(new URL(file, configurations), 'utf8');
    for (const [place, value] of places) {
        assert.ok(text.includes(place), `${file} has no ${place}`);
        text = text.replaceAll(place, value);
    }
    return text;
}

function relayPlaces(relayPorts) {
    return relayPorts.map((port, i) => [`relay-${i + 1}.internal:8080`, `127.0.0.1:${port}`]);
}

const kinds = {
    nginx(folder, certificate, port, relayPorts) {
        const file = join(folder, 'nginx.conf');
        writeFileSync(file, fill('nginx.conf', [
            ...relayPlaces(relayPorts),
            ['user www-data;', 'daemon off;'],
            ['/run/nginx.pid', join(folder, 'nginx.pid')],
            ['/var/log/nginx/', `${folder}/`],
            ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
            ['/etc/ssl/relay/fullchain.pem', certificate.certFile],
            ['/etc/ssl/relay/privkey.pem', certificate.keyFile],
        ]));
        return { program: process.env.NGINX, args: ['-c', file, '-e', join(folder, 'error.log')], check: ['-t', '-c', file, '-e', join(folder, 'error.log')] };
    },
    haproxy(folder, certificate, port, relayPorts) {
        const file = join(folder, 'haproxy.cfg');
        const pem = join(folder, 'relay.pem');
        writeFileSync(pem, certificate.cert + certificate.key);
        writeFileSync(file, fill('haproxy.cfg', [
            ...relayPlaces(relayPorts),
            ['    log /dev/log local0\n    user haproxy\n    group haproxy\n', '    log stdout format raw local0\n'],
            ['bind :443', `bind 127.0.0.1:${port}`],
            ['/etc/ssl/relay/relay.pem', pem],
        ]));
        return { program: process.env.HAPROXY, args: ['-f', file, '-db'], check: ['-c', '-f', file] };
    },
};

/** One of `nginx` and `haproxy`, on `port`, in front of these relays. */
export async function startFrontServer(kind, folder, certificate, relayPorts) {
    const port = await freePort();
    const { program, args, check } = kinds[kind](folder, certificate, port, relayPorts);
    execFileSync(program, check, { stdio: 'pipe' });
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const kill = () => child.kill('SIGKILL');
    process.on('exit', kill);
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    const exited = new Promise((resolve, reject) => child.on('exit', resolve).on('error', reject));
    await until(async () => {
        assert.equal(child.exitCode, null, `${kind} ended: ${output}`);
        return new Promise((resolve) => {
            const probe = net.connect(port, '127.0.0.1', () => { probe.destroy(); resolve(true); });
            probe.on('error', () => resolve(false));
        });
    }, `${kind} to listen`);
    return {
        port,
        get output() { return output; },
        stop: async () => {
            child.kill('SIGTERM');
            await within(exited, `the end of ${kind}`);
            process.off('exit', kill);
        },
    };
}
