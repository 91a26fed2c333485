// SPDX-License-Identifier: MIT
// What OpenAI's API has beside the WebSocket and the relay passes on, and what it cannot.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import { Call, openCall } from './harness/call.mjs';
import { exchange, httpRequest, parseAnswer, requestHead } from './harness/http.mjs';
import { freePorts, ownAddress, startRelay, startSimulator } from './harness/programs.mjs';
import { json, RestUpstream } from './harness/restupstream.mjs';
import { until } from './harness/waiting.mjs';

const key = 'sk-proj-abcdefghijklmnopqrstuvwxyz';
const page = 'http://localhost:5173';

const session = { object: 'realtime.session', type: 'realtime', id: 'sess_1', model: 'gpt-realtime', output_modalities: ['audio'],
    instructions: 'Be brief.', audio: { input: { format: { type: 'audio/pcm', rate: 24000 }, transcription: null, noise_reduction: null,
        turn_detection: { type: 'server_vad', threshold: 0.5 } }, output: { format: { type: 'audio/pcmu' }, voice: 'marin', speed: 1 } },
    max_output_tokens: 'inf', tools: [], tool_choice: 'auto', expires_at: 0 };
const secret = { value: 'ek_68af296e8e408191a1120ab6383263c2', expires_at: 1756310470, session };

function post(port, path, body, { headers = {}, ...options } = {}) {
    const bytes = body === undefined ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const all = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...headers };
    for (const name of Object.keys(all))
        if (all[name] === undefined)
            delete all[name];
    return httpRequest(port, path, { method: 'POST', headers: all, body: bytes, ...options });
}

