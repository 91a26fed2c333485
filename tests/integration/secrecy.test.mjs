// SPDX-License-Identifier: MIT
// No key, no token and nothing of what is said stands in anything that the relay writes, at any level.
import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Call, elsewhere, openCall, openPageCall, pageOrigin } from './harness/call.mjs';
import { Authority, temporaryFolder } from './harness/certificates.mjs';
import { exchange, httpRequest, requestHead, upgradeHeaders } from './harness/http.mjs';
import { checkAbsent, random } from './harness/planted.mjs';
import { Program, startBoth, startRelay, startSimulator } from './harness/programs.mjs';
import { startUpstream } from './harness/rawpeer.mjs';
import { until } from './harness/waiting.mjs';

/** How often a text stands in the memory of a process that it can write to, as bytes or as UTF-16. */
function copiesInMemory(pid, text) {
    const forms = [Buffer.from(text, 'latin1'), Buffer.from(text, 'utf16le')];
    const memory = openSync(`/proc/${pid}/mem`, 'r');
    let copies = 0;
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
        const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
        if (!from)
            continue;
        const bytes = Buffer.alloc(Number(BigInt(`0x${to}`) - BigInt(`0x${from}`)));
        try {
            readSync(memory, bytes, 0, bytes.length, BigInt(`0x${from}`));
        } catch {
            continue; // gone meanwhile
        }
        for (const form of forms) {
            for (let found = bytes.indexOf(form); found >= 0; found = bytes.indexOf(form, found + 1))
                ++copies;
        }
    }
    closeSync(memory);
    return copies;
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

    it('holds no key of a gateway, though that repeats it', async (t) => {
        const key = 'Zebra-Gateway-1';
        const upstream = await startUpstream();
        t.after(() => upstream.stop());
        const relay = await startRelay({ UPSTREAM_URL: upstream.url, DEBUG: '1', FORWARD_HEADERS: 'X-Gateway-*' });
        t.after(() => relay.stop());
        const call = await openCall(relay.url(), { headers: { 'X-Gateway-Key': key } });
        const peer = await upstream.next();
        assert.match(peer.head, /^x-gateway-key: Zebra-Gateway-1$/im);
        peer.close(3000, `No such key: ${key.slice(0, 9)}`); // cut, as at 123 bytes
        await call.end();
        peer.socket.end();
        await relay.entry('session_closed', { message: /No such key: …/ });
        checkAbsent(relay.output, key, 'the journal');
    });

    for (const settings of [{ DEBUG: 'true' }, { LOG_LEVEL: 'debug', LOG_FORMAT: 'text' }, { DEBUG: '1', NODE_ENV: 'development' }]) {
        it(`holds no secret with ${JSON.stringify(settings)}`, async (t) => {
            const text = settings.LOG_FORMAT === 'text';
            const simulator = await startSimulator();
            t.after(() => simulator.stop());
            const all = { UPSTREAM_URL: simulator.url, CONNECT_TIMEOUT: '5000', DRAIN_TIMEOUT: '0', ...settings };
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
                const [program, page] = ways(secret());
                for (const options of [program, { ...page, origin: pageOrigin }]) {
                    const call = new Call(url(`simulate=${fault}`), { ...options, ...elsewhere() });
                    call.socket.on('message', (data) => heard.push(data.toString()));
                    heard.push(JSON.stringify(await call.refusal().catch(() => 'it was opened')));
                    await call.end();
                }
            }
            for (const kind of ['invalid', 'expired', 'forbidden', 'quota']) {
                const call = await openPageCall(url('model=m'), { key: `sk-${kind}-${secret()}`, ...elsewhere() });
                await call.end();
            }
            heard.push(JSON.stringify(await new Call(url('a=b'), { key: secret(), origin: 'https://evil.example' }).refusal()));
            heard.push(JSON.stringify(await new Call(`ws://127.0.0.1:${relay.port}/x?api-key=${secret()}`, { key: secret() }).refusal()));

            // Heads that Qt or the relay may stumble over.
            const head = (headers, line = 'GET /v1/realtime HTTP/1.1') => requestHead(line, { ...upgradeHeaders, ...headers });
            heard.push(...await Promise.all([
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
            ].map((bytes) => exchange(relay.port, bytes))));
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
            const call = await openPageCall(relay.url(`api-key=${key}`), { key });
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
        const call = await openPageCall(relay.url());
        const text = await call.text();
        await call.end();
        writeFileSync(file, JSON.stringify({ upstreamProxy: `gopher://user:${password}@127.0.0.1:1` }));
        relay.reload();
        await relay.entry('reload_refused');
        relay.signal('SIGTERM');
        await relay.exit();
        checkAbsent(relay.output + text, password, 'the output');
    });

    // Wiped where it is freed, with what TLS and Qt have had of it (app/compose/wipedmemory.cpp).
    it('is not even kept in memory, when the calls are over', {
        skip: process.platform !== 'linux' ? 'memory is read through /proc' : process.env.RELAY_SANITIZE ? 'sanitizers keep what is freed' : false,
    }, async (t) => {
        const authority = new Authority();
        const { certFile, keyFile } = authority.issue();
        const simulator = await startSimulator(['--tls-cert', certFile, '--tls-key', keyFile]);
        t.after(() => simulator.stop());
        const settings = { UPSTREAM_URL: simulator.url, UPSTREAM_CA_FILE: authority.certFile, LOG_LEVEL: 'debug',
            FORWARD_HEADERS: 'X-Gateway-Key', HANDSHAKE_TIMEOUT: '120000' }; // for which connections stay
        for (const own of [{}, { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile }]) {
            const relay = await startRelay({ ...settings, ...own });
            t.after(() => relay.stop());
            const tls = { ca: authority.cert };
            const keys = [];
            const past = []; ///< of requests that were answered
            const key = () => {
                keys.push(`sk-${random()}`);
                return keys.at(-1);
            };
            const url = (query) => relay.url(`model=m&${query}`);
            const gatewayKey = random();
            const calls = [
                await openCall(url('a=b'), { key: key(), ...tls }),
                await openCall(url('a=b'), { key: null, protocols: ['realtime', `openai-insecure-api-key.${key()}`], ...tls }),
                await openPageCall(url('a=b'), { key: key(), headers: { 'X-Gateway-Key': gatewayKey }, ...tls }),
                await openCall(url('a=b'), { key: null, headers: { 'api-key': key() }, ...tls }),
                await openCall(url(`api-key=${key()}`), { key: null, ...tls }),
            ];
            const agent = new http.Agent({ keepAlive: true }); // whose connections stay
            t.after(() => agent.destroy());
            if (!relay.tls) {
                for (const path of ['/v1/realtime/calls', '/v1/realtime/sessions', '/v1/realtime/client_secrets'])
                    await httpRequest(relay.port, path, { method: 'POST', headers: { Authorization: `Bearer ${key()}` }, body: '{}', agent });
                keys.splice(-3).forEach((one) => past.push(one));
            }
            assert.ok(keys.every((one) => copiesInMemory(relay.child.pid, one) > 0), 'it is there while calls need it');
            for (const call of calls) {
                await call.event('session.created');
                await call.close(1000);
            }
            await new Call(url('simulate=refuse:401'), { key: key(), ...tls }).refusal();
            await (await openPageCall(url('simulate=error:3000'), { key: key(), ...tls })).end();
            await new Call(url('a=b'), { key: key(), origin: 'https://evil.example', ...tls }).refusal();
            const closed = () => relay.entries.filter(({ event }) => event === 'session_closed').length;
            await until(() => closed() === calls.length + 2, 'the calls to be over');
            for (const [i, one] of [...keys, ...past, gatewayKey].entries())
                await until(() => copiesInMemory(relay.child.pid, one) === 0, `no copy of key ${i} to be left`);
        }
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
