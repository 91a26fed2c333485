// SPDX-License-Identifier: MIT
// GPT-Live and translations as the simulator plays them: OpenAI's official classes speak to it directly.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Authority } from './harness/certificates.mjs';
import { attachTo, forkOf, liveClient, refusedLive, startLive, startTranslation } from './harness/live.mjs';
import { startSimulator } from './harness/programs.mjs';
import { until } from './harness/waiting.mjs';

describe('the simulator, to official clients', { concurrency: true }, () => {
    const authority = new Authority();
    const { certFile, keyFile } = authority.issue();
    let simulator;
    let overTls;
    let client;

    before(async () => {
        simulator = await startSimulator(['--speed', '0', '--fault', 'usage:2']);
        overTls = await startSimulator(['--speed', '0', '--tls-cert', certFile, '--tls-key', keyFile]);
        client = liveClient(`http://127.0.0.1:${simulator.port}/v1`);
    });
    after(async () => {
        await simulator.stop();
        await overTls.stop();
    });

    it('holds a Live call', async () => {
        const live = await startLive(client, { instructions: 'Be brief.' });
        assert.match(live.session.id, /^live_/);
        assert.equal(live.session.model, 'gpt-live-1');
        assert.ok(live.session.expires_at > Date.now() / 1000);
        live.append(1000, true);
        live.append(9000);
        await live.event('session.usage.updated');
        await until(() => live.seen.filter((event) => event.type === 'session.output_audio.delta').length === 100, 'ten seconds');
        assert.match(live.text('session.input_transcript.delta'), /\w/);
        assert.match(live.text('session.output_transcript.delta'), /^I heard you for 1\.0 seconds/);
        live.send({ type: 'session.close' });
        const closed = await live.event('session.closed');
        assert.equal(closed.reason, 'close_requested');
        assert.equal(closed.usage.seconds, 10);
        assert.equal(closed.session.id, live.session.id);
        assert.equal((await live.closed).code, 1006); // no close frame
    });

    it('has sidebands', async () => {
        const live = await startLive(client);
        const sideband = attachTo(client, live.session.id, { graceful_close: true });
        sideband.send({ type: 'session.input_audio.mute' });
        await sideband.event('session.input_audio.muted');
        await live.event('session.input_audio.muted');
        live.append(300, true);
        const { audio } = await sideband.event('session.input_audio.append');
        assert.equal(Buffer.from(audio, 'base64').length, 4800);
        const { start_ms: start, end_ms: end } = await sideband.event('session.output_audio.delta');
        assert.deepEqual([start, end], [0, 100]);
        sideband.send({ type: 'session.close' });
        await sideband.event('session.closed');
        await live.event('session.closed');
        assert.equal((await sideband.closed).code, 1000);
        assert.equal((await live.closed).code, 1006);
        assert.equal((await attachTo(client, live.session.id).closed).code, 1006); // 404
    });

    it('forks what is stored', async () => {
        const live = await startLive(client, { store: true, instructions: 'Be brief.' });
        live.append(500, true);
        await live.event('session.output_audio.delta');
        live.send({ type: 'session.close' });
        await live.event('session.closed');
        const fork = await forkOf(client, live.session.id);
        assert.notEqual(fork.session.id, live.session.id);
        assert.equal(fork.session.instructions, 'Be brief.');
        fork.append(100);
        await fork.event('session.output_audio.delta');
        fork.ws.close();
        const recording = Buffer.from(await (await client.live.sessions.downloadRecording(live.session.id)).arrayBuffer());
        assert.equal(recording.toString('latin1', 0, 4), 'RIFF');
        await assert.rejects(client.live.sessions.downloadRecording('live_none'), { status: 404, code: 'session_not_found' });
    });

    it('delegates, and calls a function', async () => {
        const live = await startLive(client, {
            delegation: {
                type: 'responses',
                responses: { model: 'gpt-5', tools: [{ type: 'function', name: 'get_weather', parameters: { type: 'object' } }] },
            },
        });
        const nested = async (type) => {
            for (;;) {
                const { event } = await live.event('response.event');
                if (event.type === type)
                    return event;
            }
        };
        live.append(1000, true);
        live.append(500);
        const { delegation } = await live.event('session.delegation.created');
        assert.equal(delegation.target, 'responses');
        const { item } = await nested('response.output_item.done');
        assert.equal(item.name, 'get_weather');
        assert.ok((await nested('response.completed')).response.usage.total_tokens > 0);
        live.send({
            type: 'response.item.create',
            item: { type: 'function_call_output', call_id: item.call_id, output: 'Sunny.' },
        });
        live.send({ type: 'response.create' });
        assert.match((await nested('response.output_text.done')).text, /Sunny/);
        await nested('response.completed');
        live.append(6000);
        await until(() => live.text('session.output_transcript.delta').includes('Sunny'), 'the answer to be spoken');
        live.ws.close();
    });

    for (const [what, key, status] of [['a wrong key', 'sk-invalid', 401], ['a key from elsewhere', 'sk-forbidden', 403],
        ['a used-up quota', 'sk-quota', 429]]) {
        it(`refuses ${what} by the HTTP status`, async () => {
            const { failures } = await refusedLive(client.withOptions({ apiKey: key }));
            assert.match(failures.join(), new RegExp(`\\b${status}\\b`));
        });
    }

    it('refuses pages', async () => {
        const { failures } = await refusedLive(client, { headers: { Origin: 'https://app.example' } });
        assert.match(failures.join(), /\b403\b/);
    });

    it('interprets', async () => {
        const options = { ca: authority.cert };
        const translation = await startTranslation(liveClient(`https://localhost:${overTls.port}/v1`), options);
        assert.equal(translation.session.type, 'translation');
        translation.ws.send({
            type: 'session.update',
            session: { audio: { input: { transcription: { model: 'gpt-live-transcribe' } }, output: { language: 'de' } } },
        });
        const updated = await translation.event('session.updated');
        assert.equal(updated.session.audio.output.language, 'de');
        translation.append(2000, true);
        const audio = await translation.event('session.output_audio.delta');
        assert.equal(audio.sample_rate, 24_000);
        assert.equal(audio.format, 'pcm16');
        await translation.ws.finish({ timeoutMs: 30_000 });
        assert.match(translation.text('session.input_transcript.delta'), /\?$/);
        assert.equal(translation.text('session.output_transcript.delta'), translation.text('session.input_transcript.delta'));
        assert.equal(translation.seen.at(-1).type, 'session.closed');
        assert.deepEqual(translation.errors, []);
    });
});
