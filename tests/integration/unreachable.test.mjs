// SPDX-License-Identifier: MIT
// An upstream to which there is no way: the network says so at once, and so does the relay; or nobody says anything, and the
// relay's own time is up. harness/deadend.sh makes the network.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Call, openPageCall } from './harness/call.mjs';
import { startRelay } from './harness/programs.mjs';

/** Longer than any test waits, so that whoever waits for it is noticed. */
const forEver = '600000';

for (const [what, host, connectTimeout, message, status] of [
    ['unreachable', '10.99.0.1', forEver, /The connection to 10\.99\.0\.1 failed; check .*\(Detail: Network is unreachable\)/, 502],
    ['forbidden', '10.98.0.1', forEver, /The connection to 10\.98\.0\.1 failed; check .*\(Detail: No route to host\)/, 502],
    ['silent', '10.97.0.1', '300', /10\.97\.0\.1 did not answer in time/, 504],
]) {
    for (const scheme of ['ws', 'wss']) {
        const skip = process.env.RELAY_DEAD_END ? false : 'run it by harness/deadend.sh: elsewhere there may be somebody at that address';
        it(`is told of a ${scheme} upstream whose network is ${what}`, { skip }, async (t) => {
            const relay = await startRelay({ UPSTREAM_URL: `${scheme}://${host}/v1/realtime`, CONNECT_TIMEOUT: connectTimeout });
            t.after(() => relay.stop());
            const call = await openPageCall(relay.url());
            const { error } = await call.event('error');
            assert.equal(error.code, 'upstream_unreachable');
            assert.match(error.message, message);
            assert.equal((await call.end()).code, 1013);
            await relay.entry('session_closed', { reason: 'upstream_unreachable', message });
            const refusal = await new Call(relay.url(), { localAddress: '127.0.0.2' }).refusal();
            assert.equal(refusal.status, status);
            assert.ok(Number(refusal.headers['retry-after']) > 0);
        });
    }
}
