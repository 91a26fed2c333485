// SPDX-License-Identifier: MIT
// Peers that mean harm, each beside a call that goes on: nothing of that call is lost, and the relay's memory stays.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { openCall } from './harness/call.mjs';
import { Authority } from './harness/certificates.mjs';
import { frame, opcodes } from './harness/frames.mjs';
import { startRelay, startSimulator } from './harness/programs.mjs';
import { connectRaw, startUpstream } from './harness/rawpeer.mjs';
import { until, within } from './harness/waiting.mjs';

const mebibyte = 2 ** 20;
const mostGrowth = 16 * mebibyte;
const mostKept = 32 * mebibyte; // of a peak
const messages = 40; // that the call beside exchanges, at least

/** A sanitizer keeps what was freed. */
const memoryIsKnown = !process.env.RELAY_SANITIZE && process.platform === 'linux';

describe('beside a hostile peer', { skip: process.platform === 'win32' }, () => {
    /** A relay with one worker, so that all meet, and a call in it. */
    async function scene(t, settings = {}, options = {}) {
        const simulator = await startSimulator();
        t.after(() => simulator.stop());
        const relay = await startRelay({ UPSTREAM_URL: simulator.url, WORKERS: '1', ...settings });
        t.after(() => relay.stop());
        const call = await openCall(relay.url('simulate=echo'), options);
        return { relay, call };
    }

    /** Exchanges messages while `attack` goes on, which takes a function that says whether to, and sees what is to be seen. */
    async function exchangeBeside({ relay, call }, attack) {
        for (let i = 0; i < 5; ++i)
            await echo(call, `before ${i}`);
        const before = relay.memoryBytes();
        let goesOn = true;
        let peak = before;
        const attacking = attack(() => goesOn);
        for (let i = 0; i < messages || (memoryIsKnown && peak === before); ++i) {
            await echo(call, `meanwhile ${i}`.padEnd(4000, '.'));
            await sleep(20);
            peak = Math.max(peak, relay.memoryBytes());
            if (i > 10 * messages)
                break;
        }
        goesOn = false;
        await within(attacking, 'the end of the attack');
        peak = Math.max(peak, relay.memoryBytes());
        await echo(call, 'after');
        await call.close(1000);
        if (memoryIsKnown)
            assert.ok(peak - before < mostGrowth, `the memory grew by ${((peak - before) / mebibyte).toFixed(1)} MiB`);
    }

    async function echo(call, text) {
        call.send(text);
        assert.equal(await call.text(), text);
    }

    function connect(relay) {
        const socket = net.connect(relay.port, '127.0.0.1');
        socket.on('error', () => {});
        return socket;
    }

    /** Writes as fast as it is taken, and says how many bytes were. */
    async function flood(socket, bytes, goesOn) {
        let taken = 0;
        while (goesOn() && !socket.destroyed) {
            const next = typeof bytes === 'function' ? bytes() : bytes;
            await Promise.race([new Promise((resolve) => socket.write(next, resolve)), sleep(100)]);
            taken = socket.bytesWritten - socket.writableLength;
        }
        socket.destroy();
        return taken;
    }

    const metrics = Buffer.from('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(400));

    it('requests whose answers are not read', async (t) => {
        const all = await scene(t);
        await exchangeBeside(all, async (goesOn) => {
            const sockets = Array.from({ length: 4 }, () => connect(all.relay).pause());
            await Promise.all(sockets.map((socket) => flood(socket, metrics, goesOn)));
        });
    });

    it('requests one behind the other', async (t) => {
        const all = await scene(t);
        await exchangeBeside(all, async (goesOn) => {
            let answered = 0;
            const sockets = Array.from({ length: 20 }, () => connect(all.relay).on('data', (chunk) => (answered += chunk.length)));
            await Promise.all(sockets.map((socket) => flood(socket, metrics, goesOn)));
            assert.ok(answered > 100_000, 'they were answered');
        });
    });

    for (const name of ['ping', 'pong']) {
        it(`${name}s without end`, async (t) => {
            const all = await scene(t);
            await exchangeBeside(all, async (goesOn) => {
                const { socket } = await connectRaw(all.relay);
                socket.removeAllListeners('data').resume(); // whatever is answered
                const frames = Buffer.concat(Array.from({ length: 2000 }, () => frame(opcodes[name], '', { masked: true })));
                assert.ok(await flood(socket, frames, goesOn) > frames.length, 'they passed');
            });
        });
    }

    it('connections with TLS that say nothing', async (t) => {
        const authority = new Authority();
        const { certFile, keyFile } = authority.issue();
        const all = await scene(t, { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile }, { ca: authority.cert });
        await exchangeBeside(all, async (goesOn) => {
            const sockets = Array.from({ length: 2500 }, () => connect(all.relay));
            await all.relay.entry('trouble_began', { code: 'half_open_cut' }); // more than are kept
            await until(() => !goesOn(), 'the messages beside');
            sockets.forEach((socket) => socket.destroy());
        });
    });

    it('heads that come byte by byte', async (t) => {
        const all = await scene(t, { HANDSHAKE_TIMEOUT: '600000' });
        await exchangeBeside(all, async (goesOn) => {
            const sockets = Array.from({ length: 100 }, () => connect(all.relay));
            const begun = `GET http://x/${'a'.repeat(7500)} HTTP/1.1\r\nX: `;
            sockets.forEach((socket) => socket.write(begun));
            while (goesOn()) {
                sockets.forEach((socket) => socket.write('a'));
                await sleep(50);
            }
            assert.ok(sockets.every((socket) => !socket.destroyed));
            sockets.forEach((socket) => socket.destroy());
        });
    });

    it('callers without a key who do not go', async (t) => {
        const all = await scene(t, { MAX_CONNECTIONS: '5' });
        await exchangeBeside(all, async (goesOn) => {
            const head = 'GET /v1/realtime HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                + 'Origin: http://localhost:5173\r\nSec-WebSocket-Version: 13\r\n'
                + 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
            const sockets = Array.from({ length: 100 }, () => connect(all.relay));
            sockets.forEach((socket) => socket.write(head));
            await all.relay.entry('refused', { code: 'relay_full' }); // those that had none of the leaving ones' places
            const second = await openCall(all.relay.url('simulate=echo')); // finds a place
            await echo(second, 'hello');
            await until(() => !goesOn(), 'the messages beside');
            await second.close(1000);
            sockets.forEach((socket) => socket.destroy());
        });
    });
});

describe('after a peak', { skip: !memoryIsKnown && 'memory is known on Linux, and a sanitizer keeps what was freed' }, () => {
    const calls = 2000;
    const needed = 2 * calls + 200;
    const limit = () => Number(/^Max open files +\d+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Infinity);

    it(`the memory comes back: ${calls} calls at once, with TLS to the upstream`, async (t) => {
        if (limit() < needed) {
            t.skip(`needs ${needed} descriptors (ulimit -Hn)`);
            return;
        }
        const authority = new Authority();
        const upstream = await startUpstream({ secure: authority.issue() });
        t.after(() => upstream.stop());
        const relay = await startRelay({ UPSTREAM_URL: upstream.url, MAX_CONNECTIONS: String(calls), CONNECT_TIMEOUT: '60000',
            UPSTREAM_CA_FILE: authority.certFile });
        t.after(() => relay.stop());
        await (await openCall(relay.url())).close(1000);
        const before = relay.memoryBytes();
        const clients = await Promise.all(Array.from({ length: calls }, () => connectRaw(relay)));
        const peak = relay.memoryBytes();
        clients.forEach((client) => client.cut());
        await until(async () => (await relay.stats()).stats.activeConnections === 0, 'the end of all calls');
        const MiB = (bytes) => `${(bytes / mebibyte).toFixed(0)} MiB`;
        await until(() => relay.memoryBytes() - before < mostKept, 'the memory to come back').catch(() => assert.fail(
            `${MiB(before)} before, ${MiB(peak)} at the peak, ${MiB(relay.memoryBytes())} after`));
    });
});
