// SPDX-License-Identifier: MIT
// GPT-Live by OpenAI's official client and by a page, with TLS on both sides: what reaches the upstream, what comes back, and
// how it ends.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import { ForksWS } from 'openai/resources/live/forks/ws';
import { SidebandWS } from 'openai/resources/live/sideband/ws';
import { LiveWS } from 'openai/resources/live/ws';
import { Call, pageOrigin } from './harness/call.mjs';
import { Authority } from './harness/certificates.mjs';
import { startBoth as startWithSimulator, startRelay } from './harness/programs.mjs';
import { RefusingUpstream } from './harness/refusingupstream.mjs';
import { expiresAt, SessionUpstream } from './harness/sessionupstream.mjs';
import { Queue, until, within } from './harness/waiting.mjs';

const apiKey = 'sk-live';
const authority = new Authority();
const { cert, key, certFile, keyFile } = authority.issue();
const tlsSettings = { UPSTREAM_CA_FILE: authority.certFile, TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile };
const wsOptions = { ca: authority.cert };

function clientAt(port, options = {}) {
    return new OpenAI({ apiKey, baseURL: `https://localhost:${port}/v1`, organization: 'org-1', ...options });
}

/** What an official client's session says: its events one by one, and its end. */
class Heard {
    events = new Queue();
    texts = [];
    errors = [];

    constructor(session) {
        this.session = session;
        session.socket.on('message', (data) => this.texts.push(data.toString()));
        session.on('event', (event) => this.events.push(event));
        session.on('error', (error) => this.errors.push(error));
        this.closed = new Promise((resolve) => session.on('close', (code, reason) => resolve({ code, reason })));
    }

    async event(type) {
        const event = await this.events.next(`the event ${type}`);
        assert.equal(event.type, type);
        return event;
    }

    /** The next one of this type; others are passed over. */
    async next(type) {
        for (;;) {
            const event = await this.events.next(`the event ${type}`);
            if (event.type === type)
                return event;
        }
    }

    end() {
        return within(this.closed, 'the end of the session');
    }
}

describe('GPT-Live by the official client', { concurrency: true }, () => {
    async function startBoth(t, upstreamOptions = {}, path) {
        const upstream = await new SessionUpstream({ secure: { cert, key }, path, ...upstreamOptions }).listen();
        t.after(() => upstream.stop());
        const relay = await startRelay({ ...tlsSettings, UPSTREAM_URL: upstream.url });
        t.after(() => relay.stop());
        return { upstream, relay };
    }

    /** A whole session; what its client sent. */
    async function talk(heard) {
        const { session } = heard;
        const sent = [
            { type: 'session.start', session: { model: 'gpt-live-1', instructions: 'x'.repeat(50_000) } },
            ...[...Array(20)].map((_, i) => ({ type: 'session.input_audio.append', audio: Buffer.alloc(4800, i).toString('base64') })),
            { type: 'session.close' },
        ];
        session.send(sent[0]);
        const { session: { expires_at } } = await heard.event('session.started');
        assert.equal(expires_at, expiresAt);
        for (const event of sent.slice(1, -1)) {
            session.send(event);
            assert.equal((await heard.event('session.output_audio.delta')).delta, event.audio);
        }
        session.send(sent.at(-1));
        assert.equal((await heard.event('session.closed')).reason, 'close_requested');
        return sent.map((event) => JSON.stringify(event));
    }

    for (const [what, open, target] of [
        ['a session', (client) => new LiveWS(client, wsOptions), '/v1/live/sessions'],
        ['a fork', (client) => new ForksWS(client, { session_id: 'live_1 é' }, wsOptions), '/v1/live/sessions/live_1%20%C3%A9/fork'],
    ]) {
        it(`holds ${what}, and ends it with 1000 at once`, async (t) => {
            const { upstream, relay } = await startBoth(t, { cutAfterMs: 20_000 });
            const heard = new Heard(open(clientAt(relay.port)));
            const sent = await talk(heard);
            assert.deepEqual(await heard.end(), { code: 1000, reason: '' });
            assert.deepEqual(upstream.received, sent);
            assert.deepEqual(heard.texts, upstream.sent);
            assert.deepEqual(heard.errors, []);

            const [{ url, headers }] = upstream.upgrades;
            assert.equal(url, target);
            assert.equal(headers.authorization, `Bearer ${apiKey}`);
            assert.equal(headers['openai-organization'], 'org-1');
            assert.match(headers['user-agent'], /^OpenAI\/JS/);
            assert.equal(headers['sec-websocket-protocol'], undefined);

            await until(() => upstream.closes.length === 1, 'the end of the upstream');
            assert.deepEqual(upstream.closes, [{ code: 1000, reason: '' }]);
            await relay.entry('session_closed', 
                { by: 'upstream', code: 1000, reason: 'upstream_closed', level: 'info', message: /close_requested/ });
            assert.equal(relay.entries.find(({ event }) => event === 'first_audio'), undefined); // silence, too, is a delta
        });
    }

    it('holds a sideband with its query, which ends with its session', async (t) => {
        const { upstream, relay } = await startBoth(t);
        const heard = new Heard(new SidebandWS(clientAt(relay.port), { session_id: 'live_1', graceful_close: true }, wsOptions));
        await heard.event('session.output_audio.delta');
        heard.session.send({ type: 'session.close' });
        await heard.event('session.closed');
        assert.deepEqual(await heard.end(), { code: 1000, reason: '' });
        assert.deepEqual(heard.errors, []);
        assert.equal(upstream.upgrades[0].url, '/v1/live/sessions/live_1/attach?graceful_close=true');
    });

    it('hands on the upstream\'s own close', async (t) => {
        const { upstream, relay } = await startBoth(t, { closesWith: 4321 });
        const heard = new Heard(new LiveWS(clientAt(relay.port), wsOptions));
        await talk(heard);
        assert.deepEqual(await heard.end(), { code: 4321, reason: 'over' });
        assert.deepEqual(await until(() => upstream.closes[0], 'the end of the upstream'), { code: 4321, reason: 'over' });
    });

    it('dials no second time when its session has ended', async (t) => {
        const { upstream, relay } = await startBoth(t);
        const session = new LiveWS(clientAt(relay.port),
            { ...wsOptions, reconnect: { onReconnecting: () => ({}), maxRetries: 2, initialDelay: 1 } });
        const heard = new Heard(session);
        await talk(heard);
        assert.equal((await heard.end()).code, 1000);
        assert.equal(upstream.upgrades.length, 1);
    });

    it('is told that the upstream is lost where the session has not ended', async (t) => {
        const { upstream, relay } = await startBoth(t);
        const heard = new Heard(new LiveWS(clientAt(relay.port), wsOptions));
        heard.session.send({ type: 'session.start', session: { model: 'gpt-live-1' } });
        await heard.event('session.started');
        upstream.cut();
        assert.equal((await heard.event('error')).error.code, 'upstream_disconnected');
        assert.equal((await heard.end()).code, 1011);
    });

    it('reaches an upstream below /openai/v1', async (t) => {
        const { upstream, relay } = await startBoth(t, {}, '/openai/v1/realtime');
        const heard = new Heard(new LiveWS(clientAt(relay.port, { baseURL: `https://localhost:${relay.port}/openai/v1` }), wsOptions));
        await talk(heard);
        assert.equal((await heard.end()).code, 1000);
        assert.equal(upstream.upgrades[0].url, '/openai/v1/live/sessions');
    });
});

