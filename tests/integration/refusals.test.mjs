// SPDX-License-Identifier: MIT
// What an upstream's refusal of the handshake means to OpenAI's official client: told in the upstream's own words, final
// where it is final, tried again where that may help. A page is told in an error event and a close, for it sees no HTTP
// status; any other client by the status itself, as by OpenAI. And that nobody storms the upstream by coming back at once.
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import { OpenAIRealtimeWebSocket } from 'openai/realtime/websocket';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { Agent, fetch, WebSocket as NativeWebSocket } from 'undici';
import { Call } from './harness/call.mjs';
import { Authority } from './harness/certificates.mjs';
import { startRelay } from './harness/programs.mjs';
import { RefusingUpstream } from './harness/refusingupstream.mjs';
import { within } from './harness/waiting.mjs';

const key = 'Zebra-Refused-Key-1'; // does not look like one: only the relay that was given it can tell

const html = { headers: { 'Content-Type': 'text/html' }, body: '<html><body>Sorry.</body></html>' };
/** The body as OpenAI writes it. Its message repeats the key, as OpenAI's do in part. */
function json(type, code) {
    const message = `No session for ${key}, says the upstream.`;
    return {
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ error: { message, type, param: null, code } }, null, 2),
        own: { type, code },
    };
}

const final = [
    { status: 400, ...json('invalid_request_error', 'unknown_parameter'), closes: 4000 },
    { status: 400, ...html, closes: 4000, code: 'upstream_refused' },
    { status: 401, ...json('invalid_request_error', 'token_expired'), closes: 3000 },
    { status: 401, ...html, closes: 3000, code: 'invalid_api_key' },
    { status: 402, ...json('billing_error', 'billing_not_active'), closes: 4000 },
    { status: 402, ...html, closes: 4000, code: 'insufficient_quota' },
    { status: 403, ...json('forbidden_error', 'unsupported_country_region_territory'), closes: 3003 },
    { status: 403, ...html, closes: 3003, code: 'access_denied' },
    { status: 404, ...json('invalid_request_error', 'deployment_not_found'), closes: 4004 },
    { status: 404, ...html, closes: 4004, code: 'model_not_found' },
    { status: 422, ...json('invalid_request_error', 'unprocessable'), closes: 4000 },
    { status: 422, ...html, closes: 4000, code: 'upstream_refused' },
    { status: 429, ...json('insufficient_quota', 'insufficient_quota'), closes: 4000 },
    { status: 429, ...json('billing_error', 'billing_hard_limit_reached'), closes: 4000 },
];

const passing = [
    { status: 408, ...html, code: 'upstream_refused' },
    { status: 425, ...html, code: 'upstream_refused' },
    { status: 429, ...json('requests', 'rate_limit_exceeded') },
    { status: 429, ...html, code: 'upstream_refused' },
    { status: 500, ...json('server_error', 'internal_error') },
    { status: 503, ...html, code: 'upstream_refused' },
].map((row) => ({ ...row, headers: { ...row.headers, 'Retry-After': '7' }, closes: 1013 }));

/** After these the official client for Node.js comes back, when it is told of them as HTTP statuses. */
const comesBackAfter = [408, 429, 500, 502, 503, 504];

const nameOf = ({ status, own }) => `${status} ${own ? own.code : 'without a word for machines'}`;

