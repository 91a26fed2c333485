// SPDX-License-Identifier: MIT
// Who may call with an access token, and who may not: by each way that a token comes, to each kind of client. The upstream is
// asked with the held key for them and for nobody else, and never sees a token.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import { OpenAIRealtimeWebSocket } from 'openai/realtime/websocket';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { Agent, fetch, WebSocket as NativeWebSocket } from 'undici';
import { inSeconds, known, makeKey, postgresStore, sqliteStore, startKeeper, Tokens } from './harness/access.mjs';
import { BillingUpstream, startBillingUpstream } from './harness/billingupstream.mjs';
import { Call, elsewhere, openCall, openPageCall, pageOrigin } from './harness/call.mjs';
import { Authority } from './harness/certificates.mjs';
import { noPostgres } from './harness/postgres.mjs';
import { startRelay } from './harness/programs.mjs';
import { notAtMidnight, until, within } from './harness/waiting.mjs';

before(notAtMidnight);

const authority = new Authority();
const { certFile, keyFile } = authority.issue();
const ca = authority.cert;
const otherOrigin = 'http://localhost:4321'; // which every relay lets in, too
const ofPage = (token) => ({ key: null, protocols: ['realtime', `openai-insecure-api-key.${token}`] });
const madeUp = () => `ek_rr_${randomBytes(24).toString('base64url')}`;

/** A client by OpenAI's SDK, from an address of its own. */
function sdk(port, apiKey) {
    const { localAddress } = elsewhere();
    const dispatcher = new Agent({ connect: { ca, localAddress } });
    return new OpenAI({ apiKey, baseURL: `https://127.0.0.1:${port}/v1`, maxRetries: 0,
        fetch: (url, init) => fetch(url, { ...init, dispatcher }) });
}

/** What the SDK's request for a short-lived token comes to: { value } or { status, code }. */
function mint(port, apiKey, model = 'gpt-realtime') {
    return sdk(port, apiKey).realtime.clientSecrets.create({ session: { type: 'realtime', model } })
        .catch(({ status, code }) => ({ status, code }));
}

