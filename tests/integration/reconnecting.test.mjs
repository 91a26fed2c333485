// SPDX-License-Identifier: MIT
// What OpenAI's official client does of its own where a call fails: it comes back through the relay as often as it would if it
// were connected directly, and not once where that is final. And that no client of any kind carries a storm to the upstream.
// What it is told: refusals.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { OpenAIRealtimeWebSocket } from 'openai/realtime/websocket';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { Agent, WebSocket as NativeWebSocket } from 'undici';
import { WebSocket, WebSocketServer } from 'ws';
import { Call, elsewhere, openCall, pageOrigin } from './harness/call.mjs';
import { Authority } from './harness/certificates.mjs';
import { startBoth, startRelay, startSimulator } from './harness/programs.mjs';
import { startUpstream } from './harness/rawpeer.mjs';
import { RefusingUpstream } from './harness/refusingupstream.mjs';
import { within } from './harness/waiting.mjs';

const apiKey = 'sk-reconnecting';
/** How often the client may come back; by itself it would four times. */
const mostReturns = 2;

const authority = new Authority();
const { cert, key, certFile, keyFile } = authority.issue();
const agent = new Agent({ connect: { ca: authority.cert } });
const nodesOwn = globalThis.WebSocket;

before(() => {
    globalThis.WebSocket = class extends NativeWebSocket { // a page's
        constructor(url, protocols) {
            super(url, { protocols, dispatcher: agent, headers: { origin: pageOrigin } });
        }
    };
});
after(async () => {
    globalThis.WebSocket = nodesOwn;
    await agent.close();
});

/** A call by the official client to a port of this machine, until it has given up. Resolves to how often it came back. */
async function callTo(port, flavour) {
    const client = new OpenAI({ apiKey, baseURL: `https://localhost:${port}/v1` });
    const options = { model: 'gpt-realtime', reconnect: true, maxReconnectAttempts: mostReturns, reconnectInitialDelay: 0 };
    const call = flavour === 'ws' ? new OpenAIRealtimeWS({ ...options, options: { ca: authority.cert } }, client)
        : new OpenAIRealtimeWebSocket(options, client);
    let returns = 0;
    call.on('error', () => {});
    call.on('reconnecting', () => ++returns);
    await within(new Promise((resolve) => call.on('close', resolve)), 'the end of the call');
    return returns;
}

function startTlsRelay(t, upstreamUrl) {
    return startRelay({ UPSTREAM_URL: upstreamUrl.replace('127.0.0.1', 'localhost'), UPSTREAM_CA_FILE: authority.certFile,
        TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile });
}

const error = (type, code) => JSON.stringify({ error: { type, code, message: 'No.', param: null } });
const json = { 'Content-Type': 'application/json' };

// A page of its `native` flavour sees no status and so never comes back directly; what it does of a close: refusals.
describe('the official client, refused', { concurrency: 4 }, () => {
    /** How many upgrades come to an upstream of this kind: directly, and through a relay. */
    async function upgrades(t, [status, body]) {
        const counts = [];
        for (const through of [false, true]) {
            const upstream = await new RefusingUpstream(status, json, body, { cert, key }).listen();
            t.after(() => upstream.stop());
            let { port } = upstream;
            if (through) {
                const relay = await startTlsRelay(t, upstream.url);
                t.after(() => relay.stop());
                port = relay.port;
            }
            await callTo(port, 'ws');
            counts.push(upstream.upgrades);
        }
        return counts;
    }

    for (const row of [
        [400, error('invalid_request_error', 'unknown_parameter')], [401, error('invalid_request_error', 'invalid_api_key')],
        [403, error('invalid_request_error', 'unsupported_country_region_territory')], [404, error('invalid_request_error', 'model_not_found')],
    ])
        it(`by ${row[0]}, comes once`, async (t) => assert.deepEqual(await upgrades(t, row), [1, 1]));
    // It goes by the status alone, so for a quota that is used up it comes back, also directly.
    for (const row of [
        [429, error('insufficient_quota', 'insufficient_quota')], [429, error('requests', 'rate_limit_exceeded')],
        [500, error('server_error', null)], [503, error('server_error', null)],
    ]) {
        it(`by ${row[0]} ${JSON.parse(row[1]).error.type}, comes as often as directly`, async (t) => {
            const [directly, through] = await upgrades(t, row);
            assert.equal(directly, 1 + mostReturns);
            assert.ok(through <= directly, `${through} upgrades instead of ${directly}`);
        });
    }
});

