// SPDX-License-Identifier: MIT
// The internet in small, in the network that outside.sh has made: a resolver, an own server with the real sshd and the real
// nginx, a tunnel service that is played, and visitors with addresses of their own.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import dgram from 'node:dgram';
import {
    chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync,
} from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Call } from './call.mjs';
import { Authority, temporaryFolder } from './certificates.mjs';
import { Relay } from './programs.mjs';
import { until, within } from './waiting.mjs';

export const serverAddress = '198.51.100.1';
export const serviceAddress = '198.51.100.2';
export const visitorAddress = '203.0.113.5';
export const serverName = 'relay.example.org';
export const serviceName = 'words-of-the-day.trycloudflare.com';

export const changingNames = ['8beaa541ba3dc2.lhr.life', '0f3c77d9e1b24a.lhr.life'];

const names = new Map([[serverName, serverAddress], ['server.example.org', serverAddress],
    ...[serviceName, ...changingNames].map((name) => [name, serviceAddress])]);

export const folder = temporaryFolder();
export const authority = new Authority();

/** Answers for names that are known, and has no other. One at each of the public resolvers' addresses. */
function answerNames(address) {
    const socket = dgram.createSocket('udp4');
    socket.on('message', (query, from) => {
        const labels = [];
        let at = 12;
        for (; query[at] !== 0; at += query[at] + 1)
            labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
        const question = query.subarray(12, at + 5);
        const isAddress = query.readUInt16BE(at + 1) === 1;
        const found = names.get(labels.join('.').toLowerCase());
        const answers = found && isAddress ? [Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...found.split('.').map(Number)])] : [];
        const head = Buffer.alloc(12);
        query.copy(head, 0, 0, 2);
        head.writeUInt16BE(0x8180 | (found ? 0 : 3), 2); // NXDOMAIN
        head.writeUInt16BE(1, 4);
        head.writeUInt16BE(answers.length, 6);
        socket.send(Buffer.concat([head, question, ...answers]), from.port, from.address);
    });
    return new Promise((resolve) => socket.bind(53, address, resolve)).then(() => socket.unref());
}

/** Once, before all: names, and the authority that everybody trusts. */
export async function beginOutside() {
    await Promise.all(['1.1.1.1', '8.8.8.8'].map(answerNames));
    copyFileSync(authority.certFile, '/etc/ssl/certs/authority.pem');
    execFileSync('openssl', ['rehash', '/etc/ssl/certs']);
}

function start(program, args, options = {}) {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const seen = { child, output: '' };
    for (const stream of ['stdout', 'stderr'])
        child[stream].setEncoding('utf8').on('data', (text) => (seen.output += text));
    const kill = () => child.kill('SIGKILL');
    process.on('exit', kill);
    const exited = new Promise((resolve, reject) => child.on('exit', resolve).on('error', reject));
    seen.stop = async (signal = 'SIGTERM') => {
        child.kill(signal);
        await within(exited, `the end of ${program}`);
        process.off('exit', kill);
    };
    return seen;
}

async function listens(address, port, program) {
    await until(async () => {
        assert.equal(program.child.exitCode, null, program.output);
        return new Promise((resolve) => {
            const probe = net.connect(port, address, () => { probe.destroy(); resolve(true); });
            probe.on('error', () => resolve(false));
        });
    }, `something to listen at ${address} port ${port}`);
}

/** Whoever logs in by this key may forward: as in the page on sharing, with a socket that a new session takes over. */
function writeSshd() {
    mkdirSync(join(folder, 'keys'), { recursive: true });
    for (const name of ['host', 'user'])
        execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'keys', name)]);
    copyFileSync(join(folder, 'keys', 'user.pub'), join(folder, 'keys', 'authorized'));
    writeFileSync('/etc/ssh/sshd_config', [
        `ListenAddress ${serverAddress}`, `HostKey ${join(folder, 'keys', 'host')}`, 'PidFile /run/sshd.pid',
        `AuthorizedKeysFile ${join(folder, 'keys', 'authorized')}`, 'StrictModes no', 'UsePAM no', 'PermitRootLogin prohibit-password',
        'PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'StreamLocalBindUnlink yes', 'StreamLocalBindMask 0111', '',
    ].join('\n'));
    writeFileSync('/etc/ssh/ssh_config', [
        'Host server.example.org', `    IdentityFile ${join(folder, 'keys', 'user')}`,
        `    UserKnownHostsFile ${join(folder, 'keys', 'known')}`, '',
    ].join('\n'));
}

function writeNginx() {
    const certificate = authority.issue(`DNS:${serverName}`);
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, `user root;
daemon off;
worker_processes 1;
pid ${join(folder, 'nginx.pid')};
events {}
http {
    log_format without_path '$remote_addr $status $bytes_sent';
    access_log ${join(folder, 'access.log')} without_path;
    server {
        listen ${serverAddress}:443 ssl;
        server_name ${serverName};
        ssl_certificate ${certificate.certFile};
        ssl_certificate_key ${certificate.keyFile};
        location / {
            proxy_pass http://unix:/run/relay/relay.sock:;
            proxy_http_version 1.1;
            proxy_set_header Host $host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_buffering off;
            proxy_read_timeout 300s;
        }
    }
}
`);
    return file;
}