describe('beside the WebSocket', () => {
    let upstream;
    let relay;
    const mint = (_, response) => json(response, 200, secret);

    before(async () => {
        upstream = await new RestUpstream(mint).listen();
        relay = await startRelay({ UPSTREAM_URL: upstream.url, ALLOWED_ORIGINS: `${page}`, LOG_LEVEL: 'debug' });
    });
    after(async () => {
        await relay.stop();
        await upstream.stop();
    });
    const answering = (t, answer) => {
        upstream.answer = answer;
        t.after(() => { upstream.answer = mint; });
    };

    describe('requests that are passed on', () => {
        it('reach the upstream with their body, key and named headers, and no others', async () => {
            const body = '{"session": {"type":"realtime", "model":"gpt-realtime"}}';
            const { status, text } = await post(relay.port, '/v1/realtime/client_secrets?a=b%20c', body, { headers: {
                'OpenAI-Organization': 'org-1', 'OpenAI-Project': 'proj_1', 'OpenAI-Safety-Identifier': 'user-1',
                'User-Agent': 'OpenAI/JS 7.57.0', 'OpenAI-Beta': 'assistants=v2', Cookie: 'a=b', Origin: page, Referer: page,
                'X-Forwarded-For': '203.0.113.7', 'X-Stainless-Lang': 'js', Accept: 'application/json', 'Accept-Encoding': 'gzip',
            } });
            assert.equal(status, 200);
            assert.deepEqual(JSON.parse(text), secret);
            const { method, url, headers, text: sent } = upstream.last;
            assert.equal(method, 'POST');
            assert.equal(url, '/v1/realtime/client_secrets?a=b%20c');
            assert.equal(sent, body);
            assert.deepEqual(headers, {
                host: `127.0.0.1:${upstream.port}`, connection: 'close', 'accept-encoding': 'identity', accept: 'application/json',
                'content-type': 'application/json', 'content-length': String(body.length), authorization: `Bearer ${key}`,
                'openai-organization': 'org-1', 'openai-project': 'proj_1', 'openai-safety-identifier': 'user-1',
                'user-agent': 'OpenAI/JS 7.57.0',
            });
        });

        for (const [path, expected] of [
            ['/v1/realtime/client_secrets', '/v1/realtime/client_secrets'],
            ['/realtime/client_secrets', '/v1/realtime/client_secrets'],
            ['//v1//realtime/client_secrets/', '/v1/realtime/client_secrets'],
            ['/openai/v1/realtime/client_secrets', '/v1/realtime/client_secrets'],
            ['/v1/realtime/translations/client_secrets', '/v1/realtime/translations/client_secrets'],
        ]) {
            it(`go to ${expected} for ${path}`, async () => {
                assert.equal((await post(relay.port, path, '{}')).status, 200);
                assert.equal(upstream.last.url, expected);
            });
        }

        it('have the api-key header when the key came so', async () => {
            await post(relay.port, '/v1/realtime/client_secrets', '{}', { headers: { Authorization: undefined, 'api-key': key } });
            assert.equal(upstream.last.headers['api-key'], key);
            assert.equal(upstream.last.headers.authorization, undefined);
        });

        it('may have a body in chunks, and wait for the word to send it', async () => {
            const text = await exchange(relay.port, requestHead('POST /v1/realtime/client_secrets HTTP/1.1', { Host: 'localhost',
                Authorization: `Bearer ${key}`, 'Transfer-Encoding': 'chunked', Expect: '100-continue', Connection: 'close' })
                + '1\r\n{\r\n1\r\n}\r\n0\r\n\r\n');
            assert.equal(parseAnswer(text.replace('HTTP/1.1 100 Continue\r\n\r\n', '')).status, 200);
            assert.equal(upstream.last.text, '{}');
            assert.equal(upstream.last.headers.expect, undefined);
        });

        it('are answered in their order, though they come all at once', async () => {
            const one = (path, more = {}) => requestHead(`POST ${path} HTTP/1.1`,
                { Host: 'localhost', Authorization: `Bearer ${key}`, 'Content-Length': '2', ...more }) + '{}';
            const before = upstream.requests.length;
            const text = await exchange(relay.port, one('/v1/realtime/client_secrets?1') + one('/v1/realtime/calls')
                + one('/v1/realtime/client_secrets?2', { Connection: 'close' }));
            const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status);
            assert.deepEqual(statuses.slice(0, 2), ['200', '400']); // which ends the connection, for its body was not read
            assert.equal(upstream.requests.length, before + 1);
        });
    });

    describe('answers', () => {
        it('have the status, the body and the headers that SDKs read, and no others', async (t) => {
            const body = '{"error": {"message":"Rate limit reached", "type":"requests", "param":null, "code":"rate_limit_exceeded"}}';
            answering(t, (_, response) => json(response, 429, body, { 'x-request-id': 'req_1', 'Retry-After': '3',
                'retry-after-ms': '2500', 'x-should-retry': 'true', 'Set-Cookie': '__cf_bm=1', 'CF-RAY': '1-FRA',
                'openai-organization': 'org-x', 'x-ratelimit-limit-requests': '1' }));
            const { status, headers, text } = await post(relay.port, '/v1/realtime/client_secrets', '{}');
            assert.equal(status, 429);
            assert.equal(text, body);
            assert.equal(headers['content-type'], 'application/json');
            assert.equal(headers['x-request-id'], 'req_1');
            assert.equal(headers['retry-after'], '3');
            assert.equal(headers['retry-after-ms'], '2500');
            assert.equal(headers['x-should-retry'], 'true');
            for (const name of ['set-cookie', 'cf-ray', 'openai-organization', 'x-ratelimit-limit-requests'])
                assert.equal(headers[name], undefined, name);
        });

        it('may come in chunks, behind interim ones, or end with the connection', async (t) => {
            for (const write of [
                (response) => { response.writeContinue(); response.writeProcessing(); json(response, 200, secret); },
                (response) => { response.writeHead(200); response.write('{"value":"ek_1"'); response.end('}'); },
                (response) => response.socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"value":"ek_1"}'),
            ]) {
                answering(t, (_, response) => write(response));
                const answer = await post(relay.port, '/v1/realtime/client_secrets', '{}');
                assert.equal(answer.status, 200);
                assert.match(answer.json().value, /^ek_/);
            }
        });

        for (const [what, status, code, write] of [
            ['breaks off', 502, 'upstream_answer_failed', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{')],
            ['is no HTTP', 502, 'upstream_answer_failed', (socket) => socket.end('220 ready\r\n')],
            ['is a redirection', 502, 'upstream_answer_failed',
                (socket) => socket.end('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n')],
            ['does not end', 502, 'upstream_answer_failed', (socket) => {
                socket.write('HTTP/1.1 200 OK\r\n\r\n');
                const more = setInterval(() => socket.write('x'.repeat(8192)), 1);
                socket.on('close', () => clearInterval(more));
            }],
            ['has interim ones without an end', 502, 'upstream_answer_failed', (socket) => {
                const more = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n'.repeat(200)), 1);
                socket.on('close', () => clearInterval(more));
            }],
        ]) {
            it(`that ${what} is told as ${status}, in words`, async (t) => {
                answering(t, (_, response) => {
                    response.socket.on('error', () => {});
                    write(response.socket);
                });
                const answer = await post(relay.port, '/v1/realtime/client_secrets', '{}');
                assert.equal(answer.status, status);
                assert.equal(answer.json().error.type, 'server_error');
                assert.equal(answer.json().error.code, code);
                assert.ok(answer.json().error.message.length > 20);
            });
        }
    });

    describe('a recording', () => {
        const path = '/v1/live/sessions/live_a%20b/content';
        const get = (more = {}) => httpRequest(relay.port, path, { headers: { Authorization: `Bearer ${key}`, Accept: 'application/binary', ...more } });

        it('comes whole, however large it is', async (t) => {
            const recording = randomBytes(3_000_000);
            answering(t, (_, response) => {
                response.writeHead(200, { 'Content-Type': 'application/binary', 'x-request-id': 'req_2', 'Set-Cookie': 'a=b' });
                response.end(recording);
            });
            const received = await new Promise((resolve, reject) => {
                http.get({ host: '127.0.0.1', port: relay.port, path, headers: { Authorization: `Bearer ${key}`, Accept: 'application/binary' } }, (response) => {
                    const chunks = [];
                    response.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
                    response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
                }).on('error', reject);
            });
            assert.ok(received.body.equals(recording));
            assert.equal(received.headers['content-type'], 'application/binary');
            assert.equal(received.headers['x-request-id'], 'req_2');
            assert.equal(received.headers['set-cookie'], undefined);
            assert.equal(upstream.last.url, path);
            assert.equal(upstream.last.headers.accept, 'application/binary');
            await relay.entry('exchange', { path: '/v1/live/sessions/{id}/content', status: 200 });
        });

        it('that breaks off is not taken for whole', async (t) => {
            answering(t, (_, response) => {
                response.writeHead(200, { 'Content-Length': '1000000' });
                response.write('x'.repeat(100_000));
                setTimeout(() => response.destroy(), 20);
            });
            await assert.rejects(get(), /aborted|ECONNRESET|socket hang up/);
        });

        it('that is not there is told as the upstream tells it', async (t) => {
            answering(t, (_, response) => json(response, 404, { error: { message: 'No such session', type: 'invalid_request_error' } }));
            const { status, text } = await get();
            assert.equal(status, 404);
            assert.match(text, /No such session/);
        });

        it('waits for a client that reads slowly', { skip: process.platform !== 'linux' && 'memory is read through /proc' }, async (t) => {
            let written = 0;
            answering(t, (_, response) => {
                response.writeHead(200, { 'Content-Length': String(64 * 1024 * 1024) });
                const more = () => {
                    while (written < 64 * 1024 * 1024) {
                        written += 65_536;
                        if (!response.write(Buffer.alloc(65_536)))
                            return response.once('drain', more);
                    }
                    response.end();
                };
                more();
            });
            const memoryNow = () => (process.env.RELAY_SANITIZE ? 0 : relay.memoryBytes()); // its bookkeeping is not the relay's
            const memory = memoryNow();
            const socket = net.connect(relay.port, '127.0.0.1');
            t.after(() => socket.destroy());
            socket.pause();
            socket.write(requestHead(`GET ${path} HTTP/1.1`, { Host: 'localhost', Authorization: `Bearer ${key}` }));
            let last = -1;
            let same = 0;
            await until(() => {
                same = written > 0 && written === last ? same + 1 : 0;
                last = written;
                return same === 20;
            }, 'the upstream to be stopped');
            assert.ok(written < 32 * 1024 * 1024, `${written} bytes were taken from the upstream`);
            assert.ok(memoryNow() - memory < 16 * 1024 * 1024);
        });
    });

    describe('WebRTC', () => {
        for (const [path, where] of [
            ['/v1/realtime/calls', '/v1/realtime'],
            ['/realtime/calls', '/v1/realtime'],
            ['/v1/realtime/translations/calls', '/v1/realtime/translations?model='],
            ['/v1/realtime/calls/rtc_1/accept', '/v1/realtime'],
            ['/v1/realtime/calls/rtc_1/hangup', '/v1/realtime'],
            ['/v1/realtime/calls/rtc_1/refer', '/v1/realtime'],
            ['/v1/realtime/calls/rtc_1/reject', '/v1/realtime'],
            ['/v1/live/sessions', '/v1/live/sessions'],
            ['/live/sessions', '/v1/live/sessions'],
            ['/v1/live/sessions/live_1/fork', '/v1/live/sessions'],
            ['/v1/live/sessions/live_1/accept', '/v1/live/sessions'],
            ['/v1/live/sessions/live_1/hangup', '/v1/live/sessions'],
            ['/v1/live/sessions/live_1/refer', '/v1/live/sessions'],
            ['/v1/live/sessions/live_1/reject', '/v1/live/sessions'],
        ]) {
            it(`is refused in words at ${path}`, async () => {
                const before = upstream.requests.length;
                const { status, headers, text } = await post(relay.port, path, 'v=0', { headers: { 'Content-Type': 'application/sdp', Origin: page } });
                assert.equal(status, 400);
                assert.equal(headers['x-should-retry'], 'false');
                assert.equal(headers['access-control-allow-origin'], page);
                const { error } = JSON.parse(text);
                assert.equal(error.type, 'invalid_request_error');
                assert.equal(error.code, 'webrtc_not_relayed');
                assert.ok(error.message.includes(`wss://RELAY${where}`), error.message);
                assert.match(error.message, /media/);
                if (where.includes('live'))
                    assert.match(error.message, /15 seconds/);
                assert.equal(upstream.requests.length, before);
            });
        }

        it('is counted, and told in the journal', async () => {
            const count = async () => (await relay.stats()).rejected.webrtc_not_relayed ?? 0;
            const before = await count();
            await post(relay.port, '/v1/realtime/calls', 'v=0');
            await until(async () => await count() > before, 'it to be counted');
            await relay.entry('refused', { code: 'webrtc_not_relayed', status: 400 });
        });
    });

    describe("the beta's sessions", () => {
        it('are made of a client secret, and answered in both shapes', async () => {
            const { status, text } = await post(relay.port, '/v1/realtime/sessions', { model: 'gpt-4o-realtime-preview-2024-12-17',
                modalities: ['audio', 'text'], voice: 'verse', input_audio_format: 'pcm16', output_audio_format: 'g711_ulaw',
                temperature: 0.7, client_secret: { expires_after: { anchor: 'created_at', seconds: 60 } } });
            assert.equal(status, 200);
            assert.equal(upstream.last.url, '/v1/realtime/client_secrets');
            assert.deepEqual(JSON.parse(upstream.last.text), { expires_after: { anchor: 'created_at', seconds: 60 }, session: {
                type: 'realtime', model: 'gpt-realtime-1.5', output_modalities: ['audio'],
                audio: { input: { format: { type: 'audio/pcm', rate: 24000 } }, output: { format: { type: 'audio/pcmu' }, voice: 'verse' } } } });
            const answer = JSON.parse(text);
            assert.equal(answer.value, secret.value);
            assert.equal(answer.expires_at, secret.expires_at);
            assert.deepEqual(answer.client_secret, { value: secret.value, expires_at: secret.expires_at });
            assert.deepEqual(answer.session, session);
            assert.equal(answer.object, 'realtime.session');
            assert.equal(answer.id, 'sess_1');
            assert.deepEqual(answer.modalities, ['audio', 'text']);
            assert.equal(answer.voice, 'marin');
            assert.equal(answer.input_audio_format, 'pcm16');
            assert.equal(answer.output_audio_format, 'g711_ulaw');
            assert.equal(answer.max_response_output_tokens, 'inf');
            assert.equal(answer.temperature, 0.7);
            assert.deepEqual(answer.turn_detection, { type: 'server_vad', threshold: 0.5 });
            for (const name of ['audio', 'output_modalities', 'max_output_tokens', 'type'])
                assert.equal(answer[name], undefined, name);
        });

        it('may be for transcription, and of nothing but an empty object or no body', async (t) => {
            answering(t, (_, response) => json(response, 200, { ...secret, session: { object: 'realtime.transcription_session',
                type: 'transcription', id: 'sess_2', audio: { input: { format: { type: 'audio/pcm', rate: 24000 } } } } }));
            for (const body of ['{}', undefined]) {
                const { status, text } = await post(relay.port, '/v1/realtime/transcription_sessions', body, { headers: { 'Content-Length': String(body?.length ?? 0) } });
                assert.equal(status, 200);
                assert.deepEqual(JSON.parse(upstream.last.text), { session: { type: 'transcription' } });
                const answer = JSON.parse(text);
                assert.equal(answer.client_secret.value, secret.value);
                assert.equal(answer.object, 'realtime.transcription_session');
                assert.equal(answer.input_audio_format, 'pcm16');
            }
        });

        it('are refused as the upstream refuses the secret', async (t) => {
            const body = '{"error":{"message":"Invalid voice","type":"invalid_request_error","param":"session.audio.output.voice","code":null}}';
            answering(t, (_, response) => json(response, 400, body, { 'x-request-id': 'req_3' }));
            const { status, headers, text } = await post(relay.port, '/v1/realtime/sessions', { voice: 'none' });
            assert.equal(status, 400);
            assert.equal(text, body);
            assert.equal(headers['x-request-id'], 'req_3');
        });

        it('are 502 where the upstream answers with something else', async (t) => {
            answering(t, (_, response) => json(response, 200, '<html>Welcome</html>'));
            const { status, text } = await post(relay.port, '/v1/realtime/sessions', {});
            assert.equal(status, 502);
            assert.equal(JSON.parse(text).error.code, 'upstream_answer_failed');
        });

        it('leave a body that is no object to the upstream', async () => {
            await post(relay.port, '/v1/realtime/sessions', '[1');
            assert.equal(upstream.last.text, '[1');
        });
    });

    describe('the official SDK', () => {
        const client = () => new OpenAI({ apiKey: key, baseURL: `http://127.0.0.1:${relay.port}/v1`, organization: 'org-1', project: 'proj_1' });

        it('makes client secrets, of which one opens a call', async () => {
            const made = await client().realtime.clientSecrets.create({ session: { type: 'realtime', model: 'gpt-realtime' } });
            assert.equal(made.value, secret.value);
            assert.equal(made.session.model, 'gpt-realtime');
            assert.deepEqual(JSON.parse(upstream.last.text), { session: { type: 'realtime', model: 'gpt-realtime' } });
            assert.equal(upstream.last.headers['openai-organization'], 'org-1');
            const call = await openCall(relay.url(), { key: made.value });
            assert.equal(upstream.upgrades.at(-1).headers.authorization, `Bearer ${secret.value}`);
            call.socket.terminate();
        });

        it("makes the beta's sessions, of which one opens a call", async () => {
            const made = await client().beta.realtime.sessions.create({ model: 'gpt-4o-realtime-preview', voice: 'verse' });
            assert.equal(made.client_secret.value, secret.value);
            assert.equal(made.client_secret.expires_at, secret.expires_at);
            assert.equal(JSON.parse(upstream.last.text).session.model, 'gpt-realtime-1.5');
            const call = await openCall(relay.url(), { key: null,
                protocols: ['realtime', `openai-insecure-api-key.${made.client_secret.value}`, 'openai-beta.realtime-v1'] });
            assert.equal(upstream.upgrades.at(-1).headers.authorization, `Bearer ${secret.value}`);
            call.socket.terminate();
        });

        it('is told in words that WebRTC does not pass, once', async () => {
            const before = upstream.requests.length;
            await assert.rejects(client().realtime.calls.create({ sdp: 'v=0' }), (error) => {
                assert.equal(error.status, 400);
                assert.match(error.message, /wss:\/\/RELAY\/v1\/realtime/);
                return true;
            });
            assert.equal(upstream.requests.length, before);
        });
    });

    describe('pages', () => {
        it('of allowed origins have their preflight answered', async () => {
            const { status, headers } = await httpRequest(relay.port, '/v1/realtime/client_secrets', { method: 'OPTIONS', headers: {
                Origin: page, 'Access-Control-Request-Method': 'POST',
                'Access-Control-Request-Headers': 'authorization,content-type,openai-project,openai-safety-identifier' } });
            assert.equal(status, 204);
            assert.equal(headers['access-control-allow-origin'], page);
            assert.match(headers['access-control-allow-methods'], /\bPOST\b/);
            assert.equal(headers['access-control-allow-headers'], 'authorization,content-type,openai-project,openai-safety-identifier');
        });

        it('of allowed origins may read answers, errors and refusals', async (t) => {
            const readable = async (path, body, more) => {
                const answer = await post(relay.port, path, body, { headers: { Origin: page, ...more } });
                assert.equal(answer.headers['access-control-allow-origin'], page);
                assert.match(answer.headers.vary, /origin/i);
                return answer;
            };
            const good = await readable('/v1/realtime/client_secrets', '{}');
            assert.equal(good.status, 200);
            assert.match(good.headers['access-control-expose-headers'], /x-request-id/);
            assert.equal((await readable('/v1/realtime/client_secrets', '{}', { Authorization: undefined })).status, 401);
            assert.equal((await readable('/v1/realtime/client_secrets', 'x'.repeat(65_537))).status, 413);
            answering(t, (_, response) => response.socket.destroy());
            assert.equal((await readable('/v1/realtime/client_secrets', '{}')).status, 502);
        });

        it('of other origins are refused before anything is asked', async () => {
            const before = upstream.requests.length;
            const { status, headers, text } = await post(relay.port, '/v1/realtime/client_secrets', '{}', { headers: { Origin: 'https://evil.example' } });
            assert.equal(status, 403);
            assert.equal(JSON.parse(text).error.code, 'origin_not_allowed');
            assert.equal(headers['access-control-allow-origin'], undefined);
            assert.equal(upstream.requests.length, before);
        });
    });

    describe('refusals of the relay', () => {
        for (const [what, headers] of Object.entries({
            'no key': { Authorization: undefined }, 'the key null': { Authorization: 'Bearer null' },
            'another scheme': { Authorization: 'Basic dXNlcjpwYXNz' },
        })) {
            it(`are 401 for ${what}`, async () => {
                const before = upstream.requests.length;
                const { status, text } = await post(relay.port, '/v1/realtime/client_secrets', '{}', { headers });
                assert.equal(status, 401);
                assert.equal(JSON.parse(text).error.type, 'invalid_request_error');
                assert.equal(JSON.parse(text).error.code, 'invalid_api_key');
                assert.equal(upstream.requests.length, before);
            });
        }

        it('are 413 in words for a body of more than 64 KiB', async () => {
            const { status, text } = await post(relay.port, '/v1/realtime/client_secrets', 'x'.repeat(65_537));
            assert.equal(status, 413);
            assert.match(JSON.parse(text).error.message, /65536/);
            assert.equal((await post(relay.port, '/v1/realtime/client_secrets', 'x'.repeat(65_536))).status, 200);
        });

        it('are 405 for other methods', async () => {
            const { status, headers } = await httpRequest(relay.port, '/v1/realtime/client_secrets');
            assert.equal(status, 405);
            assert.equal(headers.allow, 'POST, OPTIONS');
        });
    });

    it('is counted in /stats and /metrics', async () => {
        const count = async () => (await relay.stats()).exchanges['/v1/realtime/client_secrets']?.['2xx'] ?? 0;
        const before = await count();
        await post(relay.port, '/v1/realtime/client_secrets', '{}');
        await until(async () => await count() > before, 'it to be counted');
        const now = await count();
        const { text } = await relay.request('/metrics');
        assert.ok(text.includes(`realtime_relay_exchanges_total{path="/v1/realtime/client_secrets",result="2xx"} ${now}\n`), text);
    });

    it('is called off when the client leaves', { skip: process.platform !== 'linux' && 'only Linux tells that a client has left' }, async (t) => {
        let closed = false;
        answering(t, (request) => request.socket.on('close', () => { closed = true; }));
        const before = upstream.requests.length;
        const socket = net.connect(relay.port, '127.0.0.1');
        socket.write(requestHead('POST /v1/realtime/client_secrets HTTP/1.1',
            { Host: 'localhost', Authorization: `Bearer ${key}`, 'Content-Length': '2' }) + '{}');
        await until(() => upstream.requests.length === before + 1, 'the request');
        socket.destroy();
        await until(() => closed, 'the request to be called off');
        await relay.entry('exchange', { path: '/v1/realtime/client_secrets', status: 0 });
    });
});