describe('the official client, let in and then turned out', { concurrency: 4 }, () => {
    for (const [code, final] of [[3000, true], [4000, true], [4004, true], [1013, false]]) {
        for (const flavour of ['ws', 'native']) {
            it(`with ${code}, comes as often as directly: ${flavour}`, async (t) => {
                const counts = [];
                for (const through of [false, true]) {
                    const simulator = await startSimulator(
                        ['--tls-cert', certFile, '--tls-key', keyFile, '--fault', `error:${code}`, '--print-handshakes']);
                    t.after(() => simulator.stop());
                    let { port } = simulator;
                    if (through) {
                        const relay = await startTlsRelay(t, simulator.url);
                        t.after(() => relay.stop());
                        port = relay.port;
                    }
                    await callTo(port, flavour);
                    await simulator.stop(); // then it has told all of them
                    counts.push(simulator.handshakes.length);
                }
                const [directly, through] = counts;
                assert.ok(through <= directly, `${through} upgrades instead of ${directly}`);
                if (final)
                    assert.deepEqual(counts, [1, 1]);
            });
        }
    }
});

describe('the official client, when there is no upstream', { concurrency: true }, () => {
    const nowhere = 1; // a port at which nobody listens

    it('comes back as often as directly', async (t) => {
        const relay = await startTlsRelay(t, `wss://127.0.0.1:${nowhere}/v1/realtime`);
        t.after(() => relay.stop());
        const directly = await callTo(nowhere, 'ws');
        const through = await callTo(relay.port, 'ws');
        assert.ok(through <= directly, `${through} returns instead of ${directly}`);
    });
    it('keeps its own bound as a page', async (t) => {
        const relay = await startTlsRelay(t, `wss://127.0.0.1:${nowhere}/v1/realtime`);
        t.after(() => relay.stop());
        assert.ok(await callTo(relay.port, 'native') <= mostReturns);
    });
});

// LiveKit's plugin for Node.js (@livekit/agents-plugin-openai 1.9.0) gives up when its first connection is closed before it is open,
// and after an error event with one of four codes; after every other end it comes back, at once and for ever, whatever the
// close code. Here is that rule alone: the plugin comes with LiveKit's own media libraries, hundreds of MB.
describe("LiveKit's agents", { concurrency: 4 }, () => {
    const final = ['insufficient_quota', 'invalid_api_key', 'account_deactivated', 'billing_hard_limit_reached'];

    /** Comes back by its rule, for so many milliseconds at most. */
    async function agent(url, ms) {
        const end = performance.now() + ms;
        for (let goesOn = true; goesOn && performance.now() < end;) {
            const socket = new WebSocket(url, { headers: { Authorization: `Bearer ${apiKey}`, 'User-Agent': 'LiveKit-Agents-JS' }, ...address });
            let opened = false;
            socket.on('error', () => {}).on('open', () => (opened = true));
            socket.on('message', (data) => {
                const { type, error: told } = JSON.parse(data);
                if (type === 'error' && final.includes(told.code || told.type)) {
                    goesOn = false;
                    socket.close();
                }
            });
            await within(new Promise((resolve) => socket.on('close', resolve)), 'the end of its connection');
            goesOn &&= opened;
        }
    }
    const address = elsewhere();

    for (const [status, body] of [
        [401, error('invalid_request_error', 'invalid_api_key')], [429, error('insufficient_quota', 'insufficient_quota')],
        [429, error('requests', 'rate_limit_exceeded')], [503, error('server_error', null)],
    ]) {
        it(`comes once when it is refused with ${status} ${JSON.parse(body).error.type}, as directly`, async (t) => {
            for (const through of [false, true]) {
                const upstream = await new RefusingUpstream(status, json, body).listen();
                t.after(() => upstream.stop());
                let { url } = upstream;
                if (through) {
                    const relay = await startRelay({ UPSTREAM_URL: url });
                    t.after(() => relay.stop());
                    url = relay.url();
                }
                await agent(url, 3000);
                assert.equal(upstream.upgrades, 1);
            }
        });
    }

    it('comes once when it is turned out for its key', async (t) => {
        const { relay, simulator } = await startBoth();
        t.after(() => simulator.stop());
        t.after(() => relay.stop());
        await agent(relay.url('simulate=error:3000'), 3000);
        assert.equal((await relay.stats()).stats.totalConnections, 1);
    });

    it('comes no more than once a second when it is turned out for what may pass', async (t) => {
        const upstream = await startUpstream();
        t.after(() => upstream.stop());
        const relay = await startRelay({ UPSTREAM_URL: upstream.url });
        t.after(() => relay.stop());
        const turningOut = (async () => {
            for (;;) {
                const peer = await upstream.next();
                peer.text(JSON.stringify({ type: 'error', error: { type: 'server_error', code: 'server_overloaded' } }));
                peer.close(1013, 'later');
            }
        })().catch(() => {});
        await agent(relay.url(), 3500);
        await upstream.stop();
        void turningOut;
        assert.ok(upstream.connections > 1 && upstream.connections <= 6, `${upstream.connections} calls`);
    });
});

