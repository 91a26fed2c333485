// SPDX-License-Identifier: MIT
// What may happen to an open call: a side resets, dies, stops in the middle of a frame, says nonsense or nothing. What the
// other side is told, and what the journal says. More of it: closing (close codes), heartbeat (silence, stalls), backpressure
// (readers that stop), data (breaches one by one), descriptors.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { elsewhere, openCall } from './harness/call.mjs';
import { Authority } from './harness/certificates.mjs';
import { closePayload, opcodes, parseClose } from './harness/frames.mjs';
import { startBoth, startRelay } from './harness/programs.mjs';
import { connectRaw, startUpstream } from './harness/rawpeer.mjs';
import { until } from './harness/waiting.mjs';

const MiB = 1024 * 1024;
/** 0 where it cannot be told; a sanitizer's bookkeeping is not the relay's. */
const memoryOf = (relay) => (process.platform === 'linux' && !process.env.RELAY_SANITIZE ? relay.memoryBytes() : 0);
const authority = new Authority();
const issued = authority.issue();

/** The next frame is the relay's error event. */
async function event(client) {
    const { opcode, payload } = await client.next('an error event');
    assert.equal(opcode, opcodes.text);
    return JSON.parse(payload.toString()).error;
}

/** The next frame is a close; it is answered, after what is done `meanwhile`. */
async function closed(client, meanwhile = () => {}) {
    const { opcode, payload } = await client.next('a close');
    assert.equal(opcode, opcodes.close);
    const close = parseClose(payload);
    await meanwhile();
    client.close(close.code);
    await client.end();
    return close;
}

const written = (peer, bytes) => new Promise((resolve) => peer.socket.write(bytes, resolve));

for (const [where, secure, relaySettings] of [
    ['over ws', undefined, {}],
    ['over wss on both sides', issued,
        { TLS_CERT_FILE: issued.certFile, TLS_KEY_FILE: issued.keyFile, UPSTREAM_CA_FILE: authority.certFile }],
]) {
    describe(`a call ${where}`, () => {
        let upstream;
        let relay;

        before(async () => {
            upstream = await startUpstream({ secure });
            relay = await startRelay({ UPSTREAM_URL: upstream.url, ...relaySettings });
        });
        after(async () => {
            await relay.stop();
            await upstream.stop();
        });

        let calls = 0;
        /** The client, the other end, and what waits for the journal's line about the end of their call. */
        async function both() {
            const model = `call-${++calls}`;
            const client = await connectRaw(relay, { query: `model=${model}`, ca: authority.cert, ...elsewhere() });
            const ended = (fields) => relay.entry('session_closed', { model, ...fields });
            return { client, peer: await upstream.next(), ended };
        }

        for (const [how, end] of [['resets', (peer) => peer.reset()], ['ends without a word', (peer) => peer.socket.end()]]) {
            it(`whose upstream ${how} ends with 1011 and an event`, async () => {
                const { client, peer, ended } = await both();
                end(peer);
                assert.equal((await event(client)).code, 'upstream_disconnected');
                assert.deepEqual(await closed(client), { code: 1011, reason: 'server_error.upstream_disconnected' });
                await ended({ reason: 'upstream_vanished', code: 1011 });
            });
        }

        it('whose upstream resets between the frames of a message ends with 1011 and no event', async () => {
            const { client, peer, ended } = await both();
            peer.text('the first half', { fin: false });
            assert.equal((await client.next()).fin, false);
            peer.reset();
            assert.equal((await closed(client)).code, 1011);
            await ended({ reason: 'upstream_vanished' });
        });

        it('whose upstream resets inside a frame is cut, for nothing can be said there', async () => {
            const { client, peer, ended } = await both();
            await written(peer, peer.frame(opcodes.text, 'never whole').subarray(0, 7));
            await until(() => client.pendingBytes > 0, 'the first half of the frame');
            peer.reset();
            await client.end();
            assert.deepEqual(client.received, []);
            await ended({ reason: 'upstream_vanished' });
        });

        it('whose upstream closes and then resets ends as it closed', async () => {
            const { client, peer, ended } = await both();
            peer.close(4004, 'bye');
            assert.deepEqual(await closed(client, () => peer.reset()), { code: 4004, reason: 'bye' });
            assert.equal(client.received.length, 1);
            await ended({ reason: 'upstream_closed', code: 4004 });
        });

        for (const [what, bytes, code, reason] of [
            ['nothing but zeros', Buffer.alloc(64), 'protocol_error', 'upstream_breach'],
            ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'protocol_error', 'upstream_breach'],
            ['a frame of 2^62 bytes', Buffer.from([0x82, 127, 0x40, 0, 0, 0, 0, 0, 0, 0, 1]), 'message_too_large', 'upstream_message_too_large'],
            ['a frame of 2^63 bytes', Buffer.from([0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0, 1]), 'protocol_error', 'upstream_breach'],
        ]) {
            it(`whose upstream says ${what} ends with ${code}`, async () => {
                const { client, peer, ended } = await both();
                peer.text('good so far');
                assert.equal((await client.next()).payload.toString(), 'good so far');
                peer.write(bytes);
                assert.equal((await event(client)).code, code);
                assert.equal((await closed(client)).code, code === 'protocol_error' ? 1002 : 1009);
                await ended({ reason });
                peer.cut();
            });
        }

        for (const [how, end] of [
            ['resets', (client) => client.reset()],
            ['ends without a close', (client) => client.socket.end()],
            ['resets inside a frame', async (client, peer) => {
                await written(client, client.frame(opcodes.text, 'never whole').subarray(0, 9));
                await until(() => peer.pendingBytes > 0, 'the first half of the frame');
                client.reset();
            }],
        ]) {
            it(`whose client ${how} leaves the upstream a closed socket and nothing else`, async () => {
                const { client, peer, ended } = await both();
                client.text('last words');
                await peer.nextOf(opcodes.text);
                await end(client, peer);
                await peer.end();
                assert.equal(peer.received.length, 1);
                await ended({ reason: 'client_vanished', code: 1006 });
            });
        }

        it('with a flood of pings has a pong for each', async () => {
            const { client, peer } = await both();
            const memory = memoryOf(relay);
            const count = 20_000;
            for (let i = 0; i < count; ++i)
                client.send(opcodes.ping, `${i}`);
            for (let i = 0; i < count; ++i) {
                const { opcode, payload } = await client.next('a pong');
                assert.deepEqual([opcode, payload.toString()], [opcodes.pong, `${i}`]);
            }
            assert.ok(memoryOf(relay) - memory < 8 * MiB);
            client.cut();
            await peer.end();
        });
    });
}

