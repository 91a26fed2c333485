// SPDX-License-Identifier: MIT
// What calls use and cost, held against figures that were added up by hand: recorded sessions, and the simulator's.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { audioChunks } from './harness/audio.mjs';
import { openCall } from './harness/call.mjs';
import { temporaryFolder } from './harness/certificates.mjs';
import { opcodes } from './harness/frames.mjs';
import { attachTo, liveClient, startLive } from './harness/live.mjs';
import { runRelay, startBoth, startRelay, startSimulator } from './harness/programs.mjs';
import { startUpstream } from './harness/rawpeer.mjs';
import { holdAsRecorded, readRecording, RecordedUpstream, recordings } from './harness/recordings.mjs';
import { until } from './harness/waiting.mjs';

const none = { textIn: 0, audioIn: 0, imageIn: 0, textCached: 0, audioCached: 0, imageCached: 0, textOut: 0, audioOut: 0 };

// gpt-realtime: text 4, cached 0.4, out 16; audio 32 and 64 dollars a million. gpt-realtime-whisper: 0.017 dollars a minute.
const recorded = [{
    file: 'speech-turn.jsonl', // 14 × 4 + 27 × 32 + 28 × 16 + 136 × 64 = 10,072 for a million, and 3 s: 0.00085
    line: { tokens_in: 41, tokens_out: 164, billed_ms: 3000, cost_usd: '0.010922' },
    tokens: { ...none, textIn: 14, audioIn: 27, textOut: 28, audioOut: 136 },
    models: { 'gpt-realtime': '0.010072', 'gpt-realtime-whisper': '0.000850' },
    costs: [['response', 'gpt-realtime', '0.010072000000'], ['transcription', 'gpt-realtime-whisper', '0.000850000000']],
    responses: 1,
}, {
    file: 'text-in-audio-out.jsonl', // 16 × 4 + 9 × 16 + 15 × 64 = 1168
    line: { tokens_in: 16, tokens_out: 24, cost_usd: '0.001168' },
    tokens: { ...none, textIn: 16, textOut: 9, audioOut: 15 },
    models: { 'gpt-realtime': '0.001168' },
    costs: [['response', 'gpt-realtime', '0.001168000000']],
    responses: 1,
}, {
    file: 'tool-call.jsonl', // 63 × 4 + 22 × 16 = 604, and 39 × 4 + 64 × 0.4 + 13 × 16 = 389.6
    line: { tokens_in: 166, tokens_out: 35, cost_usd: '0.000994' },
    tokens: { ...none, textIn: 102, textCached: 64, textOut: 35 },
    models: { 'gpt-realtime': '0.000994' },
    costs: [['response', 'gpt-realtime', '0.000389600000'], ['response', 'gpt-realtime', '0.000604000000']],
    responses: 2,
}];

