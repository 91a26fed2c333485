// SPDX-License-Identifier: MIT
// What the relay itself has to do with time: pings, silence, length, stalls.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import { openCall } from './harness/call.mjs';
import { opcodes } from './harness/frames.mjs';
import { startBoth, startRelay, startSimulator } from './harness/programs.mjs';
import { connectRaw, startUpstream } from './harness/rawpeer.mjs';
import { until } from './harness/waiting.mjs';

/** In which this process, which plays both sides, answers, however busy the machine is: who is silent for two of them is gone. */
const interval = '2500';

const pings = (peer) => peer.received.filter(({ opcode }) => opcode === opcodes.ping);

describe('the heartbeat', { concurrency: true }, () => {
    async function bothRaw(t, settings) {
        const upstream = await startUpstream();
        t.after(() => upstream.stop());
        const relay = await startRelay({ UPSTREAM_URL: upstream.url, ...settings });
        t.after(() => relay.stop());
        const client = await connectRaw(relay);
        return { relay, client, peer: await upstream.next() };
    }

    it('pings both sides, and keeps their answers to itself', async (t) => {
        const { client, peer } = await bothRaw(t, { HEARTBEAT_INTERVAL: interval });
        await until(() => pings(client).length >= 3 && pings(peer).length >= 3, 'three pings each');
        assert.ok(pings(client).every(({ masked }) => !masked) && pings(peer).every(({ masked }) => masked));
        for (const side of [client, peer])
            assert.ok(side.received.every(({ opcode }) => opcode === opcodes.ping), 'no pong of the other side');
        client.text('still there');
        assert.equal((await peer.nextOf(opcodes.text)).payload.toString(), 'still there');
        client.cut();
    });

    it('ends the call of a client that answers nothing', async (t) => {
        const { relay, client, peer } = await bothRaw(t, { HEARTBEAT_INTERVAL: '400' });
        client.answersPings = false;
        await Promise.all([client.end(), peer.end()]);
        assert.ok(pings(client).length >= 1);
        await relay.entry('session_closed', { by: 'client', code: 1006, message: /stopped answering pings/ });
    });

    it('ends the call of an upstream that answers nothing, and tells the client', async (t) => {
        const simulator = await startSimulator(['--fault', 'ignore-pings']);
        t.after(() => simulator.stop());
        const relay = await startRelay({ UPSTREAM_URL: simulator.url, HEARTBEAT_INTERVAL: interval });
        t.after(() => relay.stop());
        const call = await openCall(relay.url());
        assert.equal((await call.event('error')).error.code, 'upstream_disconnected');
        assert.deepEqual(await call.end(), { code: 1011, reason: 'server_error.upstream_disconnected' });
        await relay.entry('session_closed', { by: 'upstream', message: /stopped answering pings/ });
    });

    it('takes anything that is said for a sign of life', async (t) => {
        const { client, peer } = await bothRaw(t, { HEARTBEAT_INTERVAL: interval });
        client.answersPings = peer.answersPings = false;
        let talking = true;
        const talk = async (side, type) => {
            while (talking) {
                side.text(`{"type":"${type}"}`);
                await sleep(50);
            }
        };
        const talks = [talk(client, 'a'), talk(peer, 'b')];
        await until(() => pings(client).length >= 3 && pings(peer).length >= 3, 'three pings each');
        talking = false;
        await Promise.all(talks);
        assert.equal(client.socket.destroyed, false);
        await Promise.all([client.end(), peer.end()]);
    });

    for (const direction of ['up', 'down']) {
        it(`comes between frames, never inside one, ${direction}`, async (t) => {
            const { client, peer } = await bothRaw(t, { HEARTBEAT_INTERVAL: interval });
            const [from, to] = direction === 'up' ? [client, peer] : [peer, client];
            const payload = 'slow '.repeat(400);
            const bytes = from.frame(opcodes.text, payload);
            from.answersPings = false; // it is in the middle of a frame itself
            to.answersPings = true;
            let at = 20; // behind its header
            from.write(bytes.subarray(0, at));
            await until(() => to.pendingBytes > 0, 'the beginning of the frame');
            const before = to.received.length;
            // A trickle keeps the sender alive; meanwhile it is pinged, and the other side must not be.
            const trickleFor = async (count) => {
                const pinged = pings(from).length;
                while (pings(from).length < pinged + count) {
                    from.write(bytes.subarray(at, at + 1));
                    ++at;
                    await sleep(25);
                }
            };
            await trickleFor(3);
            assert.equal(to.received.length, before, 'nothing came inside the frame');
            from.write(bytes.subarray(at));
            from.answersPings = true;
            assert.equal((await to.nextOf(opcodes.text)).payload.toString(), payload);
            await until(() => to.received[to.received.length - 1].opcode === opcodes.ping, 'the ping that had to wait');
            client.cut();
        });

        it(`comes between the fragments of a message, ${direction}`, async (t) => {
            const { client, peer } = await bothRaw(t, { HEARTBEAT_INTERVAL: interval });
            const [from, to] = direction === 'up' ? [client, peer] : [peer, client];
            from.text('first ', { fin: false });
            await to.nextOf(opcodes.text);
            await to.nextOf(opcodes.ping);
            from.send(opcodes.continuation, 'second', { fin: true });
            assert.equal((await to.nextOf(opcodes.continuation)).payload.toString(), 'second');
            client.cut();
        });
    }

    it('survives much traffic both ways with every frame whole', async (t) => {
        const { client, peer } = await bothRaw(t, { HEARTBEAT_INTERVAL: '1500' }); // for a process that is at its limits
        const message = Buffer.alloc(300_000, 'z');
        let streaming = true;
        const stream = async (side) => {
            let sent = 0;
            for (; streaming; ++sent) {
                const bytes = side.frame(opcodes.binary, message);
                const middle = 1000 + (sent * 7919) % 290_000;
                side.write(bytes.subarray(0, middle));
                await sleep(20);
                if (!side.socket.write(bytes.subarray(middle)))
                    await Promise.race([new Promise((resolve) => side.socket.once('drain', resolve)), side.ended]);
                // Between two frames only: the answers to pings are held back until here.
                for (const ping of pings(side).slice(side.answered ?? 0))
                    side.send(opcodes.pong, ping.payload);
                side.answered = pings(side).length;
            }
            return sent;
        };
        client.answersPings = peer.answersPings = false;
        const streams = [stream(client), stream(peer)];
        await until(() => pings(client).length >= 5 && pings(peer).length >= 5, 'five pings each');
        streaming = false;
        const [up, down] = await Promise.all(streams);
        client.answersPings = peer.answersPings = true; // or it would be over while there is more to read
        const whole = (side) => side.received.filter(({ opcode }) => opcode === opcodes.binary);
        await until(() => whole(peer).length === up && whole(client).length === down, 'all messages');
        assert.ok([...whole(peer), ...whole(client)].every(({ payload }) => payload.equals(message)));
        client.cut();
    });
});

