// SPDX-License-Identifier: MIT
// Translations, transcriptions and sidebands of calls by OpenAI's official client, clients that are made for Azure, and clients of
// three eras at once, with TLS on both sides.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import OpenAI, { AzureOpenAI } from 'openai';
import { OpenAIRealtimeTranslationWS } from 'openai/realtime/translations/ws';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { LiveWS } from 'openai/resources/live/ws';
import { Call, pageOrigin } from './harness/call.mjs';
import { Authority } from './harness/certificates.mjs';
import { startRelay } from './harness/programs.mjs';
import { SessionUpstream } from './harness/sessionupstream.mjs';
import { patienceMs, Queue, until, within } from './harness/waiting.mjs';

const apiKey = 'sk-sessions';
const authority = new Authority();
const { cert, key, certFile, keyFile } = authority.issue();
const options = { ca: authority.cert };

async function startBoth(t, upstreamOptions = {}) {
    const upstream = await new SessionUpstream({ secure: { cert, key }, ...upstreamOptions }).listen();
    t.after(() => upstream.stop());
    const relay = await startRelay({
        UPSTREAM_CA_FILE: authority.certFile, TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, UPSTREAM_URL: upstream.url,
    });
    t.after(() => relay.stop());
    const client = new OpenAI({ apiKey, baseURL: `https://localhost:${relay.port}/v1` });
    return { upstream, relay, client };
}

const opened = (socket) => within(new Promise((resolve) => socket.once('open', resolve)), 'the call to open');

/** All messages went both ways as they were. */
function assertUntouched(upstream, sent, heard) {
    assert.deepEqual(upstream.received, sent.map((event) => JSON.stringify(event)));
    assert.deepEqual(heard, upstream.sent);
}

describe('a translation by the official client', { concurrency: true }, () => {
    for (const closesWith of [null, 1000]) {
        it(`comes to its end: an upstream that ${closesWith ? 'closes' : 'is cut'} behind session.closed`, async (t) => {
            const { upstream, relay, client } = await startBoth(t, { closesWith, cutAfterMs: 20_000 });
            const call = await OpenAIRealtimeTranslationWS.create(client, { model: 'gpt-realtime-translate', options });
            const heard = [];
            const deltas = new Queue();
            const errors = [];
            call.socket.on('message', (data) => heard.push(data.toString()));
            call.on('session.output_audio.delta', ({ delta }) => deltas.push(delta));
            call.on('error', (error) => errors.push(error));
            await opened(call.socket);
            const sent = [...Array(20)].map((_, i) =>
                ({ type: 'session.input_audio_buffer.append', audio: Buffer.alloc(9600, i).toString('base64') }));
            for (const event of sent) {
                call.send(event);
                assert.equal(await deltas.next('translated audio'), event.audio);
            }
            await call.finish({ timeoutMs: patienceMs }); // rejects for any end but one in order
            assert.deepEqual(errors, []);
            assertUntouched(upstream, [...sent, { type: 'session.close' }], heard);
            assert.equal(upstream.upgrades[0].url, '/v1/realtime/translations?model=gpt-realtime-translate');
            await until(() => upstream.closes[0]?.code === 1000, 'the end of the upstream');
            await relay.entry('first_audio');
            await relay.entry('session_closed', { code: 1000, level: 'info' });
        });
    }
});

