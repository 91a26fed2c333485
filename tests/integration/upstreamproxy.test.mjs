// SPDX-License-Identifier: MIT
// The upstream behind a proxy.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openCall, openPageCall } from './harness/call.mjs';
import { Authority } from './harness/certificates.mjs';
import { runRelay, startRelay, startSimulator } from './harness/programs.mjs';
import { startHttpProxy, startSocksProxy } from './harness/proxies.mjs';

describe('an upstream behind a proxy', { concurrency: 4 }, () => {
    const authority = new Authority();
    const { certFile, keyFile } = authority.issue();
    let simulator;

    before(async () => {
        simulator = await startSimulator(['--tls-cert', certFile, '--tls-key', keyFile, '--speed', '0']);
    });
    after(() => simulator.stop());

    async function relayWith(t, settings) {
        const relay = await startRelay({
            UPSTREAM_URL: `wss://localhost:${simulator.port}/v1/realtime`,
            UPSTREAM_CA_FILE: authority.certFile,
            ...settings,
        });
        t.after(() => relay.stop());
        return relay;
    }

    async function checkCall(relay) {
        const call = await openCall(relay.url('simulate=echo'));
        const message = 'through the proxy '.repeat(50_000);
        call.send(message);
        assert.ok(await call.text() === message);
        await call.close(1000);
    }

    async function checkFailure(relay) {
        const call = await openPageCall(relay.url());
        const { error } = await call.event('error');
        assert.equal(error.code, 'upstream_unreachable');
        assert.match(error.message, /proxy/i);
        assert.equal((await call.end()).code, 1013);
        return error.message;
    }

    async function proxy(t, start, options) {
        const started = await start(options);
        t.after(() => started.stop());
        return started;
    }

    const target = () => `localhost:${simulator.port}`;

    it('is reached by HTTP CONNECT', async (t) => {
        const via = await proxy(t, startHttpProxy);
        await checkCall(await relayWith(t, { UPSTREAM_PROXY: via.url }));
        assert.deepEqual(via.targets, [target()]);
    });

    it('is reached by HTTP CONNECT with a password', async (t) => {
        const via = await proxy(t, startHttpProxy, { user: 'user', password: 'p@ss:word' });
        await checkCall(await relayWith(t, { UPSTREAM_PROXY: via.url.replace('//', '//user:p%40ss%3Aword@') }));
        assert.deepEqual(via.targets, [target()]);
    });

    it('is reached by SOCKS5', async (t) => {
        const via = await proxy(t, startSocksProxy);
        await checkCall(await relayWith(t, { UPSTREAM_PROXY: via.url }));
        assert.deepEqual(via.targets, [target()]);
    });

    it('is reached by SOCKS5 with a password', async (t) => {
        const via = await proxy(t, startSocksProxy, { user: 'user', password: 'secret' });
        await checkCall(await relayWith(t, { UPSTREAM_PROXY: via.url.replace('//', '//user:secret@') }));
        assert.deepEqual(via.targets, [target()]);
    });

    for (const [name, start] of [['HTTP CONNECT', startHttpProxy], ['SOCKS5', startSocksProxy]]) {
        it(`is reached without TLS by ${name}`, async (t) => {
            const plain = await startSimulator();
            t.after(() => plain.stop());
            const via = await proxy(t, start);
            await checkCall(await relayWith(t, { UPSTREAM_URL: plain.url, UPSTREAM_PROXY: via.url }));
            assert.deepEqual(via.targets, [`127.0.0.1:${plain.port}`]);
        });
    }

    it('is reached by the proxy of the environment', async (t) => {
        const via = await proxy(t, startHttpProxy);
        await checkCall(await relayWith(t, { HTTPS_PROXY: via.url }));
        await checkCall(await relayWith(t, { https_proxy: via.url }));
        assert.equal(via.targets.length, 2);
    });

    for (const [name, start] of [['HTTP CONNECT', startHttpProxy], ['SOCKS5', startSocksProxy]]) {
        it(`is reached at an IPv6 address by ${name}`, async (t) => {
            const certificate = authority.issue('IP:::1');
            const v6 = await startSimulator(['--host', '::1', '--speed', '0', '--tls-cert', certificate.certFile,
                '--tls-key', certificate.keyFile]);
            t.after(() => v6.stop());
            const via = await proxy(t, start, { user: 'user', password: 'secret' });
            const url = via.url.replace('//', '//user:secret@');
            await checkCall(await relayWith(t, { UPSTREAM_URL: `wss://[::1]:${v6.port}/v1/realtime`, UPSTREAM_PROXY: url }));
            assert.deepEqual(via.targets, [`[::1]:${v6.port}`]);
        });

        it(`is reached by ${name} at an IPv6 address`, async (t) => {
            const via = await proxy(t, start, { address: '::1' });
            await checkCall(await relayWith(t, { HTTPS_PROXY: via.url }));
            assert.deepEqual(via.targets, [target()]);
        });
    }

    it('is reached by the proxy of the environment, in every form of it', async (t) => {
        const http = await proxy(t, startHttpProxy);
        const socks = await proxy(t, startSocksProxy);
        for (const environment of [{ ALL_PROXY: http.url }, { all_proxy: http.url }, { WSS_PROXY: http.url },
            { HTTPS_PROXY: `"${http.url}"` }, { HTTPS_PROXY: ` '${http.url}/' ` }, { https_proxy: `127.0.0.1:${http.port}` },
            { HTTPS_PROXY: http.url, ALL_PROXY: 'socks5://127.0.0.1:1' }])
            await checkCall(await relayWith(t, environment));
        assert.equal(http.targets.length, 7);
        for (const environment of [{ ALL_PROXY: socks.url }, { https_proxy: socks.url.replace('socks5', 'socks5h') }])
            await checkCall(await relayWith(t, environment));
        assert.deepEqual(socks.targets, [target(), target()]); // which looks up the name in both
    });

    it('is not tried where the proxy of the environment cannot be used', async () => {
        for (const [name, value] of [['ALL_PROXY', 'socks://user:hunter2@127.0.0.1:1'], ['https_proxy', 'socks4://127.0.0.1:1'],
            ['HTTPS_PROXY', 'https://127.0.0.1:1'], ['HTTPS_PROXY', 'http://proxy.example']]) {
            for (const args of [[], ['--check-config']]) {
                const { code, stderr } = await runRelay(['--host', '127.0.0.1', '--port', '0', ...args], { [name]: value });
                assert.equal(code, 2, stderr);
                assert.match(stderr, new RegExp(`environment variable ${name} cannot be used: .*UPSTREAM_PROXY`));
                assert.doesNotMatch(stderr, /hunter2/);
            }
        }
    });

    it('is its own business in a demo, whatever the environment says', async (t) => {
        const relay = await startRelay({ ALL_PROXY: 'socks://127.0.0.1:1', no_proxy: 'example.org' }, ['--demo']);
        t.after(() => relay.stop());
        const call = await openCall(relay.url());
        await call.event('session.created');
        await call.close(1000);
    });

    it('is reached directly when NO_PROXY names it', async (t) => {
        const via = await proxy(t, startHttpProxy);
        for (const none of ['localhost', '*', 'example.org, .localhost,localhost', 'example.org .localhost',
            `localhost:${simulator.port}`, '"localhost"'])
            await checkCall(await relayWith(t, { HTTPS_PROXY: via.url, NO_PROXY: none }));
        assert.deepEqual(via.targets, []);
        await checkCall(await relayWith(t, { HTTPS_PROXY: via.url, NO_PROXY: 'example.org,host' }));
        assert.equal(via.targets.length, 1);
    });

    it('is reached by its own proxy rather than by that of the environment', async (t) => {
        const via = await proxy(t, startHttpProxy);
        const other = await proxy(t, startHttpProxy);
        await checkCall(await relayWith(t, { UPSTREAM_PROXY: via.url, HTTPS_PROXY: other.url, NO_PROXY: '*' }));
        assert.deepEqual([via.targets.length, other.targets.length], [1, 0]);
    });

    it('is not reached when the proxy refuses', async (t) => {
        const via = await proxy(t, startHttpProxy, { refuseWith: 403 });
        await checkFailure(await relayWith(t, { UPSTREAM_PROXY: via.url }));
    });

    it('is not reached with a wrong password, and the password is not told', async (t) => {
        for (const start of [startHttpProxy, startSocksProxy]) {
            const via = await proxy(t, start, { user: 'user', password: 'right' });
            const relay = await relayWith(t, { UPSTREAM_PROXY: via.url.replace('//', '//user:wrong-one@'), DEBUG: 'true' });
            assert.doesNotMatch(await checkFailure(relay), /wrong-one/);
            assert.doesNotMatch(relay.output, /wrong-one/);
        }
    });

    it('is not reached when the proxy is not there', async (t) => {
        await checkFailure(await relayWith(t, { UPSTREAM_PROXY: 'http://127.0.0.1:1' }));
        await checkFailure(await relayWith(t, { UPSTREAM_PROXY: 'socks5://127.0.0.1:1' }));
    });
});