describe('a request to an upstream', () => {
    const withRelay = async (t, settings) => {
        const relay = await startRelay(settings);
        t.after(() => relay.stop());
        return relay;
    };

    it('that is not there is 502', async (t) => {
        const relay = await withRelay(t, { UPSTREAM_URL: 'ws://127.0.0.1:1/v1/realtime' });
        const { status, text } = await post(relay.port, '/v1/realtime/client_secrets', '{}');
        assert.equal(status, 502);
        assert.equal(JSON.parse(text).error.code, 'upstream_unreachable');
        await relay.entry('exchange', { status: 502, level: 'warning' });
    });

    it('that does not answer is 504, also where HANDSHAKE_TIMEOUT is short', async (t) => {
        const upstream = await new RestUpstream(() => {}).listen();
        t.after(() => upstream.stop());
        // Each long enough for the request to reach the upstream.
        await Promise.all([{ CONNECT_TIMEOUT: '5000' }, { HANDSHAKE_TIMEOUT: '3000' }].map(async (settings) => {
            const relay = await withRelay(t, { UPSTREAM_URL: upstream.url, ...settings });
            const { status, text } = await post(relay.port, '/v1/realtime/client_secrets', '{}');
            assert.equal(status, 504);
            assert.equal(JSON.parse(text).error.code, 'upstream_answer_failed');
        }));
    });

    it('of Azure goes to its paths', async (t) => {
        const upstream = await new RestUpstream((_, response) => json(response, 200, secret)).listen('/openai/v1/realtime');
        t.after(() => upstream.stop());
        const relay = await withRelay(t, { UPSTREAM_URL: upstream.url });
        await post(relay.port, '/openai/v1/realtime/client_secrets', '{}');
        assert.equal(upstream.last.url, '/openai/v1/realtime/client_secrets');
        await httpRequest(relay.port, '/openai/v1/live/sessions/live_1/content', { headers: { 'api-key': key } });
        assert.equal(upstream.last.url, '/openai/v1/live/sessions/live_1/content');
        await post(relay.port, '/v1/realtime/sessions', '{}');
        assert.equal(upstream.last.url, '/openai/v1/realtime/client_secrets');
    });

    it('of a gateway has what FORWARD_HEADERS names, once', async (t) => {
        const upstream = await new RestUpstream((_, response) => json(response, 200, secret)).listen();
        t.after(() => upstream.stop());
        const relay = await withRelay(t, { UPSTREAM_URL: upstream.url, FORWARD_HEADERS: 'X-Gateway-*,Content-Type' });
        await post(relay.port, '/v1/realtime/client_secrets', '{}', { headers: { 'X-Gateway-Key': 'gk-1' } });
        assert.equal(upstream.last.headers['x-gateway-key'], 'gk-1');
        assert.equal(upstream.last.headers['content-type'], 'application/json');
    });

    it('is neither at ADMIN_PORT nor under another name than ALLOWED_HOSTS has', async (t) => {
        const upstream = await new RestUpstream((_, response) => json(response, 200, secret)).listen();
        t.after(() => upstream.stop());
        const [adminPort] = await freePorts(1);
        const relay = await withRelay(t, { UPSTREAM_URL: upstream.url, ADMIN_HOST: ownAddress, ADMIN_PORT: String(adminPort),
            ALLOWED_HOSTS: 'relay.example.org' });
        assert.equal((await post(adminPort, '/v1/realtime/client_secrets', '{}', { host: ownAddress })).status, 404);
        assert.equal((await post(relay.port, '/v1/realtime/client_secrets', '{}', { headers: { Host: 'evil.example' } })).status, 421);
        assert.equal((await post(relay.port, '/v1/realtime/client_secrets', '{}')).status, 200);
        assert.equal(upstream.requests.length, 1);
    });

    it('counts among the connections of its address', async (t) => {
        const upstream = await new RestUpstream((_, response) => json(response, 200, secret)).listen();
        t.after(() => upstream.stop());
        const relay = await withRelay(t, { UPSTREAM_URL: upstream.url, CONNECTION_RATE_PER_IP: '2' });
        assert.equal((await post(relay.port, '/v1/realtime/client_secrets', '{}')).status, 200);
        const call = await openCall(relay.url());
        t.after(() => call.socket.terminate());
        const { status, headers, text } = await post(relay.port, '/v1/realtime/client_secrets', '{}');
        assert.equal(status, 429);
        assert.equal(JSON.parse(text).error.code, 'connection_rate_exceeded');
        assert.ok(Number(headers['retry-after']) > 0);
    });

    it('takes no place of a call', async (t) => {
        const upstream = await new RestUpstream((_, response) => json(response, 200, secret)).listen();
        t.after(() => upstream.stop());
        const relay = await withRelay(t, { UPSTREAM_URL: upstream.url, MAX_CONNECTIONS: '1' });
        const call = await openCall(relay.url());
        t.after(() => call.socket.terminate());
        assert.equal((await post(relay.port, '/v1/realtime/client_secrets', '{}')).status, 200);
    });

    it('that comes while the relay stops is 503, and one that is under way is answered', async (t) => {
        let answer;
        const upstream = await new RestUpstream((_, response) => { answer = () => json(response, 200, secret); }).listen();
        t.after(() => upstream.stop());
        const relay = await startRelay({ UPSTREAM_URL: upstream.url, DRAIN_TIMEOUT: '60000' });
        const waiting = post(relay.port, '/v1/realtime/client_secrets', '{}');
        await until(() => answer, 'the request');
        relay.signal('SIGTERM');
        await until(async () => (await relay.request('/health')).status === 503, 'the relay to drain');
        assert.equal((await post(relay.port, '/v1/realtime/client_secrets', '{}')).status, 503);
        answer();
        assert.equal((await waiting).status, 200);
        await relay.stop();
    });

    it('that repeats the key has it in no output', async (t) => {
        const planted = `sk-${randomBytes(24).toString('hex').toUpperCase()}`;
        let answer;
        const upstream = await new RestUpstream((request, response) => answer(request, response)).listen();
        t.after(() => upstream.stop());
        const relay = await startRelay({ UPSTREAM_URL: upstream.url, LOG_LEVEL: 'debug', DEBUG: 'true' });
        const headers = { Authorization: `Bearer ${planted}`, 'x-note': planted };
        const body = { session: { type: 'realtime', instructions: planted } };
        for (const [status, path] of [[200, '/v1/realtime/client_secrets'], [401, '/v1/realtime/client_secrets'],
            [429, '/v1/realtime/sessions'], [500, '/v1/realtime/sessions'], [200, '/v1/realtime/sessions'], [302, '/v1/realtime/sessions']]) {
            answer = (_, response) => json(response, status, { value: planted, error: { code: planted, type: planted, message: `no ${planted}` } },
                { 'x-request-id': planted });
            const told = await post(relay.port, `${path}?note=${planted}`, body, { headers });
            if (status !== 302)
                assert.ok(told.text.includes(planted), 'the client has the answer as it came');
        }
        answer = (_, response) => response.socket.end(`${planted}\r\n`);
        assert.equal((await post(relay.port, '/v1/realtime/client_secrets', body, { headers })).status, 502);
        await post(relay.port, `/v1/realtime/calls?note=${planted}`, planted, { headers });
        await post(relay.port, `/v1/live/sessions/${planted}/content`, undefined, { headers });
        await httpRequest(relay.port, `/v1/live/sessions/${planted}/content`, { headers });
        const seen = (await relay.request('/stats')).text + (await relay.request('/metrics')).text;
        await relay.stop();
        for (let at = 3; at + 8 <= planted.length; ++at)
            assert.ok(!(relay.output + seen).includes(planted.slice(at, at + 8)), 'a part of the key is shown');
    });
});

