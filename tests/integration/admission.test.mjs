// SPDX-License-Identifier: MIT
// Who is let in, and how the others are told.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Call, openCall } from './harness/call.mjs';
import { startRelay, startSimulator } from './harness/programs.mjs';
import { until } from './harness/waiting.mjs';

describe('admission', () => {
    let simulator;

    before(async () => {
        simulator = await startSimulator();
    });
    after(() => simulator.stop());

    async function relayWith(t, settings) {
        const relay = await startRelay({ UPSTREAM_URL: simulator.url, ...settings });
        t.after(() => relay.stop());
        return relay;
    }

    async function checkRefusal(call, status, type, code) {
        const refusal = await call.refusal();
        assert.equal(refusal.status, status);
        assert.equal(refusal.headers['content-type'], 'application/json');
        assert.equal(refusal.body.error.type, type);
        assert.equal(refusal.body.error.code, code);
        assert.ok(refusal.body.error.message.length > 10);
        return refusal;
    }

    const allowed = (relay, origin) => openCall(relay.url(), { origin }).then((call) => call.close(1000));
    const forbidden = (relay, origin) =>
        checkRefusal(new Call(relay.url(), { origin }), 403, 'invalid_request_error', 'origin_not_allowed');

    it('lets pages on this machine in, and no others, unless told otherwise', async (t) => {
        const relay = await relayWith(t);
        for (const origin of ['http://localhost', 'http://localhost:5173', 'https://localhost:3000',
            'http://127.0.0.1:8000', undefined])
            await allowed(relay, origin);
        for (const origin of ['https://app.example.org', 'http://localhost.evil.example', 'null', 'http://localhost:x',
            'http://localhost@evil.example', 'file://'])
            await forbidden(relay, origin);
        await relay.entry('refused', { code: 'origin_not_allowed', status: 403, origin: 'https://app.example.org' });
        assert.equal((await relay.stats()).rejected.origin_not_allowed, 6);
    });

    it('lets in the pages that are named', async (t) => {
        const relay = await relayWith(t, { ALLOWED_ORIGINS: 'https://app.example.org, https://*.example.com, http://localhost:*' });
        for (const origin of ['https://app.example.org', 'https://a.example.com', 'https://a.b.example.com', 'http://localhost:1'])
            await allowed(relay, origin);
        for (const origin of ['http://app.example.org', 'https://app.example.org:8443', 'https://example.org',
            'https://evilexample.com', 'https://a.example.com.evil.example', 'https://localhost:1'])
            await forbidden(relay, origin);
    });

    it('lets every page in when told so', async (t) => {
        const relay = await relayWith(t, { ALLOWED_ORIGINS: '*' });
        await allowed(relay, 'https://anything.example');
        const { headers } = await relay.request('/health', { headers: { Origin: 'https://anything.example' } });
        assert.ok(['*', 'https://anything.example'].includes(headers['access-control-allow-origin']));
    });

    it('has places for so many calls, and for another one when one is over', async (t) => {
        const relay = await relayWith(t, { MAX_CONNECTIONS: '2' });
        const first = await openCall(relay.url());
        const second = await openCall(relay.url());
        const { headers } = await checkRefusal(new Call(relay.url()), 503, 'server_error', 'relay_full');
        assert.ok(Number(headers['retry-after']) > 0);
        assert.equal((await relay.request('/health')).status, 200);
        await first.close(1000);
        await relay.ended(1); // or it might be counted beside the next
        const third = await until(async () => openCall(relay.url()).catch(() => null), 'a place');
        await second.close(1000);
        await third.close(1000);
        assert.equal((await relay.stats()).peakConnections, 2);
    });

    it('has places for so many calls of one address', async (t) => {
        const relay = await relayWith(t, { MAX_CONNECTIONS_PER_IP: '1' });
        const one = await openCall(relay.url());
        await checkRefusal(new Call(relay.url()), 429, 'rate_limit_error', 'too_many_connections_from_address');
        const other = await openCall(relay.url(), { localAddress: '127.0.0.2' });
        await one.close(1000);
        await until(async () => openCall(relay.url()).then((call) => call.close(1000), () => null), 'a place');
        await other.close(1000);
    });

    it('lets an address open so many calls a minute', async (t) => {
        const relay = await relayWith(t, { CONNECTION_RATE_PER_IP: '2' });
        for (let i = 0; i < 2; ++i)
            await (await openCall(relay.url())).close(1000);
        const { headers } = await checkRefusal(new Call(relay.url()), 429, 'rate_limit_error', 'connection_rate_exceeded');
        const wait = Number(headers['retry-after']);
        assert.ok(wait > 0 && wait <= 30, String(wait));
        await (await openCall(relay.url(), { localAddress: '127.0.0.3' })).close(1000);
        assert.equal((await relay.request('/health')).status, 200);
    });

    it('believes no X-Forwarded-For of a stranger', async (t) => {
        const relay = await relayWith(t, { MAX_CONNECTIONS_PER_IP: '1', TRUSTED_PROXIES: '10.0.0.0/8' });
        const one = await openCall(relay.url(), { headers: { 'X-Forwarded-For': '203.0.113.1' } });
        await checkRefusal(new Call(relay.url(), { headers: { 'X-Forwarded-For': '203.0.113.2' } }),
            429, 'rate_limit_error', 'too_many_connections_from_address');
        await relay.entry('session_opened', { client: '127.0.0.1' });
        await one.close(1000);
    });

    it('believes a trusted proxy, and takes the right-most address it does not trust', async (t) => {
        const relay = await relayWith(t, { MAX_CONNECTIONS_PER_IP: '1', TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8' });
        const from = (forwarded, options) => new Call(relay.url(), { headers: { 'X-Forwarded-For': forwarded }, ...options });
        const calls = [];
        for (const [forwarded, client] of [
            ['203.0.113.1', '203.0.113.1'],
            ['198.51.100.9, 203.0.113.2, 10.1.2.3', '203.0.113.2'],
            ['2001:db8:1::1', '2001:db8:1::1'],
            ['[2001:db8:2::1]:4711', '2001:db8:2::1'],
            ['203.0.113.3:4711', '203.0.113.3'],
            ['198.51.100.9, nonsense', '127.0.0.1'],
        ]) {
            calls.push(await from(forwarded).open());
            await relay.entry('session_opened', { client });
        }
        await checkRefusal(from('203.0.113.2'), 429, 'rate_limit_error', 'too_many_connections_from_address');
        await checkRefusal(from('203.0.113.99, 203.0.113.1'), 429, 'rate_limit_error', 'too_many_connections_from_address');
        // One IPv6 customer has a whole /64.
        await checkRefusal(from('2001:db8:1::2'), 429, 'rate_limit_error', 'too_many_connections_from_address');
        // From an address that is no proxy it counts for nothing.
        calls.push(await from('203.0.113.50', { localAddress: '127.0.0.9' }).open());
        await relay.entry('session_opened', { client: '127.0.0.9' });
        for (const call of calls)
            await call.close(1000);
    });

    it('keeps its count when calls come and go in a crowd', async (t) => {
        const relay = await relayWith(t, { MAX_CONNECTIONS: '10' });
        for (let round = 0; round < 3; ++round) {
            const attempts = await Promise.allSettled(Array.from({ length: 30 }, () => openCall(relay.url())));
            const open = attempts.filter(({ status }) => status === 'fulfilled').map(({ value }) => value);
            assert.equal(open.length, 10);
            await Promise.all(open.map((call, i) => (i % 2 ? call.close(1000) : call.socket.terminate())));
            await relay.ended(10 * (round + 1)); // what /stats says may be of before
            await until(async () => (await relay.stats()).stats.activeConnections === 0, 'all places to be free');
        }
    });
});