describe('GPT-Live as the simulator plays it', { concurrency: true }, () => {
    let relay;
    let simulator;

    before(async () => {
        ({ relay, simulator } = await startWithSimulator(tlsSettings,
            ['--tls-cert', certFile, '--tls-key', keyFile, '--speed', '0', '--print-handshakes']));
    });
    after(async () => {
        await relay.stop();
        await simulator.stop();
    });

    /** Silence, with a tone before it that is to be answered. */
    function speak(session) {
        const tone = Buffer.alloc(4800);
        for (let i = 0; i < tone.length; i += 2)
            tone.writeInt16LE(Math.round(12_000 * Math.sin(i / 8)), i);
        for (let i = 0; i < 60; ++i)
            session.send({ type: 'session.input_audio.append', audio: (i < 10 ? tone : Buffer.alloc(4800)).toString('base64') });
    }

    it('is spoken, watched, forked and ended in order', async () => {
        const client = clientAt(relay.port);
        const comesBack = { ...wsOptions, reconnect: { onReconnecting: () => ({}), maxRetries: 1, initialDelay: 1 } };
        const primary = new Heard(new LiveWS(client, comesBack));
        primary.session.send({ type: 'session.start', session: { model: 'gpt-live-1', store: true } });
        const { session: { id, expires_at } } = await primary.next('session.started');
        assert.ok(expires_at > Date.now() / 1000);

        const sideband = new Heard(new SidebandWS(client, { session_id: id }, comesBack));
        sideband.session.send({ type: 'session.input_audio.mute' });
        await sideband.next('session.input_audio.muted');
        await primary.next('session.input_audio.muted');
        sideband.session.send({ type: 'session.input_audio.unmute' });
        await primary.next('session.input_audio.unmuted');
        speak(primary.session);
        await primary.next('session.output_transcript.delta');
        await sideband.next('session.input_audio.append');

        primary.session.send({ type: 'session.close' });
        for (const each of [primary, sideband]) {
            assert.equal((await each.next('session.closed')).reason, 'close_requested');
            assert.deepEqual(await each.end(), { code: 1000, reason: '' });
            assert.deepEqual(each.errors, []);
        }

        const fork = new Heard(new ForksWS(client, { session_id: id }, comesBack));
        fork.session.send({ type: 'session.start', session: {} });
        assert.notEqual((await fork.next('session.started')).session.id, id);
        fork.session.send({ type: 'session.close' });
        await fork.next('session.closed');
        assert.deepEqual(await fork.end(), { code: 1000, reason: '' });

        assert.equal((await simulator.printed(3)).length, 3);
        const ends = () => relay.entries.filter(({ event }) => event === 'session_closed');
        await until(() => ends().length === 3, 'three ends');
        for (const end of ends())
            assert.deepEqual([end.level, end.by, end.code, end.reason], ['info', 'upstream', 1000, 'upstream_closed']);
    });
});

