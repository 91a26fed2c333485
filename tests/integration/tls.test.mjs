// SPDX-License-Identifier: MIT
// The relay's own TLS.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { after, before, describe, it } from 'node:test';
import { openCall, openPageCall } from './harness/call.mjs';
import { Authority, temporaryFolder } from './harness/certificates.mjs';
import { opcodes } from './harness/frames.mjs';
import { exchange } from './harness/http.mjs';
import { runRelay, startRelay, startSimulator } from './harness/programs.mjs';
import { startUpstream } from './harness/rawpeer.mjs';
import { until, within } from './harness/waiting.mjs';

/** Elsewhere QSslSocket makes the TLS, which has no half-closed ends, no SSL_CERT_FILE and no tickets of every backend. */
const qtsTls = process.platform !== 'linux' && 'TLS is OpenSSL\'s own on Linux only';

describe('a relay with a certificate', () => {
    const authority = new Authority();
    const first = authority.issue();
    let simulator;

    before(async () => {
        simulator = await startSimulator();
    });
    after(() => simulator.stop());

    async function secureRelay(t, settings = {}) {
        const relay = await startRelay(
            { UPSTREAM_URL: simulator.url, TLS_CERT_FILE: first.certFile, TLS_KEY_FILE: first.keyFile, ...settings });
        t.after(() => relay.stop());
        return relay;
    }

    /** What a handshake comes to: { protocol, serial }, or the error's code. */
    function handshake(relay, options) {
        return within(new Promise((resolve) => {
            const socket = tls.connect({ port: relay.port, host: 'localhost', ca: authority.cert, ...options }, () => {
                resolve({ protocol: socket.getProtocol(), serial: socket.getPeerCertificate().serialNumber });
                socket.destroy();
            });
            socket.on('error', ({ code }) => resolve({ error: code }));
        }), 'a TLS handshake');
    }

    it('exchanges keys by curves only, which cost it little', async (t) => {
        const relay = await secureRelay(t);
        const taken = (...options) => new Promise((resolve) => {
            const client = execFile('openssl', ['s_client', '-connect', `127.0.0.1:${relay.port}`, ...options],
                (_, stdout) => resolve(/^New, TLSv1\.[23], Cipher is [A-Z]/m.test(stdout)));
            client.stdin.end();
        });
        for (const group of ['X25519', 'P-256', 'P-384'])
            assert.equal(await taken('-groups', group), true, group);
        for (const group of ['ffdhe2048', 'ffdhe3072', 'ffdhe8192', 'P-521', 'X448'])
            assert.equal(await taken('-groups', group), false, group);
        assert.equal(await taken('-tls1_2', '-cipher', 'ECDHE'), true);
        assert.equal(await taken('-tls1_2', '-cipher', 'DHE'), false);
        // A client that would like one of them best takes another.
        assert.equal(await taken('-groups', 'ffdhe8192:P-384'), true);
    });

    it('speaks wss and https on the one port', async (t) => {
        const relay = await secureRelay(t);
        assert.equal(relay.tls, true);
        const call = await openCall(relay.url('simulate=echo'), { ca: authority.cert });
        const message = 'x'.repeat(3_000_000);
        call.send(message);
        assert.ok(await call.text() === message);
        await call.close(1000);
        const text = await within(new Promise((resolve, reject) => {
            let all = '';
            const socket = tls.connect({ port: relay.port, host: 'localhost', ca: authority.cert }, () =>
                socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'));
            socket.on('data', (chunk) => (all += chunk)).on('close', () => resolve(all)).on('error', reject);
        }), 'the answer');
        assert.match(text, /^HTTP\/1\.1 200 .*"status":"healthy"/s);
    });

    it('answers clients that close their half, when all of it comes at once', { skip: qtsTls }, async (t) => {
        const relay = await secureRelay(t, { WORKERS: '1', HANDSHAKE_TIMEOUT: '60000' }); // each waits for all
        const clients = 24; // more than get their turn together
        const requests = 5;
        const ended = [];
        // All that each client says behind its hello comes in one piece, and all those pieces come together.
        const between = net.createServer({ allowHalfOpen: true }, (client) => {
            const on = net.connect({ port: relay.port, host: '127.0.0.1', allowHalfOpen: true });
            const held = [];
            let holds = false;
            on.once('data', () => (holds = true));
            on.on('error', () => client.destroy()).pipe(client);
            client.on('error', () => {}).on('close', () => on.destroy());
            client.on('data', (chunk) => (holds ? held.push(chunk) : on.write(chunk)));
            client.on('end', () => {
                ended.push(() => on.end(Buffer.concat(held)));
                if (ended.length === clients)
                    ended.forEach((send) => send());
            });
        });
        await new Promise((resolve) => between.listen(0, '127.0.0.1', resolve));
        t.after(() => between.close());
        const ask = () => new Promise((resolve) => {
            let all = '';
            const socket = tls.connect({ port: between.address().port, host: 'localhost', ca: authority.cert,
                allowHalfOpen: true, minVersion: 'TLSv1.3' }, () =>
                socket.end('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(requests)));
            socket.on('data', (chunk) => (all += chunk)).on('error', () => {});
            socket.on('end', () => resolve(all)).on('close', () => resolve(all));
        });
        for (const text of await within(Promise.all(Array.from({ length: clients }, ask)), 'the answers'))
            assert.equal(text.match(/HTTP\/1\.1 200 [^]*?"status":"healthy"/g)?.length, requests, text);
    });

    it('speaks TLS 1.2 and 1.3, and nothing older', async (t) => {
        const relay = await secureRelay(t);
        assert.equal((await handshake(relay, { maxVersion: 'TLSv1.2' })).protocol, 'TLSv1.2');
        assert.equal((await handshake(relay, { minVersion: 'TLSv1.3' })).protocol, 'TLSv1.3');
        for (const version of ['TLSv1', 'TLSv1.1']) {
            const { error } = await handshake(relay,
                { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' });
            assert.ok(error, version);
        }
    });

    it('shows another certificate when the files change, and keeps its calls', async (t) => {
        const folder = temporaryFolder();
        const certFile = join(folder, 'cert.pem');
        const keyFile = join(folder, 'key.pem');
        const install = (issued) => {
            copyFileSync(issued.certFile, certFile);
            copyFileSync(issued.keyFile, keyFile);
        };
        install(first);
        const relay = await secureRelay(t, { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile });
        const call = await openCall(relay.url('simulate=echo'), { ca: authority.cert });
        const { serial } = await handshake(relay);

        install(authority.issue());
        const next = await until(async () => {
            const shown = await handshake(relay);
            return shown.serial !== serial && shown.serial;
        }, 'the new certificate');

        writeFileSync(certFile, 'no certificate at all');
        await relay.entry('reload_refused', { message: /cert\.pem/ });
        assert.equal((await handshake(relay)).serial, next);

        call.send('still here');
        assert.equal(await call.text(), 'still here');
        await call.close(1000);
    });

    it('ends plain HTTP on its port', async (t) => {
        const relay = await secureRelay(t);
        const answer = await exchange(relay.port, 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
        assert.ok(!answer.includes('healthy') && (answer === '' || !answer.startsWith('HTTP/') || answer.startsWith('HTTP/1.1 400')));
        assert.ok((await handshake(relay)).protocol);
    });

    it('ends connections that say nothing or nonsense', async (t) => {
        const relay = await secureRelay(t, { HANDSHAKE_TIMEOUT: '400' });
        await exchange(relay.port, '');
        await exchange(relay.port, '\x16\x03\x01\x02\x00\x01\x00\x01');
        await exchange(relay.port, Buffer.alloc(3000, 0xff));
        await until(async () => (await handshake(relay)).protocol, 'a handshake that is in time');
    });

    it('does not start with files that do not fit', async () => {
        const second = authority.issue();
        const junk = join(temporaryFolder(), 'junk.pem');
        writeFileSync(junk, 'junk');
        for (const [cert, key, named] of [[first.certFile, second.keyFile, /does not belong/], [junk, first.keyFile, /junk\.pem/],
            [first.certFile, junk, /junk\.pem/], [first.certFile, '', /TLS_KEY_FILE/]]) {
            const { code, stderr } = await runRelay([],
                { HOST: '127.0.0.1', PORT: '0', TLS_CERT_FILE: cert, TLS_KEY_FILE: key });
            assert.equal(code, 2, stderr);
            assert.match(stderr, named);
        }
    });
});

describe('an upstream with TLS', () => {
    it('is trusted when an authority of the system says so', { skip: qtsTls }, async (t) => {
        const authority = new Authority();
        const { cert, key } = authority.issue();
        const upstream = await startUpstream({ secure: { cert, key } });
        t.after(() => upstream.stop());
        const UPSTREAM_URL = upstream.url.replace('127.0.0.1', 'localhost');
        const stranger = await startRelay({ UPSTREAM_URL });
        t.after(() => stranger.stop());
        const refused = await openPageCall(stranger.url());
        assert.match(JSON.parse(await refused.text()).error.message, /No secure connection to localhost/);
        await refused.end();
        const relay = await startRelay({ UPSTREAM_URL, SSL_CERT_FILE: authority.certFile }); // OpenSSL's own variable
        t.after(() => relay.stop());
        const call = await openCall(relay.url());
        (await upstream.next()).text('hello');
        assert.equal(await call.text(), 'hello');
        call.close(1000);
    });

    for (const version of ['TLSv1.2', 'TLSv1.3']) {
        it(`resumes the session of the call before, until a reload: ${version}`, { skip: qtsTls }, async (t) => {
            const authority = new Authority();
            const { cert, key } = authority.issue();
            const upstream = await startUpstream({ secure: { cert, key, minVersion: version, maxVersion: version } });
            t.after(() => upstream.stop());
            const relay = await startRelay({ UPSTREAM_URL: upstream.url.replace('127.0.0.1', 'localhost'),
                UPSTREAM_CA_FILE: authority.certFile, WORKERS: '1' });
            t.after(() => relay.stop());
            let calls = 0;
            for (const reused of [false, true, false, true, true]) {
                const call = await openCall(relay.url());
                const peer = await upstream.next();
                assert.equal(peer.socket.isSessionReused(), reused);
                peer.text('hello'); // behind the tickets
                assert.equal(await call.text(), 'hello');
                call.close(1000);
                await peer.nextOf(opcodes.close);
                peer.close(1000);
                peer.socket.end();
                await call.end();
                if (++calls === 2) { // new rules may trust others
                    relay.signal('SIGHUP');
                    await relay.entry('reloaded');
                }
            }
        });
    }
});