describe('a Realtime call of another kind by the official client', { concurrency: true }, () => {
    for (const [what, connection, url] of [
        ['a transcription', { intent: 'transcription' }, '/v1/realtime?intent=transcription'],
        ['the sideband of a call', { callID: 'rtc_1' }, '/v1/realtime?call_id=rtc_1'],
    ]) {
        it(`is ${what}`, async (t) => {
            const { upstream, client } = await startBoth(t);
            const call = new OpenAIRealtimeWS({ ...connection, options }, client);
            const heard = [];
            const words = new Queue();
            call.socket.on('message', (data) => heard.push(data.toString()));
            call.on('conversation.item.input_audio_transcription.delta', ({ delta }) => words.push(delta));
            call.on('error', (error) => assert.fail(error));
            await opened(call.socket);
            const sent = [...Array(5)].map((_, i) => ({ type: 'input_audio_buffer.append', audio: Buffer.alloc(4800, i).toString('base64') }));
            for (const event of sent) {
                call.send(event);
                assert.equal(await words.next('a word'), 'word');
            }
            const closed = new Promise((resolve) => call.socket.once('close', (code, reason) => resolve([code, String(reason)])));
            call.close({ code: 1000, reason: 'bye' });
            assert.deepEqual(await within(closed, 'the close'), [1000, 'bye']);
            assertUntouched(upstream, sent, heard);
            assert.equal(upstream.upgrades[0].url, url);
            assert.equal(upstream.upgrades[0].headers.authorization, `Bearer ${apiKey}`);
        });
    }
});

describe('a client made for Azure', { concurrency: true }, () => {
    const path = '/openai/v1/realtime';
    const azureAt = (relay, more) =>
        new AzureOpenAI({ endpoint: `https://localhost:${relay.port}`, apiKey, apiVersion: '2025-08-28', deployment: 'mine', ...more });
    const first = (call) => within(new Promise((resolve) => call.once('session.created', resolve)), 'session.created');
    // Before the upstream stops, or it would hear of that.
    const end = (call) => {
        const closed = new Promise((resolve) => call.socket.once('close', resolve));
        call.close();
        return within(closed, 'the close');
    };

    it('brings its key in the header api-key', async (t) => {
        const { upstream, relay } = await startBoth(t, { path });
        const call = await OpenAIRealtimeWS.azure(azureAt(relay), { options });
        await first(call);
        await end(call);
        const [{ url, headers }] = upstream.upgrades;
        assert.equal(url, '/openai/v1/realtime?model=mine');
        assert.equal(headers['api-key'], apiKey);
        assert.equal(headers.authorization, undefined);
    });
    it('brings a token of Entra as Bearer', async (t) => {
        const { upstream, relay } = await startBoth(t, { path });
        const client = azureAt(relay, { apiKey: undefined, azureADTokenProvider: async () => 'token-of-entra' });
        const call = await OpenAIRealtimeWS.azure(client, { options });
        await first(call);
        await end(call);
        assert.equal(upstream.upgrades[0].headers.authorization, 'Bearer token-of-entra');
        assert.equal(upstream.upgrades[0].headers['api-key'], undefined);
    });
    it('brings its key in the query', async (t) => {
        const { upstream, relay } = await startBoth(t, { path });
        const call = await new Call(relay.url(`model=mine&api-key=${apiKey}`, path), { key: null, ca: authority.cert }).open();
        await call.event('session.created');
        await call.close(1000);
        assert.equal(upstream.upgrades[0].url, `/openai/v1/realtime?model=mine&api-key=${apiKey}`);
    });
    it('has a Live session', async (t) => {
        const { upstream, relay } = await startBoth(t, { path });
        const client = new OpenAI({ apiKey, baseURL: `https://localhost:${relay.port}/openai/v1` });
        const session = new LiveWS(client, options);
        const started = new Promise((resolve) => session.once('session.started', resolve));
        session.send({ type: 'session.start', session: { model: 'mine' } });
        await within(started, 'session.started');
        const closed = new Promise((resolve) => session.once('close', resolve));
        session.send({ type: 'session.close' });
        assert.equal(await within(closed, 'the close'), 1000);
        assert.equal(upstream.upgrades[0].url, '/openai/v1/live/sessions');
    });

    for (const query of ['api-version=2025-04-01-preview&deployment=mine', 'deployment=mine', 'api-version=2024-10-01-preview']) {
        it(`of the preview is told where today's API is: ${query}`, async (t) => {
            const { upstream, relay } = await startBoth(t, { path });
            const call = new Call(relay.url(query, '/openai/realtime'), { key: null, headers: { 'api-key': apiKey }, ca: authority.cert });
            const { status, body } = await call.refusal();
            assert.equal(status, 404);
            assert.equal(body.error.code, 'not_found');
            assert.match(body.error.message, /preview.*\/openai\/v1\/realtime\?model=/);
            await relay.entry('refused', { message: /preview/ });
            assert.equal(upstream.upgrades.length, 0);
        });
    }
});