/** Counts the connections to a port that go through it. */
async function startDoor(t, port) {
    const door = { came: 0 };
    const sockets = new Set();
    const address = elsewhere();
    const server = net.createServer((client) => {
        ++door.came;
        const relay = net.connect({ port, host: '127.0.0.1', ...address });
        for (const [socket, other] of [[client, relay], [relay, client]]) {
            sockets.add(socket);
            socket.on('error', () => {}).on('close', () => other.destroy());
        }
        client.pipe(relay).pipe(client);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => {
        sockets.forEach((socket) => socket.destroy());
        return new Promise((resolve) => server.close(resolve));
    });
    door.port = server.address().port;
    return door;
}

// Who comes with what, and what that comes to. `status`, `code`: of an HTTP answer, null for one that is well; `closes`: what a
// page's call is closed with; `pagesAlone`, `callsAlone`: programs, and requests for short-lived tokens, are let in all the same.
const matrix = [
    { who: 'good', status: null },
    { who: 'expired', status: 401, code: 'invalid_api_key', closes: 3000 },
    { who: 'revoked', status: 401, code: 'invalid_api_key', closes: 3000 },
    { who: 'nobody\'s', status: 401, code: 'invalid_api_key', closes: 3000 },
    { who: 'elsewhere', status: 403, code: 'origin_not_allowed', pagesAlone: true }, // before the 101, as with ALLOWED_ORIGINS
    { who: 'other model', status: 403, code: 'model_not_allowed', closes: 3003 },
    { who: 'busy', status: 429, code: 'too_many_calls_with_token', closes: 1013, callsAlone: true },
    { who: 'poor', status: 429, code: 'insufficient_quota', closes: 4411 },
];

describe('access tokens', { concurrency: 8 }, () => {
    const held = makeKey('held');
    const own = makeKey('own');
    const tokens = new Tokens(sqliteStore().url);
    const all = {};
    const nodesOwn = globalThis.WebSocket;
    const pages = new Agent({ connect: { ca } });
    let upstream;
    let relay;

    before(async () => {
        globalThis.WebSocket = class extends NativeWebSocket { // a page's
            constructor(url, protocols) {
                super(url, { protocols, dispatcher: pages, headers: { origin: pageOrigin } });
            }
        };
        upstream = await new BillingUpstream({ keys: [held, own] }).listen();
        all.good = await tokens.add('good', { models: 'gpt-realtime,gpt-realtime-mini', origins: `${pageOrigin},https://*.example.org` });
        const soon = inSeconds(10);
        all.expired = await tokens.add('expired', { expires: soon });
        all.revoked = await tokens.add('revoked');
        all['nobody\'s'] = madeUp();
        all.elsewhere = await tokens.add('elsewhere', { origins: otherOrigin });
        all['other model'] = await tokens.add('other model', { models: 'gpt-realtime-mini' });
        all.busy = await tokens.add('busy', { calls: 1 });
        all.poor = await tokens.add('poor', { 'usd-a-day': 1 });
        await tokens.revoke('revoked');
        relay = await startRelay({ UPSTREAM_URL: upstream.url, STORE_URL: tokens.url, OPENAI_API_KEY: held, TLS_CERT_FILE: certFile,
            TLS_KEY_FILE: keyFile, ALLOWED_ORIGINS: `${pageOrigin},${otherOrigin}`, LOG_LEVEL: 'debug' });
        // One call of the one, and all the money of the other.
        await openCall(relay.url(), { key: all.busy, ca });
        const spender = await openCall(relay.url(), { key: all.poor, ca });
        spender.send({ type: 'response.create' });
        assert.equal((await spender.end()).code, 4411);
        await until(() => Date.now() > Date.parse(soon), 'a token to expire');
    });
    after(async () => {
        globalThis.WebSocket = nodesOwn;
        await pages.close();
        await relay.stop();
        await upstream.stop();
        for (const token of Object.values(all)) {
            assert.ok(!upstream.seen.includes(token), 'the upstream has seen a token');
            assert.ok(!relay.output.includes(token), 'the journal holds a token');
        }
        assert.ok(!upstream.seen.includes('ek_rr_'));
        assert.ok(!relay.output.includes(held), 'the journal holds the key');
    });

    const opens = async (call) => {
        await call.open();
        await call.event('session.created');
        await call.close(1000);
    };

    for (const { who, status, code, closes, pagesAlone, callsAlone } of matrix) {
        it(`${who}: a program's call`, async () => {
            const call = new Call(relay.url(), { key: all[who], ca, ...elsewhere() });
            if (!status || pagesAlone)
                return opens(call);
            const refusal = await call.refusal();
            assert.equal(refusal.status, status);
            assert.equal(refusal.body.error.code, code);
            assert.ok(!JSON.stringify(refusal).includes(all[who]));
        });

        it(`${who}: a page's call`, async () => {
            const call = new Call(relay.url(), { ...ofPage(all[who]), origin: pageOrigin, ca, ...elsewhere() });
            if (!status)
                return opens(call);
            if (pagesAlone) {
                const refusal = await call.refusal();
                assert.equal(refusal.status, status);
                assert.equal(refusal.body.error.code, code);
                return null;
            }
            await call.open();
            const { error } = await call.event('error');
            assert.equal(error.code, code);
            const end = await call.end();
            assert.equal(end.code, closes);
            assert.equal(end.reason, `${error.type}.${code}`);
        });

        it(`${who}: a short-lived token by the SDK`, async () => {
            const answer = await mint(relay.port, all[who]);
            if (!status || pagesAlone || callsAlone) {
                assert.match(answer.value, /^ek_rr_m\./);
                assert.ok([...upstream.minted.values()].includes(held));
                assert.ok(!upstream.minted.has(answer.value));
            } else {
                assert.deepEqual(answer, { status, code });
            }
        });

        if (!status || pagesAlone)
            continue;
        for (const flavour of ['ws', 'native']) {
            it(`${who}: the SDK comes once where that is final: ${flavour}`, async (t) => {
                const most = 2;
                const door = await startDoor(t, relay.port);
                const client = new OpenAI({ apiKey: all[who], baseURL: `https://127.0.0.1:${door.port}/v1` });
                const options = { model: 'gpt-realtime', reconnect: true, maxReconnectAttempts: most, reconnectInitialDelay: 0 };
                const call = flavour === 'ws' ? new OpenAIRealtimeWS({ ...options, options: { ca } }, client)
                    : new OpenAIRealtimeWebSocket(options, client);
                call.on('error', () => {});
                await within(new Promise((resolve) => call.on('close', resolve)), 'the end of the call');
                // A program goes by the status alone, so that it tries again after every 429.
                const isFinal = flavour === 'ws' ? status !== 429 : closes !== 1013;
                assert.equal(door.came, isFinal ? 1 : 1 + most);
            });
        }
    }

    it('come as every key does, and the upstream sees the held one instead', async () => {
        const token = all.good;
        const options = { ca, origin: pageOrigin };
        for (const [query, more] of [
            ['', { key: token }],
            ['', { key: null, headers: { authorization: `bearer ${token}` } }],
            ['', { key: null, headers: { 'api-key': token } }],
            ['', ofPage(token)],
            [`&api-key=${token}&b=1`, { key: null }],
            [`&api-key=${token}`, { key: token, headers: { 'api-key': token } }],
            [`&api-key=x&api-key=${token}`, { key: token }],
        ]) {
            const mark = `m${randomBytes(4).toString('hex')}`;
            const call = await openCall(relay.url(`model=gpt-realtime&mark=${mark}${query}`), { ...options, ...more });
            assert.equal(call.socket.protocol, more.protocols ? 'realtime' : '');
            await call.event('session.created');
            await call.close(1000);
            const seen = upstream.upgrades.filter(({ url }) => url.includes(mark));
            assert.equal(seen.length, 1);
            assert.equal(seen[0].headers.authorization, `Bearer ${held}`);
        }
    });

    it('beside a client\'s own key, which passes as ever', async () => {
        const call = await openCall(relay.url('model=gpt-realtime&a=%41&mark=own'), { key: own, ca });
        call.send({ type: 'response.create' });
        await call.event('response.done');
        await call.close(1000);
        const [seen] = upstream.upgrades.filter(({ url }) => url.includes('mark=own'));
        assert.equal(seen.url, '/v1/realtime?model=gpt-realtime&a=%41&mark=own');
        assert.equal(seen.headers.authorization, `Bearer ${own}`);
        await relay.heard(() => relay.entries.some(({ event, cost_usd, access }) =>
            event === 'session_closed' && cost_usd === '1.000000' && access === undefined), 'its end, with what it cost');
        const { value } = await mint(relay.port, own);
        assert.equal(upstream.minted.get(value), own);
        assert.deepEqual(await mint(relay.port, makeKey('wrong')), { status: 401, code: 'invalid_api_key' }); // the upstream's word
    });

    it('reach no other request', async () => {
        const recording = await fetch(`https://127.0.0.1:${relay.port}/v1/live/sessions/live_1/content`, {
            dispatcher: pages, headers: { Authorization: `Bearer ${all.good}` } });
        assert.equal(recording.status, 403);
        assert.ok(!upstream.requests.some(({ url }) => url.includes('live_1')));
    });

    it('stand in the journal by their names', async () => {
        const call = await openCall(relay.url('model=gpt-realtime-mini'), { key: all.good, ca });
        await call.close(1000);
        await relay.entry('session_opened', { access: 'good', model: 'gpt-realtime-mini' });
        await relay.entry('session_closed', { access: 'good', model: 'gpt-realtime-mini' });
    });
});

describe('a held key', { concurrency: true }, () => {
    const held = makeKey('held');

    async function servesNobody(t, store) {
        const upstream = await startBillingUpstream(t, { keys: [held, 'sk-own'] });
        const relay = await startKeeper(t, store, upstream, { OPENAI_API_KEY: held, ALLOWED_ORIGINS: '*' });
        const refused = async (options) => (await new Call(relay.url(), { ...options, ...elsewhere() }).refusal()).status;
        assert.equal(await refused({ key: null }), 401);
        assert.equal(await refused({ key: madeUp() }), 401);
        assert.equal(await refused({ key: 'ek_rr_' }), 401);
        assert.equal(await refused({ key: 'sk-wrong' }), 401); // by the upstream
        for (const options of [{ key: null }, ofPage(madeUp())]) {
            const page = await openPageCall(relay.url(), { ...options, origin: 'https://anywhere.example', ...elsewhere() });
            assert.equal((await page.event('error')).error.code, 'invalid_api_key');
            assert.equal((await page.end()).code, 3000);
        }
        const { status } = await relay.request('/v1/realtime/client_secrets', { method: 'POST', body: '{}' });
        assert.equal(status, 401);
        const call = await openCall(relay.url(), { key: 'sk-own' });
        await call.close(1000);
        assert.deepEqual(upstream.calls.map(({ key }) => key), ['sk-own']);
        assert.ok(!upstream.seen.includes(held));
        await relay.entry('held_key_idle');
    }
    it('serves nobody without a store, whoever may come in', (t) => servesNobody(t, { url: '' }));
    it('serves nobody without access tokens, whoever may come in', (t) => servesNobody(t, sqliteStore()));

    it('that is missing is told to who comes with a token', async (t) => {
        const upstream = await startBillingUpstream(t);
        const tokens = new Tokens(sqliteStore().url);
        const token = await tokens.add('demo');
        const relay = await startKeeper(t, tokens, upstream);
        const { status, body } = await new Call(relay.url(), { key: token }).refusal();
        assert.equal(status, 401);
        assert.match(body.error.message, /key/);
        assert.equal(upstream.upgrades.length, 0);
        await until(async () => (await relay.stats()).troubles.some(({ code }) => code === 'held_key_missing'), 'the trouble');
        const call = await openCall(relay.url(), { key: 'sk-own' });
        await call.close(1000);
    });

    it('may stand in a file, and is another when that is', async (t) => {
        const store = sqliteStore();
        const file = `${store.file}.key`;
        const next = makeKey('next');
        writeFileSync(file, `${held}\n`, { mode: 0o600 });
        const upstream = await startBillingUpstream(t, { keys: [held, next] });
        const tokens = new Tokens(store.url);
        const token = await tokens.add('demo');
        const relay = await startKeeper(t, tokens, upstream, { OPENAI_API_KEY_FILE: file });
        const keyOfACall = async () => {
            const call = await openCall(relay.url(), { key: token });
            await call.close(1000);
            return upstream.calls.at(-1).key;
        };
        assert.equal(await keyOfACall(), held);
        writeFileSync(file, next);
        relay.reload();
        await relay.entry('reloaded');
        assert.equal(await keyOfACall(), next);
    });
});

describe('tokens beside a running relay', { concurrency: true }, () => {
    async function startOne(t, settings = {}) {
        const held = makeKey('held');
        const upstream = await startBillingUpstream(t, { keys: [held] });
        const tokens = new Tokens(sqliteStore().url);
        const relay = await startKeeper(t, tokens, upstream, { OPENAI_API_KEY: held, ...settings });
        return { upstream, tokens, relay };
    }
    /** When a relay has obeyed is told, and not asserted. */
    const timed = async (t, what, wait) => {
        const begin = performance.now();
        await wait;
        t.diagnostic(`${what} after ${Math.round(performance.now() - begin)} ms`);
    };

    it('are known at once, changed, and revoked with their calls', async (t) => {
        const { upstream, tokens, relay } = await startOne(t);
        const token = await tokens.add('demo', { calls: 3 });
        await timed(t, 'known', known(relay, token));
        const calls = [await openCall(relay.url(), { key: token }), await openPageCall(relay.url(), ofPage(token))];
        const { value } = (await relay.request('/v1/realtime/client_secrets', { method: 'POST', body: '{}',
            headers: { Authorization: `Bearer ${token}` } })).json();
        calls.push(await openCall(relay.url(), { key: value }));
        const upstreams = [...upstream.minted.keys()].at(-1);
        assert.deepEqual(upstream.calls.map(({ key }) => key), [...upstream.keys, ...upstream.keys, upstreams]);
        const { status } = await new Call(relay.url(), { key: token, ...elsewhere() }).refusal();
        assert.equal(status, 429); // there are three

        await tokens.set('demo', { calls: 4 });
        await timed(t, 'changed', until(async () => {
            const call = new Call(relay.url(), { key: token, ...elsewhere() });
            const isOpen = await call.open().then(() => true, () => false);
            if (isOpen)
                calls.push(call);
            return isOpen;
        }, 'the new terms'));
        const ends = calls.map((call) => call.event('error').then(async ({ error }) => [error.code, (await call.end()).code]));
        await tokens.revoke('demo');
        await timed(t, 'revoked', Promise.all(ends));
        for (const end of ends)
            assert.deepEqual(await end, ['invalid_api_key', 4412]);
        for (const key of [token, value])
            assert.equal((await new Call(relay.url(), { key, ...elsewhere() }).refusal()).status, 401);
        await relay.entry('session_closed', { reason: 'access_ended', code: 4412, access: 'demo' });
        await until(() => upstream.calls.every(({ socket }) => socket.readyState === socket.CLOSED), 'the ends at the upstream');
    });

    it('are kept by a command line that says what is wrong', async () => {
        const tokens = new Tokens(sqliteStore().url);
        await tokens.add('demo', { 'usd-a-day': '2.5', origins: 'https://a.example,https://*.b.example' });
        const text = await tokens.list();
        for (const part of ['demo', 'good', '0.00 of 2.50', 'https://a.example,https://*.b.example'])
            assert.ok(text.includes(part), `${part} in ${text}`);
        await tokens.set('demo', { name: 'stand-7', 'usd-a-day': 'none' });
        assert.match(await tokens.list(), /^stand-7 +good +- +- /m);
        for (const [code, ...args] of [
            [3, 'add', 'stand-7'], [3, 'revoke', 'demo'], [3, 'set', 'demo', '--calls=1'], [2, 'add'], [2, 'list', '--calls=1'],
            [2, 'add', 'x', '--expires=2020-01-01'], [2, 'add', 'x', '--usd-a-day=-1'], [2, 'give', 'x'],
        ]) {
            const result = await tokens.run(...args);
            assert.equal(result.code, code, `${args.join(' ')}: ${result.stderr}`);
            assert.ok(result.stderr.length > 20, 'in words');
        }
        assert.equal((await new Tokens('').run('list')).code, 2);
        assert.equal((await new Tokens(`${tokens.url}/no-folder`).run('list')).code, 1);
        await tokens.revoke('stand-7');
        assert.match(await tokens.list(), /^stand-7 +revoked /m);
        await tokens.add('stand-7'); // another one, under a name that is free again
    });

    it('end with their calls when they expire', async (t) => {
        const { tokens, relay } = await startOne(t);
        const token = await tokens.add('short', { expires: '1h' });
        await known(relay, token);
        const call = await openCall(relay.url(), { key: token });
        await tokens.set('short', { expires: inSeconds(10) });
        assert.equal((await call.event('error')).error.code, 'invalid_api_key');
        assert.equal((await call.end()).code, 4412);
        assert.equal((await new Call(relay.url(), { key: token, ...elsewhere() }).refusal()).status, 401);
    });
});

describe('a short-lived token on two relays of one store', { skip: noPostgres }, () => {
    it('is the access token that it was made with, on both', async (t) => {
        const held = makeKey('held');
        const upstream = await startBillingUpstream(t, { keys: [held] });
        const store = await postgresStore(t);
        const tokens = new Tokens(store.url);
        const token = await tokens.add('demo', { models: 'gpt-realtime' });
        const settings = { OPENAI_API_KEY: held };
        const [one, other, keyless] = await Promise.all([settings, settings, {}].map((each) => startKeeper(t, store, upstream, each)));
        const { value } = (await one.request('/v1/realtime/client_secrets', { method: 'POST', headers: { Authorization: `Bearer ${token}` },
            body: JSON.stringify({ session: { type: 'realtime', model: 'gpt-realtime' } }) })).json();
        const [upstreams] = upstream.minted.keys();
        assert.match(value, /^ek_rr_m\.[\w-]{32}$/); // so that it is of no use elsewhere
        assert.ok(!(await store.dump()).includes(Buffer.from(upstreams).toString('hex')));
        const calls = [];
        for (const relay of [one, other]) {
            const call = await openCall(relay.url(), { key: value });
            await call.event('session.created');
            assert.equal(upstream.calls.at(-1).key, upstreams);
            await relay.entry('session_opened', { access: 'demo' });
            calls.push(call);
            const { body } = await new Call(relay.url('model=gpt-realtime-mini'), { key: value, ...elsewhere() }).refusal();
            assert.equal(body.error.code, 'model_not_allowed');
        }
        // One that holds no key serves nobody's.
        assert.equal((await new Call(keyless.url(), { key: value, ...elsewhere() }).refusal()).status, 401);
        const ends = calls.map((call) => call.end());
        await tokens.revoke('demo');
        for (const end of ends)
            assert.equal((await end).code, 4412);
        // And one that nobody here has made is the client's own.
        const elsewheres = await new Call(one.url(), { key: 'ek_0123456789abcdef', ...elsewhere() }).refusal();
        assert.equal(elsewheres.status, 401);
        assert.equal(upstream.upgrades.at(-1).headers.authorization, 'Bearer ek_0123456789abcdef');
        assert.ok(!upstream.seen.includes('ek_rr_'));
    });
});
