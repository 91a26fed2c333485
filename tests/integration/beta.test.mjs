// SPDX-License-Identifier: MIT
// Clients of the Realtime API's beta, unmodified from npm, hold calls with an upstream that does not know it any more. What
// counts is what each of them has made of its call.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, it } from 'node:test';
import { betaProblems } from './harness/betaschemas.mjs';
import { openCall } from './harness/call.mjs';
import { Authority } from './harness/certificates.mjs';
import { startMiddle } from './harness/middle.mjs';
import { startBoth, startRelay, startSimulator } from './harness/programs.mjs';
import { startUpstream } from './harness/rawpeer.mjs';
import { patienceMs } from './harness/waiting.mjs';

const program = fileURLToPath(new URL('./harness/betacall.mjs', import.meta.url));
const key = 'sk-beta-client-key';
/** Microsoft's client takes the relay for that. */
const settings = { ALLOWED_HOSTS: 'api.openai.com' };
const quick = ['--speed', '0', '--print-handshakes', '--expect-key', key];

async function callBy(which, base, authority) {
    const { stdout } = await promisify(execFile)(process.execPath, [program, which, base], {
        timeout: 4 * patienceMs, // for all of it, the start of Node.js among it
        maxBuffer: 64 * 1024 * 1024,
        env: { ...process.env, OPENAI_API_KEY: key, ...(authority && { NODE_EXTRA_CA_CERTS: authority.certFile }) },
    });
    return JSON.parse(stdout);
}

function checkEvents(events) {
    assert.deepEqual(events.flatMap(betaProblems), []);
    assert.equal(new Set(events.map((event) => event.event_id)).size, events.length, 'every event once');
    assert.deepEqual(events.filter(({ type }) => type === 'error'), []);
}

const checks = {
    'reference, header': checkReference,
    'reference, page': checkReference,
    microsoft({ session, item, turns }) {
        assert.equal(session.voice, 'echo');
        assert.equal(session.temperature, 0.9);
        assert.equal(session.turn_detection, null);
        assert.equal(session.max_response_output_tokens, 2000);
        assert.equal(session.input_audio_format, 'pcm16');
        assert.equal(item.object, 'realtime.item');
        assert.equal(turns.length, 2);
        for (const turn of turns) {
            assert.equal(turn.status, 'completed');
            assert.equal(turn.item, 'completed');
            assert.ok(turn.audio > 48_000, 'more than a second of audio');
            assert.ok(turn.transcript.length > 10);
            assert.equal(turn.output[0].content[0].type, 'audio');
            assert.equal(turn.output[0].content[0].transcript, turn.transcript);
            assert.ok(turn.usage.output_token_details.audio_tokens > 0);
        }
    },
    agents({ history, audio, transcript, errors }) {
        assert.deepEqual(errors, []);
        assert.deepEqual(history.map(({ role }) => role), ['user', 'assistant', 'user', 'assistant']);
        assert.deepEqual(history.map(({ content }) => content[0].type), ['input_audio', 'audio', 'input_text', 'audio']);
        assert.equal(history[2].content[0].text, 'And once more, please.');
        assert.equal(history[1].content[0].transcript + history[3].content[0].transcript, transcript);
        assert.ok(audio > 2 * 48_000, 'more than two seconds of audio');
    },
};

function checkReference({ items, responses, interrupted }) {
    assert.deepEqual(items.map(({ role }) => role), ['user', 'assistant', 'user', 'assistant']);
    assert.deepEqual(items.map(({ status }) => status), Array(4).fill('completed'));
    const [said, first, wrote, second] = items;
    assert.ok(said.audio > 12_000, 'its own audio');
    assert.ok(said.transcript.length > 1);
    assert.equal(wrote.text, 'And once more, please.');
    for (const answer of [first, second]) {
        assert.deepEqual(answer.parts, ['audio']);
        assert.ok(answer.audio > 24_000, 'more than a second of audio');
        assert.ok(answer.transcript.length > 10);
    }
    assert.deepEqual(responses, [1, 1]);
    assert.deepEqual(interrupted, ['input_audio_buffer.speech_started']);
}

