// SPDX-License-Identifier: MIT
// What an upstream's refusal of the handshake means to OpenAI's official client: told in the upstream's own words, final
// where it is final, tried again where that may help. And that nobody storms the upstream by coming back at once.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import { OpenAIRealtimeWebSocket } from 'openai/realtime/websocket';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { Agent, fetch, WebSocket as NativeWebSocket } from 'undici';
import { Call } from './harness/call.mjs';
import { Authority } from './harness/certificates.mjs';
import { startRelay } from './harness/programs.mjs';
import { startUpstream } from './harness/rawpeer.mjs';
import { within } from './harness/waiting.mjs';

const key = 'Zebra-Refused-Key-1'; // does not look like one: only the relay that was given it can tell

/** An upstream that answers every upgrade with one and the same refusal, and counts them. */
class RefusingUpstream {
    upgrades = 0;
    keys = new Set();

    constructor(status, headers, body) {
        this.server = http.createServer((_, response) => response.writeHead(426).end());
        this.server.on('upgrade', (request, socket) => {
            ++this.upgrades;
            this.keys.add(request.headers.authorization);
            socket.on('error', () => {});
            const lines = Object.entries({ ...headers, 'Content-Length': Buffer.byteLength(body) })
                .map(([name, value]) => `${name}: ${value}\r\n`);
            socket.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
        });
    }

    async listen() {
        await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
        this.url = `ws://127.0.0.1:${this.server.address().port}/v1/realtime`;
        return this;
    }

    async stop() {
        await new Promise((resolve) => this.server.close(resolve));
    }
}

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
        const seen = { events: [], reconnectsOn: [] };
        call.on('error', () => {}); // the events say it; what else there is is that it came back in vain
        call.on('event', (event) => seen.events.push(event));
        call.on('reconnecting', ({ closeCode }) => seen.reconnectsOn.push(closeCode));
        seen.closes = await within(new Promise((resolve) => call.on('close', resolve)), 'the end of the call');
        return seen;
    }

    /** Plays the row. The client must be told `attempts` times, each time the same. */
    async function check(t, flavour, row, attempts) {
        const upstream = await new RefusingUpstream(row.status, row.headers, row.body).listen();
        t.after(() => upstream.stop());
        const relay = await startRelay({ UPSTREAM_URL: upstream.url, TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, DEBUG: '1' });
        t.after(() => relay.kill());
        const seen = await callBy(flavour, relay);

        assert.equal(seen.closes, row.closes);
        assert.deepEqual(seen.reconnectsOn, Array(attempts - 1).fill(row.closes));
        assert.equal(upstream.upgrades, attempts);
        assert.deepEqual([...upstream.keys], [`Bearer ${key}`]);
        const stats = await fetch(`https://localhost:${relay.port}/stats`, { dispatcher: agent });
        assert.equal((await stats.json()).stats.totalConnections, attempts);

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
        await relay.entry('session_closed', { reason: 'upstream_refused', code: row.closes });
        await relay.stop();
        for (const [whom, text] of [['client', JSON.stringify(seen)], ['journal', relay.output]])
            assert.ok(!text.includes(key), `the ${whom} is told the key`);
    }

    for (const flavour of ['ws', 'native']) {
        for (const row of final)
            it(`is final to the ${flavour} flavour: ${nameOf(row)}`, (t) => check(t, flavour, row, 1));
        for (const row of passing)
            it(`passes by itself for the ${flavour} flavour: ${nameOf(row)}`, (t) => check(t, flavour, row, 2));
    }
});

describe('a client that comes back at once', { concurrency: true }, () => {
    let nowhere; ///< where nobody listens any more

    before(async () => {
        const upstream = await startUpstream();
        nowhere = upstream.url;
        await upstream.stop();
    });

    async function relayToNowhere(t) {
        const relay = await startRelay({ UPSTREAM_URL: nowhere });
        t.after(() => relay.stop());
        return relay;
    }

    async function checkFailure(call) {
        assert.equal((await call.event('error')).error.code, 'upstream_unreachable');
        assert.equal((await call.end()).code, 1013);
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