// Whoever comes back in its close handler, without a pause and without an end.
describe('a client that always comes back at once', { concurrency: true }, () => {
    const seconds = 4;

    /** How many calls it brought about in so many seconds of comings back. */
    async function storm(relay, query, options) {
        const address = elsewhere();
        let goesOn = true;
        let socket;
        const started = performance.now();
        await new Promise((resolve) => {
            const connect = () => {
                socket = new WebSocket(relay.url(query), { headers: { Authorization: `Bearer ${apiKey}` }, ...address, ...options });
                socket.on('error', () => {});
                socket.on('close', () => (goesOn ? connect() : resolve()));
            };
            setTimeout(() => {
                goesOn = false;
                socket.terminate();
            }, seconds * 1000);
            connect();
        });
        const { totalConnections } = (await relay.stats()).stats;
        return { calls: totalConnections, perSecond: (totalConnections - 2) / ((performance.now() - started) / 1000) };
    }

    for (const [who, options] of [['a page', { origin: pageOrigin }], ['a program', {}]]) {
        for (const [what, query] of [
            ['refused with 401', 'simulate=refuse:401'], ['refused with 429', 'simulate=refuse:429'],
            ['dropped after a word', 'simulate=vanish'], ['turned out with a word', 'simulate=error:3000'],
        ]) {
            it(`fails about once a second: ${who}, ${what}`, async (t) => {
                const { relay, simulator } = await startBoth();
                t.after(() => simulator.stop());
                t.after(() => relay.stop());
                const { calls, perSecond } = await storm(relay, query, options);
                assert.ok(calls >= 1 && perSecond <= 1.2, `${calls} calls`);
            });
        }
        it(`fails about once a second: ${who}, dropped before a word`, async (t) => {
            const server = new WebSocketServer({ port: 0, host: '127.0.0.1' }).on('connection', (socket) => socket.terminate());
            await new Promise((resolve) => server.once('listening', resolve));
            t.after(() => server.close());
            const relay = await startRelay({ UPSTREAM_URL: `ws://127.0.0.1:${server.address().port}/v1/realtime` });
            t.after(() => relay.stop());
            const { calls, perSecond } = await storm(relay, 'model=m', options);
            assert.ok(calls >= 1 && perSecond <= 1.2, `${calls} calls`);
        });
        it(`fails about once a second: ${who}, without an upstream`, async (t) => {
            const relay = await startRelay({ UPSTREAM_URL: 'ws://127.0.0.1:1/v1/realtime' });
            t.after(() => relay.stop());
            const { calls, perSecond } = await storm(relay, 'model=m', options);
            assert.ok(calls >= 1 && perSecond <= 1.2, `${calls} calls`);
        });
    }
});

// Or keeps many calls under way side by side, which all come back at once.
describe('many clients of one address that always come back at once', { concurrency: true }, () => {
    const clients = 60;
    const seconds = 7;
    /** Those that are let try before anything is known of them, and what is let pass a little later. */
    const mostAtFirst = clients + 10;

    for (const [who, options] of [['pages', { origin: pageOrigin }], ['programs', {}]]) {
        it(`bring about one failing call a second: ${who}`, async (t) => {
            const upstream = await new RefusingUpstream(401, json, error('invalid_request_error', 'invalid_api_key')).listen();
            t.after(() => upstream.stop());
            const relay = await startRelay({ UPSTREAM_URL: upstream.url });
            t.after(() => relay.kill());
            const address = elsewhere();
            let goesOn = true;
            const started = performance.now();
            const sockets = new Set();
            const loops = Array.from({ length: clients }, async () => {
                while (goesOn) {
                    await new Promise((resolve) => {
                        const socket = new WebSocket(relay.url(), { headers: { Authorization: `Bearer ${apiKey}` }, ...address, ...options });
                        sockets.add(socket.on('error', () => {}).on('close', () => {
                            sockets.delete(socket);
                            resolve();
                        }));
                    });
                }
            });
            await sleep(seconds * 1000);
            await relay.entry('refused', { code: 'too_many_failing_calls' }); // by then, unless the machine is busy
            goesOn = false;
            sockets.forEach((socket) => socket.terminate());
            await Promise.all(loops);
            const lasted = (performance.now() - started) / 1000;
            assert.ok(upstream.upgrades <= mostAtFirst + 1.2 * lasted, `${upstream.upgrades} in ${lasted.toFixed(1)} s`);
            const { rejected } = await relay.stats();
            assert.ok(rejected.too_many_failing_calls > 0);
            assert.ok(rejected.too_many_failing_calls < 6 * clients, 'they are told late'); // or it would be thousands
            assert.equal(relay.entries.filter(({ event }) => event === 'refused').length, 1);
            const other = new Call(relay.url(), { key: 'sk-none-of-them', ...elsewhere() });
            assert.equal((await other.refusal()).body.error.code, 'invalid_api_key');
            assert.equal(upstream.keys.get('Bearer sk-none-of-them'), 1);
        });
    }

    it('do not keep the healthy calls beside them out', async (t) => {
        const { relay, simulator } = await startBoth();
        t.after(() => simulator.stop());
        t.after(() => relay.stop());
        const address = elsewhere();
        for (let i = 0; i < 3; ++i) { // one that fails, and comes back at once
            const failing = new Call(relay.url('simulate=refuse:401'), address).refusal();
            const healthy = await openCall(relay.url(), address);
            await healthy.event('session.created');
            await healthy.close(1000);
            assert.equal((await failing).status, 401);
        }
    });
});