/** sshd, and nginx in front of what it forwards. `sessions()`: the processes of those who are logged in. */
export async function startServer() {
    if (!existsSync('/etc/ssh/sshd_config'))
        writeSshd();
    const file = writeNginx();
    const nginx = start(process.env.NGINX ?? '/usr/sbin/nginx', ['-c', file, '-e', join(folder, 'error.log')]);
    let sshd;
    const startSshd = async () => {
        sshd = start(process.env.SSHD ?? '/usr/sbin/sshd', ['-D', '-e', '-f', '/etc/ssh/sshd_config']);
        await listens(serverAddress, 22, sshd);
    };
    await startSshd();
    await listens(serverAddress, 443, nginx);
    return {
        get output() { return nginx.output + sshd.output; },
        get accessLog() { return readFileSync(join(folder, 'access.log'), 'utf8'); },
        startSshd,
        /** The daemon and all sessions, at once. */
        async killSshd() {
            // From OpenSSH 9.8 on sessions have a program of their own.
            for (const pid of processes((command) => /^sshd(-session|-auth)?: /.test(command) || /^\S*\/sshd -D/.test(command))) {
                try {
                    process.kill(pid, 'SIGKILL');
                } catch {
                    // it has ended meanwhile
                }
            }
            await sshd.stop('SIGKILL');
        },
        async stop() {
            await sshd.stop();
            await nginx.stop();
        },
    };
}

/** Those of this network whose command line fits. */
export function processes(fits) {
    const own = readlinkSync('/proc/self/ns/net');
    return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
        try {
            const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
            return fits(command) && readlinkSync(`/proc/${pid}/ns/net`) === own;
        } catch {
            return false; // it has ended meanwhile
        }
    }).map(Number);
}

/** The ssh programs of shares. */
export const tunnels = () => processes((command) => /^(\S*\/)?ssh -T /.test(command) || /cloudflared tunnel/.test(command));

/** A folder with a program of this name in it that is played by a script, to be put before PATH. `before`: the script's first
 *  arguments, before those of the program. */
function play(program, script, before) {
    const bin = join(folder, `played-${program}`);
    mkdirSync(bin, { recursive: true });
    const path = fileURLToPath(new URL(script, import.meta.url));
    const words = [process.execPath, path, ...before].map((word) => `'${word}'`).join(' ');
    writeFileSync(join(bin, program), `#!/bin/sh\nexec ${words} "$@"\n`);
    chmodSync(join(bin, program), 0o755);
    return bin;
}

export function playCloudflared() {
    const { certFile, keyFile } = authority.issue(`DNS:${serviceName}`);
    return play('cloudflared', './cloudflared.mjs', [certFile, keyFile, serviceAddress, serviceName]);
}

export function playLocalhostRun() {
    const { certFile, keyFile } = authority.issue(changingNames.map((name) => `DNS:${name}`).join(','));
    return play('ssh', './localhostrun.mjs', [certFile, keyFile, serviceAddress, changingNames.join(',')]);
}

/** A relay that is being shared, by `realtime-relayd share`. */
export class Share extends Relay {
    #lines = 0;
    #states = [];

    constructor(args, environment = {}) {
        super({ PATH: process.env.PATH, ...environment }, ['share', ...args, '--json']);
    }

    /** What it has said so far, one object for each line. */
    get states() {
        const lines = this.stdout.split('\n');
        for (; this.#lines < lines.length - 1; ++this.#lines)
            this.#states.push(JSON.parse(lines[this.#lines]));
        return this.#states;
    }

    /** Waits until it says this state, behind the first `after` things that it has said. */
    state(name, after = 0) {
        return this.heard(() => this.states.slice(after).find(({ state }) => state === name), `the state ${name}`);
    }

    async shared(after = 0) {
        const said = await this.state('shared', after);
        this.link = said.link;
        this.secret = /\/s\/([^/]+)\//.exec(said.link.address)[1];
        return said;
    }
}

let others = 10;

/** Somebody else's address each time, for whom nothing was counted yet. */
export const anotherVisitor = () => `203.0.113.${++others}`;

/** A call as somebody elsewhere makes it. */
export function callFromOutside(url, options = {}) {
    return new Call(url, { ca: authority.cert, localAddress: visitorAddress, ...options });
}

/** A request likewise: { status, headers, text }. */
export function requestFromOutside(url, { method = 'GET', headers = {}, body, localAddress = visitorAddress } = {}) {
    return within(new Promise((resolve, reject) => {
        const request = https.request(url, { method, headers, ca: authority.cert, localAddress, agent: false }, (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
            response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
        });
        request.on('error', reject);
        request.end(body);
    }), `the answer to ${method} ${url}`);
}
