// SPDX-License-Identifier: MIT
// What is said reaches the other side whole, in order and unchanged.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import { openCall, openPageCall } from './harness/call.mjs';
import { opcodes, parseClose } from './harness/frames.mjs';
import { startBoth, startRelay } from './harness/programs.mjs';
import { connectRaw, startUpstream } from './harness/rawpeer.mjs';
import { until } from './harness/waiting.mjs';

const MiB = 1024 * 1024;

describe('messages', { concurrency: 3 }, () => { // most are as large as may be
    let relay;
    let simulator;

    before(async () => {
        ({ relay, simulator } = await startBoth());
    });
    after(async () => {
        await relay.stop();
        await simulator.stop();
    });

    it('of 24 MiB pass both ways', async () => {
        const call = await openCall(relay.url('simulate=echo'));
        const message = Buffer.alloc(24 * MiB, randomBytes(4099).toString('hex'));
        call.send(message.toString('latin1'));
        const { data, isBinary } = await call.message();
        assert.equal(isBinary, false);
        assert.ok(data.equals(message));
        await call.close(1000);
    });

    it('that are binary stay so', async () => {
        const call = await openCall(relay.url('simulate=echo'));
        for (const size of [0, 1, 125, 126, 65_535, 65_536, 1_000_003]) {
            const bytes = randomBytes(size);
            call.send(bytes, { binary: true });
            const { data, isBinary } = await call.message();
            assert.equal(isBinary, true);
            assert.ok(data.equals(bytes), `${size} bytes`);
        }
        await call.close(1000);
    });

    it('larger than the limit end the call with 1009', async () => {
        const call = await openCall(relay.url('model=over-up&simulate=echo'));
        call.socket.on('error', () => {}); // it is still writing
        call.send('x'.repeat(24 * MiB + 1));
        const { error } = await call.event('error');
        assert.equal(error.code, 'message_too_large');
        assert.match(error.message, /24 MiB/);
        assert.deepEqual(await call.end(), { code: 1009, reason: 'invalid_request_error.message_too_large' });
        await relay.entry('session_closed', { model: 'over-up', code: 1009 });
    });

    it('larger than the limit end the call with 1009 when the upstream sends them', async () => {
        const call = await openCall(relay.url(`simulate=oversize:${24 * MiB + 1}`));
        const { error } = await call.event('error');
        assert.equal(error.code, 'message_too_large');
        assert.deepEqual(await call.end(), { code: 1009, reason: 'invalid_request_error.message_too_large' });
    });

    it('just as large as the limit pass when the upstream sends them', async () => {
        const call = await openCall(relay.url(`simulate=oversize:${24 * MiB}`));
        await call.event('session.created');
        assert.equal((await call.message()).data.length, 24 * MiB);
        await call.close(1000);
    });

    it('sent by many fragments that split characters come as they were', async () => {
        const call = await openCall(relay.url('simulate=fragment'));
        const { session } = await call.event('session.created');
        assert.equal(session.type, 'realtime');
        call.send({ type: 'session.update', session: { type: 'realtime', instructions: 'añ€😀漢字'.repeat(50) } });
        const updated = await call.event('session.updated');
        assert.equal(updated.session.instructions, 'añ€😀漢字'.repeat(50));
        await call.close(1000);
    });

    it('that pause in mid-frame for longer than a handshake may take come whole, either way', async (t) => {
        const relay = await startRelay({ UPSTREAM_URL: simulator.url, HANDSHAKE_TIMEOUT: '10000', CONNECT_TIMEOUT: '10000' });
        t.after(() => relay.stop());
        const paused = await openCall(relay.url('simulate=pause-mid-message:12000'));
        const client = await connectRaw(relay, { query: 'simulate=echo' });
        const bytes = client.frame(opcodes.text, 'x'.repeat(1000));
        client.write(bytes.subarray(0, 500));
        await paused.event('session.created');
        assert.equal((await paused.event('rate_limits.updated')).event_id, 'event_pause');
        client.write(bytes.subarray(500));
        assert.equal((await client.nextOf(opcodes.text)).payload.toString(), 'x'.repeat(1000));
        client.cut();
        await paused.close(1000);
    });
});

