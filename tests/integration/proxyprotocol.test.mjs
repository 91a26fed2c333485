// SPDX-License-Identifier: MIT
// The real HAProxy in front of the relay, speaking both versions of the PROXY protocol, plain and before TLS.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Call, openCall } from './harness/call.mjs';
import { Authority, temporaryFolder } from './harness/certificates.mjs';
import { freePorts, ownAddress, startRelay, startSimulator } from './harness/programs.mjs';
import { until, within } from './harness/waiting.mjs';

const haproxy = process.env.HAPROXY ?? 'haproxy';

/** HAProxy before a relay. `send`: the option of its server line. It looks after the relay's health, too. */
async function startHaproxy(mode, send, relayPort) {
    const [port] = await freePorts(1);
    const file = join(temporaryFolder(), 'haproxy.cfg');
    writeFileSync(file, `
defaults
    mode ${mode}
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    timeout tunnel 60s
listen front
    bind ${ownAddress}:${port}
    server relay 127.0.0.1:${relayPort} ${send} check inter 100ms
`);
    const child = spawn(haproxy, ['-f', file, '-db'], { stdio: 'ignore' });
    process.on('exit', () => child.kill('SIGKILL'));
    const exited = new Promise((resolve, reject) => child.on('exit', resolve).on('error', reject));
    exited.catch(() => {});
    await until(async () => {
        assert.equal(child.exitCode, null, 'HAProxy ended');
        return new Promise((resolve) => {
            const probe = net.connect(port, ownAddress, () => { probe.destroy(); resolve(true); });
            probe.on('error', () => resolve(false));
        });
    }, 'HAProxy to listen');
    return {
        of: (url) => url.replace(/\/\/[^/]*/, `//${ownAddress}:${port}`), ///< the way to it instead
        stop: () => {
            child.kill('SIGTERM');
            return within(exited, 'the end of HAProxy');
        },
    };
}

describe('HAProxy that speaks the PROXY protocol', { concurrency: 2 }, () => {
    const authority = new Authority();
    const { certFile, keyFile } = authority.issue();
    const tls = { ca: authority.cert, servername: 'localhost' };
    let simulator;

    before(async () => {
        simulator = await startSimulator();
    });
    after(() => simulator.stop());

    for (const secure of [false, true]) {
        for (const send of ['send-proxy', 'send-proxy-v2', 'send-proxy-v2 proxy-v2-options ssl,unique-id,crc32c']) {
            it(`${send}, ${secure ? 'before TLS' : 'plain'}`, async (t) => {
                const relay = await startRelay({
                    UPSTREAM_URL: simulator.url, TRUSTED_PROXIES: '127.0.0.1', MAX_CONNECTIONS_PER_IP: '1',
                    ...(secure && { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile }),
                });
                t.after(() => relay.stop());
                const front = await startHaproxy('tcp', send, relay.port);
                t.after(() => front.stop());
                const url = front.of(relay.url('simulate=echo'));
                const first = await openCall(url, { localAddress: '127.0.0.7', ...tls });
                await relay.entry('session_opened', { client: '127.0.0.7' });
                const second = await openCall(url, { localAddress: '127.0.0.8', ...tls }); // another client
                for (const call of [first, second]) {
                    const message = 'x'.repeat(200_000);
                    call.send(message);
                    assert.ok(await call.text() === message);
                }
                // Limits are the client's own.
                const { status } = await new Call(url, { localAddress: '127.0.0.7', ...tls }).refusal();
                assert.equal(status, 429);
                await relay.entry('refused', { code: 'too_many_connections_from_address', client: '127.0.0.7' });
                await first.close(1000);
                await second.close(1000);
                // Its health checks, and whoever only looks whether it listens, are no news.
                assert.deepEqual(relay.entries.filter(({ event }) => event === 'connection_failed'), []);
            });
        }
    }

    it('with X-Forwarded-For, which is believed of the client that it names if that is trusted itself', async (t) => {
        const relay = await startRelay({ UPSTREAM_URL: simulator.url, TRUSTED_PROXIES: '127.0.0.1,127.0.0.9' });
        t.after(() => relay.stop());
        const front = await startHaproxy('http', 'send-proxy-v2', relay.port);
        t.after(() => front.stop());
        const url = front.of(relay.url());
        for (const [localAddress, client] of [['127.0.0.9', '203.0.113.5'], ['127.0.0.10', '127.0.0.10']]) {
            const call = await openCall(url, { localAddress, headers: { 'X-Forwarded-For': '203.0.113.5' } });
            await relay.entry('session_opened', { client });
            await call.close(1000);
        }
    });

    for (const secure of [false, true]) {
        it(`is told of itself when it is not trusted, ${secure ? 'TLS' : 'plain'}`, async (t) => {
            const relay = await startRelay({ UPSTREAM_URL: simulator.url,
                ...(secure && { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile }) });
            t.after(() => relay.stop());
            const front = await startHaproxy('tcp', 'send-proxy', relay.port);
            t.after(() => front.stop());
            await assert.rejects(openCall(front.of(relay.url()), tls));
            const { message } = await relay.entry('refused', { code: 'proxy_not_trusted', client: '127.0.0.1' });
            assert.match(message, /TRUSTED_PROXIES/);
        });
    }
});
