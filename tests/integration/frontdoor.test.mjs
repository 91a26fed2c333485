// SPDX-License-Identifier: MIT
// What a relay that everyone can reach shows, and to whom.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Call, openCall } from './harness/call.mjs';
import { Authority, temporaryFolder } from './harness/certificates.mjs';
import { httpRequest, requestHead, upgradeHeaders } from './harness/http.mjs';
import { freePorts, ownAddress, Program, startRelay, startSimulator } from './harness/programs.mjs';
import { until, within } from './harness/waiting.mjs';

describe('the front door', () => {
    let simulator;

    before(async () => {
        simulator = await startSimulator();
    });
    after(() => simulator.stop());

    async function relayWith(t, settings = {}, args = []) {
        const relay = await startRelay({ UPSTREAM_URL: simulator.url, ...settings }, args);
        t.after(() => relay.stop());
        return relay;
    }

    const at = (relay, host, path = '/health') => relay.request(path, { headers: { Host: host } });

    async function checkRefused(answer, status, code) {
        assert.equal(answer.status, status);
        assert.equal(answer.json().error.code, code);
        assert.ok(answer.json().error.message.length > 10);
    }

    describe('and the name it is asked under', () => {
        it('is for this machine only one that no stranger can have', async (t) => {
            const relay = await relayWith(t);
            for (const host of ['127.0.0.1', `127.0.0.1:${relay.port}`, '[::1]:1', 'localhost:8080', 'x.localhost', 'laptop', 'laptop.local'])
                assert.equal((await at(relay, host)).status, 200, host);
            for (const path of ['/health', '/stats', '/metrics', '/', '/realtime', '/nowhere'])
                await checkRefused(await at(relay, 'evil.example:8080', path), 421, 'host_not_allowed');
            const call = new Call(relay.url(), { headers: { Host: 'evil.example' }, origin: 'http://localhost' });
            assert.equal((await call.refusal()).status, 421);
            await relay.entry('refused', { code: 'host_not_allowed', status: 421, client: '127.0.0.1' });
            await until(async () => (await relay.stats()).rejected.host_not_allowed === 7, 'all to be counted');
        });

        it('is any that a trusted proxy passes on', async (t) => {
            const relay = await relayWith(t, { TRUSTED_PROXIES: '127.0.0.1' });
            assert.equal((await at(relay, 'relay.example.org')).status, 200);
            await (await openCall(relay.url(), { headers: { Host: 'relay.example.org' } })).close(1000);
        });

        it('is any, where others reach the relay and no name is set', async (t) => {
            const relay = await relayWith(t, { HOST: '0.0.0.0' });
            assert.equal((await at(relay, 'relay.example.org')).status, 200);
            assert.equal((await relay.request('/health')).status, 200);
        });

        it('is one of those that are set, an address or localhost', async (t) => {
            const relay = await relayWith(t, { HOST: '0.0.0.0', ALLOWED_HOSTS: 'Relay.example.org, *.example.net' });
            for (const host of ['relay.example.org', 'relay.example.org:443', 'a.example.net', '192.0.2.1:8080', 'localhost'])
                assert.equal((await at(relay, host)).status, 200, host);
            for (const host of ['evil.example', 'example.net', 'laptop'])
                await checkRefused(await at(relay, host), 421, 'host_not_allowed');
        });
    });

    describe('and an Origin that is the address it is asked at', () => {
        const own = (relay, host, scheme = 'http', headers = {}) =>
            new Call(relay.url(), { origin: `${scheme}://${host}`, headers: { Host: host, ...headers } });
        const comesIn = async (call) => (await call.open()).close(1000);
        const isRefused = async (call) => assert.equal((await call.refusal()).body.error.code, 'origin_not_allowed');

        it('lets programs in that send it by habit', async (t) => {
            const relay = await relayWith(t, { ALLOWED_ORIGINS: 'https://app.example.org' });
            for (const host of [`127.0.0.1:${relay.port}`, `127.0.0.2:${relay.port}`, '192.0.2.1', `localhost:${relay.port}`, 'laptop:8080'])
                await comesIn(own(relay, host));
            await isRefused(new Call(relay.url(), { origin: `http://127.0.0.1:${relay.port + 1}` }));
            await isRefused(new Call(relay.url(), { origin: 'http://127.0.0.1' }));
        });

        it('does so behind a proxy with a certificate, and with one of its own', async (t) => {
            const authority = new Authority();
            const { certFile, keyFile } = authority.issue();
            const behind = await relayWith(t, { TRUSTED_PROXIES: '127.0.0.1' });
            await comesIn(own(behind, 'relay.example.org', 'https', { 'X-Forwarded-Proto': 'https' }));
            await isRefused(own(behind, '192.0.2.1', 'http', { 'X-Forwarded-Proto': 'https' }));
            const secure = await relayWith(t,
                { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, HOST: '0.0.0.0', ALLOWED_ORIGINS: 'https://app.example.org' });
            const headers = { Host: 'relay.example.org' };
            const options = { ca: authority.cert, servername: 'localhost', headers };
            await comesIn(new Call(secure.url(), { origin: 'https://relay.example.org', ...options }));
            await isRefused(new Call(secure.url(), { origin: 'http://relay.example.org', ...options }));
        });

        // The page http://evil.example has evil.example point to the relay: Origin and Host are its own.
        it('lets no page in that has its own name point to the relay', async (t) => {
            const open = await relayWith(t, { HOST: '0.0.0.0' });
            await isRefused(own(open, 'evil.example'));
            await isRefused(own(open, `evil.example:${open.port}`));
            const named = await relayWith(t, { HOST: '0.0.0.0', ALLOWED_HOSTS: 'relay.example.org' });
            assert.equal((await own(named, 'evil.example').refusal()).body.error.code, 'host_not_allowed');
            await comesIn(own(named, 'relay.example.org'));
        });
    });

    describe('and what is for the operator', () => {
        const token = randomBytes(16).toString('hex');
        const bearer = (value) => ({ headers: { Authorization: `Bearer ${value}` } });
        const atAdmin = (port, path, options) => httpRequest(port, path, { host: ownAddress, ...options });

        it('wants the token for /stats and /metrics alone', async (t) => {
            const relay = await relayWith(t, { STATS_TOKEN: token });
            for (const path of ['/stats', '/metrics']) {
                for (const options of [{}, bearer(token.slice(1)), bearer(`${token}0`), bearer('')]) {
                    const answer = await relay.request(path, options);
                    await checkRefused(answer, 401, 'stats_token_required');
                    assert.match(answer.headers['www-authenticate'], /^Bearer\b/);
                }
                assert.equal((await relay.request(path, bearer(token))).status, 200);
                assert.equal((await relay.request(path, { method: 'HEAD' })).status, 401);
            }
            for (const path of ['/health', '/'])
                assert.equal((await relay.request(path)).status, 200);
            await (await openCall(relay.url())).close(1000);
            await until(async () => (await relay.request('/stats', bearer(token))).json().rejected.stats_token_required === 10,
                'all to be counted');
            assert.ok(!relay.output.includes(token));
        });

        it('shows the token to nobody', async () => {
            const file = join(temporaryFolder(), 'relay.json');
            writeFileSync(file, JSON.stringify({ statsToken: token }), { mode: 0o644 });
            for (const args of [['--print-config', '--config', file], ['--check-config', '--config', file],
                ['--print-config', `--stats-token=${token}`], ['--check-config', `--stats-token=${token} x`]]) {
                const program = new Program('realtime-relayd', args, {});
                await program.exit();
                assert.ok(!program.output.includes(token), args.join(' '));
                if (args[0] === '--print-config')
                    assert.match(program.stdout, /statsToken +\*\*\*/);
            }
        });

        it('has a port of its own, if it is set', async (t) => {
            const [port] = await freePorts(1);
            const relay = await relayWith(t, { ADMIN_HOST: ownAddress, ADMIN_PORT: String(port), STATS_TOKEN: token });
            await relay.entry('listening', { admin_port: port });
            const call = await openCall(relay.url());
            for (const path of ['/stats', '/metrics']) {
                assert.equal((await relay.request(path, bearer(token))).status, 404);
                assert.equal((await atAdmin(port, path)).status, 401);
                assert.equal((await atAdmin(port, path, bearer(token))).status, 200);
            }
            assert.equal((await relay.request('/health')).status, 200);
            assert.equal((await atAdmin(port, '/health')).status, 200);
            assert.equal((await atAdmin(port, '/realtime')).status, 404);
            assert.equal((await new Call(`ws://${ownAddress}:${port}/v1/realtime`).refusal()).status, 404);
            assert.ok(!(await relay.request('/')).json().endpoints.includes('/stats'));
            await checkRefused(await atAdmin(port, '/metrics', { headers: { Host: 'evil.example' } }), 421, 'host_not_allowed');
            await call.close(1000);
        });

        it('moves to another port without a call that ends', async (t) => {
            const file = join(temporaryFolder(), 'relay.json');
            const reload = async (relay, settings) => {
                const count = () => relay.entries.filter(({ event }) => /^reload/.test(event)).length;
                const before = count();
                writeFileSync(file, JSON.stringify(settings));
                relay.signal('SIGHUP');
                await relay.heard(() => count() > before, 'the reload');
            };
            writeFileSync(file, '{}');
            const relay = await relayWith(t, { ADMIN_HOST: ownAddress }, ['--config', file]);
            const call = await openCall(relay.url('simulate=echo'));
            const goesOn = async (text) => {
                call.send(text);
                assert.equal(await call.text(), text);
            };
            // A file that has changed may be loaded twice: at the signal, and because it has changed.
            const comesTo = (expected, ask) => until(() => ask().then(({ status }) => status, ({ code }) => code)
                .then((seen) => seen === expected), `${expected} of ${ask}`);
            const ports = await freePorts(2);
            for (const adminPort of ports) {
                await reload(relay, { adminPort });
                await comesTo(200, () => atAdmin(adminPort, '/stats'));
                await comesTo(404, () => relay.request('/stats'));
                await goesOn(`at ${adminPort}`);
            }
            await comesTo('ECONNREFUSED', () => atAdmin(ports[0], '/health'));
            await reload(relay, { statsToken: token });
            await comesTo('ECONNREFUSED', () => atAdmin(ports[1], '/health'));
            await comesTo(401, () => relay.request('/stats'));
            await reload(relay, {});
            await comesTo(200, () => relay.request('/stats'));
            const taken = net.createServer();
            await new Promise((resolve) => taken.listen(0, ownAddress, resolve));
            await reload(relay, { adminPort: taken.address().port });
            await relay.entry('reload_refused', { message: /ADMIN_PORT/ });
            taken.close();
            assert.equal((await relay.request('/stats')).status, 200);
            await goesOn('to the end');
            await call.close(1000);
        });
    });

    describe('and those who hold it open', () => {
        const silent = (relay) => {
            const socket = net.connect(relay.port, '127.0.0.1');
            socket.on('error', () => {});
            const gone = new Promise((resolve) => socket.on('close', resolve));
            return { socket, gone };
        };

        it('cuts the oldest of too many that say nothing, and serves the others', async (t) => {
            const relay = await relayWith(t, { MAX_HALF_OPEN_PER_IP: '4', WORKERS: '1' });
            const call = await openCall(relay.url('simulate=echo'));
            const held = Array.from({ length: 20 }, () => silent(relay));
            await within(Promise.all(held.slice(0, 16).map(({ gone }) => gone)), 'the oldest to be cut');
            call.send('beside');
            assert.equal(await call.text(), 'beside');
            await (await openCall(relay.url())).close(1000);
            const stats = await until(async () => {
                const now = await relay.stats();
                return now.rejected.too_many_half_open_from_address >= 16 && now;
            }, 'all to be counted');
            assert.ok(stats.troubles.some(({ code }) => code === 'half_open_cut'));
            await relay.entry('trouble_began', { code: 'half_open_cut', message: /127\.0\.0\.1/ });
            held.forEach(({ socket }) => socket.destroy());
            await call.close(1000);
        });

        it('gives no place to callers without a key, however long they stay', async (t) => {
            const relay = await relayWith(t, { MAX_CONNECTIONS: '2' });
            const linger = requestHead('GET /v1/realtime HTTP/1.1', { ...upgradeHeaders, Origin: 'http://localhost' });
            const told = Array.from({ length: 6 }, () => {
                const { socket } = silent(relay);
                socket.write(linger);
                return { socket, answer: within(new Promise((resolve) => socket.once('data', (data) => resolve(data.toString('latin1')))), 'the answer') };
            });
            const answers = await Promise.all(told.map(({ answer }) => answer));
            assert.equal(answers.filter((text) => text.startsWith('HTTP/1.1 101 ')).length, 2);
            assert.equal(answers.filter((text) => text.startsWith('HTTP/1.1 503 ')).length, 4);
            const calls = [await openCall(relay.url()), await openCall(relay.url())];
            assert.equal((await new Call(relay.url()).refusal()).status, 503);
            for (const call of calls)
                await call.close(1000);
            told.forEach(({ socket }) => socket.destroy());
        });

        it('gives the place of a call that has ended to the next, though its client stays', async (t) => {
            const relay = await relayWith(t, { MAX_CONNECTIONS: '1' });
            const { socket } = silent(relay);
            socket.write(requestHead('GET /v1/realtime?simulate=refuse:401 HTTP/1.1',
                { ...upgradeHeaders, Origin: 'http://localhost', Authorization: 'Bearer sk-x' }));
            await relay.entry('session_opened');
            const next = await until(async () => openCall(relay.url()).catch(() => null), 'a place');
            const both = await relay.heard(() => {
                const calls = relay.entries.map(({ event }) => event).filter((event) => /^session_/.test(event));
                return calls.length >= 2 && calls.slice(0, 2);
            }, 'both calls');
            assert.deepEqual(both, ['session_opened', 'session_opened'], 'the first one is still being told');
            await next.close(1000);
            socket.destroy();
        });
    });
});
