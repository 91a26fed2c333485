// SPDX-License-Identifier: MIT
// OpenAI's official npm client, unmodified, over TLS: relay and upstream each with a certificate.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'node:test';
import { callSettings, spokenTurn } from './harness/audio.mjs';
import { openCall } from './harness/call.mjs';
import { Authority } from './harness/certificates.mjs';
import { startBoth } from './harness/programs.mjs';
import { patienceMs } from './harness/waiting.mjs';

const program = fileURLToPath(new URL('./harness/officialcall.mjs', import.meta.url));
const key = 'sk-official-client-key';

describe('a call by an official client', { concurrency: true }, () => {
    const authority = new Authority();
    const { certFile, keyFile } = authority.issue();
    let relay;
    let simulator;

    before(async () => {
        ({ relay, simulator } = await startBoth(
            { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, UPSTREAM_CA_FILE: authority.certFile },
            ['--tls-cert', certFile, '--tls-key', keyFile, '--speed', '0', '--models', '', '--print-handshakes', '--expect-key', key],
        ));
    });
    after(async () => {
        await relay.stop();
        await simulator.stop();
    });

    async function officialCall(flavour, apiKey, nodeOptions = []) {
        const { stdout } = await promisify(execFile)(process.execPath,
            [...nodeOptions, program, flavour, `https://localhost:${relay.port}/v1`], {
                timeout: 4 * patienceMs, // for all of it, the start of Node.js among it
                env: { ...process.env, OPENAI_API_KEY: apiKey, NODE_EXTRA_CA_CERTS: authority.certFile },
            });
        return JSON.parse(stdout);
    }

    function checkCall(seen) {
        assert.deepEqual(seen.errors, []);
        assert.deepEqual(seen.close, { code: 1000, reason: 'bye' });
        const inOrder = ['session.created', 'session.updated', 'input_audio_buffer.speech_started',
            'input_audio_buffer.speech_stopped', 'input_audio_buffer.committed', 'response.created',
            'response.output_audio.delta', 'response.output_audio.done', 'response.done'];
        let at = -1;
        for (const type of inOrder) {
            const next = seen.types.indexOf(type, at + 1);
            assert.ok(next > at, `${type} after ${seen.types[at]} in ${seen.types}`);
            at = next;
        }
        assert.ok(seen.types.includes('conversation.item.input_audio_transcription.completed'));
        assert.ok(seen.audioBytes > 48_000, 'more than a second of audio');
        assert.equal(seen.audioBytes % 2, 0);
        assert.ok(seen.transcript.length > 10);
        assert.equal(seen.usage.length, 2);
        for (const usage of seen.usage) {
            assert.ok(usage.output_token_details.audio_tokens > 0);
            assert.equal(usage.total_tokens, usage.input_tokens + usage.output_tokens);
        }
        assert.ok(seen.usage[0].input_token_details.audio_tokens > 0);
    }

    function checkWrongKey(seen) {
        assert.deepEqual(seen.types, ['error']);
        assert.equal(seen.errors.length, 1);
        assert.equal(seen.errors[0].type, 'invalid_request_error');
        assert.equal(seen.errors[0].code, 'invalid_api_key');
        assert.match(seen.errors[0].message, /^Incorrect API key provided/);
        assert.deepEqual(seen.close, { code: 3000, reason: 'invalid_request_error.invalid_api_key' });
    }

    // The real native client is behind a flag in Node.js 20, and not there before.
    const flags = typeof WebSocket === 'undefined'
        && process.allowedNodeEnvironmentFlags.has('--experimental-websocket') ? ['--experimental-websocket'] : [];

    it('speaks both ways with the ws flavour', async () => checkCall(await officialCall('ws', key)));
    it('speaks both ways with the native flavour', async () => checkCall(await officialCall('native', key, flags)));
    it('tells the ws flavour of a wrong key', async () => {
        checkWrongKey(await officialCall('ws', 'sk-invalid'));
    });
    it('tells the native flavour of a wrong key', async () => {
        checkWrongKey(await officialCall('native', 'sk-invalid', flags));
    });

    it('speaks both ways with a browser\'s handshake', async () => {
        const call = await openCall(relay.url(), {
            key: null,
            protocols: ['realtime', `openai-insecure-api-key.${key}`],
            origin: 'http://localhost:5173',
            ca: authority.cert,
        });
        assert.equal(call.socket.protocol, 'realtime');
        await call.event('session.created');
        call.send(callSettings);
        await call.event('session.updated');
        for (const audio of spokenTurn())
            call.send({ type: 'input_audio_buffer.append', audio });
        await call.event('input_audio_buffer.speech_started');
        await call.event('input_audio_buffer.committed');
        const { delta } = await call.event('response.output_audio.delta');
        assert.ok(Buffer.from(delta, 'base64').length >= 4800);
        const { response } = await call.event('response.done');
        assert.equal(response.status, 'completed');
        assert.deepEqual(await call.close(1000, 'bye'), { code: 1000, reason: 'bye' });
        await relay.entry('first_audio');
        await relay.entry('session_closed', { origin: 'http://localhost:5173', by: 'client', code: 1000 });
        await simulator.heard(() => simulator.handshakes.some((handshake) => handshake.key_ok), 'a handshake with the key');
    });
});
