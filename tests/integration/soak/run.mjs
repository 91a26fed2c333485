#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Holds calls of all kinds over two daemons, one plain and one with TLS on both sides, for minutes: calls begin and end, are
// reset by either side, stop reading or read slowly; strangers talk nonsense, settings are loaded again. Every message is
// numbered and hashed. In the end nothing of it may be left: descriptors, threads, memory. Linux only.
//   RELAY_BIN_DIR=build/release/bin node tests/integration/soak/run.mjs 2 [--calls 50] [--rate 10] [--seed 1]
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Authority } from '../harness/certificates.mjs';
import { startRelay } from '../harness/programs.mjs';
import { connectTo, startUpstream } from '../harness/rawpeer.mjs';
import { until, within } from '../harness/waiting.mjs';
import { oneCall } from './call.mjs';
import { randomNumbers } from './messages.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: {
    calls: { type: 'string', default: '50' }, rate: { type: 'string', default: '10' }, seed: { type: 'string' } } });
const minutes = Number(positionals[0]);
const [calls, rate] = [Number(values.calls), Number(values.rate)];
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (!(minutes > 0 && calls > 0 && rate > 0 && seed >= 0)) {
    process.stderr.write('Usage: run.mjs MINUTES [--calls N] [--rate MESSAGES_A_SECOND] [--seed N], all of them numbers\n');
    process.exit(2);
}
const MiB = 1024 * 1024;
/** How much larger than before the first call a daemon may be after the last one. */
const mostGrowth = 32 * MiB;
/** Threads that look up names end half a minute after the last one; for so many of them nobody waits. */
const lookUpThreads = 5;

/** The other ends of the calls, each found by its number. */
class Callees {
    #waiting = new Map();

    constructor(upstream) {
        this.#serve(upstream);
    }

    async #serve(upstream) {
        for (;;) {
            const peer = await upstream.next().catch(() => null);
            if (!peer)
                return; // none has come for long: all is over
            const [, number, kind] = /[?&]call=(\d+)&kind=(\w+) /.exec(peer.head);
            if (kind === 'refused') {
                peer.socket.end('HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\n{}');
                continue;
            }
            if (kind !== 'vanishes')
                peer.accept();
            this.#of(number).resolve(peer);
        }
    }

    #of(number) {
        const key = String(number);
        if (!this.#waiting.has(key)) {
            const place = {};
            place.promise = new Promise((resolve) => (place.resolve = resolve));
            this.#waiting.set(key, place);
        }
        return this.#waiting.get(key);
    }

    async callee(number) {
        const { promise } = this.#of(number);
        const peer = await within(promise, 'the other end of the call');
        this.#waiting.delete(String(number));
        return peer;
    }
}

function measure({ child }) {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return {
        memory: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) * 1024,
        threads: Number(/^Threads:\s+(\d+)$/m.exec(status)[1]),
        descriptors: readdirSync(`/proc/${child.pid}/fd`).length,
    };
}
const inWords = ({ memory, threads, descriptors }) =>
    `${(memory / MiB).toFixed(1)} MiB, ${descriptors} descriptors, ${threads} threads`;

async function startLine(name, secure, settings) {
    const upstream = await startUpstream({ accept: false, secure });
    const relay = await startRelay({
        UPSTREAM_URL: upstream.url.replace('127.0.0.1', 'localhost'), HEARTBEAT_INTERVAL: '2000', HANDSHAKE_TIMEOUT: '30000',
        CONNECT_TIMEOUT: '30000', CONNECTION_RATE_PER_IP: '0', ...settings });
    await relay.request('/stats').catch(() => {}); // with TLS it takes none, which does as well
    return { name, relay, server: upstream, upstream: new Callees(upstream), attempts: 0, before: measure(relay), most: measure(relay) };
}

const authority = new Authority();
const issued = authority.issue();
const lines = [
    await startLine('plain', undefined, {}),
    await startLine('TLS', issued, { TLS_CERT_FILE: issued.certFile, TLS_KEY_FILE: issued.keyFile, UPSTREAM_CA_FILE: authority.certFile }),
];
lines[1].ca = authority.cert;

const tally = { sent: 0, received: 0, bytes: 0, lost: 0, altered: 0, reordered: 0, stopped: 0, slow: 0, strangers: 0, reloads: 0,
    clientCloses: 0, upstreamCloses: 0, upstreamResets: 0, clientResets: 0, refused: 0, vanishes: 0, failures: [] };
const over = performance.now() + minutes * 60_000;
const goesOn = () => performance.now() < over && tally.failures.length < 20;
let number = 0;

async function caller(line, random) {
    await sleep(random() * 2000);
    while (goesOn())
        await oneCall(line, number++, random, rate, tally);
}

async function strangers(line, random) {
    const nonsense = ['', 'GET / HTTP/1.1\r\nHost', '\x16\x03\x01\x02\x00\x01', 'SSH-2.0-x\r\n', '\0'.repeat(500), 'GET /v1/realtime HTTP/1.1\r\n\r\n'];
    while (goesOn()) {
        const { tcp } = connectTo({ ...line.relay, tls: false });
        tcp.write(nonsense[Math.floor(random() * nonsense.length)]);
        ++tally.strangers;
        await sleep(500);
        tcp.destroy();
    }
}

async function watch() {
    for (let seconds = 1; goesOn(); ++seconds) {
        await sleep(1000);
        for (const line of lines) {
            const now = measure(line.relay);
            for (const [what, value] of Object.entries(now))
                line.most[what] = Math.max(line.most[what], value);
            if (seconds % 10 === 0) {
                line.relay.signal('SIGHUP');
                ++tally.reloads;
            }
            if (seconds % 30 === 0)
                console.log(`${seconds} s, ${line.name}: ${line.attempts} calls, ${inWords(now)}`);
        }
    }
}

console.log(`${minutes} minutes, ${calls} calls at a time, ${rate} messages a second each way; --seed ${seed}`);
const random = randomNumbers(seed);
await Promise.all([
    ...Array.from({ length: calls }, (_, i) => caller(lines[i % lines.length], randomNumbers(random() * 2 ** 32))),
    ...lines.map((line) => strangers(line, randomNumbers(random() * 2 ** 32))),
    watch(),
]);

for (const { name, relay, before, most, attempts } of lines) {
    const fail = (what) => tally.failures.push(`the ${name} daemon: ${what}`);
    let left;
    const comesDown = (what, more) => until(() => (left = measure(relay))[what] <= before[what] + more, `its ${what}`)
        .catch(({ message }) => fail(`${message}: ${inWords(before)} before, ${inWords(left)} now`));
    await comesDown('descriptors', 0);
    await comesDown('memory', mostGrowth); // what is free goes back to the system a while later
    await comesDown('threads', lookUpThreads);
    console.log(`${name}: ${attempts} calls; before ${inWords(before)}; at most ${inWords(most)}; after ${inWords(left)}`);
    if (name === 'plain') { // by which it is asked
        const { stats } = await relay.stats();
        if (stats.activeConnections !== 0 || stats.totalConnections !== attempts)
            fail(`it counts ${stats.totalConnections} calls in all and ${stats.activeConnections} open, of ${attempts}`);
    }
    await relay.stop().catch(({ message }) => fail(message.slice(0, 500)));
}
await Promise.all(lines.map(({ server }) => server.stop()));

const { failures, ...counts } = tally;
console.log(Object.entries(counts).map(([what, count]) => `${what} ${count}`).join(', '));
for (const failure of failures.slice(0, 20))
    console.log(`FAILED: ${failure}`);
process.exit(failures.length ? 1 : 0);
