// SPDX-License-Identifier: MIT
// The relay when it may open no more files: what it says, and that it goes on by itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Call, elsewhere, openCall, openPageCall } from './harness/call.mjs';
import { startBoth, startRelay } from './harness/programs.mjs';
import { until } from './harness/waiting.mjs';

/** What the process has used of a processor. */
function cpuSeconds(relay) {
    const fields = readFileSync(`/proc/${relay.child.pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100; // user and system, in USER_HZ
}

describe('without descriptors', { skip: process.platform !== 'linux' && 'prlimit is of Linux' }, () => {
    it('the relay says so once, carries its calls, and goes on when there are some again', async (t) => {
        const { relay, simulator } = await startBoth({ WORKERS: '1' });
        t.after(() => simulator.stop());
        t.after(() => relay.kill());
        const limitFiles = (soft) => execFileSync('prlimit', ['--pid', relay.child.pid, `--nofile=${soft}:`]);
        const isHeard = async (call, text) => {
            call.send(text);
            assert.equal(await call.text(), text);
        };

        const call = await openCall(relay.url('simulate=echo'));
        await isHeard(call, 'before');
        limitFiles(readdirSync(`/proc/${relay.child.pid}/fd`).length + 5);
        const silent = Array.from({ length: 20 }, () => net.connect(relay.port, '127.0.0.1').on('error', () => {}));
        const failed = await relay.entry('accept_failed', { level: 'error' });
        assert.match(failed.message, /ulimit -n/);
        const usedBefore = cpuSeconds(relay);
        const began = performance.now();
        for (let i = 0; i < 20 || performance.now() - began < 2000; ++i) {
            await isHeard(call, `meanwhile ${i}`);
            await sleep(50);
        }
        const used = cpuSeconds(relay) - usedBefore; // a loop that spins would take all of a core
        assert.ok(used < 0.2 * (performance.now() - began) / 1000, `${used} s of CPU`);

        silent.forEach((socket) => socket.destroy());
        const next = await until(() => openCall(relay.url('simulate=echo')).catch(() => null), 'a new call');
        await isHeard(next, 'after');
        limitFiles(1000);
        for (let i = 0; i < 20; ++i)
            assert.equal((await relay.request('/health')).status, 200);
        await isHeard(call, 'after');
        assert.equal(relay.entries.filter(({ level }) => level === 'error').length, 1);
        await call.close(1000);
        await next.close(1000);
        await relay.stop();
    });

    // UBSan looks at an object's type through a pipe, and takes one for wrong where it can open none.
    const skip = process.env.RELAY_SANITIZE?.includes('undefined') && 'UBSan needs a descriptor itself';
    for (const scheme of ['ws', 'wss']) {
        it(`a call that there is none left for is told so: ${scheme} upstream`, { skip }, async (t) => {
            const relay = await startRelay({ UPSTREAM_URL: `${scheme}://127.0.0.1:1/v1/realtime`, WORKERS: '1', CONNECT_TIMEOUT: '1000' });
            t.after(() => relay.kill());
            const numbers = new Set(readdirSync(`/proc/${relay.child.pid}/fd`).map(Number));
            let limit = 0;
            for (let free = 0; free < 1; ++limit) // one, for the client's connection
                free += numbers.has(limit) ? 0 : 1;
            execFileSync('prlimit', ['--pid', relay.child.pid, `--nofile=${limit}:`]);
            const { status, headers, body } = await new Call(relay.url()).refusal();
            assert.equal(status, 503);
            assert.ok(Number(headers['retry-after']) > 0);
            assert.match(body.error.message, /may open no more files.*ulimit -n/);
            const page = await openPageCall(relay.url(), elsewhere());
            assert.match((await page.event('error')).error.message, /may open no more files/);
            assert.equal((await page.end()).code, 1013);
        });
    }
});
