// SPDX-License-Identifier: MIT
// Set-ups that are broken, each in a way of its own, and what the Doctor calls it; doctornetwork.test.mjs has those that need a
// network of their own.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Authority, temporaryFolder } from './harness/certificates.mjs';
import { assertNamed, examine } from './harness/doctor.mjs';
import { runRelay, startRelay, startSimulator } from './harness/programs.mjs';
import { startHttpProxy } from './harness/proxies.mjs';
import { RefusingUpstream } from './harness/refusingupstream.mjs';

const realKey = 'sk-doctor-the-right-key-of-all';
const unsupported = JSON.stringify({ error: { type: 'request_forbidden', code: 'unsupported_country_region_territory',
    message: 'Country, region, or territory not supported' } });
const years = (count) => count * 365 * 24 * 3600;
const onWindows = process.platform === 'win32';

describe('the Doctor', { concurrency: 3 }, () => {
    const folder = temporaryFolder();
    const authority = new Authority();
    const { certFile, keyFile, cert, key } = authority.issue();
    let simulator;

    before(async () => {
        simulator = await startSimulator(['--tls-cert', certFile, '--tls-key', keyFile, '--speed', '0', '--models', '', '--key', realKey]);
    });
    after(() => simulator.stop());

    const upstream = () => ({ UPSTREAM_URL: `wss://localhost:${simulator.port}/v1/realtime`, UPSTREAM_CA_FILE: authority.certFile });

    /** An upstream of HTTPS that asks for a key, as OpenAI does, with a certificate that may be wrong. */
    async function startSecure(t, certificate) {
        const refusing = await new RefusingUpstream(401, { Date: new Date().toUTCString() },
            '{"error":{"code":"invalid_api_key"}}', certificate).listen();
        t.after(() => refusing.server.close());
        return { UPSTREAM_URL: refusing.url.replace('127.0.0.1', 'localhost'), UPSTREAM_CA_FILE: authority.certFile };
    }

    async function startRefusing(t, status, body, headers = {}) {
        const refusing = await new RefusingUpstream(status, headers, body).listen();
        t.after(() => refusing.stop());
        return { UPSTREAM_URL: refusing.url };
    }

    async function listening(t, server) {
        await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
        t.after(() => server.close());
        return server.address().port;
    }

    /** A port at which nobody listens, nor can until the test is over: a client has it. */
    async function closedPort(t) {
        const port = await listening(t, net.createServer((socket) => socket.resume()));
        const client = net.connect(port, '127.0.0.1');
        t.after(() => client.destroy());
        await once(client, 'connect');
        return client.localPort;
    }

    it('finds nothing wrong where all is well, and makes a whole call', async () => {
        const result = await examine(upstream(), { key: realKey });
        assert.ok(result.good, result.stdout);
        assert.match(result.tls.text, /issued by Throw-away test authority/);
        assert.match(result.key.text, /takes the key, and opens a session of gpt-realtime/);
        assert.match(result.call.text, /the first audio \d+ ms after the end of speech, closed with 1000/);
        assert.equal(result.stdout.includes(realKey), false);
    });

    it('needs no key in a demo', async () => {
        const result = await examine({}, { args: ['--demo'] });
        assert.ok(result.good, result.stdout);
        assert.match(result.call.text, /first audio/);
    });

    it('leaves out what needs a key', async (t) => {
        const result = await examine(await startSecure(t, { cert, key }));
        assert.ok(result.good, result.stdout);
        assert.match(result.region.text, /asks for a key, as it should/);
        for (const id of ['key', 'call', 'certificate', 'public'])
            assert.equal(result[id].result, 'skipped');
    });

    it('finds the relay that runs, and gives it no key', async (t) => {
        const relay = await startRelay({ ...upstream(), TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile });
        t.after(() => relay.stop());
        const result = await examine({ ...upstream(), PORT: String(relay.port), TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile },
            { key: realKey });
        assert.match(result.port.text, /A relay runs/);
        assert.match(result.call.text, /through a relay with these settings, run for it alone: .* first audio/);
        assert.deepEqual(relay.entries.filter(({ event }) => event.startsWith('session_')), []);
        assertNamed(result, 'certificate', 'certificate_unfit', /Throw-away test authority, which this system does not know/);
    });

    // --- the twelve, and some more

    it('names a settings file that is none', async () => {
        const file = join(folder, `${randomUUID()}.json`);
        writeFileSync(file, '{"port": 80,\n "host"}');
        const result = await examine({}, { args: ['--config', file] });
        assertNamed(result, 'settings', 'settings', /line 2/);
        assert.equal(result.dns.result, 'skipped'); // not OpenAI either, whom the defaults name
    });

    it('names a certificate and a key that do not belong together', async () => {
        const other = authority.issue();
        assertNamed(await examine({ ...upstream(), TLS_CERT_FILE: certFile, TLS_KEY_FILE: other.keyFile }),
            'settings', 'tls_files', /does not belong to the certificate/);
    });

    it('names a port that is taken, and who has it', async (t) => {
        const port = await listening(t, net.createServer((socket) => socket.destroy()));
        const named = process.platform === 'linux' ? new RegExp(`Port ${port} is taken by \\S+ \\(PID ${process.pid}\\)`)
            : new RegExp(`Port ${port} is taken`);
        assertNamed(await examine({ ...upstream(), PORT: String(port) }), 'port', 'port_taken', named);
    });

    it('gives no key to a stranger who says that he is healthy', async (t) => {
        for (const says of [{ status: 'healthy' }, { status: 'healthy', name: 'Realtime Relay' }]) {
            const heard = [];
            const stranger = http.createServer((request, response) => {
                heard.push(JSON.stringify(request.rawHeaders));
                response.end(JSON.stringify(says));
            });
            stranger.on('upgrade', (request, socket) => {
                heard.push(JSON.stringify(request.rawHeaders));
                socket.destroy();
            });
            const port = await listening(t, stranger);
            const result = await examine({ ...upstream(), PORT: String(port) }, { key: realKey });
            if (says.name) // who says all that a relay says is taken for one
                assert.match(result.port.text, /A relay runs/);
            else
                assertNamed(result, 'port', 'port_taken', new RegExp(`Port ${port} is taken`));
            assert.match(result.call.text, /run for it alone/);
            assert.ok(heard.length > 0);
            assert.equal(heard.some((each) => each.includes(realKey)), false);
        }
    });

    it('names an address that this machine does not have', async (t) => {
        assertNamed(await examine({ ...upstream(), HOST: '203.0.113.9', PORT: String(await closedPort(t)) }),
            'port', 'address_not_available', /203\.0\.113\.9/);
    });

    it('names a host that does not exist', async () => {
        // However slow, or far away, the servers are that this machine asks for names.
        const result = await examine({ UPSTREAM_URL: 'wss://no-such-host.invalid/v1/realtime', RES_OPTIONS: 'timeout:1 attempts:1' });
        assertNamed(result, 'dns', 'name_not_found', /no-such-host\.invalid has no address/);
        assert.equal(result.tcp.result, 'skipped');
    });

    it('names a port of the upstream where nothing listens', async (t) => {
        assertNamed(await examine({ UPSTREAM_URL: `wss://127.0.0.1:${await closedPort(t)}/v1/realtime` }),
            'tcp', 'connection_refused', /refuses connections/);
    });

    it('names a proxy that is not there', async (t) => {
        assertNamed(await examine({ ...upstream(), UPSTREAM_PROXY: `http://127.0.0.1:${await closedPort(t)}` }),
            'proxy', 'proxy_unreachable', /Nothing listens at the proxy's address/);
    });

    it('names a proxy of the environment that cannot be used', async () => {
        const result = await examine({ ...upstream(), HTTPS_PROXY: 'gopher://127.0.0.1:1' });
        assert.match(JSON.stringify(result.settings), /HTTPS_PROXY/);
        assert.equal(result.good, false);
    });

    it('names a proxy that wants a password, and tells none', async (t) => {
        const via = await startHttpProxy({ user: 'someone', password: 'right' });
        t.after(() => via.stop());
        assertNamed(await examine({ ...upstream(), UPSTREAM_PROXY: via.url }), 'proxy', 'proxy_wants_password', /wants a user/);
        const wrong = await examine({ ...upstream(), UPSTREAM_PROXY: via.url.replace('//', '//someone:wr0ngword@') });
        assertNamed(wrong, 'proxy', 'proxy_wants_password', /takes none that it was given/);
        assert.equal(wrong.stdout.includes('wr0ngword'), false);
    });

    it('names a proxy that lets nobody through', async (t) => {
        const via = await startHttpProxy({ refuseWith: 403 });
        t.after(() => via.stop());
        assertNamed(await examine({ ...upstream(), UPSTREAM_PROXY: via.url }), 'proxy', 'proxy_failed', /does not lead to localhost/);
    });

    it('goes through a proxy that works', async (t) => {
        const via = await startHttpProxy();
        t.after(() => via.stop());
        const result = await examine({ ...upstream(), UPSTREAM_PROXY: via.url }, { key: realKey });
        assert.ok(result.good, result.stdout);
        assert.match(result.proxy.text, /leads to localhost/);
    });

    it('names an authority that nobody knows', async (t) => {
        const stranger = new Authority();
        const settings = await startSecure(t, stranger.issue());
        assertNamed(await examine(settings), 'tls', 'certificate_unknown_issuer', /issued by Throw-away test authority, which the relay does not trust/);
    });

    it('names a certificate that has expired', async (t) => {
        const settings = await startSecure(t, authority.issue(undefined, { from: '20240101000000Z', until: '20250101000000Z' }));
        assertNamed(await examine(settings), 'tls', 'certificate_expired', /expired on 2025-01-01/);
    });

    it('names a certificate that is not valid yet', async (t) => {
        const settings = await startSecure(t, authority.issue(undefined, { from: '20400101000000Z', until: '20410101000000Z' }));
        assertNamed(await examine(settings), 'tls', 'certificate_not_yet_valid', /valid from 2040-01-01/);
    });

    it('names a certificate for another name', async (t) => {
        const settings = await startSecure(t, authority.issue('DNS:other.example.org'));
        assertNamed(await examine(settings), 'tls', 'certificate_wrong_name', /certificate for other\.example\.org/);
    });

    it('names a clock that is wrong', { skip: !process.env.WALL_CLOCK && 'without harness/wallclock.cpp' }, async (t) => {
        const path = join(folder, randomUUID());
        const file = openSync(path, 'w');
        const bytes = Buffer.alloc(8);
        bytes.writeBigInt64LE(BigInt(years(3)));
        writeSync(file, bytes, 0, 8, 0);
        closeSync(file);
        const settings = await startSecure(t, { cert, key });
        const result = await examine({ ...settings, LD_PRELOAD: process.env.WALL_CLOCK, WALL_CLOCK_OFFSET: path });
        assertNamed(result, 'tls', 'clock_wrong', /This machine's clock says .*Set this machine's clock/);
        assert.equal(result.clock.code, 'clock_wrong');
    });

    it('names a region that is not served', async (t) => {
        const settings = await startRefusing(t, 403, unsupported, { 'Content-Type': 'application/json' });
        assertNamed(await examine(settings), 'region', 'region_refused', /does not serve the region/);
    });

    it('names an upstream that is a web page', async (t) => {
        const port = await listening(t, http.createServer((_, response) => response.end('<!doctype html><p>Sign in')));
        assertNamed(await examine({ UPSTREAM_URL: `ws://127.0.0.1:${port}/v1/realtime` }), 'region', 'not_an_api', /HTTP 200/);
    });

    it('names an upstream whose path is wrong', async (t) => {
        const settings = await startRefusing(t, 404, 'Not Found');
        assertNamed(await examine(settings), 'region', 'not_an_api', /HTTP 404.*path included/);
    });

    it('names a key that is refused', async () => {
        const result = await examine(upstream(), { key: 'sk-doctor-another-key' });
        assertNamed(result, 'key', 'key_refused', /Copy the key anew/);
        assert.equal(result.call.result, 'skipped');
        assert.equal(result.stdout.includes('another-key'), false);
    });

    it('names a model that there is not', async () => {
        assertNamed(await examine(upstream(), { key: realKey, args: ['--model', 'gpt-nothing'] }), 'key', 'model_unknown', /gpt-nothing/);
    });

    it('names a quota that is used up', async (t) => {
        const settings = await startRefusing(t, 429,
            JSON.stringify({ error: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'You exceeded your quota' } }));
        assertNamed(await examine(settings, { key: realKey }), 'key', 'quota_used_up', /billing/);
    });

    it('names a public address whose certificate is for another', async (t) => {
        const own = authority.issue('DNS:other.example.org');
        const port = await listening(t, https.createServer(own, (_, response) => response.end('ok')));
        const result = await examine(upstream(), { args: ['--address', `wss://localhost:${port}`] });
        assertNamed(result, 'public', 'certificate_unfit', /is for other\.example\.org, and not for localhost/);
    });

    it('names the certificate that does not fit the address, before anybody is let in', async (t) => {
        const result = await examine({ ...upstream(), TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile },
            { args: ['--address', `wss://relay.example.invalid:${await closedPort(t)}`] });
        assertNamed(result, 'certificate', 'certificate_unfit', /not for relay\.example\.invalid/);
        assert.equal(result.public.code, 'public_unreachable');
    });

    for (const [status, code, text] of [[502, 'public_gateway', /does not reach the relay \(HTTP 502\)/],
        [301, 'public_redirects', /sends elsewhere/]]) {
        it(`names what is in front and answers ${status}`, async (t) => {
            const port = await listening(t, http.createServer((_, response) => response.writeHead(status).end()));
            assertNamed(await examine(upstream(), { args: ['--address', `ws://127.0.0.1:${port}`] }), 'public', code, text);
        });
    }

    // --- the command itself

    it('writes a bundle that holds no secret, for its owner alone', async (t) => {
        const bundle = join(folder, `${randomUUID()}.txt`);
        const via = await startHttpProxy({ user: 'someone', password: 'hidden-password' });
        t.after(() => via.stop());
        const { code, stdout } = await runRelay(['doctor', '--key-stdin', '--bundle', bundle],
            { ...upstream(), PORT: '0', HOST: '127.0.0.1', UPSTREAM_PROXY: via.url.replace('//', '//someone:hidden-password@'),
                STATS_TOKEN: 'stats-token-nobody-sees' }, { input: realKey });
        assert.equal(code, 0, stdout);
        assert.match(stdout, /^good {3}Settings: /m);
        assert.match(stdout, /Nothing is wrong\./);
        const text = readFileSync(bundle, 'utf8');
        for (const part of [/^Realtime Relay \d/, /Qt 6\./, /OpenSSL|Secure Channel|Schannel/i, /^Examined$/m, /good {2}A whole call/, /^Settings/m])
            assert.match(text, part);
        for (const secret of [realKey, 'hidden-password', 'stats-token-nobody-sees'])
            assert.equal((text + stdout).includes(secret), false);
        if (!onWindows)
            assert.equal(statSync(bundle).mode & 0o777, 0o600);
    });

    it('ends with 2 where it was asked wrongly', async () => {
        assert.equal((await runRelay(['doctor', '--address', 'ftp://x'])).code, 2);
        assert.equal((await runRelay(['doctor', '--nosuch'], { PORT: '0' })).code, 1); // a setting that there is not
        const { code, stderr } = await runRelay(['doctor', '--demo', '--key-stdin'], { PORT: '0' }, { input: '' });
        assert.equal(code, 2);
        assert.match(stderr, /No key came/);
        const missing = join(folder, 'no', 'such', 'folder', 'bundle.txt');
        const bundle = await runRelay(['doctor', '--demo', '--bundle', missing], { PORT: '0', HOST: '127.0.0.1' });
        assert.equal(bundle.code, 2);
        assert.match(bundle.stderr, /cannot be written/);
    });
});