describe('an upstream that dies', () => {
    it('by SIGKILL is told as such to all its calls', async (t) => {
        const { relay, simulator } = await startBoth();
        t.after(() => relay.stop());
        const calls = await Promise.all(Array.from({ length: 10 }, () => openCall(relay.url('simulate=echo'), elsewhere())));
        await simulator.kill();
        for (const call of calls) {
            assert.equal((await call.event('error')).error.code, 'upstream_disconnected');
            assert.equal((await call.end()).code, 1011);
        }
        await relay.ended(calls.length);
        assert.equal((await relay.stats()).stats.activeConnections, 0);
    });
});

describe('an upstream that is gone without a word', { concurrency: true }, () => {
    async function silent(t) {
        const upstream = await startUpstream();
        t.after(() => upstream.stop());
        const relay = await startRelay({ UPSTREAM_URL: upstream.url, HEARTBEAT_INTERVAL: '3000' }); // in which this process answers
        t.after(() => relay.stop());
        const client = await connectRaw(relay);
        const peer = await upstream.next();
        peer.answersPings = false;
        return { relay, client, peer };
    }

    it('is noticed while the client talks', async (t) => {
        const { relay, client } = await silent(t);
        const talk = setInterval(() => client.text('anybody there?'), 20);
        t.after(() => clearInterval(talk));
        assert.equal(JSON.parse((await client.nextOf(opcodes.text)).payload.toString()).error.code, 'upstream_disconnected');
        assert.equal(parseClose((await client.nextOf(opcodes.close)).payload).code, 1011);
        client.cut();
        await relay.entry('session_closed', { reason: 'upstream_silent', code: 1011 });
    });

    it('is noticed inside a frame, where the client cannot be told', async (t) => {
        const { relay, client, peer } = await silent(t);
        peer.write(peer.frame(opcodes.text, 'never whole').subarray(0, 7));
        await client.end();
        assert.ok(client.received.every(({ opcode }) => opcode === opcodes.ping));
        await relay.entry('session_closed', { reason: 'upstream_silent' });
    });
});

describe('clients that do not read', () => {
    it('share one budget, whatever waits for them, and hold up nobody', async (t) => {
        const { relay, simulator } = await startBoth({
            HEARTBEAT_INTERVAL: '0', STALL_TIMEOUT: '86400000', BUFFER_BUDGET_BYTES: String(8 * MiB), SESSION_BUFFER_BYTES: String(1 * MiB) });
        t.after(() => simulator.stop());
        t.after(() => relay.stop());
        await relay.request('/stats');
        const memory = memoryOf(relay);
        const stalled = await Promise.all(Array.from({ length: 40 }, () => connectRaw(relay, { query: 'simulate=flood:30' })));
        stalled.forEach(({ socket }) => socket.pause());
        let last = -1;
        let same = 0;
        await until(async () => {
            const { bytes } = (await relay.stats()).down;
            same = bytes === last ? same + 1 : 0;
            last = bytes;
            return same >= 10;
        }, 'a standstill');
        const { backlogBytes } = (await relay.stats()).down;
        assert.ok(backlogBytes < 1.25 * 8 * MiB, `${backlogBytes} bytes wait`);
        const grown = memoryOf(relay) - memory;
        assert.ok(grown < 1.25 * 8 * MiB + 20 * MiB, `grew by ${Math.round(grown / MiB)} MiB`);
        const call = await openCall(relay.url('simulate=echo'));
        for (let i = 0; i < 20; ++i) {
            call.send(`${i}`);
            assert.equal(await call.text(), `${i}`);
        }
        await call.close(1000);
        stalled.forEach((client) => client.cut());
    });
});
