// SPDX-License-Identifier: MIT
// How each relay is started. All get the same: one listener on loopback, one upstream (verified when it speaks
// TLS), no access log, no limit that this load would meet, one thread (ours2: two), GET /health when ready.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstLine } from './machine.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

function ours(workers) {
    return {
        title: workers === 1 ? 'this relay' : `this relay, ${workers} workers`,
        version: ({ relayd }) => existsSync(relayd) ? firstLine(relayd, ['--version']) : null,
        missing: ({ relayd }) => `${relayd} is not built`,
        command: ({ relayd, port, upstreamPort, tls, ca, clientTls }) => [relayd,
            ...(clientTls ? ['--tls-cert-file', clientTls.cert, '--tls-key-file', clientTls.key] : []),
            '--port', port, '--host', '127.0.0.1',
            '--upstream-url', `${tls ? 'wss' : 'ws'}://localhost:${upstreamPort}/v1/realtime`,
            ...(tls ? ['--upstream-ca-file', ca] : []),
            '--max-connections', '100000', '--workers', workers,
            '--log-level', 'error', '--inactivity-timeout', '0'],
        environment: () => ({ CHECK_UPSTREAM: 'false' }), // whose dial would be counted
    };
}

function nginxConfiguration({ dir, port, upstreamPort, tls, ca, descriptors, clientTls }) {
    const verify = `proxy_ssl_verify on; proxy_ssl_trusted_certificate ${ca};
            proxy_ssl_name localhost; proxy_ssl_server_name on;`;
    return `daemon off;
${process.getuid() === 0 ? 'user root;' : ''}
worker_processes 1;
worker_rlimit_nofile ${descriptors};
pid ${dir}/nginx.pid;
error_log ${dir}/nginx.log error;
events { worker_connections ${descriptors - 64}; }
http {
    access_log off;
    ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(use => `${use}_temp_path ${dir}/nginx-temp;`).join(' ')}
    server {
        listen 127.0.0.1:${port} ${clientTls ? 'ssl' : ''};
        ${clientTls ? `ssl_certificate ${clientTls.cert}; ssl_certificate_key ${clientTls.key};` : ''}
        location = /health { return 200; }
        location / {
            proxy_pass ${tls ? 'https' : 'http'}://127.0.0.1:${upstreamPort};
            ${tls ? verify : ''}
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;
            proxy_set_header Host localhost;
            proxy_buffering off;
            proxy_read_timeout 1h;
            proxy_send_timeout 1h;
        }
    }
}
`;
}

function haproxyConfiguration({ dir, port, upstreamPort, tls, ca, descriptors, clientTls }) {
    const certificate = () => written(dir, 'haproxy.pem',
        readFileSync(clientTls.cert, 'utf8') + readFileSync(clientTls.key, 'utf8'));
    const verify = `ssl verify required ca-file ${ca} sni str(localhost) verifyhost localhost`;
    // With its usual 16 KiB a buffer that is not empty cannot take a whole TLS record, and 2.6 often keeps the end
    // of a burst for good (its bug 1743). With 32 KiB that is rare; the report counts such calls.
    return `global
    nbthread 1
    tune.bufsize 32768
    maxconn ${Math.floor((descriptors - 100) / 2)}
defaults
    mode http
    timeout connect 10s
    timeout client 1h
    timeout server 1h
    timeout tunnel 1h
frontend relay
    bind 127.0.0.1:${port} ${clientTls ? `ssl crt ${certificate()}` : ''}
    http-request return status 200 if { path /health }
    default_backend upstream
backend upstream
    server upstream 127.0.0.1:${upstreamPort} ${tls ? verify : ''}
`;
}

/** Writes text into a file of the run's folder and gives its path. */
function written(dir, name, text) {
    const file = path.join(dir, name);
    writeFileSync(file, text);
    return file;
}