describe('limits of time', { concurrency: true }, () => {
    let simulator;

    before(async () => {
        simulator = await startSimulator();
    });
    after(() => simulator.stop());

    async function relayWith(t, settings) {
        const relay = await startRelay({ UPSTREAM_URL: simulator.url, ...settings });
        t.after(() => relay.stop());
        return relay;
    }

    async function checkEnd(call, code, closeCode, type = 'invalid_request_error') {
        const { error } = await call.event('error');
        assert.deepEqual([error.code, error.type], [code, type]);
        assert.deepEqual(await call.end(), { code: closeCode, reason: `${type}.${code}` });
    }

    it('end a call in which nothing is said; pings are nothing', async (t) => {
        const relay = await relayWith(t, { INACTIVITY_TIMEOUT: '600', HEARTBEAT_INTERVAL: '400' });
        const call = await openCall(relay.url());
        const pinger = setInterval(() => call.socket.readyState === 1 && call.socket.ping('x'), 100);
        t.after(() => clearInterval(pinger));
        await checkEnd(call, 'inactivity_timeout', 4408);
        await relay.entry('session_closed', { by: 'relay', code: 4408 });
        assert.equal((await relay.stats()).stats.errors, 0);
    });

    it('let a call go on while something is said, by either side', async (t) => {
        const relay = await relayWith(t, { INACTIVITY_TIMEOUT: '6000' });
        const call = await openCall(relay.url('simulate=echo'));
        for (let i = 0; i < 35; ++i) {
            call.send(`${i}`);
            assert.equal(await call.text(), `${i}`);
            await sleep(200);
        }
        await checkEnd(call, 'inactivity_timeout', 4408);
    });

    it('end a call that has lasted long enough', async (t) => {
        const relay = await relayWith(t, { SESSION_LIMIT: '5000' }); // the dial is part of it
        const call = await openCall(relay.url('simulate=echo'));
        const talker = setInterval(() => call.socket.readyState === 1 && call.send('{"type":"x"}'), 50);
        t.after(() => clearInterval(talker));
        await checkEnd(call, 'session_limit', 4409);
        await relay.entry('session_closed', { by: 'relay', code: 4409 });
    });

    it('end a call whose client has stopped reading', async (t) => {
        const relay = await relayWith(t, { STALL_TIMEOUT: '500', HEARTBEAT_INTERVAL: '0' });
        const call = await openCall(relay.url('model=stalled&simulate=flood:200'));
        await call.event('session.created');
        call.socket.pause();
        await relay.entry('session_closed', { model: 'stalled', by: 'relay', message: /client stopped reading/ });
        call.socket.terminate();
    });

    it('end a call whose upstream has stopped reading, and tell the client', async (t) => {
        const relay = await relayWith(t, { STALL_TIMEOUT: '500', HEARTBEAT_INTERVAL: '0' });
        const call = await openCall(relay.url('model=stalled&simulate=stop-reading'));
        call.socket.on('error', () => {}); // it is still writing
        await call.event('session.created');
        for (let i = 0; i < 40; ++i)
            call.send('x'.repeat(1_000_000));
        await checkEnd(call, 'peer_too_slow', 1013, 'server_error');
        await relay.entry('session_closed', { model: 'stalled', code: 1013, message: /upstream stopped reading/ });
    });
});

describe('without limits of time', () => {
    it('a call has no pings and no end', async (t) => {
        const { relay, simulator } = await startBoth({ HEARTBEAT_INTERVAL: '0', INACTIVITY_TIMEOUT: '0' });
        t.after(() => simulator.stop());
        t.after(() => relay.stop());
        const client = await connectRaw(relay);
        await sleep(1000);
        assert.ok(client.received.every(({ opcode }) => opcode === opcodes.text));
        assert.equal(client.socket.destroyed, false);
        client.cut();
    });
});
