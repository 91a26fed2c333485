// SPDX-License-Identifier: MIT
// The wall clock is set, far ahead and far back, as by the first answer of a time server: no call notices, what the relay measures
// is measured by a clock that nobody sets, and only a certificate's dates are a matter of the wall clock.
import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { Call, elsewhere, openCall } from './harness/call.mjs';
import { Authority, temporaryFolder } from './harness/certificates.mjs';
import { opcodes } from './harness/frames.mjs';
import { ownAddress, startRelay, startSimulator } from './harness/programs.mjs';
import { connectRaw, startUpstream } from './harness/rawpeer.mjs';
import { until } from './harness/waiting.mjs';

const years = (count) => count * 365 * 24 * 3600;
const yearOf = (entry) => new Date(entry.time).getUTCFullYear();
const thisYear = new Date().getUTCFullYear();

describe('a wall clock that is set', () => {
    const folder = temporaryFolder();
    let clocks = 0;
    let authority;

    before(() => {
        authority = new Authority();
    });

    /** A relay whose wall clock `set(seconds)` sets so far ahead of this machine's. */
    async function relayWithClock(t, settings) {
        const path = join(folder, `offset-${++clocks}`);
        const file = openSync(path, 'w');
        t.after(() => closeSync(file));
        const set = (seconds) => {
            const bytes = Buffer.alloc(8);
            bytes.writeBigInt64LE(BigInt(seconds));
            writeSync(file, bytes, 0, 8, 0);
        };
        set(0);
        const relay = await startRelay(
            { LD_PRELOAD: process.env.WALL_CLOCK, WALL_CLOCK_OFFSET: path, WORKERS: '1', ...settings });
        t.after(() => relay.stop());
        return { relay, set };
    }

    async function isHeard(call, text) {
        call.send(text);
        assert.equal(await call.text(), text);
    }

    async function startEcho(t, secure) {
        const { certFile, keyFile } = secure ? authority.issue(`IP:${ownAddress}`) : {};
        const simulator = await startSimulator(['--host', ownAddress, '--fault', 'echo', ...(secure ? ['--tls-cert', certFile, '--tls-key', keyFile] : [])]);
        t.after(() => simulator.stop());
        return { simulator, settings: { UPSTREAM_URL: simulator.url, ...(secure && { UPSTREAM_CA_FILE: authority.certFile }) } };
    }

    for (const secure of [false, true]) {
        it(`ends no call, and tells how long it was: ${secure ? 'wss' : 'ws'} upstream`, async (t) => {
            const { settings } = await startEcho(t, secure);
            const { relay, set } = await relayWithClock(t, settings);
            const call = await openCall(relay.url());
            await isHeard(call, 'before');
            for (const at of [years(10), years(-10), 0, 60, -60, years(10)]) {
                set(at);
                await isHeard(call, `at ${at}`);
                const { uptime } = await (await relay.request('/health')).json();
                assert.ok(uptime >= 0 && uptime < 600, `up for ${uptime} s`);
            }
            await call.close(1000);
            const closed = await relay.entry('session_closed');
            assert.ok(closed.duration_ms >= 0 && closed.duration_ms < 600_000, `${closed.duration_ms} ms`);
            assert.ok(yearOf(closed) >= thisYear + 9, closed.time);
        });
    }

    it('delays and hastens no ping, and no end for silence', async (t) => {
        const upstream = await startUpstream();
        t.after(() => upstream.stop());
        const { relay, set } = await relayWithClock(t,
            { UPSTREAM_URL: upstream.url, HEARTBEAT_INTERVAL: '1500', INACTIVITY_TIMEOUT: '8000' });
        const client = await connectRaw(relay);
        const peer = await upstream.next();
        const pings = (side) => side.received.filter(({ opcode }) => opcode === opcodes.ping).length;
        for (const at of [years(10), years(-10), years(10)]) {
            set(at);
            client.text(`at ${at}`);
            assert.equal((await peer.nextOf(opcodes.text)).payload.toString(), `at ${at}`);
            const before = [pings(client), pings(peer)];
            await until(() => pings(client) > before[0] + 1 && pings(peer) > before[1] + 1, 'two more pings each');
        }
        set(years(-10));
        await Promise.all([client.end(), peer.end()]);
        await relay.entry('session_closed', { code: 4408 });
    });

    it('gives a client no more calls a minute', async (t) => {
        const { settings } = await startEcho(t, false);
        const { relay, set } = await relayWithClock(t, { ...settings, CONNECTION_RATE_PER_IP: '2' });
        for (let i = 0; i < 2; ++i)
            await openCall(relay.url()).then((call) => call.close(1000));
        for (const at of [0, years(10), years(-10)]) {
            set(at);
            const { status, headers } = await new Call(relay.url()).refusal();
            assert.equal(status, 429);
            assert.ok(Number(headers['retry-after']) >= 1 && Number(headers['retry-after']) <= 60, headers['retry-after']);
        }
        set(years(-10));
        await openCall(relay.url(), elsewhere()).then((call) => call.close(1000)); // who was not here before
    });

    it('neither hides a trouble nor keeps one', async (t) => {
        const { simulator, settings } = await startEcho(t, false);
        const { relay, set } = await relayWithClock(t, settings);
        await simulator.stop();
        await new Call(relay.url(), elsewhere()).refusal();
        set(years(-10)); // it must last two seconds until it is told
        const began = await relay.entry('trouble_began', { code: 'upstream_unreachable' });
        assert.ok(yearOf(began) <= thisYear - 9, began.time);
        set(years(10));
        const again = await startSimulator(['--host', ownAddress, '--fault', 'echo', '--port', String(simulator.port)]);
        t.after(() => again.stop());
        await openCall(relay.url(), elsewhere()).then((call) => call.close(1000));
        const ended = await relay.entry('trouble_ended', { code: 'upstream_unreachable' });
        assert.ok(ended.lasted_ms >= 2000 && ended.lasted_ms < 600_000, `${ended.lasted_ms} ms`);
    });

    it('is what is told where a certificate is not valid at its time', async (t) => {
        const { settings } = await startEcho(t, true);
        const { relay, set } = await relayWithClock(t, settings);
        for (const [at, why] of [[years(10), /expired/], [years(-10), /not yet valid/]]) {
            set(at);
            const { status, body } = await new Call(relay.url(), elsewhere()).refusal();
            assert.equal(status, 502);
            assert.match(body.error.message, why);
            assert.match(body.error.message, /clock/);
        }
        set(0);
        const call = await openCall(relay.url(), elsewhere());
        await isHeard(call, 'and now');
        await call.close(1000);
    });
});
