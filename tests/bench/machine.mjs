// SPDX-License-Identifier: MIT
// What a benchmark run stands on: the machine, its limits, free ports, certificates.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';

/** First output line of a command, stderr included; null when it cannot be run. */
export function firstLine(command, args) {
    try {
        const script = 'exec "$0" "$@" 2>&1';
        return execFileSync('/bin/sh', ['-c', script, command, ...args], { encoding: 'utf8', timeout: 10_000 })
            .split('\n').find(line => line.trim()) ?? '';
    } catch {
        return null;
    }
}

/** How many descriptors a process that we start may have; every child is started with as many. */
export function descriptorLimit() {
    const limit = firstLine('/bin/sh', ['-c', 'ulimit -Hn']);
    return limit === 'unlimited' ? 1_000_000 : Number(limit);
}

export function describeMachine() {
    const release = /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'));
    return {
        cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
        cores: os.cpus().length,
        memoryGiB: Math.round(os.totalmem() / 2 ** 30),
        kernel: `${os.type()} ${os.release()}`,
        system: release?.[1] ?? 'unknown',
        descriptors: descriptorLimit(),
        loadBefore: os.loadavg()[0],
    };
}

let nextPort = 20000 + Math.floor(Math.random() * 8000);

/** A loopback port that nobody listens on, below the range that outgoing connections take theirs from. */
export async function freePort() {
    for (let tries = 0; tries < 200; ++tries) {
        const port = nextPort++;
        if (nextPort >= 32000)
            nextPort = 20000;
        const free = await new Promise(resolve => {
            const server = createServer().once('error', () => resolve(false));
            server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
        });
        if (free)
            return port;
    }
    throw new Error('no free port between 20000 and 32000');
}

/** A certificate authority of its own and a certificate for localhost, valid for two days. */
export function makeCertificates(dir) {
    const file = name => path.join(dir, name);
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const openssl = args => execFileSync('openssl', ['req', '-x509', ...key, ...args], { stdio: 'pipe' });
    openssl(['-subj', '/CN=Benchmark CA', '-keyout', file('ca.key'), '-out', file('ca.pem')]);
    openssl(['-subj', '/CN=localhost', '-CA', file('ca.pem'), '-CAkey', file('ca.key'),
        '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-addext', 'basicConstraints=critical,CA:FALSE',
        '-keyout', file('upstream.key'), '-out', file('upstream.pem')]);
    return { ca: file('ca.pem'), cert: file('upstream.pem'), key: file('upstream.key') };
}
