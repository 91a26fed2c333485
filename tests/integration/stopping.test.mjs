// SPDX-License-Identifier: MIT
// How the relay stops: with time for its calls, or at once.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Call, openCall, openPageCall } from './harness/call.mjs';
import { opcodes, parseClose } from './harness/frames.mjs';
import { ownAddress, startRelay, startSimulator } from './harness/programs.mjs';
import { connectRaw, startUpstream } from './harness/rawpeer.mjs';
import { until } from './harness/waiting.mjs';

describe('a relay that is asked to stop', () => {
    let simulator;

    before(async () => {
        simulator = await startSimulator();
    });
    after(() => simulator.stop());

    const start = (settings) => startRelay({ UPSTREAM_URL: simulator.url, HOST: ownAddress, ...settings });

    async function checkShutDown(call) {
        const { error } = await call.event('error');
        assert.equal(error.code, 'relay_shutdown');
        assert.deepEqual(await call.end(), { code: 1001, reason: 'server_error.relay_shutdown' });
    }

    /** Nobody listens on the port any more: it can be taken. */
    function portIsFree(port) {
        return new Promise((resolve, reject) => {
            const server = net.createServer().on('error', reject);
            server.listen(port, ownAddress, () => server.close(resolve));
        });
    }

    for (const signal of ['SIGTERM', 'SIGINT']) {
        it(`by ${signal} ends when nothing goes on`, async () => {
            const relay = await start({ DRAIN_TIMEOUT: '60000' });
            relay.signal(signal);
            assert.deepEqual(await relay.exit(), { code: 0, signal: null });
            await portIsFree(relay.port);
        });
    }

    it('lets the call finish, and takes no new one', async () => {
        const relay = await start({ DRAIN_TIMEOUT: '60000' });
        const call = await openCall(relay.url('simulate=echo'));
        relay.signal('SIGTERM');
        await relay.entry('draining');
        const refusal = await new Call(relay.url()).refusal();
        assert.equal(refusal.status, 503);
        assert.equal(refusal.body.error.code, 'relay_draining');
        assert.ok(Number(refusal.headers['retry-after']) > 0);
        const health = await relay.request('/health');
        assert.equal(health.status, 503);
        assert.equal(health.json().status, 'draining');
        assert.equal(health.json().stats.activeConnections, 1);
        assert.match((await relay.request('/metrics')).text, /^realtime_relay_draining 1$/m);
        call.send('still here');
        assert.equal(await call.text(), 'still here');
        await call.close(1000, 'done');
        assert.deepEqual(await relay.exit(), { code: 0, signal: null });
        await portIsFree(relay.port);
    });

    it('closes the calls that do not finish in time', async (t) => {
        const upstream = await startUpstream();
        t.after(() => upstream.stop());
        const relay = await start({ DRAIN_TIMEOUT: '200', UPSTREAM_URL: upstream.url });
        const call = await openCall(relay.url());
        const peer = await upstream.next();
        relay.signal('SIGTERM');
        await checkShutDown(call);
        assert.equal(parseClose((await peer.nextOf(opcodes.close)).payload).code, 1001);
        assert.deepEqual(await relay.exit(), { code: 0, signal: null });
    });

    it('ends at once when asked twice', async () => {
        const relay = await start({ DRAIN_TIMEOUT: '600000' });
        const calls = await Promise.all([1, 2, 3].map(() => openCall(relay.url('simulate=echo'))));
        relay.signal('SIGTERM');
        await relay.entry('draining');
        relay.signal('SIGTERM');
        await Promise.all(calls.map(checkShutDown));
        assert.deepEqual(await relay.exit(), { code: 0, signal: null });
        await portIsFree(relay.port);
    });

    it('ends the dials, too', async (t) => {
        const upstream = await startUpstream({ accept: false });
        t.after(() => upstream.stop());
        const relay = await start({ UPSTREAM_URL: upstream.url });
        const call = await openPageCall(relay.url());
        await upstream.next();
        relay.signal('SIGTERM');
        await checkShutDown(call);
        assert.deepEqual(await relay.exit(), { code: 0, signal: null });
    });

    it('ends although nobody reads or answers', async (t) => {
        const upstream = await startUpstream();
        t.after(() => upstream.stop());
        const relay = await start({ UPSTREAM_URL: upstream.url });
        const call = await openCall(relay.url());
        const peer = await upstream.next();
        peer.socket.pause();
        call.send('x'.repeat(20_000_000));
        relay.signal('SIGTERM');
        assert.deepEqual(await relay.exit(), { code: 0, signal: null });
        call.socket.terminate();
    });

    it('does not wait for connections that are no calls', async () => {
        const relay = await start({ DRAIN_TIMEOUT: '60000' });
        const idle = net.connect(relay.port, relay.host);
        await new Promise((resolve) => idle.on('connect', resolve));
        const ended = new Promise((resolve) => idle.on('close', resolve).on('error', () => {}));
        relay.signal('SIGTERM');
        assert.deepEqual(await relay.exit(), { code: 0, signal: null });
        idle.resume();
        await ended;
    });

    /** A call of two ends by hand, and the relay between them. */
    async function betweenRawEnds(t) {
        const upstream = await startUpstream();
        t.after(() => upstream.stop());
        const relay = await start({ UPSTREAM_URL: upstream.url });
        t.after(() => relay.stop());
        const client = await connectRaw(relay);
        return { relay, client, peer: await upstream.next() };
    }

    it('cuts the client when a frame is half sent', async (t) => {
        const { relay, client, peer } = await betweenRawEnds(t);
        peer.write(peer.frame(opcodes.text, 'never whole').subarray(0, 7));
        await until(() => client.pendingBytes > 0, 'the first half of the frame');
        relay.signal('SIGTERM');
        await client.end();
        assert.ok(client.pendingBytes > 0);
        assert.equal(client.received.length, 0);
        await relay.entry('session_closed', { by: 'relay', reason: 'relay_shutdown', code: 1006, message: /shutting down/ });
        peer.socket.destroy();
    });

    it('closes without an error event when a message is half sent', async (t) => {
        const { relay, client, peer } = await betweenRawEnds(t);
        peer.text('the first half', { fin: false });
        assert.equal((await client.next()).fin, false);
        relay.signal('SIGTERM');
        const close = await client.next();
        assert.equal(close.opcode, opcodes.close);
        assert.equal(parseClose(close.payload).code, 1001);
        client.close(1001);
        await Promise.all([client.end(), peer.end()]);
    });

    it('keeps messages whole: its last words come behind one', async (t) => {
        const upstream = await startUpstream();
        t.after(() => upstream.stop());
        const relay = await start({ UPSTREAM_URL: upstream.url, SESSION_LIMIT: '3000' }); // the dial is part of it
        t.after(() => relay.stop());
        const call = await openCall(relay.url());
        const peer = await upstream.next();
        const message = 'm'.repeat(200_000);
        let open = true;
        peer.ended.then(() => (open = false));
        const stream = async () => {
            while (open) {
                const bytes = Buffer.concat([peer.frame(opcodes.text, message.slice(0, 100_000), { fin: false }),
                    peer.frame(opcodes.continuation, message.slice(100_000))]);
                if (!peer.socket.write(bytes))
                    await Promise.race([new Promise((resolve) => peer.socket.once('drain', resolve)), peer.ended]);
                else
                    await new Promise(setImmediate);
            }
        };
        const streaming = stream();
        for (;;) {
            const text = await call.text();
            if (text.startsWith('{')) {
                assert.equal(JSON.parse(text).error.code, 'session_limit');
                break;
            }
            assert.ok(text === message);
        }
        assert.equal((await call.end()).code, 4409);
        await streaming;
    });
});
