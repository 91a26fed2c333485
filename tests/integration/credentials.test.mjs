// SPDX-License-Identifier: MIT
// What of a client's handshake reaches the upstream, and what never does.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Call, elsewhere, openCall, pageOrigin } from './harness/call.mjs';
import { runRelay, startRelay } from './harness/programs.mjs';
import { startUpstream } from './harness/rawpeer.mjs';

const key = 'sk-proj-abcdefghijklmnopqrstuvwxyz';

/** A head as { line, headers }, names in lower case; a header that stands there twice fails the test. */
function parseHead(head) {
    const [line, ...rest] = head.split('\r\n');
    const headers = new Map();
    for (const one of rest) {
        const name = one.slice(0, one.indexOf(':')).toLowerCase();
        assert.ok(!headers.has(name), `${name} stands there twice`);
        headers.set(name, one.slice(one.indexOf(':') + 1).trim());
    }
    return { line, headers };
}

describe('the handshake with the upstream', () => {
    let relay;
    let upstream;

    before(async () => {
        upstream = await startUpstream();
        relay = await startRelay({ UPSTREAM_URL: upstream.url });
    });
    after(async () => {
        await relay.stop();
        await upstream.stop();
    });

    async function handshake(options, url = relay.url()) {
        const call = await openCall(url, options);
        const peer = await upstream.next();
        call.socket.terminate();
        await peer.end();
        return { ...parseHead(peer.head), subprotocol: call.socket.protocol };
    }

    const never = ['cookie', 'origin', 'referer', 'openai-beta', 'x-forwarded-for', 'x-forwarded-proto', 'forwarded',
        'x-real-ip', 'via', 'proxy-authorization', 'te', 'sec-websocket-protocol', 'sec-websocket-extensions',
        'x-anything-else'];

    it('has the key and the named headers of a server-side client', async () => {
        const { headers, subprotocol } = await handshake({
            key,
            headers: {
                'User-Agent': 'OpenAI/JS 7.57.0',
                'OpenAI-Organization': 'org-1',
                'OpenAI-Project': 'proj_1',
                'OpenAI-Safety-Identifier': 'user-1',
                'OpenAI-Beta': 'realtime=v1',
                Cookie: 'session=secret',
                Referer: 'http://localhost/page',
                Origin: 'http://localhost:3000',
                'X-Forwarded-For': '203.0.113.7',
                'X-Forwarded-Proto': 'https',
                Forwarded: 'for=203.0.113.7',
                'X-Real-IP': '203.0.113.7',
                Via: '1.1 somewhere',
                TE: 'trailers',
                'Proxy-Authorization': 'Basic c2VjcmV0',
                'X-Anything-Else': 'x',
            },
        });
        assert.equal(headers.get('authorization'), `Bearer ${key}`);
        assert.equal(headers.get('user-agent'), 'OpenAI/JS 7.57.0');
        assert.equal(headers.get('openai-organization'), 'org-1');
        assert.equal(headers.get('openai-project'), 'proj_1');
        assert.equal(headers.get('openai-safety-identifier'), 'user-1');
        assert.equal(headers.get('host'), `127.0.0.1:${upstream.port}`);
        assert.equal(headers.get('sec-websocket-version'), '13');
        for (const name of never)
            assert.equal(headers.get(name), undefined, name);
        assert.equal(subprotocol, '');
    });

    it('has the key of a browser, from its subprotocol', async () => {
        const { headers, subprotocol } = await handshake({
            key: null,
            protocols: ['realtime', `openai-insecure-api-key.${key}`, 'openai-organization.org-2', 'openai-project.proj_2',
                'openai-agents-sdk.1.2.3', 'openai-beta.realtime-v1'],
            origin: 'http://127.0.0.1:5173',
            headers: { 'User-Agent': 'Mozilla/5.0' },
        });
        assert.equal(headers.get('authorization'), `Bearer ${key}`);
        assert.equal(headers.get('openai-organization'), 'org-2');
        assert.equal(headers.get('openai-project'), 'proj_2');
        assert.equal(headers.get('user-agent'), 'Mozilla/5.0');
        for (const name of never)
            assert.equal(headers.get(name), undefined, name);
        assert.equal(subprotocol, 'realtime');
    });

    it('has what FORWARD_HEADERS names besides, and nothing else', async (t) => {
        const other = await startRelay({ UPSTREAM_URL: upstream.url, FORWARD_HEADERS: 'x-portkey-*, Cf-Access-Client-Id,Cookie' });
        t.after(() => other.stop());
        const { headers } = await handshake({
            key,
            headers: {
                'X-Portkey-Config': '{"retry": 3}',
                'x-portkey-api-key': 'pk-1',
                'CF-Access-Client-ID': 'id.access',
                'CF-Access-Client-Secret': 'secret',
                Cookie: 'session=1',
                'X-Forwarded-For': '203.0.113.7',
                'OpenAI-Beta': 'realtime=v1',
                Origin: 'http://localhost:3000',
            },
        }, other.url());
        assert.equal(headers.get('x-portkey-config'), '{"retry": 3}');
        assert.equal(headers.get('x-portkey-api-key'), 'pk-1');
        assert.equal(headers.get('cf-access-client-id'), 'id.access');
        assert.equal(headers.get('cookie'), 'session=1');
        assert.equal(headers.get('authorization'), `Bearer ${key}`);
        for (const name of [...never.filter((one) => one !== 'cookie'), 'cf-access-client-secret'])
            assert.equal(headers.get(name), undefined, name);
    });

    it('is refused headers that may not pass, in words', async () => {
        for (const [name, words] of [['Sec-WebSocket-Key', /handshake/], ['Connection', /connection/], ['Origin', /web page/],
            ['Authorization', /key/], ['*', /too many/]]) {
            const { code, stderr } = await runRelay(['--check-config'], { FORWARD_HEADERS: name });
            assert.notEqual(code, 0);
            assert.match(stderr, words);
            assert.match(stderr, /FORWARD_HEADERS/);
        }
    });

    it('has an ephemeral token as it has a key', async () => {
        const { headers } = await handshake({ key: 'ek_68af296e8e408191a1120ab6383263c2' });
        assert.equal(headers.get('authorization'), 'Bearer ek_68af296e8e408191a1120ab6383263c2');
    });

    it('has the api-key header when the key came so', async () => {
        const { headers } = await handshake({ key: null, headers: { 'api-key': key } });
        assert.equal(headers.get('api-key'), key);
        assert.equal(headers.get('authorization'), undefined);
    });

    it('leaves a key in the query where it is', async () => {
        const { line, headers } = await handshake({ key: null }, relay.url(`model=m&api-key=${key}`));
        assert.equal(line, `GET /v1/realtime?model=m&api-key=${key} HTTP/1.1`);
        assert.equal(headers.get('authorization'), undefined);
        assert.equal(headers.get('api-key'), undefined);
    });

    for (const [path, expected] of [
        ['/realtime', '/v1/realtime'],
        ['/v1/realtime', '/v1/realtime'],
        ['/v1/realtime/translations', '/v1/realtime/translations'],
    ]) {
        it(`goes to ${expected} for ${path}`, async () => {
            const { line } = await handshake({ key }, relay.url('model=gpt-realtime', path));
            assert.equal(line, `GET ${expected}?model=gpt-realtime HTTP/1.1`);
        });
    }

    for (const query of ['model=gpt-realtime', 'intent=transcription', 'call_id=rtc_1', 'b=2&a=1&b=3&&empty=&flag',
        'note=a%20b+c%2Fd%26f', 'name=%C3%A9%E2%82%AC', 'redirect=https://x.example/?y=1&z=a:b@c', 'x=~!$()*,;:@/?-._',
        'x=%2B%25%23%00', 'x=c%2fd', 'x=%e2%82%ac', 'x=%2D%7Ea%41', 'x=%zz%', 'x={y}|[z]^', '?x']) {
        it(`has the query ${query} exactly`, async () => {
            const { line } = await handshake({ key }, relay.url(query));
            assert.equal(line, `GET /v1/realtime?${query} HTTP/1.1`);
        });
    }

    it('has no query where none was sent', async () => {
        const { line } = await handshake({ key }, relay.url(null));
        assert.equal(line, 'GET /v1/realtime HTTP/1.1');
    });

    describe('without a usable key', () => {
        for (const [what, options] of Object.entries({
            'no key at all': { key: null },
            'the key null in a subprotocol': { key: null, protocols: ['realtime', 'openai-insecure-api-key.null'] },
            'the key null in a header': { key: 'null' },
            'an empty Bearer': { key: null, headers: { Authorization: 'Bearer ' } },
            'another scheme': { key: null, headers: { Authorization: 'Basic dXNlcjpwYXNz' } },
            'the subprotocol realtime alone': { key: null, protocols: ['realtime'] },
        })) {
            it(`is not made: ${what}`, async () => {
                const before = upstream.connections;
                const refusal = await new Call(relay.url(), options).refusal();
                assert.equal(refusal.status, 401);
                assert.equal(refusal.body.error.type, 'invalid_request_error');
                assert.equal(refusal.body.error.code, 'invalid_api_key');
                assert.ok(refusal.body.error.message.length > 10);
                assert.equal(upstream.connections, before);
            });

            it(`is not made for a page: ${what}`, async () => {
                const before = upstream.connections;
                const call = new Call(relay.url(), { origin: pageOrigin, ...options, ...elsewhere() });
                const event = await call.event('error');
                assert.equal(event.error.type, 'invalid_request_error');
                assert.equal(event.error.code, 'invalid_api_key');
                assert.ok(event.error.message.length > 10);
                assert.match(event.event_id, /^event_/);
                assert.deepEqual(await call.end(), { code: 3000, reason: 'invalid_request_error.invalid_api_key' });
                assert.equal(upstream.connections, before);
            });
        }
    });
});

describe('an upstream with another path', () => {
    it('is reached at its own path', async (t) => {
        const upstream = await startUpstream();
        t.after(() => upstream.stop());
        const relay = await startRelay({ UPSTREAM_URL: `ws://127.0.0.1:${upstream.port}/openai/v1/realtime` });
        t.after(() => relay.stop());
        const call = await openCall(relay.url('model=my-deployment'), { key: null, headers: { 'api-key': 'azure-key' } });
        const { line, headers } = parseHead((await upstream.next()).head);
        call.socket.terminate();
        assert.equal(line, 'GET /openai/v1/realtime?model=my-deployment HTTP/1.1');
        assert.equal(headers.get('api-key'), 'azure-key');
    });
});