describe('usage and cost', { concurrency: true }, () => {
    for (const { file, line, tokens, models, costs, responses } of recorded) {
        it(`of a recorded session: ${file}`, async (t) => {
            const { relay, simulator } = await startBoth({ LOG_LEVEL: 'debug' }, ['--replay', join(recordings, file)]);
            t.after(() => simulator.stop());
            t.after(() => relay.stop());
            await holdAsRecorded(relay.url(), file);
            const closed = await relay.entry('session_closed', line);
            assert.equal(closed.unpriced, undefined);
            assert.equal(closed.usage_unread, undefined);
            const turns = relay.entries.filter(({ event }) => event === 'usage');
            assert.deepEqual(turns.map((turn) => [turn.of, turn.model, turn.cost_usd]).sort(), costs);
            assert.ok(turns.every(({ call }) => call === closed.call));
            const { usage } = await relay.stats();
            assert.deepEqual(usage.tokens, tokens);
            assert.equal(usage.costUsd, line.cost_usd);
            assert.equal(usage.billedMs, line.billed_ms ?? 0);
            assert.equal(usage.responses, responses);
            assert.equal(usage.unpriced, 0);
            assert.equal(usage.unread, 0);
            assert.equal(usage.pricesFrom, '2026-11-26');
            assert.deepEqual(Object.fromEntries(usage.models.map(({ model, costUsd }) => [model, costUsd])), models);
        });
    }

    it('of a session that a client of the beta holds', async (t) => {
        const [{ file, line, tokens }] = recorded;
        const { relay, simulator } = await startBoth({}, ['--replay', join(recordings, file)]);
        t.after(() => simulator.stop());
        t.after(() => relay.stop());
        const call = await openCall(relay.url(), { headers: { 'OpenAI-Beta': 'realtime=v1' } });
        readRecording(file).filter(({ from }) => from === 'client').forEach(({ bytes }) => call.send(bytes));
        await call.event('response.done');
        await until(async () => (await relay.stats()).usage.billedMs === line.billed_ms, 'the transcription');
        await call.close(1000);
        await relay.entry('session_closed', { kind: 'beta', ...line });
        assert.deepEqual((await relay.stats()).usage.tokens, tokens);
    });

    it('of several sessions are added up, one of them held twice', async (t) => {
        const upstream = await new RecordedUpstream().listen();
        t.after(() => upstream.stop());
        const relay = await startRelay({ UPSTREAM_URL: upstream.url });
        t.after(() => relay.stop());
        // The ids of responses are the same in the two, and yet each was billed.
        const files = [recorded[0], ...recorded].map(({ file }) => file);
        await Promise.all(files.map((file) => holdAsRecorded(relay.url(`model=gpt-realtime&recording=${file}`), file)));
        await relay.ended(files.length);
        const { usage } = await relay.stats();
        assert.deepEqual(usage.tokens, { ...none, textIn: 14 + 14 + 16 + 102, audioIn: 27 + 27, textCached: 64,
            textOut: 28 + 28 + 9 + 35, audioOut: 136 + 136 + 15 });
        assert.equal(usage.billedMs, 6000);
        assert.equal(usage.responses, 5);
        // 2 × 10,072 + 1168 + 604 + 389.6 = 22,305.6 for a million, and 6 s: 0.0017
        assert.equal(usage.costUsd, '0.024006');
        const { text } = await relay.request('/metrics');
        for (const wanted of [
            'tokens_total{model="gpt-realtime",direction="in",kind="cached_text"} 64',
            'cost_usd_total{model="gpt-realtime"} 0.022305600000',
            'cost_usd_total{model="gpt-realtime-whisper"} 0.001700000000',
        ])
            assert.ok(text.split('\n').includes(`realtime_relay_${wanted}`), wanted);
    });

    it('is told to Prometheus, by model', async (t) => {
        const [{ file }] = recorded;
        const { relay, simulator } = await startBoth({ PRICE_FACTOR: '1.1' }, ['--replay', join(recordings, file)]);
        t.after(() => simulator.stop());
        t.after(() => relay.stop());
        await holdAsRecorded(relay.url(), file);
        await relay.entry('session_closed', { cost_usd: '0.012014' }); // a tenth more than 0.010922
        const { text } = await relay.request('/metrics');
        const lines = text.split('\n');
        for (const wanted of [
            'tokens_total{model="gpt-realtime",direction="in",kind="text"} 14',
            'tokens_total{model="gpt-realtime",direction="in",kind="audio"} 27',
            'tokens_total{model="gpt-realtime",direction="out",kind="audio"} 136',
            'billed_seconds_total{model="gpt-realtime-whisper"} 3.000',
            'cost_usd_total{model="gpt-realtime"} 0.011079200000',
            'cost_usd_total{model="gpt-realtime-whisper"} 0.000935000000',
            'unpriced_total 0',
            'usage_unread_total 0',
        ])
            assert.ok(lines.includes(`realtime_relay_${wanted}`), wanted);
    });

    it('is unknown, and not nothing, without a price', async (t) => {
        const upstream = await startUpstream();
        t.after(() => upstream.stop());
        const relay = await startRelay({ UPSTREAM_URL: upstream.url });
        t.after(() => relay.stop());
        const call = await openCall(relay.url('model=gpt-of-tomorrow'));
        const peer = await upstream.next();
        const done = (id, usage) => peer.text(JSON.stringify({ type: 'response.done', response: { id, status: 'completed', usage } }));
        done('resp_1', { input_tokens: 7, output_tokens: 5 });
        done('resp_1', { input_tokens: 7, output_tokens: 5 });
        done('resp_2', null);
        for (let i = 0; i < 3; ++i)
            await call.event('response.done');
        const closing = call.close(1000);
        await peer.nextOf(opcodes.close);
        peer.close(1000);
        peer.socket.end();
        await closing;
        const closed = await relay.entry('session_closed', { tokens_in: 7, tokens_out: 5, unpriced: 1, usage_unread: 1 });
        assert.equal(closed.cost_usd, undefined);
        const { usage } = await relay.stats();
        assert.equal(usage.costUsd, null);
        assert.equal(usage.responses, 2);
        assert.doesNotMatch((await relay.request('/metrics')).text, /^realtime_relay_cost_usd_total\{/m);
    });

    describe('of the simulator', { concurrency: true }, () => {
        let simulator;

        before(async () => {
            simulator = await startSimulator(['--speed', '0', '--fault', 'usage:2']);
        });
        after(() => simulator.stop());

        async function relayOf(t) {
            const relay = await startRelay({ UPSTREAM_URL: simulator.url });
            t.after(() => relay.stop());
            return relay;
        }

        it('a Live session is billed by the second, once, whoever watches it', async (t) => {
            const relay = await relayOf(t);
            const client = liveClient(`http://127.0.0.1:${relay.port}/v1`);
            const live = await startLive(client);
            const sideband = attachTo(client, live.session.id);
            sideband.send({ type: 'session.input_audio.mute' });
            await sideband.event('session.input_audio.muted'); // it is there
            live.append(5000);
            await live.event('session.usage.updated');
            await sideband.event('session.usage.updated');
            await until(() => live.seen.filter(({ type }) => type === 'session.output_audio.delta').length === 50, 'five seconds');
            live.send({ type: 'session.close' });
            await live.event('session.closed');
            await sideband.event('session.closed');
            await relay.entry('session_closed', { kind: 'live', tokens_in: 0, tokens_out: 0, billed_ms: 5000, cost_usd: '0.004167' });
            const { cost_usd, billed_ms } = await relay.entry('session_closed', { kind: 'sideband' });
            assert.deepEqual([cost_usd, billed_ms], [undefined, undefined]);
            const { usage } = await relay.stats();
            assert.equal(usage.billedMs, 5000); // × 0.05 ÷ 60 = 0.0041666…
            assert.equal(usage.costUsd, '0.004167');
        });

        it('what a Live session delegates is billed as its backend', async (t) => {
            const relay = await relayOf(t);
            const live = await startLive(liveClient(`http://127.0.0.1:${relay.port}/v1`),
                { delegation: { type: 'responses', responses: { model: 'gpt-5' } } });
            live.append(1000, true);
            live.append(1000);
            let used;
            while (!used) {
                const { event } = await live.event('response.event');
                used = event.type === 'response.completed' && event.response.usage;
            }
            live.send({ type: 'session.close' });
            const closed = await live.event('session.closed');
            // gpt-5 has no price: what is known is the voice's.
            await relay.entry('session_closed', {
                kind: 'live', tokens_in: used.input_tokens, tokens_out: used.output_tokens, unpriced: 1,
                billed_ms: Math.round(closed.usage.seconds * 1000),
            });
            const { usage } = await relay.stats();
            assert.deepEqual(usage.models.map(({ model }) => model), ['gpt-5', 'gpt-live-1']);
            assert.equal(usage.models[0].costUsd, null);
        });

        it('a translation is measured by what its client says', async (t) => {
            const relay = await relayOf(t);
            const call = await openCall(relay.url('model=gpt-realtime-translate', '/v1/realtime/translations'));
            await call.event('session.created');
            for (const audio of audioChunks(6000, 0))
                call.send({ type: 'session.input_audio_buffer.append', audio });
            call.send({ type: 'session.close' });
            await call.event('session.closed');
            // 0.034 a minute
            await relay.entry('session_closed', { kind: 'translation', billed_ms: 6000, cost_usd: '0.003400' });
        });
    });

    describe('prices of a file', { concurrency: true }, () => {
        const own = (price) => JSON.stringify({ models: [{ ids: ['gpt-realtime'], text: { in: price, cached: 0, out: 0 }, audio: { in: 0, out: 0 } }] });
        const [, { file }] = recorded; // of which 16 tokens of text went in

        async function costNow(relay) {
            const ended = () => relay.entries.filter(({ event }) => event === 'session_closed');
            const before = ended().length;
            await holdAsRecorded(relay.url(), file);
            return (await relay.heard(() => ended()[before], 'the end of the call')).cost_usd;
        }

        it('take the place of the built-in ones, and are followed', async (t) => {
            const prices = join(temporaryFolder(), 'prices.json');
            writeFileSync(prices, own(100));
            const { relay, simulator } = await startBoth({ PRICES_FILE: prices }, ['--replay', join(recordings, file)]);
            t.after(() => simulator.stop());
            t.after(() => relay.stop());
            assert.equal(await costNow(relay), '0.001600');
            writeFileSync(prices, own(200));
            await relay.entry('reloaded');
            assert.equal(await costNow(relay), '0.003200');
            writeFileSync(prices, '{}');
            await relay.entry('reload_refused', { message: /is no list of prices/ });
            assert.equal(await costNow(relay), '0.003200');
            assert.deepEqual((await relay.stats()).troubles.map(({ code }) => code), ['prices_refused']);
        });

        it('that are none keep it from starting, in words', async () => {
            const prices = join(temporaryFolder(), 'prices.json');
            writeFileSync(prices, '{"models": [{"ids": ["m"], "text": {"in": -4}}]}');
            const { code, stderr } = await runRelay([], { HOST: '127.0.0.1', PORT: '0', PRICES_FILE: prices });
            assert.notEqual(code, 0);
            assert.match(stderr, /is no list of prices: the price "text\.in" of m is not a number from 0 to 10000/);
        });
    });
});
