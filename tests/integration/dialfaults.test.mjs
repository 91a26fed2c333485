// SPDX-License-Identifier: MIT
// What may happen while the relay dials the upstream, and what the client is told of it: a page by an event and a close, any
// other client by an HTTP status. More of it: closing (statuses, names, certificates), refusals (each status, to SDKs),
// unreachable (networks). CONNECT_TIMEOUT is longer than any test waits, unless it is what is tried: whoever waits for it where
// the answer is there is noticed.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Call, elsewhere, openPageCall } from './harness/call.mjs';
import { Authority } from './harness/certificates.mjs';
import { requestHead } from './harness/http.mjs';
import { startRelay, startSimulator } from './harness/programs.mjs';
import { acceptFor, startUpstream } from './harness/rawpeer.mjs';

const MiB = 1024 * 1024;
/** 0 where it cannot be told; a sanitizer's bookkeeping is not the relay's. */
const memoryOf = (relay) => (process.platform === 'linux' && !process.env.RELAY_SANITIZE ? relay.memoryBytes() : 0);

/** Tells a page and another client of the same fault, each from an address of its own, and checks what they are told. */
async function checkTold(relay, { code = 'upstream_unreachable', closes = 1013, status = 502, message }, meanwhile = async () => {}) {
    const page = await openPageCall(relay.url('model=page'), elsewhere());
    await meanwhile();
    const { error } = await page.event('error');
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.equal((await page.end()).code, closes);
    await relay.entry('session_closed', { model: 'page', by: 'upstream', code: closes });

    const program = new Call(relay.url('model=program'), elsewhere());
    await meanwhile();
    const refusal = await program.refusal();
    assert.equal(refusal.status, status);
    assert.equal(refusal.body.error.code, code);
    assert.match(refusal.body.error.message, message);
}

