// SPDX-License-Identifier: MIT
// A side that stops reading stops the other one, and the relay's memory stays as it is.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { openCall } from './harness/call.mjs';
import { Authority } from './harness/certificates.mjs';
import { startBoth, startRelay, startSimulator } from './harness/programs.mjs';
import { startHttpProxy, startSocksProxy } from './harness/proxies.mjs';
import { startUpstream } from './harness/rawpeer.mjs';
import { Queue, until } from './harness/waiting.mjs';

const MiB = 1024 * 1024;
const megabytes = 100;
/** Whether the relay's memory can be told; a sanitizer's bookkeeping is not the relay's. */
const isMeasured = process.platform === 'linux' && !process.env.RELAY_SANITIZE;
const memoryOf = (relay) => (isMeasured ? relay.memoryBytes() : 0);
/** What the relay may grow by. */
const growth = 8 * MiB;
/** However long it takes on this machine until nothing moves. */
const forEver = { HEARTBEAT_INTERVAL: '0', STALL_TIMEOUT: '86400000', INACTIVITY_TIMEOUT: '0' };

/** Waits until nothing moves any more in this direction, and gives how much did. */
async function standstill(relay, direction) {
    let last = -1;
    let same = 0;
    return until(async () => {
        const { bytes } = (await relay.stats())[direction];
        same = bytes === last && bytes > 0 ? same + 1 : 0;
        last = bytes;
        return same >= 15 && bytes;
    }, 'a standstill');
}

/** Lets a paused WebSocket go on, and waits for `count` messages, each what `message(number)` gives. */
async function readAll(socket, count, message) {
    const messages = new Queue();
    socket.on('message', (data) => messages.push(data));
    socket.resume();
    for (let number = 0; number < count; ++number) {
        const data = await messages.next(`message ${number}`);
        assert.ok(data.toString() === message(number), `message ${number} is not what was sent`);
    }
}

/** The most memory that the relay had while `work` went on. */
async function peakDuring(relay, work) {
    let peak = 0;
    const timer = setInterval(() => (peak = Math.max(peak, memoryOf(relay))), 10);
    try {
        await work();
    } finally {
        clearInterval(timer);
    }
    return peak;
}

describe('100 MB', () => {
    it('for a client that stops reading wait at the upstream, and come in order', async (t) => {
        const { relay, simulator } = await startBoth(forEver);
        t.after(() => simulator.stop());
        t.after(() => relay.stop());
        await relay.request('/stats');
        const before = memoryOf(relay);

        const peak = await peakDuring(relay, async () => {
            const call = await openCall(relay.url(`simulate=flood:${megabytes}`));
            await call.event('session.created');
            call.socket.pause();
            assert.ok(await standstill(relay, 'down') < 50e6, 'the flood is held back');
            const stats = await relay.stats();
            assert.ok(stats.down.backlogBytes < 1 * MiB, `${stats.down.backlogBytes} bytes of backlog`);
            call.socket.resume();
            for (let number = 0; ; ++number) {
                const text = await call.text();
                const [, type, sequence] = /^\{"type":"([^"]+)","sequence":(\d+)/.exec(text);
                assert.equal(Number(sequence), number);
                if (type === 'flood.done')
                    break;
                const pad = String.fromCharCode(97 + (number % 26));
                assert.ok(text.length === 16_384 && text.endsWith(`${pad.repeat(1000)}"}`), `message ${number}`);
            }
            await call.close(1000);
        });
        assert.ok(peak - before < growth, `grew by ${Math.round((peak - before) / MiB)} MiB`);
    });

    it('for an upstream that stops reading wait at the client, and come in order', async (t) => {
        const server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 0 });
        t.after(() => server.close());
        await new Promise((resolve) => server.once('listening', resolve));
        const relay = await startRelay({
            UPSTREAM_URL: `ws://127.0.0.1:${server.address().port}/v1/realtime`,
            ...forEver,
        });
        t.after(() => relay.stop());
        await relay.request('/stats');
        const before = memoryOf(relay);

        const peak = await peakDuring(relay, async () => {
            const connected = new Promise((resolve) => server.once('connection', resolve));
            const call = await openCall(relay.url());
            const upstream = await connected;
            upstream.pause();
            const sizes = [300, 16_000, 900_000];
            const message = (number) =>
                `${number} `.padEnd(sizes[number % 3], String.fromCharCode(97 + (number % 26)));
            let sent = 0;
            let count = 0;
            for (; sent < megabytes * 1e6; ++count) {
                const text = message(count);
                call.send(text);
                sent += text.length;
            }
            assert.ok(await standstill(relay, 'up') < 50e6, 'the client is held back');
            assert.ok((await relay.stats()).up.backlogBytes < 1 * MiB);
            await readAll(upstream, count, message);
            await call.close(1000);
        });
        assert.ok(peak - before < growth, `grew by ${Math.round((peak - before) / MiB)} MiB`);
    });

    it('do not keep other calls waiting', async (t) => {
        const { relay, simulator } = await startBoth({ WORKERS: '1', ...forEver });
        t.after(() => simulator.stop());
        t.after(() => relay.stop());
        const stalled = await openCall(relay.url(`simulate=flood:${megabytes}`));
        await stalled.event('session.created');
        stalled.socket.pause();
        await standstill(relay, 'down');
        const call = await openCall(relay.url('simulate=echo'));
        for (let i = 0; i < 50; ++i) {
            call.send(`message ${i}`);
            assert.equal(await call.text(), `message ${i}`);
        }
        stalled.socket.terminate();
        await call.close(1000);
    });
});

