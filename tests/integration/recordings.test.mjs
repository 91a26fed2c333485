// SPDX-License-Identifier: MIT
// Recorded sessions, played by the simulator and held through the relay: every event as it was, in the same order.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openCall } from './harness/call.mjs';
import { opcodes } from './harness/frames.mjs';
import { startBoth, startRelay } from './harness/programs.mjs';
import { startUpstream } from './harness/rawpeer.mjs';
import { readRecording, recordings } from './harness/recordings.mjs';

/** Each line as { from, event, bytes }: the event, and its bytes as they were. */
function read(file) {
    const lines = readRecording(file);
    lines.forEach(({ event, bytes }) => assert.deepEqual(JSON.parse(bytes), event));
    return lines;
}

const files = readdirSync(recordings).filter((file) => file.endsWith('.jsonl'));

describe('recorded sessions', { concurrency: true }, () => {
    it('are three', () => assert.equal(files.length, 3));

    for (const file of files) {
        it(`come through unchanged: ${file}`, async (t) => {
            const events = read(file);
            const { relay, simulator } = await startBoth({ DEBUG: 'true' }, ['--replay', join(recordings, file)]);
            t.after(() => simulator.stop());
            t.after(() => relay.stop());
            const call = await openCall(relay.url());
            for (const { from, event, bytes } of events) {
                if (from === 'client')
                    call.send(bytes);
                else
                    assert.equal(await call.text(), bytes, event.type);
            }
            await call.close(1000);
            await relay.entry('session_closed', {
                up_messages: events.filter(({ from }) => from === 'client').length,
                down_messages: events.filter(({ from }) => from === 'server').length,
            });
            const seen = relay.entries.filter(({ event }) => event === 'event').map(({ type }) => type);
            assert.deepEqual(seen.slice().sort(), events.map(({ event }) => event.type).sort());
        });

        it(`reach the upstream unchanged: ${file}`, async (t) => {
            const upstream = await startUpstream();
            t.after(() => upstream.stop());
            const relay = await startRelay({ UPSTREAM_URL: upstream.url });
            t.after(() => relay.stop());
            const call = await openCall(relay.url());
            const peer = await upstream.next();
            const sent = read(file).filter(({ from }) => from === 'client');
            sent.forEach(({ bytes }) => call.send(bytes));
            for (const { bytes } of sent)
                assert.equal((await peer.nextOf(opcodes.text)).payload.toString(), bytes);
            call.socket.terminate();
        });
    }
});
