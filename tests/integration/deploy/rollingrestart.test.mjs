// SPDX-License-Identifier: MIT
// Three relays behind the real nginx and the real HAProxy with TLS are restarted one after the other, under 150 live
// calls: no call is lost, none is refused.
import assert from 'node:assert/strict';
import https from 'node:https';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Call } from '../harness/call.mjs';
import { Authority, temporaryFolder } from '../harness/certificates.mjs';
import { startRelay, startSimulator } from '../harness/programs.mjs';
import { until } from '../harness/waiting.mjs';
import { startFrontServer } from './frontserver.mjs';

const liveCalls = 150;
const relays = 3;
const turnsOfCall = 12;
const turnMs = 100; // a call's own pace: what makes it a live one

for (const kind of ['nginx', 'haproxy']) {
    describe(`three relays behind ${kind}`, () => {
        const authority = new Authority();
        let simulator;
        let fleet;
        let front;

        const settings = (port) => ({
            UPSTREAM_URL: simulator.url,
            PORT: String(port),
            TRUSTED_PROXIES: '127.0.0.0/8',
            // Any two carry everything; an ended call may still be counted when the next one comes.
            MAX_CONNECTIONS: String(liveCalls / (relays - 1) + 10),
            DRAIN_TIMEOUT: '60000',
        });
        // IPv4 as the caller's address, for localhost is ::1 first on many machines.
        const callOptions = { ca: authority.cert, localAddress: '127.0.0.77', family: 4 };

        before(async () => {
            simulator = await startSimulator();
            fleet = await Promise.all(Array.from({ length: relays }, () => startRelay(settings(0))));
            front = await startFrontServer(kind, temporaryFolder(), authority.issue(), fleet.map(({ port }) => port));
        });
        after(async () => {
            await front.stop();
            await Promise.all(fleet.map((relay) => relay.stop()));
            await simulator.stop();
        });

        const url = (path = '/v1/realtime') => `wss://localhost:${front.port}${path}?simulate=echo`;

        function status(path) {
            return new Promise((resolve, reject) => {
                https.get({ host: 'localhost', port: front.port, path, ca: authority.cert, agent: false }, (response) => {
                    response.resume();
                    resolve(response.statusCode);
                }).on('error', reject);
            });
        }

        async function wholeCall() {
            const call = await new Call(url(), callOptions).open();
            for (let turn = 0; turn < turnsOfCall; ++turn) {
                call.send(`turn ${turn}`);
                assert.equal(await call.text(), `turn ${turn}`);
                await sleep(turnMs);
            }
            assert.deepEqual(await call.close(1000, 'done'), { code: 1000, reason: 'done' });
        }

        it('lets calls and health through, and nothing else', async () => {
            for (const path of ['/realtime', '/v1/realtime', '/v1/realtime/translations'])
                await (await new Call(url(path), callOptions).open()).close(1000);
            for (const path of ['/v1/live/sessions', '/live/sessions/live_1/fork'])
                assert.equal(await status(path), 426, path); // by the relay, for it asks for no call
            assert.equal(await status('/health'), 200);
            for (const path of ['/', '/stats', '/metrics'])
                assert.equal(await status(path), 404, path);
        });

        it('restarts them one by one under 150 calls', async () => {
            let going = true;
            let calls = 0;
            const failures = [];
            const caller = async () => {
                while (going) {
                    ++calls;
                    await wholeCall().catch((error) => failures.push(error.message));
                }
            };
            const callers = Array.from({ length: liveCalls }, caller);
            const active = async (relay) => (await relay.stats()).stats.activeConnections;
            const allServe = async () => {
                assert.deepEqual(failures, []);
                return (await Promise.all(fleet.map(active))).every((count) => count > 0);
            };
            try {
                await until(allServe, 'calls at each relay');
                for (let i = 0; i < relays; ++i) {
                    const old = fleet[i];
                    old.signal('SIGTERM');
                    const draining = await old.entry('draining');
                    assert.ok(draining.calls > 0, 'it had calls to finish');
                    assert.deepEqual(await old.exit(), { code: 0, signal: null }); // asked twice, it would cut them off
                    assert.ok(!old.output.includes('relay_shutdown'), 'it cut no call off');
                    assert.ok(old.output.includes('127.0.0.77'), 'it knows who calls');
                    fleet[i] = await startRelay(settings(old.port));
                    await until(allServe, 'calls at the relay that is new');
                }
            } finally {
                going = false;
            }
            await Promise.all(callers);
            assert.deepEqual(failures, []);
            assert.ok(calls > liveCalls);
        });
    });
}
