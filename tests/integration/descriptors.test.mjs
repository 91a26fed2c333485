// SPDX-License-Identifier: MIT
// The relay when it may open no more files: what it says, and that it goes on by itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import net from 'node:net';
import { describe, it } from 'node:test';
import { openCall } from './harness/call.mjs';
import { startBoth } from './harness/programs.mjs';
import { until } from './harness/waiting.mjs';

describe('without descriptors', { skip: process.platform !== 'linux' }, () => {
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
        for (let i = 0; i < 20; ++i)
            await isHeard(call, `meanwhile ${i}`);

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
});