describe('a call by a client of the beta', { concurrency: 4 }, () => { // each of three or four programs
    for (const [which, check] of Object.entries(checks)) {
        const models = { agents: ['gpt-4o-mini-realtime-preview', 'gpt-realtime-mini'],
            microsoft: ['gpt-4o-realtime-preview-2024-12-17', 'gpt-realtime-1.5'] };
        const [asked, answers] = models[which] ?? ['gpt-4o-realtime-preview-2024-10-01', 'gpt-realtime-1.5'];

        it(`${which}, in plain`, async (t) => {
            const { relay, simulator } = await startBoth(settings, quick);
            t.after(() => simulator.stop());
            t.after(() => relay.stop());
            const { state, events } = await callBy(which, relay.url(null, ''));
            checkEvents(events);
            check(state);
            await relay.stop(); // then the journal has said all
            await relay.entry('model_replaced', { model: asked, answers });
            assert.equal(relay.entries.filter(({ event }) => event === 'model_replaced').length, 1);
            const asksTemperature = which !== 'agents';
            assert.equal(relay.entries.filter(({ event }) => event === 'temperature_ignored').length, asksTemperature ? 1 : 0);
            const [handshake] = await simulator.printed(1);
            assert.match(JSON.stringify(handshake), new RegExp(`model=${answers}[&"]`));
            assert.doesNotMatch(JSON.stringify(handshake), /beta/i);
        });

        it(`${which}, over TLS`, async (t) => {
            const authority = new Authority();
            const { certFile, keyFile } = authority.issue();
            const { relay, simulator } = await startBoth(
                { ...settings, TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, UPSTREAM_CA_FILE: authority.certFile },
                ['--tls-cert', certFile, '--tls-key', keyFile, ...quick]);
            t.after(() => simulator.stop());
            t.after(() => relay.stop());
            const { state, events } = await callBy(which, `wss://localhost:${relay.port}`, authority);
            checkEvents(events);
            check(state);
        });

        it(`${which}, in fragments, with slow readers`, async (t) => {
            const simulator = await startSimulator(quick);
            t.after(() => simulator.stop());
            const far = await startMiddle(new URL('/', simulator.url));
            t.after(() => far.stop());
            const relay = await startRelay({ UPSTREAM_URL: `${far.url}/v1/realtime`, SESSION_BUFFER_BYTES: '4096', ...settings });
            t.after(() => relay.stop());
            const near = await startMiddle(relay.url(null, ''));
            t.after(() => near.stop());
            const { state, events } = await callBy(which, near.url);
            checkEvents(events);
            check(state);
        });
    }
});

describe('a call of the beta by hand', { concurrency: true }, () => {
    const markers = {
        'the header': { headers: { 'OpenAI-Beta': 'assistants=v2, Realtime=v1' } },
        'the subprotocol': { protocols: ['realtime', 'openai-beta.realtime-v1'] },
    };
    for (const [what, options] of Object.entries(markers)) {
        it(`is told by ${what}, and the 101 shows none of it`, async (t) => {
            const { relay, simulator } = await startBoth({}, ['--print-handshakes']);
            t.after(() => simulator.stop());
            t.after(() => relay.stop());
            const call = await openCall(relay.url('model=gpt-4o-realtime-preview'), options);
            assert.equal(call.socket.protocol, options.protocols ? 'realtime' : '');
            const { session } = await call.event('session.created');
            assert.equal(session.input_audio_format, 'pcm16');
            assert.equal(session.model, 'gpt-realtime-1.5');
            await call.close(1000);
            assert.doesNotMatch(JSON.stringify(await simulator.printed(1)), /beta/i);
        });
    }

    it('may be a transcription', async (t) => {
        const { relay, simulator } = await startBoth();
        t.after(() => simulator.stop());
        t.after(() => relay.stop());
        const call = await openCall(relay.url('intent=transcription'), markers['the header']);
        const created = await call.event('transcription_session.created');
        assert.deepEqual(betaProblems(created), []);
        call.send({ type: 'transcription_session.update', event_id: 'mine', session: {
            input_audio_format: 'g711_ulaw', input_audio_transcription: { model: 'gpt-4o-transcribe', language: 'en' },
            turn_detection: null } });
        const updated = await call.event('transcription_session.updated');
        assert.deepEqual(betaProblems(updated), []);
        assert.equal(updated.session.object, 'realtime.transcription_session');
        assert.equal(updated.session.input_audio_format, 'g711_ulaw');
        assert.equal(updated.session.turn_detection, null);
        await call.close(1000);
    });

    it('is told of its errors by its own names', async (t) => {
        const { relay, simulator } = await startBoth();
        t.after(() => simulator.stop());
        t.after(() => relay.stop());
        const call = await openCall(relay.url('model=gpt-4o-realtime-preview'), markers['the header']);
        await call.event('session.created');
        call.send({ type: 'session.update', event_id: 'mine', session: { turn_detection: { type: 'server_vad', threshold: 7 } } });
        const event = await call.event('error');
        assert.deepEqual(betaProblems(event), []);
        assert.equal(event.error.event_id, 'mine');
        assert.equal(event.error.param, 'session.turn_detection.threshold');
        await call.close(1000);
    });
});

describe('MODEL_ALIASES', { concurrency: true }, () => {
    const asked = 'a=%41&model=gpt-4o-realtime-preview&b';
    for (const [what, settings, options, query] of [
        ['leaves a call alone that is not of the beta', {}, {}, asked],
        ['names another model for the beta', { MODEL_ALIASES: 'gpt-4o-realtime-preview=gpt-realtime' },
            { protocols: ['realtime', 'openai-beta.realtime-v1'] }, 'a=%41&model=gpt-realtime&b'],
        ['can be empty', { MODEL_ALIASES: 'none' }, { headers: { 'OpenAI-Beta': 'realtime=v1' } }, asked],
        ['serves every call where it is told so', { MODEL_ALIASES_FOR_ALL: '1' }, {}, 'a=%41&model=gpt-realtime-1.5&b'],
    ]) {
        it(what, async (t) => {
            const upstream = await startUpstream();
            t.after(() => upstream.stop());
            const relay = await startRelay({ UPSTREAM_URL: upstream.url, ...settings });
            t.after(() => relay.stop());
            const call = openCall(relay.url(asked), options);
            const peer = await upstream.next();
            assert.equal(peer.head.split(' ')[1], `/v1/realtime?${query}`);
            peer.cut();
            await (await call).end();
        });
    }
});