describe('behind a proxy', { concurrency: 2 }, () => {
    const authority = new Authority();
    const { certFile, keyFile } = authority.issue();

    async function startRelayBehind(proxy, tls, upstreamPort) {
        const relay = await startRelay({
            UPSTREAM_URL: `${tls ? 'wss' : 'ws'}://localhost:${upstreamPort}/v1/realtime`,
            UPSTREAM_CA_FILE: authority.certFile,
            UPSTREAM_PROXY: proxy.url,
            ...forEver,
            CONNECT_TIMEOUT: '60000', // the proxies are in this process, which is at its limits
        });
        await relay.request('/stats');
        return relay;
    }

    for (const [name, start, tls] of [
        ['HTTP CONNECT', startHttpProxy, true],
        ['HTTP CONNECT without TLS', startHttpProxy, false],
        ['SOCKS5', startSocksProxy, true],
        ['SOCKS5 without TLS', startSocksProxy, false],
    ]) {
        it(`a client that stops reading stops the upstream: ${name}`, async (t) => {
            const simulator = await startSimulator(tls ? ['--tls-cert', certFile, '--tls-key', keyFile] : []);
            t.after(() => simulator.stop());
            const proxy = await start();
            t.after(() => proxy.stop());
            const relay = await startRelayBehind(proxy, tls, simulator.port);
            t.after(() => relay.stop());
            const before = memoryOf(relay);
            const peak = await peakDuring(relay, async () => {
                const call = await openCall(relay.url(`simulate=flood:${megabytes}`));
                await call.event('session.created');
                call.socket.pause();
                await standstill(relay, 'down');
                for (let i = 0; i < 200; ++i) { // one that talks on although it does not listen
                    call.send('x'.repeat(1000));
                    await setImmediate();
                }
                await standstill(relay, 'down');
                call.socket.resume();
                await call.event('flood.done');
                await call.close(1000);
            });
            assert.equal(proxy.targets.length, 1);
            assert.ok(peak - before < growth, `grew by ${Math.round((peak - before) / MiB)} MiB`);
        });

        it(`an upstream that stops reading stops the client: ${name}`, async (t) => {
            const server = tls ? https.createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) })
                : http.createServer();
            const sockets = new WebSocketServer({ server, maxPayload: 0 });
            await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
            t.after(() => server.close());
            const proxy = await start();
            t.after(() => proxy.stop());
            const relay = await startRelayBehind(proxy, tls, server.address().port);
            t.after(() => relay.stop());
            const before = memoryOf(relay);
            const count = megabytes * 10;
            const peak = await peakDuring(relay, async () => {
                const connected = new Promise((resolve) => sockets.once('connection', resolve));
                const call = await openCall(relay.url());
                const upstream = await connected;
                upstream.pause();
                const message = (number) => `${number} `.padEnd(100_000, String.fromCharCode(97 + (number % 26)));
                for (let i = 0; i < count; ++i)
                    call.send(message(i));
                assert.ok(await standstill(relay, 'up') < 60e6, 'the client is held back');
                await readAll(upstream, count, message);
                await call.close(1000);
            });
            assert.ok(peak - before < growth, `grew by ${Math.round((peak - before) / MiB)} MiB`);
        });
    }
});

describe('the last words of a call', () => {
    const authority = new Authority();
    const certificate = authority.issue();

    for (const [scheme, settings] of [
        ['ws', {}],
        ['wss', { TLS_CERT_FILE: certificate.certFile, TLS_KEY_FILE: certificate.keyFile }],
    ]) {
        it(`reach a client that reads them late over ${scheme}`, async (t) => {
            const upstream = await startUpstream();
            t.after(() => upstream.stop());
            const relay = await startRelay({ UPSTREAM_URL: upstream.url, SESSION_BUFFER_BYTES: '8000000', ...settings });
            t.after(() => relay.stop());
            const call = await openCall(relay.url(), { ca: authority.cert });
            const peer = await upstream.next();
            call.socket.pause();
            const messages = Array.from({ length: 60 }, (_, i) => String.fromCharCode(97 + (i % 26)).repeat(100_000));
            messages.forEach((message) => peer.text(message));
            peer.socket.end(); // without a close frame
            await peer.end(); // the relay has read all of it
            call.socket.resume();
            for (const message of messages)
                assert.ok(await call.text() === message);
            assert.equal((await call.event('error')).error.code, 'upstream_disconnected');
            assert.equal((await call.end()).code, 1011);
        });
    }
});