describe('frames', () => {
    let relay;
    let upstream;

    before(async () => {
        upstream = await startUpstream();
        relay = await startRelay({ UPSTREAM_URL: upstream.url });
    });
    after(async () => {
        await relay.stop();
        await upstream.stop();
    });

    /** A client and an upstream by hand, the relay between them. */
    async function bothRaw(options) {
        const client = await connectRaw(relay, options);
        const peer = await upstream.next();
        client.answersPings = peer.answersPings = false;
        return { client, peer };
    }

    const fragments = [
        [opcodes.text, { fin: false }, Buffer.from('caf\xc3', 'latin1')],
        [opcodes.continuation, { fin: false }, Buffer.from('\xa9 \xf0\x9f', 'latin1')],
        [opcodes.continuation, { fin: false }, Buffer.alloc(0)],
        [opcodes.continuation, { fin: true }, Buffer.from('\x98\x80!', 'latin1')],
    ];

    for (const direction of ['up', 'down']) {
        it(`of one message stay as they were cut, ${direction}`, async () => {
            const { client, peer } = await bothRaw();
            const [from, to] = direction === 'up' ? [client, peer] : [peer, client];
            for (const [opcode, options, payload] of fragments)
                from.send(opcode, payload, options);
            for (const [opcode, { fin }, payload] of fragments) {
                const frame = await to.next();
                assert.deepEqual([frame.opcode, frame.fin, frame.masked], [opcode, fin, direction === 'up']);
                assert.ok(frame.payload.equals(payload));
            }
            client.cut();
            await peer.end();
        });

        it(`that are pings and pongs pass with their payload, also inside a message, ${direction}`, async () => {
            const { client, peer } = await bothRaw();
            const [from, to] = direction === 'up' ? [client, peer] : [peer, client];
            from.text('first ', { fin: false });
            from.send(opcodes.ping, 'are you there');
            from.send(opcodes.continuation, 'second', { fin: true });
            from.send(opcodes.ping, '');
            from.send(opcodes.pong, 'p'.repeat(125));
            for (const [opcode, payload] of [[opcodes.text, 'first '], [opcodes.ping, 'are you there'],
                [opcodes.continuation, 'second'], [opcodes.ping, ''], [opcodes.pong, 'p'.repeat(125)]]) {
                const frame = await to.next();
                assert.deepEqual([frame.opcode, frame.payload.toString()], [opcode, payload]);
            }
            to.send(opcodes.pong, 'are you there');
            assert.equal((await from.next()).payload.toString(), 'are you there');
            assert.equal(from.received.length, 1, 'no pong of the relay');
            client.cut();
            await peer.end();
        });

        it(`may come byte by byte, ${direction}`, async () => {
            const { client, peer } = await bothRaw();
            const [from, to] = direction === 'up' ? [client, peer] : [peer, client];
            const bytes = Buffer.concat([from.frame(opcodes.text, 'a'.repeat(300)), from.frame(opcodes.ping, 'ping'),
                from.frame(opcodes.binary, Buffer.alloc(70_000, 7))]);
            for (let at = 0; at < 320; ++at) {
                from.write(bytes.subarray(at, at + 1));
                await new Promise(setImmediate);
            }
            from.write(bytes.subarray(320));
            assert.equal((await to.next()).payload.toString(), 'a'.repeat(300));
            assert.equal((await to.next()).payload.toString(), 'ping');
            assert.ok((await to.next()).payload.equals(Buffer.alloc(70_000, 7)));
            client.cut();
            await peer.end();
        });
    }

    it('that come with the upstream\'s 101 are not lost', async (t) => {
        const slow = await startUpstream({ accept: false });
        t.after(() => slow.stop());
        const other = await startRelay({ UPSTREAM_URL: slow.url });
        t.after(() => other.stop());
        const call = await openPageCall(other.url());
        const peer = await slow.next();
        const half = peer.frame(opcodes.text, 'second');
        peer.accept(Buffer.concat([peer.frame(opcodes.text, 'first'), half.subarray(0, 3)]));
        assert.equal(await call.text(), 'first');
        peer.write(half.subarray(3));
        assert.equal(await call.text(), 'second');
        call.socket.terminate();
    });

    it('that the client sends during the dial wait for the upstream', async (t) => {
        const slow = await startUpstream({ accept: false });
        t.after(() => slow.stop());
        const other = await startRelay({ UPSTREAM_URL: slow.url });
        t.after(() => other.stop());
        const call = await openPageCall(other.url());
        const peer = await slow.next();
        const messages = Array.from({ length: 200 }, (_, i) => `${i} ${'x'.repeat(2000)}`);
        messages.forEach((message) => call.send(message));
        await sleep(100); // so that they have come
        peer.accept();
        for (const message of messages)
            assert.equal((await peer.nextOf(opcodes.text)).payload.toString(), message);
        call.socket.terminate();
    });

    for (const [what, breach] of Object.entries({
        'a frame that is not masked': (client) => client.frame(opcodes.text, 'x', { masked: false }),
        'a reserved bit': (client) => client.frame(opcodes.text, 'x', { rsv: 4 }),
        'a reserved opcode': (client) => client.frame(3, 'x'),
        'a reserved control opcode': (client) => client.frame(11, 'x'),
        'a control frame of 126 bytes': (client) => client.frame(opcodes.ping, 'x'.repeat(126)),
        'a control frame in fragments': (client) => client.frame(opcodes.ping, 'x', { fin: false }),
        'a continuation of nothing': (client) => client.frame(opcodes.continuation, 'x'),
        'a message inside a message': (client) => Buffer.concat([
            client.frame(opcodes.text, 'x', { fin: false }), client.frame(opcodes.text, 'y')]),
    })) {
        it(`of a client that break the rules end the call with 1002: ${what}`, async () => {
            const { client, peer } = await bothRaw();
            client.write(breach(client));
            const event = JSON.parse((await client.nextOf(opcodes.text)).payload.toString());
            assert.equal(event.error.code, 'protocol_error');
            assert.equal(parseClose((await client.nextOf(opcodes.close)).payload).code, 1002);
            client.socket.end();
            await Promise.all([client.end(), peer.end()]);
            assert.ok(peer.received.every(({ rsv, fin, opcode, payload }) => rsv === 0 && opcode !== 3 && opcode !== 11
                && (opcode < 8 || (fin && payload.length < 126))), 'nothing of it was passed on');
        });
    }

    for (const [what, breach] of Object.entries({
        'a masked frame': (peer) => peer.frame(opcodes.text, 'x', { masked: true }),
        'a reserved bit': (peer) => peer.frame(opcodes.binary, 'x', { rsv: 1 }),
        'a reserved opcode': (peer) => peer.frame(7, 'x'),
        'a control frame of 200 bytes': (peer) => peer.frame(opcodes.pong, 'x'.repeat(200)),
    })) {
        it(`of an upstream that break the rules end the call with 1002: ${what}`, async () => {
            const { client, peer } = await bothRaw();
            peer.write(breach(peer));
            const event = JSON.parse((await client.nextOf(opcodes.text)).payload.toString());
            assert.deepEqual([event.error.code, event.error.type], ['protocol_error', 'server_error']);
            assert.equal(parseClose((await client.nextOf(opcodes.close)).payload).code, 1002);
            assert.equal(parseClose((await peer.nextOf(opcodes.close)).payload).code, 1002);
            client.close(1002);
            await Promise.all([client.end(), peer.end()]);
        });
    }

    it('larger than the limit are refused by their header, before their bytes', async () => {
        const { client, peer } = await bothRaw();
        client.write(client.frame(opcodes.text, 'the start', { length: 25 * MiB }));
        const event = JSON.parse((await client.nextOf(opcodes.text)).payload.toString());
        assert.equal(event.error.code, 'message_too_large');
        assert.equal(parseClose((await client.nextOf(opcodes.close)).payload).code, 1009);
        await peer.end();
        await until(() => peer.received.every(({ opcode }) => opcode !== opcodes.text), 'nothing of it at the upstream');
        client.cut();
    });

    it('that make up a message larger than the limit are refused, too', async () => {
        const { client, peer } = await bothRaw();
        const part = Buffer.alloc(9 * MiB, 'x');
        client.text(part, { fin: false });
        client.send(opcodes.continuation, part, { fin: false });
        client.write(client.frame(opcodes.continuation, '', { length: 9 * MiB }));
        assert.equal(parseClose((await client.nextOf(opcodes.close)).payload).code, 1009);
        await peer.end();
        client.cut();
    });
});
