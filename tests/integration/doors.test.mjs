// SPDX-License-Identifier: MIT
// What comes to the wrong door, or leaves before it is through: each is told what to do where that can be, and the
// relay's operator in the log, the counters and the troubles.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import net from 'node:net';
import tls from 'node:tls';
import { after, before, describe, it } from 'node:test';
import { Call, openCall } from './harness/call.mjs';
import { Authority } from './harness/certificates.mjs';
import { exchange, parseAnswer, requestHead, upgradeHeaders } from './harness/http.mjs';
import { startRelay, startSimulator } from './harness/programs.mjs';
import { startUpstream } from './harness/rawpeer.mjs';
import { until, within } from './harness/waiting.mjs';

const authority = new Authority();
const { certFile, keyFile } = authority.issue();
// Elsewhere TLS is not OpenSSL's, and tells little of what went wrong.
const skip = process.platform !== 'linux' && 'this is known on Linux';
const get = 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n';

describe('doors', { concurrency: 4 }, () => {
    let simulator;

    before(async () => {
        simulator = await startSimulator();
    });
    after(() => simulator.stop());

    async function plainRelay(t, settings = {}, args = []) {
        const relay = await startRelay({ UPSTREAM_URL: simulator.url, ...settings }, args);
        t.after(() => relay.stop());
        return relay;
    }
    const secureRelay = (t, settings = {}) => plainRelay(t, { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, ...settings });

    /** Whatever comes of a TLS handshake; the connection is ended behind it. */
    function handshake(port, options = {}) {
        return within(new Promise((resolve) => {
            const socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ...options }, () => socket.end());
            socket.on('error', () => {}).on('close', resolve).resume();
        }), 'a TLS handshake');
    }
    /** By OpenSSL's own client, which tells the server why it does not go on. */
    function strictHandshake(port) {
        const child = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-verify_return_error', '-brief'],
            { stdio: ['pipe', 'ignore', 'ignore'] });
        child.stdin.end();
        return within(new Promise((resolve) => child.on('exit', resolve)), 'a TLS handshake');
    }
    /** Sends bytes, and goes without waiting for an answer. */
    function sayAndLeave(port, bytes) {
        return within(new Promise((resolve) => {
            const socket = net.connect(port, '127.0.0.1', () => socket.end(bytes));
            socket.on('error', () => {}).on('close', resolve).resume();
        }), 'the end of a connection');
    }

    /** That `fail`, done again and again, is one line, a count and, at last, a trouble. */
    async function checkFailure(relay, { event, code, trouble = code, times = 4, says }, fail) {
        const { message, client } = await fail().then(() => relay.entry(event, { code }));
        assert.match(message, says);
        assert.equal(client, '127.0.0.1');
        for (let i = 1; i < times; ++i)
            await fail();
        const found = await until(async () => {
            const seen = await statsOf(relay);
            const troubles = seen.troubles.map((one) => one.code).filter((one) => one !== 'certificate_expires'); // ours do, soon
            const counted = event === 'refused' ? seen.rejected : seen.failedConnections;
            return counted[code] === times && (!trouble || troubles.length > 0) && troubles; // it is counted first
        }, `${code} to be counted`);
        assert.deepEqual(found, trouble ? [trouble] : []);
        assert.equal(relay.entries.filter((entry) => entry.event === event && entry.code === code).length, 1);
    }
    async function statsOf(relay) {
        if (!relay.tls)
            return relay.stats();
        const text = await within(new Promise((resolve, reject) => {
            let all = '';
            const socket = tls.connect({ port: relay.port, host: '127.0.0.1', servername: 'localhost', ca: authority.cert },
                () => socket.write('GET /stats HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'));
            socket.on('data', (chunk) => (all += chunk)).on('close', () => resolve(all)).on('error', reject);
        }), 'the stats');
        return JSON.parse(parseAnswer(text).body);
    }

    it('tell of TLS where there is none', async (t) => {
        const relay = await plainRelay(t);
        await checkFailure(relay, { event: 'refused', code: 'tls_on_plain_port', says: /TLS_CERT_FILE/ },
            () => handshake(relay.port));
        assert.match((await relay.request('/metrics')).text,
            /^realtime_relay_rejected_total\{reason="tls_on_plain_port"\} 4$/m);
    });

    it('tell of HTTP without TLS', { skip }, async (t) => {
        const relay = await secureRelay(t);
        const { status, body } = parseAnswer(await exchange(relay.port, get, { thenEnd: true }));
        assert.equal(status, 400);
        assert.match(JSON.parse(body).error.message, /wss:/);
        const { body: told } = await new Call(relay.url().replace('wss:', 'ws:')).refusal();
        assert.equal(told.error.code, 'http_on_tls_port');
        const { message } = await relay.entry('refused', { code: 'http_on_tls_port', client: '127.0.0.1' });
        assert.match(message, /wss:/);
    });

    it('tell of an old version of TLS', { skip }, async (t) => {
        const relay = await secureRelay(t);
        await checkFailure(relay, { event: 'connection_failed', code: 'tls_version_too_old', says: /1\.2/ },
            () => handshake(relay.port, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }));
    });

    it('tell of a client that does not trust the certificate', { skip }, async (t) => {
        const relay = await secureRelay(t);
        await checkFailure(relay,
            { event: 'connection_failed', code: 'certificate_not_trusted', says: /TLS_CERT_FILE/ },
            () => strictHandshake(relay.port));
        await relay.entry('connection_failed', { error: /unknown ca/i }); // OpenSSL's own words
    });

    it('tell of one that does not say so, as Node.js does not', { skip }, async (t) => {
        const relay = await secureRelay(t);
        await checkFailure(relay, { event: 'connection_failed', code: 'left_at_certificate', trouble: 'certificate_not_trusted', says: /Node\.js/ },
            () => handshake(relay.port));
    });

    it('make no trouble of who makes TLS and leaves, as health checks do', { skip }, async (t) => {
        const relay = await secureRelay(t);
        await checkFailure(relay, { event: 'connection_failed', code: 'left_after_tls', trouble: null, says: /health/ },
            () => handshake(relay.port, { ca: authority.cert }));
    });

    it('tell of TLS that fails in any other way', async (t) => {
        const relay = await secureRelay(t);
        await checkFailure(relay, { event: 'connection_failed', code: 'tls_failed', says: /TLS/ },
            () => exchange(relay.port, Buffer.alloc(300, 0xff)));
    });

    it('tell of the PROXY protocol of whom nobody has named', async (t) => {
        const relay = await plainRelay(t, { TRUSTED_PROXIES: '192.0.2.0/24' });
        await checkFailure(relay, { event: 'refused', code: 'proxy_not_trusted', says: /TRUSTED_PROXIES/ }, async () => {
            const said = `PROXY TCP4 203.0.113.9 203.0.113.1 1 2\r\n${get}`;
            const { status, body } = parseAnswer(await exchange(relay.port, said, { thenEnd: true }));
            assert.equal(status, 400);
            assert.match(body, /TRUSTED_PROXIES/);
        });
    });

    it('tell of clients that leave, and of those that never come to an end', async (t) => {
        const patient = await plainRelay(t);
        await sayAndLeave(patient.port, get.slice(0, 20));
        const left = await patient.entry('connection_failed', { code: 'left_early', client: '127.0.0.1' });
        assert.equal(left.level, 'info');
        const relay = await plainRelay(t, { HANDSHAKE_TIMEOUT: '5000' }); // in which they say something
        assert.equal(await exchange(relay.port, get.slice(0, 20)), '');
        const late = await relay.entry('connection_failed', { code: 'request_timeout', client: '127.0.0.1' });
        assert.match(late.message, /HANDSHAKE_TIMEOUT/);
    });

    it('tell of clients that reset the connection in the midst of what they say', async (t) => {
        const reset = (port, bytes) => within(new Promise((resolve) => {
            const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes, () => socket.resetAndDestroy()));
            socket.on('error', () => {}).on('close', resolve);
        }), 'the end of a connection');
        const relay = await plainRelay(t);
        await checkFailure(relay, { event: 'connection_failed', code: 'left_early', trouble: null, says: /left/ },
            () => reset(relay.port, get.slice(0, 20)));
        const secure = await secureRelay(t);
        const hello = Buffer.from('160301020001', 'hex');
        await checkFailure(secure, { event: 'connection_failed', code: 'left_early', trouble: null, says: /left/ },
            () => reset(secure.port, hello));
    });

    for (const [who, headers] of [['a page, which has its 101', { Origin: 'http://localhost' }], ['a program', {}]]) {
        it(`tell of a caller that resets the connection before the upstream has answered: ${who}`, async (t) => {
            const upstream = await startUpstream({ accept: false });
            t.after(() => upstream.stop());
            const relay = await plainRelay(t, { UPSTREAM_URL: upstream.url });
            for (let i = 1; i <= 3; ++i) {
                const socket = net.connect(relay.port, '127.0.0.1').on('error', () => {});
                socket.write(requestHead('GET /v1/realtime HTTP/1.1', { ...upgradeHeaders, ...headers, Authorization: 'Bearer sk-x' }));
                const peer = await upstream.next();
                socket.resetAndDestroy();
                await relay.heard(() => relay.entries.filter(({ event, reason }) =>
                    event === 'session_closed' && reason === 'client_vanished').length === i, 'a line for each');
                peer.cut();
                const { failedConnections } = await until(async () => {
                    const seen = await relay.stats();
                    return seen.ends.client_vanished === i && seen;
                }, 'it to be counted');
                assert.equal(failedConnections.left_early, 0); // it is told once
            }
        });
    }

    it('have nothing to say of who says nothing', async (t) => {
        const settings = { HANDSHAKE_TIMEOUT: '8000' }; // in which a busy machine can ask for the stats
        const relay = await plainRelay(t, settings);
        const secure = await secureRelay(t, settings);
        await Promise.all([relay, secure].map(async ({ port }) => {
            for (let i = 0; i < 5; ++i)
                await sayAndLeave(port, '');
            await exchange(port, '');
        }));
        for (const each of [relay, secure]) {
            const stats = await statsOf(each);
            assert.ok(Object.values(stats.failedConnections).every((count) => count === 0), JSON.stringify(stats));
            assert.deepEqual(stats.rejected, {});
            assert.deepEqual(each.entries.map(({ event }) => event).filter((event) => event === 'connection_failed'), []);
        }
    });

    it('fold a storm into few lines', async (t) => {
        const relay = await startRelay({ UPSTREAM_URL: simulator.url });
        t.after(() => relay.kill());
        for (let i = 0; i < 100; ++i)
            await exchange(relay.port, 'hello there\r\n\r\n', { thenEnd: true });
        await until(async () => (await relay.stats()).rejected.bad_request === 100, 'all to be counted');
        await relay.stop();
        const lines = relay.entries.filter(({ event }) => event === 'refused');
        assert.equal(lines.reduce((all, { times }) => all + (times ?? 1), 0), 100);
        assert.ok(lines.length < 10, `${lines.length} lines`);
    });
});

