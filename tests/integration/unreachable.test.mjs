// SPDX-License-Identifier: MIT
// An upstream to which there is no way: the network says so at once, and so does the relay. harness/deadend.sh makes the
// network.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openCall } from './harness/call.mjs';
import { startRelay } from './harness/programs.mjs';

const elsewhere = '10.99.0.1';

for (const scheme of ['ws', 'wss']) {
    it(`is told of a ${scheme} upstream`, async (t) => {
        const relay = await startRelay({ UPSTREAM_URL: `${scheme}://${elsewhere}/v1/realtime` });
        t.after(() => relay.stop());
        const call = await openCall(relay.url());
        const { error } = await call.event('error');
        assert.equal(error.code, 'upstream_unreachable');
        assert.match(error.message, /The connection to 10\.99\.0\.1 failed; check .*\(Detail: Network is unreachable\)/);
        assert.equal((await call.end()).code, 1013);
        await relay.entry('session_closed', { reason: 'upstream_unreachable', message: /Network is unreachable/ });
    });
}
