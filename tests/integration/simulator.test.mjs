// SPDX-License-Identifier: MIT
// The simulator by itself, as whoever tests a client against it meets it: its options, its strictness, its REST API, and
// OpenAI's official npm client, unmodified.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import { spokenTurn } from './harness/audio.mjs';
import { Call, openCall } from './harness/call.mjs';
import { Program, startSimulator } from './harness/programs.mjs';

/** How a call that the simulator refuses behind its 101 is told so: { code, close }. */
async function refusal(url, options) {
    const call = new Call(url, options);
    const { error } = await call.event('error');
    return { code: error.code, close: (await call.end()).code };
}

async function opens(url, options) {
    const call = await openCall(url, options);
    const { session } = await call.event('session.created');
    await call.close(1000);
    return session;
}

describe('the simulator', { concurrency: true }, () => {
    let simulator;
    let rest; // the base address of its REST API

    before(async () => {
        simulator = await startSimulator(['--models', '', '--speed', '0', '--key', 'sk-one', '--key', 'sk-two']);
        rest = simulator.url.replace(/^ws/, 'http').replace(/\/realtime$/, '');
    });
    after(() => simulator.stop());

    it('helps', async () => {
        const program = new Program('realtime-simulator', ['--help'], {});
        assert.equal((await program.exit()).code, 0);
        for (const word of ['--models', '--key', '--fault', '--replay', 'client_secrets', 'intent=transcription', 'call_id=rtc_'])
            assert.ok(program.stdout.includes(word), word);
    });

    it('takes the keys it was given, and no other', async () => {
        for (const key of ['sk-one', 'sk-two'])
            await opens(simulator.url, { key });
        for (const key of ['sk-three', 'ek_minted_elsewhere', null])
            assert.deepEqual(await refusal(simulator.url, { key }), { code: 'invalid_api_key', close: 3000 });
    });

    it('serves today\'s models, and those it is told', async () => {
        const model = (name, url = simulator.url, key = 'sk-one') => [`${url}?model=${name}`, { key }];
        assert.equal((await opens(...model('gpt-realtime-2.1'))).model, 'gpt-realtime-2.1');
        for (const name of ['gpt-4o-realtime-preview', 'gpt-realtime-mini-2025-10-06', 'nosuch'])
            assert.deepEqual(await refusal(...model(name)), { code: 'model_not_found', close: 4004 }, name);

        const another = await startSimulator(['--models', 'mine,gpt-4o-realtime-preview']);
        try {
            for (const name of ['mine', 'gpt-4o-realtime-preview'])
                assert.equal((await opens(...model(name, another.url))).model, name);
            assert.deepEqual(await refusal(...model('gpt-realtime', another.url)), { code: 'model_not_found', close: 4004 });
        } finally {
            await another.stop();
        }
    });

    it('knows no beta any more', async () => {
        assert.deepEqual(await refusal(simulator.url, { key: 'sk-one', headers: { 'OpenAI-Beta': 'realtime=v1' } }),
            { code: 'beta_api_shape_disabled', close: 4000 });
        const browser = new Call(simulator.url, { key: null,
            protocols: ['realtime', 'openai-insecure-api-key.sk-one', 'openai-beta.realtime-v1'] });
        const { status, body } = await browser.refusal();
        assert.deepEqual([status, body.error.code], [400, 'beta_api_shape_disabled']);
    });

    it('mints client secrets for the official client', async () => {
        const client = new OpenAI({ apiKey: 'sk-one', baseURL: rest, maxRetries: 0 });
        const before = Date.now() / 1000;
        const secret = await client.realtime.clientSecrets.create({ expires_after: { anchor: 'created_at', seconds: 60 },
            session: { type: 'realtime', model: 'gpt-realtime-mini', instructions: 'Be brief.' } });
        assert.match(secret.value, /^ek_[0-9a-f]{32}$/);
        assert.ok(secret.expires_at >= Math.floor(before) + 60 && secret.expires_at <= Date.now() / 1000 + 60);
        assert.equal(secret.session.instructions, 'Be brief.');
        assert.match(secret._request_id, /^req_/);
        const session = await opens(simulator.url, { key: secret.value });
        assert.deepEqual([session.model, session.instructions], ['gpt-realtime-mini', 'Be brief.']);

        await assert.rejects(client.realtime.clientSecrets.create({ expires_after: { seconds: 5 } }),
            { status: 400, code: 'integer_below_min_value', param: 'expires_after.seconds' });
        const wrong = new OpenAI({ apiKey: 'sk-three', baseURL: rest, maxRetries: 0 });
        await assert.rejects(wrong.realtime.clientSecrets.create({}), { status: 401, code: 'invalid_api_key' });
    });

    it('mints them for translations, and answers no other REST call', async () => {
        const post = async (path, body, key = 'sk-one') => {
            const response = await fetch(rest + path, { method: 'POST', body: JSON.stringify(body),
                headers: { 'Content-Type': 'application/json', ...(key && { Authorization: `Bearer ${key}` }) } });
            return { status: response.status, ...await response.json() };
        };
        const { status, value, session } = await post('/realtime/translations/client_secrets',
            { session: { model: 'gpt-realtime-translate', audio: { output: { language: 'es' } } } });
        assert.equal(status, 200);
        assert.match(value, /^ek_/);
        assert.deepEqual([session.type, session.model, session.audio.output.language],
            ['translation', 'gpt-realtime-translate', 'es']);

        const code = async (...request) => {
            const answer = await post(...request);
            return `${answer.status} ${answer.error.code}`;
        };
        assert.equal(await code('/realtime/client_secrets', {}, null), '401 missing_authorization');
        assert.equal(await code('/realtime/calls', {}), '400 not_simulated');
        for (const gone of ['/realtime/sessions', '/realtime/transcription_sessions'])
            assert.equal(await code(gone, {}), '404 not_found');
    });

    it('transcribes', async () => {
        const call = await openCall(`${simulator.url}?intent=transcription`, { key: 'sk-one' });
        assert.equal((await call.event('session.created')).session.type, 'transcription');
        call.send({ type: 'session.update', session: { type: 'transcription',
            audio: { input: { transcription: { model: 'gpt-4o-transcribe' } } } } });
        for (const audio of spokenTurn())
            call.send({ type: 'input_audio_buffer.append', audio });
        const { transcript, item_id } = await call.event('conversation.item.input_audio_transcription.completed');
        assert.ok(transcript && item_id);
        call.send({ type: 'response.create' });
        assert.equal((await call.event('error')).error.param, 'type');
        await call.close(1000);
    });

    it('lets a sideband hear what is heard, and no audio', async () => {
        const call = await openCall(`${simulator.url}?call_id=rtc_1`, { key: 'sk-one' });
        await call.event('session.created');
        call.send({ type: 'response.create' });
        const started = await call.event('output_audio_buffer.started');
        const { response } = await call.event('response.done');
        assert.equal(started.response_id, response.id);
        await call.event('output_audio_buffer.stopped');
        await call.close(1000);
        const { status } = await new Call(`${simulator.url}?call_id=nosuch`, { key: 'sk-one' }).refusal();
        assert.equal(status, 404);
    });

    it('gives back the audio of what was said', async () => {
        const call = await openCall(simulator.url, { key: 'sk-one' });
        const turn = spokenTurn();
        for (const audio of turn)
            call.send({ type: 'input_audio_buffer.append', audio });
        const { item_id } = await call.event('input_audio_buffer.committed');
        await call.event('response.done');
        call.send({ type: 'conversation.item.retrieve', item_id });
        const { item } = await call.event('conversation.item.retrieved');
        const said = Buffer.concat(turn.map((audio) => Buffer.from(audio, 'base64')));
        const kept = Buffer.from(item.content[0].audio, 'base64');
        assert.ok(kept.length > 48000 && said.includes(kept));
        await call.close(1000);
    });
});