describe('a key that was made so', () => {
    let relay;
    let simulator;

    before(async () => {
        simulator = await startSimulator(['--key', key, '--speed', '0']); // no other is good, but what was made with it
        relay = await startRelay({ UPSTREAM_URL: simulator.url });
    });
    after(async () => {
        await relay.stop();
        await simulator.stop();
    });
    const client = (apiKey = key) => new OpenAI({ apiKey, baseURL: `http://127.0.0.1:${relay.port}/v1`, maxRetries: 0 });

    it('opens a call that is configured as was asked', async () => {
        const { value } = await client().realtime.clientSecrets.create(
            { session: { type: 'realtime', model: 'gpt-realtime', instructions: 'Speak like a pirate.' } });
        assert.match(value, /^ek_/);
        const call = await openCall(relay.url(), { key: value });
        const { session: told } = await call.event('session.created');
        assert.equal(told.instructions, 'Speak like a pirate.');
        await call.close(1000);
    });

    it('opens a call of the beta, with the model that answers today', async () => {
        const made = await client().beta.realtime.sessions.create({ model: 'gpt-4o-realtime-preview-2024-12-17', voice: 'verse',
            instructions: 'Speak like a pirate.', input_audio_format: 'g711_ulaw', output_audio_format: 'g711_ulaw' });
        assert.equal(made.voice, 'verse');
        assert.equal(made.input_audio_format, 'g711_ulaw');
        const call = await openCall(relay.url('model=gpt-4o-realtime-preview-2024-12-17'), { key: null,
            protocols: ['realtime', `openai-insecure-api-key.${made.client_secret.value}`, 'openai-beta.realtime-v1'] });
        const { session: told } = await call.event('session.created');
        assert.equal(told.instructions, 'Speak like a pirate.');
        assert.equal(told.output_audio_format, 'g711_ulaw');
        assert.equal(told.model, 'gpt-realtime-1.5');
        await call.close(1000);
    });

    it('opens a call of the beta that only listens', async () => {
        const made = (await post(relay.port, '/v1/realtime/transcription_sessions',
            { input_audio_transcription: { model: 'gpt-4o-transcribe' }, input_audio_format: 'pcm16' })).json();
        assert.equal(made.object, 'realtime.transcription_session');
        const call = await openCall(relay.url('intent=transcription'), { key: made.client_secret.value, headers: { 'OpenAI-Beta': 'realtime=v1' } });
        await call.event('transcription_session.created');
        await call.close(1000);
    });

    it('is not made with a wrong key, nor of what OpenAI does not know', async () => {
        await assert.rejects(client('sk-other').realtime.clientSecrets.create({ session: { type: 'realtime', model: 'gpt-realtime' } }),
            ({ status, code }) => status === 401 && code === 'invalid_api_key');
        await assert.rejects(client().realtime.clientSecrets.create({ session: { type: 'realtime', model: 'gpt-realtime', temperature: 0.8 } }),
            ({ status }) => status === 400);
        const call = new Call(relay.url(), { key: 'sk-other' });
        await call.end();
    });
});

describe('half a request', () => {
    it('is cut, and nothing is asked', async (t) => {
        const upstream = await new RestUpstream((_, response) => json(response, 200, secret)).listen();
        t.after(() => upstream.stop());
        const relay = await startRelay({ UPSTREAM_URL: upstream.url, HANDSHAKE_TIMEOUT: '5000' }); // in which half of it comes
        t.after(() => relay.stop());
        const half = requestHead('POST /v1/realtime/client_secrets HTTP/1.1',
            { Host: 'localhost', Authorization: `Bearer ${key}`, 'Content-Length': '9' }) + '{}';
        assert.equal(await exchange(relay.port, half), '');
        assert.equal(await exchange(relay.port, half, { thenEnd: true }), '');
        assert.equal(upstream.requests.length, 0);
        await relay.entry('connection_failed', { code: 'request_timeout' });
    });
});
