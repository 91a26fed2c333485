// SPDX-License-Identifier: MIT
// How calls end, row by row: what the client is told, what the upstream is told, what the journal says.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Call, elsewhere, openCall, openPageCall } from './harness/call.mjs';
import { Authority } from './harness/certificates.mjs';
import { closePayload, opcodes, parseClose } from './harness/frames.mjs';
import { startBoth, startRelay, startSimulator } from './harness/programs.mjs';
import { connectRaw, startUpstream } from './harness/rawpeer.mjs';

const sixtyMinutes = 'Your session hit the maximum duration of 60 minutes.';

/** The one error event of a call that failed, and how it was closed. */
async function failure(call) {
    const event = await call.event('error');
    assert.match(event.event_id, /^event_\w+$/);
    assert.deepEqual(Object.keys(event.error).sort(), ['code', 'event_id', 'message', 'param', 'type']);
    return { ...event.error, close: await call.end() };
}

function checkFailure(seen, code, type, closeCode, message) {
    assert.equal(seen.code, code);
    assert.equal(seen.type, type);
    assert.deepEqual(seen.close, { code: closeCode, reason: `${type}.${code}` });
    assert.match(seen.message, message);
}

describe('an upstream that ends the call', { concurrency: true }, () => {
    let relay;
    let simulator;

    before(async () => {
        ({ relay, simulator } = await startBoth({ CONNECT_TIMEOUT: '10000' }, ['--speed', '0']));
    });
    after(async () => {
        await relay.stop();
        await simulator.stop();
    });

    for (const [code, reason] of [
        [1000, ''], [1000, 'done'], [1001, sixtyMinutes], [1003, ''], [1008, 'policy'], [1011, 'internal error'],
        [1012, 'restart'], [1013, 'try again later'], [1014, ''], [3000, 'invalid_request_error.invalid_api_key'],
        [4000, 'invalid_request_error.missing_model'], [4004, 'invalid_request_error.model_not_found'], [4999, 'last'],
        [4001, 'r'.repeat(123)], [4002, 'mañana €'],
    ]) {
        it(`with ${code} ${reason.slice(0, 60)} closes the client's side with just that`, async () => {
            const call = await openCall(relay.url(`model=close${code}&simulate=${
                encodeURIComponent(`close:${code}:${reason}`)}`), elsewhere());
            await call.event('session.created');
            assert.deepEqual(await call.end(), { code, reason });
        });
    }

    it('without a code closes the client\'s side without one', async () => {
        const call = await openCall(relay.url('simulate=close:1005'), elsewhere());
        assert.deepEqual(await call.end(), { code: 1005, reason: '' });
    });

    it('after so many minutes passes the event and the close', async () => {
        const call = await openCall(relay.url('model=long&simulate=close-after:1'), elsewhere());
        const { error } = await call.event('error');
        assert.equal(error.code, 'session_expired');
        assert.deepEqual(await call.end(), { code: 1001, reason: sixtyMinutes });
        await relay.entry('session_closed', { model: 'long', by: 'upstream', code: 1001, message: new RegExp(sixtyMinutes) });
    });

    for (const [code, reason] of [
        [3000, 'invalid_request_error.invalid_api_key'],
        [4000, 'invalid_request_error.missing_model'],
        [4004, 'invalid_request_error.model_not_found'],
        [1013, 'insufficient_quota.insufficient_quota'],
    ]) {
        it(`with an error event and ${code} passes both`, async () => {
            const seen = await failure(await openCall(relay.url(`simulate=error:${code}`), elsewhere()));
            assert.deepEqual(seen.close, { code, reason });
            assert.equal(`${seen.type}.${seen.code}`, reason);
        });
    }

    for (const [status, code, reason, advice] of [
        [400, 4000, 'invalid_request_error.bad_request', /model.*query/],
        [401, 3000, 'invalid_request_error.invalid_api_key', /key is invalid or has expired.*\(Detail: Incorrect API key/],
        [403, 3003, 'request_forbidden.unsupported_country_region_territory', /no access.*region is not supported/],
        [404, 4004, 'invalid_request_error.not_found', /no such path, model or deployment/],
        [429, 1013, 'requests.rate_limit_exceeded', /rate limit/],
        [500, 1013, 'server_error.server_error', /try again/],
        [502, 1013, 'server_error.server_error', /try again/],
        [503, 1013, 'server_error.server_error', /try again/],
        [302, 4000, 'invalid_request_error.bad_request', /redirect/],
    ]) {
        it(`by refusing the handshake with ${status} is told as such`, async () => {
            const seen = await failure(await openPageCall(relay.url(`model=refuse${status}&simulate=refuse:${status}`), elsewhere()));
            const [type, errorCode] = reason.split('.');
            checkFailure(seen, errorCode, type, code, advice);
            assert.match(seen.message, new RegExp(`\\b${status}\\b`));
            await relay.entry('session_closed', { model: `refuse${status}`, by: 'upstream', code, reason: 'upstream_refused' });
        });
    }

    it('by vanishing is told as such', async () => {
        const seen = await failure(await openCall(relay.url('model=gone&simulate=vanish'), elsewhere()));
        checkFailure(seen, 'upstream_disconnected', 'server_error', 1011, /lost/);
        await relay.entry('session_closed', { model: 'gone', by: 'upstream', code: 1011 });
    });

    it('by vanishing in the middle of a response is told as such', async () => {
        const call = await openCall(relay.url('simulate=vanish:mid-response'), elsewhere());
        call.send({ type: 'response.create' });
        await call.event('response.output_audio.delta');
        checkFailure(await failure(call), 'upstream_disconnected', 'server_error', 1011, /lost/);
    });

    it('by never answering the handshake is told as such', async () => {
        const seen = await failure(await openPageCall(relay.url('simulate=silent'), elsewhere()));
        checkFailure(seen, 'upstream_unreachable', 'server_error', 1013, /did not answer in time/);
    });

    it('by answering something else than HTTP is told as such', async () => {
        const seen = await failure(await openPageCall(relay.url('simulate=garbage'), elsewhere()));
        checkFailure(seen, 'upstream_unreachable', 'server_error', 1013, /not as a WebSocket server.*not HTTP/);
    });
});

describe('an upstream that cannot be reached', { concurrency: true }, () => {
    const authority = new Authority();
    const right = authority.issue();
    const otherName = authority.issue('DNS:other.example');

    async function failureAt(t, url, settings = {}) {
        const relay = await startRelay({ UPSTREAM_URL: url, ...settings });
        t.after(() => relay.stop());
        return failure(await openPageCall(relay.url()));
    }

    async function tlsSimulator(t, { certFile, keyFile }) {
        const simulator = await startSimulator(['--tls-cert', certFile, '--tls-key', keyFile]);
        t.after(() => simulator.stop());
        return simulator;
    }

    it('for nobody listens there', async (t) => {
        checkFailure(await failureAt(t, 'ws://127.0.0.1:1/v1/realtime'),
            'upstream_unreachable', 'server_error', 1013, /127\.0\.0\.1 was refused/);
    });

    it('for its name does not exist', async (t) => {
        checkFailure(await failureAt(t, 'wss://no-such-host.invalid/v1/realtime'),
            'upstream_unreachable', 'server_error', 1013, /^(?!.*answered).*no-such-host\.invalid/);
    });

    it('for its certificate is not trusted', async (t) => {
        const simulator = await tlsSimulator(t, right);
        checkFailure(await failureAt(t, simulator.url),
            'upstream_unreachable', 'server_error', 1013, /No secure connection.*UPSTREAM_CA_FILE/);
    });

    it('for its certificate is for another name', async (t) => {
        const simulator = await tlsSimulator(t, otherName);
        checkFailure(await failureAt(t, simulator.url, { UPSTREAM_CA_FILE: authority.certFile }),
            'upstream_unreachable', 'server_error', 1013, /No secure connection/);
    });

    it('for it takes connections and says nothing', async (t) => {
        const simulator = await startSimulator(['--fault', 'silent']);
        t.after(() => simulator.stop());
        checkFailure(await failureAt(t, simulator.url, { CONNECT_TIMEOUT: '200' }),
            'upstream_unreachable', 'server_error', 1013, /did not answer in time/);
    });

    it('for it speaks plain HTTP where TLS was expected', async (t) => {
        const simulator = await startSimulator();
        t.after(() => simulator.stop());
        checkFailure(await failureAt(t, simulator.url.replace('ws:', 'wss:'), { CONNECT_TIMEOUT: '2000' }),
            'upstream_unreachable', 'server_error', 1013, /./);
    });
});

describe('a client that ends the call', () => {
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

    async function both(options) {
        const call = await openCall(relay.url(), options);
        return { call, peer: await upstream.next() };
    }

    for (const [code, reason] of [[1000, 'bye'], [1001, ''], [1011, 'keepalive ping timeout'], [3000, 'own'], [4000, ''],
        [4999, 'last'], [1008, 'ñ€😀'], [4321, 'r'.repeat(123)]]) {
        it(`with ${code} closes the upstream's side with just that`, async () => {
            const { call, peer } = await both();
            call.socket.close(code, reason);
            const close = await peer.nextOf(opcodes.close);
            assert.ok(close.masked);
            assert.deepEqual(parseClose(close.payload), { code, reason });
            peer.close(code, reason);
            assert.deepEqual(await call.end(), { code, reason });
            await peer.end();
        });
    }

    it('without a code closes the upstream\'s side without one, and has an answer without one', async () => {
        const { call, peer } = await both();
        call.socket.close();
        assert.equal((await peer.nextOf(opcodes.close)).payload.length, 0);
        peer.close();
        assert.deepEqual(await call.end(), { code: 1005, reason: '' });
        await peer.end();
    });

    it('by vanishing leaves the upstream a closed socket and nothing else', async () => {
        const { call, peer } = await both();
        call.send('last words');
        await peer.nextOf(opcodes.text);
        call.socket.terminate();
        await peer.end();
        assert.ok(peer.received.every((frame) => frame.opcode !== opcodes.close));
        await relay.entry('session_closed', { by: 'client', code: 1006 });
    });

    it('by vanishing during the dial ends the dial', async (t) => {
        const slow = await startUpstream({ accept: false });
        t.after(() => slow.stop());
        const other = await startRelay({ UPSTREAM_URL: slow.url });
        t.after(() => other.stop());
        const call = await openPageCall(other.url());
        const peer = await slow.next();
        call.socket.terminate();
        peer.start(Buffer.alloc(0));
        peer.socket.resume();
        await peer.end();
        await other.entry('session_closed', { by: 'client' });
    });

    it('gets what the upstream sent before its own close', async () => {
        const { call, peer } = await both();
        peer.write(Buffer.concat([peer.frame(opcodes.text, 'one'), peer.frame(opcodes.text, 'two'),
            peer.frame(opcodes.close, closePayload(4004, 'end'))]));
        assert.equal(await call.text(), 'one');
        assert.equal(await call.text(), 'two');
        assert.deepEqual(await call.end(), { code: 4004, reason: 'end' });
        assert.deepEqual(parseClose((await peer.nextOf(opcodes.close)).payload), { code: 4004, reason: 'end' });
        await peer.end();
    });
});

describe('a call refused before it is one', () => {
    it('is told as OpenAI tells a wrong key', async (t) => {
        const { relay, simulator } = await startBoth();
        t.after(() => simulator.stop());
        t.after(() => relay.stop());
        const seen = await failure(new Call(relay.url(), { key: 'sk-invalid' }));
        checkFailure(seen, 'invalid_api_key', 'invalid_request_error', 3000, /^Incorrect API key/);
    });
});