/** A server that speaks before or instead of TLS. */
async function startTcpServer(t, onConnection) {
    const sockets = new Set();
    const server = net.createServer((socket) => {
        sockets.add(socket.on('error', () => {}));
        onConnection(socket);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => {
        sockets.forEach((socket) => socket.destroy());
        server.close();
    });
    return server.address().port;
}

/** Writes for as long as it is read. */
function writeForEver(socket, chunk) {
    const write = () => {
        while (!socket.destroyed && socket.write(chunk)) { /* more */ }
    };
    socket.on('drain', write).resume();
    write();
}

const switching = (headers, key) => requestHead('HTTP/1.1 101 Switching Protocols',
    { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Accept': acceptFor(key), ...headers });

describe('an upstream that does not answer as it should', { concurrency: 4 }, () => {
    const authority = new Authority();
    const { cert, key } = authority.issue();
    const noWebSocket = /not as a WebSocket server/;

    for (const [what, answer, told] of [
        ['with 200', (peer) => peer.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'),
            { code: 'upstream_refused', closes: 4000, message: /\b200\b/ }],
        ['with another protocol\'s greeting', (peer) => peer.write('SSH-2.0-OpenSSH_9.2p1\r\n'), { message: noWebSocket }],
        ['with bytes without a line', (peer) => peer.write(Buffer.alloc(300, 0xfe)), { message: noWebSocket }],
        ['with HTTP that is none', (peer) => peer.write('HTTP/1.1 OK\r\n\r\n'), { message: noWebSocket }],
        ['to another handshake', (peer) => peer.write(switching({}, 'AAAAAAAAAAAAAAAAAAAAAA==')), { message: noWebSocket }],
        ['with a switch to nothing', (peer, asked) => peer.write(switching({ Upgrade: undefined }, asked)), { message: noWebSocket }],
        ['with a subprotocol nobody offered', (peer, asked) => peer.write(switching({ 'Sec-WebSocket-Protocol': 'x' }, asked)),
            { message: noWebSocket }],
        ['with an extension nobody asked for',
            (peer, asked) => peer.write(switching({ 'Sec-WebSocket-Extensions': 'permessage-deflate' }, asked)), { message: noWebSocket }],
        ['with a head without an end', (peer) => {
            peer.write('HTTP/1.1 101 Switching Protocols\r\n');
            writeForEver(peer.socket, 'X-Header: one more of them\r\n'.repeat(1000));
        }, { message: /too large a head/ }],
        ['with a line without an end', (peer) => writeForEver(peer.socket, Buffer.alloc(100_000, 'x')), { message: noWebSocket }],
        ['with a header without an end', (peer) => {
            peer.write('HTTP/1.1 101 Switching Protocols\r\nX-Header: ');
            writeForEver(peer.socket, Buffer.alloc(100_000, 'x'));
        }, { message: /too large a head/ }],
        ['but closes', (peer) => peer.socket.end(), { message: /closed before|lost|failed/ }],
        ['but resets', (peer) => peer.reset(), { message: /closed before|lost|failed/ }],
    ]) {
        for (const secure of [undefined, { cert, key }]) {
            it(`${what}, over ${secure ? 'wss' : 'ws'}`, async (t) => {
                const upstream = await startUpstream({ accept: false, secure });
                t.after(() => upstream.stop());
                const relay = await startRelay({ UPSTREAM_URL: upstream.url, UPSTREAM_CA_FILE: authority.certFile, CONNECT_TIMEOUT: '600000' });
                t.after(() => relay.stop());
                await relay.request('/stats');
                const memory = memoryOf(relay);
                await checkTold(relay, told, async () => {
                    const peer = await upstream.next();
                    answer(peer, /^sec-websocket-key: *(\S+)/im.exec(peer.head)[1]);
                });
                const grown = memoryOf(relay) - memory;
                assert.ok(grown < 8 * MiB, `grew by ${Math.round(grown / MiB)} MiB`);
            });
        }
    }
});

describe('an upstream that takes too long', { concurrency: true }, () => {
    const late = { status: 504, message: /did not answer in time/ };

    // Of an upstream that the handshake does not reach in that time the same is told.
    for (const [what, answer] of [
        ['with half an answer', (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n')],
        ['byte by byte', (socket) => {
            const bytes = 'HTTP/1.1 101 Switching Protocols\r\nX: '.padEnd(5000, 'x');
            let at = 0;
            const timer = setInterval(() => socket.write(bytes[at++]), 20);
            socket.on('close', () => clearInterval(timer));
        }],
    ]) {
        it(what, async (t) => {
            const port = await startTcpServer(t, (socket) => socket.once('data', () => answer(socket)).resume());
            const relay = await startRelay({ UPSTREAM_URL: `ws://127.0.0.1:${port}/v1/realtime`, CONNECT_TIMEOUT: '1000' });
            t.after(() => relay.stop());
            await checkTold(relay, late);
        });
    }

    it('before TLS', async (t) => {
        const port = await startTcpServer(t, (socket) => socket.resume());
        const relay = await startRelay({ UPSTREAM_URL: `wss://127.0.0.1:${port}/`, CONNECT_TIMEOUT: '400' });
        t.after(() => relay.stop());
        await checkTold(relay, late);
    });
});

describe('an upstream without good TLS', { concurrency: true }, () => {
    const authority = new Authority();

    for (const [what, certificate, message] of [
        ['has a certificate that has expired', () => authority.issue(undefined, { from: '20200101000000Z', until: '20210101000000Z' }), /expired/],
        ['has one that is not valid yet', () => authority.issue(undefined, { from: '20900101000000Z', until: '20910101000000Z' }), /not yet valid/],
        ['has signed its own', () => {
            const other = new Authority(); // which is what an authority's own certificate is
            return { certFile: other.certFile, keyFile: other.keyFile };
        }, /self.signed/],
        ['has one of an authority that is not trusted', () => new Authority().issue(), /issuer|authority/],
    ]) {
        it(what, async (t) => {
            const { certFile, keyFile } = certificate();
            const simulator = await startSimulator(['--tls-cert', certFile, '--tls-key', keyFile]);
            t.after(() => simulator.stop());
            const relay = await startRelay({ UPSTREAM_URL: simulator.url, UPSTREAM_CA_FILE: authority.certFile, CONNECT_TIMEOUT: '600000' });
            t.after(() => relay.stop());
            await checkTold(relay, { message });
        });
    }

    for (const [what, bytes] of [['says something else first', 'SSH-2.0-OpenSSH_9.2p1\r\n'], ['speaks plain HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n']]) {
        it(what, async (t) => {
            const port = await startTcpServer(t, (socket) => socket.once('data', () => socket.write(bytes)));
            const relay = await startRelay({ UPSTREAM_URL: `wss://127.0.0.1:${port}/`, CONNECT_TIMEOUT: '600000' });
            t.after(() => relay.stop());
            await checkTold(relay, { message: /No secure connection/ });
        });
    }
});

describe('a client that goes during the dial', () => {
    let upstream;
    let relay;

    before(async () => {
        upstream = await startUpstream({ accept: false });
        relay = await startRelay({ UPSTREAM_URL: upstream.url, CONNECT_TIMEOUT: '600000' });
    });
    after(async () => {
        await relay.stop();
        await upstream.stop();
    });

    for (const talks of [false, true]) {
        it(talks ? 'ends it in time, also when it has spoken' : 'ends it', async () => {
            const call = await openPageCall(relay.url(`model=${talks}`), elsewhere());
            const peer = await upstream.next();
            peer.socket.resume();
            if (talks)
                await new Promise((resolve) => call.socket.send('before anybody listens', resolve));
            call.socket._socket.resetAndDestroy();
            await peer.end();
            await relay.entry('session_closed', { model: `${talks}`, reason: 'client_vanished' });
        });
    }
});
