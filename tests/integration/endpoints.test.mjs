// SPDX-License-Identifier: MIT
// What the relay answers over plain HTTP, and how it refuses what is no call.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Call, openCall } from './harness/call.mjs';
import { exchange, parseAnswer, requestHead, upgradeHeaders } from './harness/http.mjs';
import { startBoth, startRelay } from './harness/programs.mjs';
import { until } from './harness/waiting.mjs';

const page = 'http://localhost:5173';

function checkError(body, type, code) {
    assert.deepEqual(Object.keys(body), ['error']);
    assert.deepEqual(Object.keys(body.error).sort(), ['code', 'message', 'type']);
    assert.equal(body.error.type, type);
    assert.equal(body.error.code, code);
    assert.ok(body.error.message.length > 10);
}

describe('over plain HTTP', () => {
    let relay;
    let simulator;

    before(async () => {
        ({ relay, simulator } = await startBoth({}, ['--speed', '0']));
    });
    after(async () => {
        await relay.stop();
        await simulator.stop();
    });

    describe('the endpoints', () => {
        it('tell of health', async () => {
            const call = await openCall(relay.url('simulate=echo'));
            call.send('one');
            call.send(Buffer.from('two'), { binary: true });
            await call.message();
            await call.message();
            const { status, headers, text } = await relay.request('/health');
            assert.equal(status, 200);
            assert.equal(headers['content-type'], 'application/json');
            const health = JSON.parse(text);
            assert.deepEqual(Object.keys(health).sort(), ['stats', 'status', 'timestamp', 'uptime']);
            assert.deepEqual(Object.keys(health.stats).sort(),
                ['activeConnections', 'errors', 'messagesRelayed', 'totalConnections']);
            assert.equal(health.status, 'healthy');
            assert.ok(Number.isInteger(health.uptime) && health.uptime >= 0);
            assert.match(health.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
            assert.ok(Math.abs(Date.parse(health.timestamp) - Date.now()) < 60_000);
            assert.equal(health.stats.totalConnections, 1);
            assert.equal(health.stats.activeConnections, 1);
            assert.equal(health.stats.messagesRelayed, 4);
            assert.equal(health.stats.errors, 0);
            await call.close(1000);
            await until(async () => (await relay.stats()).stats.activeConnections === 0, 'the session to be gone');
        });

        it('count failed calls as errors', async () => {
            const before = (await relay.stats()).stats.errors;
            await new Call(relay.url('simulate=refuse:401')).end();
            await until(async () => (await relay.stats()).stats.errors === before + 1, 'the error to be counted');
        });

        it('tell everything else in /stats', async () => {
            const stats = await relay.stats();
            assert.match(stats.version, /^\d+\.\d+\.\d+/);
            for (const value of [stats.up.messages, stats.up.bytes, stats.down.messages, stats.down.bytes,
                stats.peakConnections, stats.upstreamConnectMs.p50, stats.upstreamConnectMs.p95,
                stats.process.memoryBytes, stats.process.cpuSeconds])
                assert.equal(typeof value, 'number');
            assert.ok(stats.peakConnections >= 1);
            assert.equal(stats.maxConnections, 200);
            assert.deepEqual(Object.keys(stats.callsByKind).sort(),
                ['beta', 'live', 'realtime', 'sideband', 'transcription', 'translation']);
            assert.equal(stats.callsByKind.realtime, stats.stats.totalConnections);
            assert.ok(stats.process.memoryBytes > 1_000_000);
            assert.ok(stats.up.bytes > 0 && stats.down.bytes > 0);
            assert.equal(typeof stats.rejected, 'object');
        });

        it('have metrics', async () => {
            const { status, headers, text } = await relay.request('/metrics');
            assert.equal(status, 200);
            assert.match(headers['content-type'], /^text\/plain; version=0\.0\.4/);
            assert.match(text, /^realtime_relay_sessions_total \d+$/m);
            assert.match(text, /^realtime_relay_calls_total\{kind="realtime"\} [1-9]\d*$/m);
        });

        const noPromtool = process.platform !== 'linux' && 'promtool is not at hand on this system';
        it('have metrics that promtool accepts', { skip: noPromtool }, async () => {
            const { text } = await relay.request('/metrics');
            execFileSync('promtool', ['check', 'metrics'], { input: text, stdio: ['pipe', 'pipe', 'pipe'] });
        });

        for (const path of ['/', '/health', '/ready', '/stats', '/metrics', '/realtime', '/nothing']) {
            it(`answer HEAD ${path} as GET, without the body`, async () => {
                const get = await relay.request(path);
                const answer = await exchange(relay.port,
                    requestHead(`HEAD ${path} HTTP/1.1`, { Host: 'localhost', Connection: 'close' }));
                const { status, headers, body } = parseAnswer(answer);
                assert.equal(status, get.status);
                assert.equal(headers['content-type'], get.headers['content-type']);
                assert.ok(Number(headers['content-length']) > 0);
                assert.equal(body, '');
            });
        }

        it('keep the connection for more requests', async () => {
            const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
            const ports = new Set();
            agent.on('free', (socket) => ports.add(socket.localPort));
            for (const path of ['/health', '/nothing', '/metrics', '/health'])
                await relay.request(path, { agent });
            agent.destroy();
            assert.equal(ports.size, 1);
        });

        it('answer requests that are sent all at once, in order', async () => {
            const one = (path, more) => requestHead(`GET ${path} HTTP/1.1`, { Host: 'localhost', ...more });
            const text = await exchange(relay.port, one('/health') + one('/nothing') + one('/', { Connection: 'close' }));
            assert.deepEqual([...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status), ['200', '404', '200']);
        });

        it('close the connection of HTTP/1.0', async () => {
            const { status, headers } = parseAnswer(await exchange(relay.port, 'GET /health HTTP/1.0\r\n\r\n'));
            assert.equal(status, 200);
            assert.equal(headers.connection, 'close');
        });
    });

    describe('pages of other origins', () => {
        it('may read, when they are allowed', async () => {
            const { headers } = await relay.request('/health', { headers: { Origin: page } });
            assert.equal(headers['access-control-allow-origin'], page);
            assert.match(headers.vary, /origin/i);
        });

        it('may not, when they are not', async () => {
            const { headers } = await relay.request('/health', { headers: { Origin: 'https://evil.example' } });
            assert.equal(headers['access-control-allow-origin'], undefined);
        });

        it('have their preflight answered', async () => {
            const { status, headers, text } = await relay.request('/health', {
                method: 'OPTIONS',
                headers: {
                    Origin: page,
                    'Access-Control-Request-Method': 'GET',
                    'Access-Control-Request-Headers': 'x-one, x-two',
                },
            });
            assert.equal(status, 204);
            assert.equal(text, '');
            assert.equal(headers['access-control-allow-origin'], page);
            assert.match(headers['access-control-allow-methods'], /\bGET\b/);
            assert.equal(headers['access-control-allow-headers'], 'x-one, x-two');
            assert.equal(headers['access-control-allow-private-network'], undefined);
        });

        it('may come from the public network when they ask', async () => {
            const ask = (origin) => relay.request('/health', {
                method: 'OPTIONS',
                headers: {
                    Origin: origin,
                    'Access-Control-Request-Method': 'GET',
                    'Access-Control-Request-Private-Network': 'true',
                },
            });
            assert.equal((await ask(page)).headers['access-control-allow-private-network'], 'true');
            assert.equal((await ask('https://evil.example')).headers['access-control-allow-private-network'], undefined);
        });
    });

    describe('refusals', () => {
        for (const [path, method, status, type, code] of [
            ['/nothing', 'GET', 404, 'invalid_request_error', 'not_found'],
            ['/v1/realtime/nothing', 'GET', 404, 'invalid_request_error', 'not_found'],
            ['/v1/models', 'POST', 404, 'invalid_request_error', 'not_found'],
            ['/health', 'POST', 405, 'invalid_request_error', 'method_not_allowed'],
            ['/health', 'DELETE', 405, 'invalid_request_error', 'method_not_allowed'],
            ['/realtime', 'POST', 405, 'invalid_request_error', 'method_not_allowed'],
            ['/realtime', 'GET', 426, 'invalid_request_error', 'upgrade_required'],
            ['/v1/realtime', 'GET', 426, 'invalid_request_error', 'upgrade_required'],
        ]) {
            it(`${status} for ${method} ${path}`, async () => {
                const answer = await relay.request(path, { method });
                assert.equal(answer.status, status);
                assert.equal(answer.headers['content-type'], 'application/json');
                checkError(answer.json(), type, code);
                if (status === 405)
                    assert.match(answer.headers.allow, /\bGET\b/);
                if (status === 426)
                    assert.equal(answer.headers.upgrade, 'websocket');
            });
        }

        it('404 for an upgrade at another path', async () => {
            const { status, body } = await new Call(relay.url('a=1', '/v1/other')).refusal();
            assert.equal(status, 404);
            checkError(body, 'invalid_request_error', 'not_found');
        });

        it('405 with a body that is passed over', async () => {
            const answer = await relay.request('/health', { method: 'POST', body: 'x'.repeat(20_000) });
            assert.equal(answer.status, 405);
        });
    });

    describe('heads by hand', () => {
        const get = (headers, line = 'GET /health HTTP/1.1') => requestHead(line, headers);
        const upgrade = (headers, line = 'GET /v1/realtime HTTP/1.1') =>
            requestHead(line, { ...upgradeHeaders, Authorization: 'Bearer sk-1', ...headers });

        const malformed = {
            'no HTTP at all': ['\x16\x03\x01\x02\x00\x01\x00', 400],
            'words': ['hello there how are you\r\n\r\n', 400],
            'a bare line feed': ['GET /health HTTP/1.1\nHost: localhost\n\n', 400],
            'a bare carriage return': ['GET /health HTTP/1.1\rHost: localhost\r\n\r\n', 400],
            'a NUL': ['GET /health HTTP/1.1\r\nHost: local\0host\r\n\r\n', 400],
            'an empty line first': ['\r\nGET /health HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
            'two spaces': ['GET  /health HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
            'no version': ['GET /health\r\nHost: localhost\r\n\r\n', 400],
            'HTTP/2': ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
            'HTTP/9.9': [get({ Host: 'localhost' }, 'GET /health HTTP/9.9'), 505],
            'a method that is no token': [get({ Host: 'localhost' }, 'G(T /health HTTP/1.1'), 400],
            'a target without a slash': [get({ Host: 'localhost' }, 'GET health HTTP/1.1'), 400],
            'a target beyond ASCII': [get({ Host: 'localhost' }, 'GET /h\xe9 HTTP/1.1'), 400],
            'no Host': [get({}), 400],
            'two Hosts': ['GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
            'a Host with a path': [get({ Host: 'localhost/x' }), 400],
            'a header without a colon': ['GET /health HTTP/1.1\r\nHost: a\r\nnothing\r\n\r\n', 400],
            'a blank before the colon': ['GET /health HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n', 400],
            'a folded header': ['GET /health HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n', 400],
            'a Content-Length that is none': [get({ Host: 'a', 'Content-Length': '1x' }), 400],
            'Content-Length and Transfer-Encoding':
                [get({ Host: 'a', 'Content-Length': '5', 'Transfer-Encoding': 'chunked' }), 400],
            'a Transfer-Encoding not known': [get({ Host: 'a', 'Transfer-Encoding': 'gzip, chunked' }), 501],
            'a line that is too long': [get({ Host: 'a', X: 'y'.repeat(9000) }), 431],
            'a target that is too long': [get({ Host: 'a' }, `GET /${'x'.repeat(9000)} HTTP/1.1`), 431],
            'too many headers': [get({ Host: 'a', ...Object.fromEntries([...Array(150)].map((_, i) => [`X${i}`, '1'])) }), 431],
            'a head that is too large':
                [get({ Host: 'a', ...Object.fromEntries([...Array(9)].map((_, i) => [`X${i}`, 'y'.repeat(2000)])) }), 431],
            'an upgrade without a key': [upgrade({ 'Sec-WebSocket-Key': undefined }), 400],
            'an upgrade with a key of one byte': [upgrade({ 'Sec-WebSocket-Key': 'eA==' }), 400],
            'an upgrade with a key that is no base64': [upgrade({ 'Sec-WebSocket-Key': '!!!!!!!!!!!!!!!!!!!!!!==' }), 400],
            'an upgrade with two keys': [upgrade({ 'sec-websocket-KEY': 'dGhlIHNhbXBsZSBub25jZQ==' }), 400],
            'an upgrade of another version': [upgrade({ 'Sec-WebSocket-Version': '8' }), 426],
            'an upgrade without a version': [upgrade({ 'Sec-WebSocket-Version': undefined }), 426],
            'an upgrade by POST': [upgrade({}, 'POST /v1/realtime HTTP/1.1'), 400],
            'an upgrade by HTTP/1.0': [upgrade({}, 'GET /v1/realtime HTTP/1.0'), 400],
            'an upgrade with a body': [upgrade({ 'Content-Length': '3' }), 400],
            'an upgrade with two Origins': [upgrade({ Origin: page, origin: 'https://evil.example' }), 400],
            'an upgrade with a subprotocol that is no token':
                [upgrade({ 'Sec-WebSocket-Protocol': 'realtime, openai-insecure-api-key.a b' }), 400],
            'an upgrade with frames behind it': [`${upgrade({})}\x81\x80\0\0\0\0`, 400],
        };
        // All at once, for after such a head the relay hears its client out for a while.
        describe('that are wrong', { concurrency: true }, () => {
            for (const [what, [bytes, status]] of Object.entries(malformed)) {
                it(`${status} for ${what}`, async () => {
                    const answer = parseAnswer(await exchange(relay.port, Buffer.from(bytes, 'latin1')));
                    assert.equal(answer.status, status);
                    assert.equal(answer.headers.connection.split(', ').pop(), 'close');
                    const { error } = JSON.parse(answer.body);
                    assert.ok(error.type && error.code && error.message);
                });
            }
        });

        it('may come byte by byte', async () => {
            const socket = net.connect({ port: relay.port, host: '127.0.0.1', noDelay: true });
            let text = '';
            socket.on('data', (chunk) => (text += chunk));
            for (const byte of get({ Host: 'localhost', Connection: 'close' })) {
                socket.write(byte);
                await new Promise(setImmediate);
            }
            await new Promise((resolve) => socket.on('close', resolve));
            assert.equal(parseAnswer(text).status, 200);
        });

        it('must come in time', async (t) => {
            const hasty = await startRelay({ UPSTREAM_URL: simulator.url, HANDSHAKE_TIMEOUT: '700' });
            t.after(() => hasty.stop());
            assert.equal(await exchange(hasty.port, ''), '');
            assert.equal(await exchange(hasty.port, 'GET /health HTTP/1.1\r\nHost: a\r\n'), '');
        });

        it('leave the relay well, whatever they were', async () => {
            assert.equal((await relay.request('/health')).status, 200);
            assert.equal((await relay.stats()).stats.activeConnections, 0);
        });
    });
});

describe('/ready', () => {
    it('tells whether a call would be let in', async () => {
        const { relay, simulator } = await startBoth({ MAX_CONNECTIONS: '1', DRAIN_TIMEOUT: '30000' });
        const ready = async () => {
            const answer = await relay.request('/ready');
            return { code: answer.status, ...answer.json() };
        };
        const isSo = (code, status) => until(async () => {
            const now = await ready();
            assert.equal(now.ready, now.code === 200);
            return now.code === code && now.status === status;
        }, `${code} ${status}`);
        await isSo(200, 'ready');
        const call = await openCall(relay.url('simulate=echo'));
        await isSo(503, 'full');
        await call.close(1000);
        await isSo(200, 'ready');
        const last = await openCall(relay.url('simulate=echo'));
        relay.signal('SIGTERM');
        await isSo(503, 'draining');
        await last.close(1000);
        await relay.exit();
        await simulator.stop();
    });
});
