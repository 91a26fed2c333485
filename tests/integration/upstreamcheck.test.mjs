// SPDX-License-Identifier: MIT
// What the daemon finds out by itself about its upstream. Other tests have that off, for they count what arrives there.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { temporaryFolder } from './harness/certificates.mjs';
import { startRelay, startSimulator } from './harness/programs.mjs';
import { until } from './harness/waiting.mjs';

const itself = { CHECK_UPSTREAM: 'true' };

async function simulatorFor(t, args = []) {
    const simulator = await startSimulator(['--print-handshakes', ...args]);
    t.after(() => simulator.stop());
    return simulator;
}

async function relayFor(t, settings, args) {
    const relay = await startRelay(settings, args);
    t.after(() => relay.stop());
    return relay;
}

describe('the upstream is checked by the daemon itself', () => {
    it('when it starts, as a call would, without a key', async (t) => {
        const simulator = await simulatorFor(t);
        const relay = await relayFor(t, { UPSTREAM_URL: simulator.url, ...itself });
        const answers = await relay.entry('upstream_answers', { level: 'info', upstream: '127.0.0.1' });
        assert.ok(Number.isInteger(answers.took_ms) && answers.took_ms >= 0);
        const handshakes = await simulator.printed(1);
        assert.equal(handshakes.length, 1);
        assert.ok(!('authorization' in handshakes[0].headers), JSON.stringify(handshakes[0]));
        const { stats, troubles } = await relay.stats();
        assert.equal(stats.totalConnections, 0); // it is no call
        assert.deepEqual(troubles, []);
    });

    it('and what is wrong is told before a caller meets it', async (t) => {
        const relay = await relayFor(t, { UPSTREAM_URL: 'ws://127.0.0.1:1', ...itself });
        await relay.entry('trouble_began', { code: 'upstream_unreachable', level: 'error', message: /refused/ });
        assert.deepEqual((await relay.stats()).troubles.map(({ code }) => code), ['upstream_unreachable']);
    });

    it('by default, and where the upstream is another', async (t) => {
        const simulator = await simulatorFor(t);
        const file = join(temporaryFolder(), 'relay.json');
        writeFileSync(file, JSON.stringify({ upstreamUrl: 'ws://127.0.0.1:1' }));
        // Nothing of the environment: an empty variable counts as none.
        const relay = await relayFor(t, { CHECK_UPSTREAM: '' }, ['--config', file]);
        await relay.entry('trouble_began', { code: 'upstream_unreachable' });
        writeFileSync(file, JSON.stringify({ upstreamUrl: simulator.url }));
        relay.reload();
        await relay.entry('upstream_answers');
        await until(async () => (await relay.stats()).troubles.length === 0, 'the end of the trouble');
    });

    it('not where it may not', async (t) => {
        const [first, second] = [await simulatorFor(t), await simulatorFor(t)];
        const file = join(temporaryFolder(), 'relay.json');
        const write = (content) => writeFileSync(file, JSON.stringify(content));
        write({ upstreamUrl: first.url, checkUpstream: false });
        const relay = await relayFor(t, { CHECK_UPSTREAM: '' }, ['--config', file]);
        write({ upstreamUrl: second.url, checkUpstream: true });
        relay.reload();
        await relay.entry('upstream_answers');
        assert.equal(first.handshakes.length, 0);
    });

    it('in a demo at its own simulator, and nowhere else', async (t) => {
        const elsewhere = await simulatorFor(t);
        const relay = await relayFor(t, { UPSTREAM_URL: elsewhere.url, ...itself }, ['--demo']);
        const { upstream } = await relay.entry('listening');
        assert.notEqual(upstream, elsewhere.url);
        await relay.entry('upstream_answers');
        assert.equal(elsewhere.handshakes.length, 0);
    });
});