it('a page of the beta, a Realtime client and a Live client talk side by side', async (t) => {
    const { upstream, relay, client } = await startBoth(t);
    const page = new Call(relay.url('model=gpt-4o-realtime-preview'), {
        key: null, protocols: ['realtime', `openai-insecure-api-key.${apiKey}`, 'openai-beta.realtime-v1'], origin: pageOrigin, ca: authority.cert,
    });
    const realtime = new OpenAIRealtimeWS({ model: 'gpt-realtime', options }, client);
    const live = new LiveWS(client, options);
    const texts = (call) => {
        const heard = [];
        call.socket.on('message', (data) => heard.push(data.toString()));
        return heard;
    };
    const heard = [page, realtime, live].map(texts);
    const answers = [new Queue(), new Queue(), new Queue()];
    page.socket.on('message', (data) => answers[0].push(JSON.parse(data)));
    for (const [i, call] of [[1, realtime], [2, live]]) {
        call.on('event', (event) => answers[i].push(event));
        call.on('error', (error) => assert.fail(error));
    }
    await Promise.all([page, realtime, live].map(({ socket }) => opened(socket)));

    const sent = [[], [], []];
    const send = [(event) => page.send(event), (event) => realtime.send(event), (event) => live.send(event)];
    const say = async (i, event, answer) => {
        sent[i].push(event);
        send[i](event);
        for (;;) {
            const { type } = await answers[i].next(answer);
            if (type === answer)
                return;
        }
    };
    const update = { type: 'session.update', session: { modalities: ['audio', 'text'], voice: 'alloy', temperature: 0.8 } };
    sent[0].push(update);
    page.send(update);
    await say(2, { type: 'session.start', session: { model: 'gpt-live-1' } }, 'session.started');
    for (let i = 0; i < 20; ++i) {
        const audio = Buffer.alloc(4800, i).toString('base64');
        await Promise.all([
            say(0, { type: 'input_audio_buffer.append', audio }, 'conversation.item.input_audio_transcription.delta'),
            say(1, { type: 'input_audio_buffer.append', audio }, 'conversation.item.input_audio_transcription.delta'),
            say(2, { type: 'session.input_audio.append', audio }, 'session.output_audio.delta'),
        ]);
    }

    const at = (url) => upstream.upgrades.find((upgrade) => upgrade.url === url);
    const both = [at('/v1/realtime?model=gpt-realtime-1.5'), at('/v1/realtime?model=gpt-realtime'), at('/v1/live/sessions')];
    for (const i of [1, 2]) { // every byte
        assert.deepEqual(both[i].received, sent[i].map((event) => JSON.stringify(event)));
        assert.deepEqual(heard[i], both[i].sent);
    }
    // Of the beta's all that need not be said otherwise.
    const [updated, ...appended] = both[0].received;
    assert.deepEqual(JSON.parse(updated), {
        type: 'session.update', session: { type: 'realtime', output_modalities: ['audio'], audio: { output: { voice: 'alloy' } } },
    });
    assert.deepEqual(appended, sent[0].slice(1).map((event) => JSON.stringify(event)));
    const [created, ...words] = heard[0];
    assert.deepEqual(JSON.parse(created).session.modalities, ['audio', 'text']);
    assert.deepEqual(words, both[0].sent.slice(1));
    await Promise.all(['beta', 'realtime', 'live'].map((kind) => relay.entry('session_opened', { kind })));

    await page.close(1000);
    for (const call of [realtime, live]) {
        const closed = new Promise((resolve) => call.socket.once('close', resolve));
        call.close();
        await within(closed, 'the close');
    }
});