describe('GPT-Live refused', { concurrency: true }, () => {
    const mostReturns = 2;
    const error = (type, code) => JSON.stringify({ error: { type, code, message: 'No.', param: null } });

    /** How many upgrades come to an upstream: the client gives up by itself. */
    async function dials(port, options = {}) {
        const session = new LiveWS(clientAt(port, options),
            { ...wsOptions, reconnect: { onReconnecting: () => ({}), maxRetries: mostReturns, initialDelay: 1 } });
        const heard = new Heard(session);
        await heard.end();
    }

    for (const [status, body] of [
        [401, error('invalid_request_error', 'invalid_api_key')],
        [403, error('request_forbidden', 'unsupported_country_region_territory')],
        [404, error('invalid_request_error', 'not_found')],
        [429, error('insufficient_quota', 'insufficient_quota')],
        [503, error('server_error', null)],
    ]) {
        it(`with ${status} comes no more often than directly`, async (t) => {
            const counts = [];
            for (const through of [false, true]) {
                const upstream = await new RefusingUpstream(status, { 'Content-Type': 'application/json' }, body, { cert, key }).listen();
                t.after(() => upstream.stop());
                let { port } = upstream;
                if (through) {
                    const relay = await startRelay({ ...tlsSettings, UPSTREAM_URL: upstream.url.replace('127.0.0.1', 'localhost') });
                    t.after(() => relay.stop());
                    port = relay.port;
                }
                await dials(port);
                counts.push(upstream.upgrades);
            }
            const [directly, through] = counts;
            assert.equal(directly, 1 + mostReturns); // its first and its returns, whatever the status
            assert.ok(through >= 1 && through <= directly, `${through} upgrades instead of ${directly}`);
        });
    }

    it('without a key never reaches the upstream', async (t) => {
        const upstream = await new RefusingUpstream(401, {}, '', { cert, key }).listen();
        t.after(() => upstream.stop());
        const relay = await startRelay({ ...tlsSettings, UPSTREAM_URL: upstream.url.replace('127.0.0.1', 'localhost') });
        t.after(() => relay.stop());
        await dials(relay.port, { apiKey: 'null' });
        assert.equal(upstream.upgrades, 0);
        const calls = relay.entries.filter(({ event }) => event === 'session_opened').length;
        assert.ok(calls >= 1 && calls <= 1 + mostReturns, `${calls} calls`);
    });
});

describe('GPT-Live by a page', { concurrency: true }, () => {
    let relay;
    let upstream;

    before(async () => {
        upstream = await new SessionUpstream({ secure: { cert, key } }).listen();
        relay = await startRelay({ ...tlsSettings, UPSTREAM_URL: upstream.url });
    });
    after(async () => {
        await relay.stop();
        await upstream.stop();
    });

    // OpenAI refuses a Live upgrade that has any Origin with 403, whatever the key, and does not look for a key among the
    // subprotocols: browsers, which can leave out neither, have Live through the relay only because it hands on none of it.
    for (const [path, protocols] of [
        ['/v1/live/sessions', ['realtime', `openai-insecure-api-key.${apiKey}`]],
        ['/live/sessions', ['realtime', `openai-insecure-api-key.${apiKey}`]],
        ['/live/sessions/live_1/fork', ['realtime', `openai-insecure-api-key.${apiKey}`, 'openai-beta.realtime-v1']],
    ]) {
        it(`opens ${path} with its key in a subprotocol, and without its Origin`, async () => {
            const before = upstream.upgrades.length;
            const call = await new Call(relay.url(null, path), { key: null, protocols, origin: pageOrigin, ca: authority.cert }).open();
            assert.equal(call.socket.protocol, 'realtime');
            call.send({ type: 'session.start', session: { model: 'gpt-live-1' } });
            await call.event('session.started');
            call.send({ type: 'session.close' });
            await call.event('session.closed');
            assert.deepEqual(await call.end(), { code: 1000, reason: '' });
            const { url, headers } = upstream.upgrades.slice(before).find((each) => each.url.endsWith(path));
            assert.ok(url.startsWith('/v1/live/sessions'));
            assert.equal(headers.origin, undefined);
            assert.equal(headers['sec-websocket-protocol'], undefined);
            assert.equal(headers['openai-beta'], undefined);
            assert.equal(headers.authorization, `Bearer ${apiKey}`);
        });
    }

    it('says what it likes after the end of its session', async () => {
        const call = await new Call(relay.url(null, '/v1/live/sessions'),
            { key: null, protocols: ['realtime', `openai-insecure-api-key.${apiKey}`], origin: pageOrigin, ca: authority.cert }).open();
        call.send({ type: 'session.start', session: { model: 'gpt-live-1' } });
        call.send({ type: 'session.close' });
        for (let i = 0; i < 50; ++i)
            call.send({ type: 'session.input_audio.append', audio: 'AAAA'.repeat(1000) });
        await call.event('session.closed');
        assert.deepEqual(await call.end(), { code: 1000, reason: '' });
    });
});