describe('a refusal of the upstream', { concurrency: 4 }, () => {
    const authority = new Authority();
    const { certFile, keyFile } = authority.issue();
    const nodesOwn = globalThis.WebSocket;
    const agent = new Agent({ connect: { ca: authority.cert } });

    before(() => {
        // A browser's, as far as the relay can see: with an origin, and the key among the subprotocols.
        globalThis.WebSocket = class extends NativeWebSocket {
            constructor(url, protocols) {
                super(url, { protocols, dispatcher: agent, headers: { origin: 'http://localhost:5173' } });
            }
        };
    });
    after(async () => {
        globalThis.WebSocket = nodesOwn;
        await agent.close();
    });

    /** What the official client makes of it. It comes back once at most, and at once. */
    async function callBy(flavour, relay) {
        const client = new OpenAI({ apiKey: key, baseURL: `https://localhost:${relay.port}/v1` });
        const options = { model: 'gpt-realtime', reconnect: true, maxReconnectAttempts: 1, reconnectInitialDelay: 0 };
        const call = flavour === 'ws'
            ? new OpenAIRealtimeWS({ ...options, options: { ca: authority.cert } }, client)
            : new OpenAIRealtimeWebSocket(options, client);
        const seen = { events: [], errors: [], reconnectsOn: [] };
        call.on('error', ({ message }) => seen.errors.push(message));
        call.on('event', (event) => seen.events.push(event));
        call.on('reconnecting', ({ closeCode }) => seen.reconnectsOn.push(closeCode));
        seen.closes = await within(new Promise((resolve) => call.on('close', resolve)), 'the end of the call');
        return seen;
    }

    async function play(t, flavour, row) {
        const upstream = await new RefusingUpstream(row.status, row.headers, row.body).listen();
        t.after(() => upstream.stop());
        const relay = await startRelay({ UPSTREAM_URL: upstream.url, TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, DEBUG: '1' });
        t.after(() => relay.kill());
        return { upstream, relay, seen: await callBy(flavour, relay) };
    }

    async function checkAttempts(upstream, relay, attempts) {
        assert.equal(upstream.upgrades, attempts);
        assert.deepEqual([...upstream.keys.keys()], [`Bearer ${key}`]);
        const stats = await fetch(`https://localhost:${relay.port}/stats`, { dispatcher: agent });
        assert.equal((await stats.json()).stats.totalConnections, attempts);
    }

    async function checkSecrecy(relay, row, seen) {
        await relay.entry('session_closed', { reason: 'upstream_refused', code: row.closes });
        await relay.stop();
        for (const [whom, text] of [['client', JSON.stringify(seen)], ['journal', relay.output]])
            assert.ok(!text.includes(key), `the ${whom} is told the key`);
    }

    /** The client is no page: it must be told the status itself, by no event. */
    async function checkStatus(t, row) {
        const attempts = comesBackAfter.includes(row.status) ? 2 : 1;
        const { upstream, relay, seen } = await play(t, 'ws', row);
        await checkAttempts(upstream, relay, attempts);
        assert.equal(seen.closes, 1006);
        assert.deepEqual(seen.reconnectsOn, Array(attempts - 1).fill(1006));
        assert.deepEqual(seen.events, []);
        if (attempts === 1)
            assert.ok(seen.errors.some((message) => message.includes(`Unexpected server response: ${row.status}`)), seen.errors);
        await checkSecrecy(relay, row, seen);
    }

    /** The page must be told `attempts` times, each time the same. */
    async function check(t, row, attempts) {
        const { upstream, relay, seen } = await play(t, 'native', row);
        assert.equal(seen.closes, row.closes);
        assert.deepEqual(seen.reconnectsOn, Array(attempts - 1).fill(row.closes));
        await checkAttempts(upstream, relay, attempts);

        assert.deepEqual(seen.events.map(({ type }) => type), Array(attempts).fill('error'));
        for (const { error } of seen.events) {
            if (row.own) {
                assert.deepEqual({ type: error.type, code: error.code }, row.own);
                assert.match(error.message, /No session for .*, says the upstream\./);
            } else {
                assert.match(error.type, /^[a-z_]+$/);
                assert.equal(error.code, row.code);
            }
            if (row.headers['Retry-After'])
                assert.match(error.message, /\b7\b/, 'when it may come back');
        }
        await checkSecrecy(relay, row, seen);
    }

    for (const row of final)
        it(`is final to a page: ${nameOf(row)}`, (t) => check(t, row, 1));
    for (const row of passing)
        it(`passes by itself for a page: ${nameOf(row)}`, (t) => check(t, row, 2));
    for (const row of [...final, ...passing])
        it(`is its status to any other client: ${nameOf(row)}`, (t) => checkStatus(t, row));

    // Without the SDK's own reconnecting nothing comes back by itself, not even where a quota is used up.
    for (const row of [...final, ...passing]) {
        it(`is the upstream's own answer: ${nameOf(row)}`, async (t) => {
            const headers = { ...row.headers, 'x-request-id': 'req_1', 'x-should-retry': 'false', 'WWW-Authenticate': 'Bearer' };
            const upstream = await new RefusingUpstream(row.status, headers, row.body).listen();
            t.after(() => upstream.stop());
            const relay = await startRelay({ UPSTREAM_URL: upstream.url });
            t.after(() => relay.stop());
            const answer = await answerTo(relay, key);
            assert.equal(answer.status, row.status);
            assert.equal(answer.body, row.own ? JSON.stringify(sorted(JSON.parse(row.body.replace(key, '…')))) : row.body);
            assert.equal(answer.headers['content-type'], row.headers['Content-Type']);
            assert.equal(answer.headers['retry-after'], row.headers['Retry-After']);
            assert.equal(answer.headers['x-request-id'], 'req_1');
            assert.equal(answer.headers['x-should-retry'], 'false');
            assert.equal(answer.headers['www-authenticate'], undefined);
            assert.equal(answer.headers.connection, 'close');
            assert.equal(upstream.upgrades, 1);
        });
    }
});

