// SPDX-License-Identifier: MIT
// The relay in a control group that has BUFFER_BUDGET_BYTES, a quarter of it, and 20 MiB: clients that stop reading fill its
// buffers, and it lives, and goes on serving.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openCall } from './harness/call.mjs';
import { Authority } from './harness/certificates.mjs';
import { requestHead, upgradeHeaders } from './harness/http.mjs';
import { startRelay, startSimulator } from './harness/programs.mjs';
import { until } from './harness/waiting.mjs';

const MiB = 1024 * 1024;

/** What the two versions of control groups call things; null where none of them can be used. */
function controlGroups() {
    const root = '/sys/fs/cgroup';
    const first = { root: join(root, 'memory'), limit: 'memory.limit_in_bytes', events: 'memory.oom_control' };
    const second = { root, limit: 'memory.max', events: 'memory.events' };
    if (existsSync(join(first.root, first.limit)))
        return first;
    const given = join(root, 'cgroup.subtree_control');
    return existsSync(given) && /\bmemory\b/.test(readFileSync(given, 'utf8')) ? second : null;
}

let made = 0;

/** A control group of so many bytes, and what runs a command in it; `killed()`: how many were, for want of memory. */
function makeGroup(bytes) {
    const groups = controlGroups();
    const folder = join(groups.root, `realtime-relay-${process.pid}-${++made}`);
    mkdirSync(folder);
    writeFileSync(join(folder, groups.limit), String(bytes));
    return {
        launcher: ['sh', '-c', 'echo $$ >"$0" && exec "$@"', join(folder, 'cgroup.procs')],
        killed: () => Number(/^oom_kill (\d+)$/m.exec(readFileSync(join(folder, groups.events), 'utf8'))[1]),
        remove: () => until(() => {
            try {
                rmdirSync(folder);
                return true;
            } catch {
                return false; // its processes are just going
            }
        }, 'the end of the control group'),
    };
}

function whyNot() {
    if (process.platform !== 'linux')
        return 'control groups are of Linux';
    if (process.env.RELAY_SANITIZE)
        return 'a sanitizer\'s memory is not the relay\'s';
    if (!controlGroups())
        return 'no control group here limits memory';
    try {
        makeGroup(64 * MiB).remove();
        return false;
    } catch (error) {
        return `no control group can be made here (${error.code}); it takes root`;
    }
}

describe('a limit of memory', { skip: whyNot() }, () => {
    for (const secure of [false, true]) {
        it(`holds where the buffers are full: ${secure ? 'wss' : 'ws'} upstream`, async (t) => {
            const budget = 16 * MiB;
            const calls = 100;
            const { certFile, keyFile, authority } = secure ? issued() : {};
            const simulator = await startSimulator(secure ? ['--tls-cert', certFile, '--tls-key', keyFile] : []);
            t.after(() => simulator.stop());
            const group = makeGroup(budget * 1.25 + 20 * MiB);
            const relay = await startRelay({
                UPSTREAM_URL: simulator.url, ...(secure && { UPSTREAM_CA_FILE: authority }),
                BUFFER_BUDGET_BYTES: String(budget), HEARTBEAT_INTERVAL: '0', STALL_TIMEOUT: '86400000',
            }, [], group.launcher);
            t.after(() => relay.kill().then(group.remove));

            const live = await openCall(relay.url('simulate=echo'));
            const sockets = Array.from({ length: calls }, () => {
                const socket = net.connect(relay.port, '127.0.0.1').on('error', () => {});
                socket.write(requestHead('GET /v1/realtime?model=gpt-realtime&simulate=flood:20 HTTP/1.1',
                    { ...upgradeHeaders, Authorization: 'Bearer sk-never-reads' }));
                return socket.pause();
            });
            t.after(() => sockets.forEach((socket) => socket.destroy()));
            await until(async () => (await relay.stats()).down.backlogBytes > budget * 0.8, 'full buffers');
            for (let i = 0; i < 20; ++i) {
                live.send(`meanwhile ${i}`);
                assert.equal(await live.text(), `meanwhile ${i}`);
            }
            assert.equal((await relay.request('/health')).status, 200);

            sockets.forEach((socket) => socket.destroy());
            await until(async () => (await relay.stats()).down.backlogBytes === 0, 'empty buffers');
            const next = await openCall(relay.url('simulate=echo'));
            next.send('afterwards');
            assert.equal(await next.text(), 'afterwards');
            assert.equal(group.killed(), 0);
            await Promise.all([live.close(1000), next.close(1000)]);
            await relay.stop();
        });
    }
});

function issued() {
    const authority = new Authority();
    return { ...authority.issue(), authority: authority.certFile };
}