describe('paths', () => {
    let simulator;
    let relay;

    before(async () => {
        simulator = await startSimulator();
        relay = await startRelay({ UPSTREAM_URL: simulator.url });
    });
    after(async () => {
        await relay.stop();
        await simulator.stop();
    });

    for (const path of ['/', '/realtime', '/realtime/', '//realtime', '/v1//realtime/', '/openai/v1/realtime',
        '/realtime/realtime', '/v1/realtime/realtime']) {
        it(`a call at ${path}`, async () => {
            const call = await openCall(relay.url('model=gpt-realtime', path));
            await call.event('session.created');
            await call.close(1000);
        });
    }

    it('fit frontends that add to what is printed, and those that do not', async () => {
        const printing = await startRelay({ UPSTREAM_URL: simulator.url });
        const address = printing.url(null, '/realtime'); // as the program prints it, in its text
        for (const url of [address, `${address}/realtime`, address.replace('/realtime', ''), address.replace('/realtime', '/')])
            await (await openCall(`${url}?model=gpt-realtime`)).close(1000);
        await printing.stop();
    });

    for (const path of ['/health', '/stats', '/metrics', '/ws', '/v1']) {
        it(`no call at ${path}`, async () => {
            const before = (await relay.stats()).rejected.not_found ?? 0;
            const { status, body } = await new Call(relay.url('a=1', path)).refusal();
            assert.equal(status, 404);
            assert.match(body.error.message, /\/v1\/realtime/);
            await relay.entry('refused', { code: 'not_found', client: '127.0.0.1', message: new RegExp(`at ${path},`) });
            await until(async () => (await relay.stats()).rejected.not_found === before + 1, 'it to be counted');
        });
    }

    it('are a trouble when they go on being wrong', async () => {
        const stats = await until(async () => {
            const seen = await relay.stats();
            return seen.rejected.not_found >= 5 && seen;
        }, 'all to be counted');
        assert.deepEqual(stats.troubles.map(({ code }) => code), ['wrong_path']);
        assert.ok(stats.troubles[0].times >= 5);
    });

    it('that are wrong end the connection', async () => {
        const answer = await exchange(relay.port, requestHead('GET /ws HTTP/1.1', upgradeHeaders) + get);
        assert.equal(answer.match(/HTTP\/1\.1 /g).length, 1);
        assert.equal(parseAnswer(answer).headers.connection, 'close');
    });

    it('may be whole addresses, and ask for a word before', async () => {
        const answer = await exchange(relay.port, requestHead('GET http://localhost/realtime HTTP/1.1',
            { ...upgradeHeaders, Expect: '100-continue', Upgrade: ',websocket,', Origin: '' }));
        assert.match(answer, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 401 /); // without a key, and no browser
    });
});