/** An object whose names are in the order in which Qt writes them. */
function sorted(value) {
    return value && typeof value === 'object'
        ? Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]))
        : value;
}

/** What an upgrade is answered with instead of 101. */
function answerTo(relay, apiKey) {
    return within(new Promise((resolve, reject) => {
        const request = http.get(`http://127.0.0.1:${relay.port}/v1/realtime?model=m`, {
            headers: {
                Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13',
                'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', ...(apiKey && { Authorization: `Bearer ${apiKey}` }),
            },
        });
        request.on('error', reject);
        request.on('upgrade', (_, socket) => {
            socket.destroy();
            reject(new Error('the upgrade was not refused'));
        });
        request.on('response', (response) => {
            let body = '';
            response.setEncoding('utf8').on('data', (text) => (body += text));
            response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
        });
    }), 'an answer to the upgrade');
}

describe('a client that comes back at once', { concurrency: true }, () => {
    async function relayToNowhere(t) {
        const relay = await startRelay({ UPSTREAM_URL: 'ws://127.0.0.1:1/v1/realtime' });
        t.after(() => relay.stop());
        return relay;
    }

    async function checkFailure(call) {
        const { status, headers, body } = await call.refusal();
        assert.equal(status, 502);
        assert.ok(Number(headers['retry-after']) > 0);
        assert.equal(body.error.code, 'upstream_unreachable');
    }

    // Never too early is all that can be said of time: too late is the machine's business.
    it('is told of each failure a second after the one before', async (t) => {
        const relay = await relayToNowhere(t);
        const started = performance.now();
        for (let failures = 0; failures < 4; ++failures) {
            await checkFailure(new Call(relay.url()));
            const earliest = failures * 1000;
            assert.ok(performance.now() - started > 0.95 * earliest, `failure ${failures + 1} was told too early`);
        }
        assert.equal((await relay.stats()).stats.totalConnections, 4);
    });

    it('keeps no other address waiting', async (t) => {
        const relay = await relayToNowhere(t);
        let told = 0;
        const stormers = Array.from({ length: 6 }, () => checkFailure(new Call(relay.url())).then(() => ++told));
        await Promise.race(stormers);
        await checkFailure(new Call(relay.url(), { localAddress: '127.0.0.2' }));
        assert.ok(told < stormers.length, 'the last of the storm, five seconds later, is told after it');
        await Promise.all(stormers);
        assert.equal((await relay.stats()).stats.totalConnections, 7);
    });
});

// Nothing is known of the upstream yet, so nothing is said to the client.
describe('a client whose upstream takes its time', { concurrency: true }, () => {
    async function heldCall(t, settings) {
        let held;
        const upstream = net.createServer((socket) => {
            held.resolve(socket.on('error', () => {}));
            socket.resume();
        });
        const dialled = new Promise((resolve) => (held = { resolve }));
        await new Promise((resolve) => upstream.listen(0, '127.0.0.1', resolve));
        t.after(() => upstream.close());
        const relay = await startRelay({ UPSTREAM_URL: `ws://127.0.0.1:${upstream.address().port}/v1/realtime`, ...settings });
        t.after(() => relay.kill());
        const call = new Call(relay.url());
        return { relay, call, dial: await within(dialled, 'the dial') };
    }

    it('is told 504 in the end', async (t) => {
        const { call } = await heldCall(t, { CONNECT_TIMEOUT: '200' });
        const { status, body } = await call.refusal();
        assert.equal(status, 504);
        assert.equal(body.error.code, 'upstream_unreachable');
    });

    it('is told 503 when the relay stops', async (t) => {
        const { relay, call } = await heldCall(t, { DRAIN_TIMEOUT: '0' });
        relay.signal('SIGTERM');
        const { status, headers, body } = await call.refusal();
        assert.equal(status, 503);
        assert.ok(Number(headers['retry-after']) > 0);
        assert.equal(body.error.code, 'relay_shutdown');
    });

    it('ends the dial by going away', async (t) => {
        const { relay, call, dial } = await heldCall(t, {});
        const ended = new Promise((resolve) => dial.on('close', resolve));
        call.socket.terminate();
        await within(ended, 'the end of the dial');
        await relay.entry('session_closed', { reason: 'client_vanished' });
    });
});
