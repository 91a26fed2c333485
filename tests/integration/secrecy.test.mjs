// SPDX-License-Identifier: MIT
// No key, no token and nothing of what is said stands in anything that the relay writes, at any level.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Call, openCall } from './harness/call.mjs';
import { Authority, temporaryFolder } from './harness/certificates.mjs';
import { exchange, requestHead, upgradeHeaders } from './harness/http.mjs';
import { Program, startBoth, startRelay, startSimulator } from './harness/programs.mjs';
import { startUpstream } from './harness/rawpeer.mjs';
import { until } from './harness/waiting.mjs';

const random = () => randomBytes(24).toString('hex').toUpperCase();

/** Every run of eight characters of the secret: at most its first three and last two may be shown. */
function checkAbsent(text, secret, where) {
    for (const form of [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), encodeURIComponent(secret)]) {
        for (let at = 0; at + 8 <= form.length; ++at)
            assert.ok(!text.includes(form.slice(at, at + 8)), `${where} holds a part of the secret`);
    }
}

describe('what the relay writes', { concurrency: true }, () => {
    it('holds no key that does not look like one, though the upstream repeats it', async (t) => {
        const key = 'Zebra-Key-1';
        const upstream = await startUpstream();
        t.after(() => upstream.stop());
        const relay = await startRelay({ UPSTREAM_URL: upstream.url, DEBUG: '1', ALLOWED_ORIGINS: '*' });
        t.after(() => relay.stop());
        const call = await openCall(relay.url(`model=${key}`), { key, origin: `https://${key}.example` });
        const peer = await upstream.next();
        peer.close(3000, `Incorrect API key provided: ${key}.`);
        assert.deepEqual(await call.end(), { code: 3000, reason: `Incorrect API key provided: ${key}.` });
        peer.socket.end();
        await relay.entry('session_closed', { reason: 'upstream_closed', message: /Incorrect API key provided: …/ });
        checkAbsent(relay.output, key, 'the journal');
    });

    for (const settings of [{ DEBUG: 'true' }, { LOG_LEVEL: 'debug', LOG_FORMAT: 'text' }, { DEBUG: '1', NODE_ENV: 'development' }]) {
        it(`holds no secret with ${JSON.stringify(settings)}`, async (t) => {
            const text = settings.LOG_FORMAT === 'text';
            const simulator = await startSimulator();
            t.after(() => simulator.stop());
            const all = { UPSTREAM_URL: simulator.url, CONNECT_TIMEOUT: '300', DRAIN_TIMEOUT: '0', ...settings };
            const relay = text ? new Program('realtime-relayd', [], { HOST: '127.0.0.1', PORT: '0', ...all })
                : await startRelay(all);
            t.after(() => relay.kill());
            if (text) {
                const [, port] = await relay.heard(() => /Relay +ws:\/\/[^:]+:(\d+)\//.exec(relay.stdout), 'its port');
                relay.port = Number(port);
            }
            const url = (query) => `ws://127.0.0.1:${relay.port}/v1/realtime?${query}`;
            const said = random();
            const heard = [];
            const secrets = [said];
            const secret = () => {
                const one = random();
                secrets.push(one);
                return one;
            };

            // Every way of sending a key, and calls that go well.
            const ways = (key) => [
                { key },
                { key: null, protocols: ['realtime', `openai-insecure-api-key.${key}`] },
                { key: null, headers: { 'api-key': key } },
                { key: null, headers: { authorization: `bearer ${key}` } },
            ];
            for (const options of ways(secret())) {
                const call = await openCall(url('model=gpt-realtime'), options);
                await call.event('session.created');
                call.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: said }] } });
                call.send({ type: `unknown.${said}`, text: said });
                call.send(`{"type":"x","text":"${said}`); // no JSON
                call.send(said);
                await call.event('error');
                await call.close(1000);
            }
            const inQuery = await openCall(url(`model=m&api-key=${secret()}`), { key: null });
            await inQuery.close(1000);
            const strange = await openCall(url(`model=m&API-key=${secret()}&x=%00%0a`), { key: null });
            await strange.end().catch(() => {});

            // Every way to fail.
            for (const fault of ['refuse:401', 'refuse:403', 'refuse:429', 'refuse:500', 'error:3000', 'silent', 'garbage', 'vanish',
                'close:4000:x']) {
                for (const options of ways(secret()).slice(0, 2)) {
                    const call = await openCall(url(`simulate=${fault}`), options);
                    call.socket.on('message', (data) => heard.push(data.toString()));
                    await call.end();
                }
            }
            for (const kind of ['invalid', 'expired', 'forbidden', 'quota']) {
                const call = await openCall(url('model=m'), { key: `sk-${kind}-${secret()}` });
                await call.end();
            }
            heard.push(JSON.stringify(await new Call(url('a=b'), { key: secret(), origin: 'https://evil.example' }).refusal()));
            heard.push(JSON.stringify(await new Call(`ws://127.0.0.1:${relay.port}/x?api-key=${secret()}`, { key: secret() }).refusal()));

            // Heads that Qt or the relay may stumble over.
            const head = (headers, line = 'GET /v1/realtime HTTP/1.1') => requestHead(line, { ...upgradeHeaders, ...headers });
            for (const bytes of [
                head({ 'Sec-WebSocket-Protocol': `realtime, openai-insecure-api-key.${secret()} x` }),
                head({ 'Sec-WebSocket-Protocol': `openai-insecure-api-key.${secret()}, openai-insecure-api-key.${secret()}@` }),
                head({ Authorization: `Bearer ${secret()}`, authorization: `Bearer ${secret()}` }),
                head({ Authorization: `Bearer ${secret()}`, 'Sec-WebSocket-Key': secret() }),
                head({ Authorization: `Bearer ${secret()}`, 'Sec-WebSocket-Version': '7' }),
                head({ Authorization: `Bearer ${secret()}`, Origin: 'https://evil.example' }),
                head({ [`Authorization ${secret()}`]: 'x' }),
                head({}, `GET /v1/realtime?api-key=${secret()}# HTTP/1.1`),
                head({}, `GET /${secret()}/realtime HTTP/1.1`),
                head({}, `${secret()} /v1/realtime HTTP/1.1`),
                head({}, `GET /v1/realtime?api-key=${secret()} HTTP/3.0`),
            ])
                heard.push(await exchange(relay.port, bytes));
            // A key with characters that no key has is no key.
            const odd = await exchange(relay.port, head({ Authorization: `Bearer ${secret()}\xe9${secret()}` }) , { thenEnd: true });
            heard.push(odd);

            for (const path of ['/health', '/stats', '/metrics', `/nothing?api-key=${secret()}`]) {
                heard.push(await exchange(relay.port, requestHead(`GET ${path} HTTP/1.1`,
                    { Host: 'localhost', Connection: 'close', Authorization: `Bearer ${secret()}` })));
            }
            relay.signal('SIGTERM');
            const { code } = await relay.exit();
            assert.equal(code, 0);

            assert.ok(relay.stderr.split('\n').length > 60, 'the journal said much');
            if (settings.DEBUG)
                assert.match(relay.stderr, /session\.created/, 'event types are there');
            for (const one of secrets) {
                checkAbsent(relay.output, one, 'the output');
                checkAbsent(heard.join('\n'), one, 'an answer');
            }
        });
    }

    it('holds no secret when the connection to the upstream fails', async (t) => {
        const authority = new Authority();
        const { certFile, keyFile } = authority.issue();
        const simulator = await startSimulator(['--tls-cert', certFile, '--tls-key', keyFile]);
        t.after(() => simulator.stop());
        const key = random();
        for (const url of [simulator.url, 'ws://127.0.0.1:1/', 'wss://no-such-host.invalid/']) {
            const relay = await startRelay({ UPSTREAM_URL: url, DEBUG: 'true' });
            const call = await openCall(relay.url(`api-key=${key}`), { key });
            const text = await call.text();
            await call.end();
            relay.signal('SIGTERM');
            await relay.exit();
            checkAbsent(relay.output + text, key, 'the output');
        }
    });

    it('holds no secret of the settings', async () => {
        const password = random();
        const file = join(temporaryFolder(), 'relay.json');
        writeFileSync(file, JSON.stringify({ upstreamProxy: `http://user:${password}@127.0.0.1:1` }));
        for (const args of [['--print-config', '--config', file], ['--check-config', '--config', file],
            ['--print-config', `--upstream-proxy=socks5://user:${password}@127.0.0.1:1`],
            ['--check-config', `--upstream-proxy=ftp://user:${password}@127.0.0.1:1`],
            ['--check-config', `--upstream-url=http://user:${password}@127.0.0.1:1`],
            ['--check-config', `--upstream-url=wss://user:${password}@127.0.0.1:1/?key=${password}`]]) {
            const program = new Program('realtime-relayd', args, {});
            await program.exit();
            checkAbsent(program.output, password, args[0]);
        }
        const relay = await startRelay({ DEBUG: 'true' }, ['--config', file]);
        const call = await openCall(relay.url());
        const text = await call.text();
        await call.end();
        writeFileSync(file, JSON.stringify({ upstreamProxy: `gopher://user:${password}@127.0.0.1:1` }));
        relay.signal('SIGHUP');
        await relay.entry('reload_refused');
        relay.signal('SIGTERM');
        await relay.exit();
        checkAbsent(relay.output + text, password, 'the output');
    });

    it('holds no control characters from outside', async (t) => {
        const { relay, simulator } = await startBoth({ DEBUG: 'true', LOG_FORMAT: 'json' });
        t.after(() => simulator.stop());
        t.after(() => relay.stop());
        const call = await openCall(relay.url('model=%1b%5b31m%0aforged%00%e2%80%ae'), { headers: { Origin: 'http://localhost:5173' } });
        call.send('{"type":"evil\\n\\u001b[31m\nforged"}');
        call.close(4000, 'line\nbreak \x1b[31m');
        await relay.entry('session_closed');
        await until(() => relay.stderr.endsWith('\n'), 'a whole line');
        assert.doesNotMatch(relay.stderr.replaceAll('\n', ''), /[\x00-\x1f\x7f\u0080-\u009f\u202e]/);
        relay.stderr.trimEnd().split('\n').forEach((line) => JSON.parse(line));
    });
});