/** The Node relay with its locked packages, installed once beside the build. */
export function installNodeRelay(buildDir) {
    const target = path.join(buildDir, 'noderelay');
    mkdirSync(target, { recursive: true });
    cpSync(path.join(here, 'noderelay', 'relay.mjs'), path.join(target, 'relay.mjs'));
    const lock = path.join(target, 'package-lock.json');
    const wanted = path.join(here, 'noderelay', 'package-lock.json');
    if (existsSync(path.join(target, 'node_modules', 'ws')) && existsSync(lock)
        && readFileSync(lock, 'utf8') === readFileSync(wanted, 'utf8'))
        return target;
    cpSync(path.join(here, 'noderelay', 'package.json'), path.join(target, 'package.json'));
    cpSync(wanted, lock);
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
        { cwd: target, stdio: ['ignore', 'ignore', 'inherit'], timeout: 120_000 });
    return target;
}

export const relays = {
    ours: ours(1),
    ours2: ours(2),
    // Not among those that are taken when none is named: it is asked how much more a translated call costs.
    beta: { ...ours(1), title: 'this relay, beta', isExtra: true, load: ['--beta'] },
    node: {
        title: 'Node.js ws',
        version: ({ nodeRelay }) => nodeRelay && `Node.js ${process.version}, ws ${JSON.parse(
            readFileSync(path.join(nodeRelay, 'node_modules/ws/package.json'), 'utf8')).version}`,
        missing: () => 'its packages could not be installed (npm ci in tests/bench/noderelay)',
        command: ({ nodeRelay, port, upstreamPort, tls }) => [process.execPath,
            path.join(nodeRelay, 'relay.mjs'), port, `${tls ? 'wss' : 'ws'}://localhost:${upstreamPort}/v1/realtime`],
        environment: ({ ca }) => ({ NODE_EXTRA_CA_CERTS: ca }),
    },
    nginx: {
        title: 'nginx',
        version: () => firstLine('nginx', ['-v'])?.replace('nginx version: ', ''),
        missing: () => 'not installed (apt-get install nginx-light)',
        command: run => ['nginx', '-e', 'stderr', '-p', run.dir,
            '-c', written(run.dir, 'nginx.conf', nginxConfiguration(run))],
    },
    haproxy: {
        title: 'HAProxy',
        version: () => firstLine('haproxy', ['-v'])?.replace(/ version ([^ ]*).*/, ' $1'),
        missing: () => 'not installed (apt-get install haproxy)',
        command: run => ['haproxy', '-db', '-f',
            written(run.dir, 'haproxy.cfg', haproxyConfiguration(run))],
    },
};

const exited = child => child.exitCode !== null || child.signalCode !== null;
const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

function healthy(port, clientTls) {
    const get = clientTls ? https.get : http.get;
    return new Promise(resolve => {
        get({ host: '127.0.0.1', port, path: '/health', agent: false, timeout: 1000, rejectUnauthorized: false },
            response => resolve(response.resume().statusCode === 200))
            .on('timeout', function giveUp() {
                this.destroy();
            })
            .on('error', () => resolve(false));
    });
}

/**
 * Starts the relay and waits until it answers; throws with its own words when it does not. `onSpawn` gets the
 * process at once, for one who must be able to end it meanwhile.
 */
export async function startRelay(name, run, onSpawn) {
    const relay = relays[name];
    const log = path.join(run.dir, `${name}.log`);
    const output = openSync(log, 'w');
    const child = spawn('/bin/sh', ['-c', `ulimit -n ${run.descriptors}; exec "$0" "$@"`,
        ...relay.command(run).map(String)], {
        stdio: ['ignore', output, output],
        detached: true, // a process group of its own, so that no worker of it outlives it
        env: { ...process.env, ...relay.environment?.(run) },
    });
    closeSync(output);
    onSpawn(child);
    for (let tries = 0; tries < 200 && !exited(child); ++tries) {
        if (await healthy(run.port, run.clientTls))
            return child;
        await pause(50);
    }
    await stopRelay(child);
    throw new Error(`${relay.title} did not start: ${readFileSync(log, 'utf8').trim().slice(-500)}`);
}

/** Ends it at once, children included. */
export function killRelay(child) {
    try {
        process.kill(-child.pid, 'SIGKILL');
    } catch { } // it is gone
}

/** Ends the relay: asks twice, then forces. */
export async function stopRelay(child) {
    for (const waits of [40, 20]) {
        if (!exited(child))
            child.kill('SIGTERM');
        for (let i = 0; i < waits && !exited(child); ++i)
            await pause(50);
    }
    killRelay(child);
}
