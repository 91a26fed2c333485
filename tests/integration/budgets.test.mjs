// SPDX-License-Identifier: MIT
// What is spent on access tokens, and that no more is: by one call and by many, on one relay and on three, when one is killed and
// when the database is away. The upstream knows what it has billed, and everything that tells of it must say the same.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeKey, postgresStore, sqliteStore, startKeeper, Tokens } from './harness/access.mjs';
import { startBillingUpstream } from './harness/billingupstream.mjs';
import { Call, elsewhere, openCall, openPageCall } from './harness/call.mjs';
import { noPostgres } from './harness/postgres.mjs';
import { holdAsRecorded, RecordedUpstream } from './harness/recordings.mjs';
import { notAtMidnight, until } from './harness/waiting.mjs';

const held = makeKey('held');
const ask = { type: 'response.create' };
/** How long the database is away. */
const outageSeconds = 30;

before(notAtMidnight);

/** A relay with a store in a file, and an upstream. `options`: of the upstream. */
async function startOne(t, { options = {}, settings = {}, store = sqliteStore() } = {}) {
    const upstream = await startBillingUpstream(t, { keys: [held, 'sk-own'], ...options });
    const tokens = new Tokens(store.url);
    const start = () => startKeeper(t, store, upstream, { OPENAI_API_KEY: held, ...settings });
    return { upstream, tokens, start };
}

/** One more response, as far as its end. */
async function respond(call) {
    call.send(ask);
    await call.event('response.done');
}

/** Has the call spend until there is no more: told, and closed. */
async function spendAll(call) {
    for (call.send(ask);;) {
        const event = JSON.parse(await call.text());
        if (event.type === 'error')
            return isSpent(call, event);
        if (event.type === 'response.done')
            call.send(ask);
    }
}

/** That the call is told the budget's end, and closed. */
async function spent(call) {
    return isSpent(call, await call.event('error'));
}

async function isSpent(call, { error }) {
    assert.equal(error.code, 'insufficient_quota');
    assert.ok(error.message.length > 20, 'in words');
    assert.deepEqual(await call.end(), { code: 4411, reason: `${error.type}.insufficient_quota` });
}

async function refused(relay, key, status, code, query) {
    const refusal = await new Call(relay.url(query), { key, ...elsewhere() }).refusal();
    assert.equal(refusal.status, status, refusal.body.error.message);
    if (code)
        assert.equal(refusal.body.error.code, code);
    assert.ok(refusal.body.error.message.length > 20, 'in words');
    return refusal;
}

describe('a budget', { concurrency: true }, () => {
    it('ends calls when it is spent, those in the middle of a response after that, and takes no more', async (t) => {
        const { upstream, tokens, start } = await startOne(t, { options: { answersAtOnce: false } });
        const token = await tokens.add('demo', { 'usd-a-day': 5 });
        const other = await tokens.add('other', { 'usd-a-day': 5 });
        const relay = await start();
        const [busy, free] = [await openCall(relay.url(), { key: token }), await openCall(relay.url(), { key: token })];
        const [busyAbove, freeAbove] = [await upstream.call(1), await upstream.call(2)];
        busy.send(ask);
        await upstream.making(busyAbove);
        for (let dollars = 1; dollars <= 5; ++dollars) {
            free.send(ask);
            upstream.finish(await upstream.making(freeAbove));
            await free.event('response.done');
            const isWarned = () => JSON.stringify(relay.entries).includes('budget_nearly_spent');
            if (dollars === 4)
                await relay.heard(isWarned, 'the warning at four fifths');
            else if (dollars < 4)
                assert.ok(!isWarned());
        }
        await spent(free);
        await refused(relay, token, 429, 'insufficient_quota');
        const page = await openPageCall(relay.url(), { key: null, protocols: ['realtime', `openai-insecure-api-key.${token}`], ...elsewhere() });
        await spent(page);

        // What it hears meanwhile is as it was sent.
        busyAbove.say({ type: 'response.output_text.delta', delta: 'So, ' });
        assert.equal((await busy.event('response.output_text.delta')).delta, 'So, ');
        upstream.finish(busyAbove);
        await busy.event('response.done');
        await spent(busy);
        assert.equal(upstream.billed, 6); // one of each running call at the most
        assert.equal(upstream.upgrades.length, 2); // who was refused did not come so far
        const [first, second] = [await relay.entry('session_closed', { reason: 'spend_limit', cost_usd: '5.000000', access: 'demo' }),
            await relay.entry('session_closed', { reason: 'spend_limit', cost_usd: '1.000000', access: 'demo' })];
        assert.deepEqual([first.code, second.code], [4411, 4411]);
        await until(async () => (await tokens.spent('demo')) === 6, 'the sum in the store');

        const call = await openCall(relay.url(), { key: other });
        await call.close(1000);
        await tokens.set('demo', { 'usd-a-day': 10 });
        await until(async () => {
            const again = new Call(relay.url(), { key: token, ...elsewhere() });
            return again.open().then(() => again.close(1000), () => false);
        }, 'the larger budget');
    });

    it('in all is spent over restarts', async (t) => {
        const { upstream, tokens, start } = await startOne(t);
        const token = await tokens.add('demo', { 'usd-in-all': 3 });
        for (let dollars = 1; dollars <= 3; ++dollars) {
            const relay = await start();
            const call = await openCall(relay.url(), { key: token });
            call.send(ask);
            await call.event('response.done');
            if (dollars < 3)
                await call.close(1000);
            else
                await spent(call);
            if (dollars === 3)
                await refused(relay, token, 429, 'insufficient_quota');
            await relay.stop();
        }
        assert.equal(upstream.billed, 3);
        assert.equal(await tokens.spent('demo'), 3);
    });

    it('of the relay is for all tokens together, and for no client with its own key', async (t) => {
        const { upstream, tokens, start } = await startOne(t, { settings: { BUDGET_USD_A_DAY: '2' } });
        const [one, other] = [await tokens.add('one'), await tokens.add('other', { 'usd-a-day': 10 })];
        const relay = await start();
        const own = await openCall(relay.url(), { key: 'sk-own' });
        for (let i = 0; i < 5; ++i)
            await respond(own);
        const calls = [await openCall(relay.url(), { key: one }), await openCall(relay.url(), { key: other })];
        await respond(calls[0]);
        await spendAll(calls[1]);
        await spendAll(calls[0]); // what there was left in its slice
        await refused(relay, one, 429, 'insufficient_quota');
        await refused(relay, other, 429, 'insufficient_quota');
        await respond(own);
        await own.close(1000);
        const billed = upstream.billedTo.get(held);
        assert.ok(billed >= 2 && billed <= 2 + calls.length, `${billed} dollars`);
        assert.equal(upstream.billedTo.get('sk-own'), 6);
    });

    it('is never blind: what has no price is not begun, and ended where it comes to light', async (t) => {
        const { upstream, tokens, start } = await startOne(t);
        const token = await tokens.add('demo', { 'usd-a-day': 5 });
        const free = await tokens.add('free');
        const relay = await start();
        await refused(relay, token, 403, null, 'model=gpt-of-tomorrow');
        assert.equal(upstream.upgrades.length, 0);
        const call = await openCall(relay.url('served=gpt-of-tomorrow'), { key: token });
        await spent(call);
        assert.equal(upstream.billed, 0);
        const unbounded = await openCall(relay.url('model=gpt-of-tomorrow'), { key: free });
        await respond(unbounded);
        await respond(unbounded);
        await unbounded.close(1000);
    });

    it('counts a response while it runs, by the audio that has come', async (t) => {
        const { upstream, tokens, start } = await startOne(t, { options: { answersAtOnce: false, usd: 0.02 } });
        const token = await tokens.add('demo', { 'usd-a-day': '0.02' });
        const relay = await start();
        const call = await openCall(relay.url(), { key: token });
        const above = await upstream.call(1);
        call.send(ask);
        await upstream.making(above);
        const second = Buffer.alloc(48_000).toString('base64'); // 20 tokens, at 64 dollars a million: 0.00128
        for (let i = 0; i < 30; ++i) {
            above.say({ type: 'response.output_audio.delta', response_id: above.running, delta: second });
            await call.event('response.output_audio.delta');
        }
        await until(async () => {
            const other = new Call(relay.url(), { key: token, ...elsewhere() });
            return other.open().then(() => other.close(1000).then(() => false), () => true);
        }, 'others to be kept out');
        await refused(relay, token, 429, 'insufficient_quota');
        upstream.finish(above);
        await call.event('response.done');
        await spent(call);
        await relay.entry('session_closed', { reason: 'spend_limit', cost_usd: '0.020000' });
    });

    it('is spent by who hangs up before anything is told', async (t) => {
        const { upstream, tokens, start } = await startOne(t, { options: { answersAtOnce: false } });
        const token = await tokens.add('demo', { 'usd-a-day': '0.05' });
        const relay = await start();
        const text = 'x'.repeat(9_000);
        let calls = 0;
        for (;; ++calls) { // each reads 2,250 tokens for 0.009 dollars, and writes 1,000 for 0.016
            assert.ok(calls < 5, 'it is for nothing');
            const call = new Call(relay.url(), { key: token, ...elsewhere() });
            if (!await call.open().then(() => true, () => false))
                break;
            const above = await upstream.call(calls + 1);
            call.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] } });
            call.send({ ...ask, response: { output_modalities: ['text'] } });
            await upstream.making(above);
            above.say({ type: 'response.output_text.delta', delta: 'y'.repeat(3_000) });
            await call.event('response.output_text.delta');
            await call.close(1000);
            await until(async () => (await tokens.spent('demo')) > calls * 0.024, 'the estimate in the store');
        }
        assert.ok(calls >= 2 && calls <= 3, `${calls} calls`);
        assert.equal(upstream.billed, 0);
    });

    it('takes no burst of responses that it does not pay for', async (t) => {
        const { upstream, tokens, start } = await startOne(t, { options: { answersAtOnce: false } });
        const token = await tokens.add('demo', { 'usd-a-day': '0.01' });
        const relay = await start();
        const call = await openCall(relay.url(), { key: token });
        const above = await upstream.call(1);
        for (let i = 0; i < 200; ++i)
            call.send({ ...ask, response: { conversation: 'none' } });
        await spent(call);
        const asked = above.events.filter((text) => text.includes('response.create')).length;
        assert.ok(asked < 40, `${asked} of 200 went up`); // each reads at least 0.0004 dollars
    });
});

describe('what was spent', { concurrency: true }, () => {
    it('is the same in /stats, in /metrics, in the store and by hand', { skip: noPostgres }, async (t) => {
        const store = await postgresStore(t);
        const upstream = await new RecordedUpstream().listen();
        t.after(() => upstream.stop());
        const tokens = new Tokens(store.url);
        const keys = { alpha: await tokens.add('alpha', { 'usd-a-day': 5 }), beta: await tokens.add('beta'), own: 'sk-own' };
        const relay = await startKeeper(t, store, upstream, { OPENAI_API_KEY: held });
        for (const [who, file] of [['alpha', 'speech-turn.jsonl'], ['alpha', 'tool-call.jsonl'], ['beta', 'text-in-audio-out.jsonl'],
            ['own', 'text-in-audio-out.jsonl']])
            await holdAsRecorded(relay.url(`model=gpt-realtime&recording=${file}`), file, { key: keys[who] });
        await relay.ended(4);
        // As in usage.test.mjs: 0.010922 and 0.0009936 are 0.0119156; and twice 0.001168.
        const { usage, access } = await relay.stats();
        assert.equal(usage.costUsd, '0.014252'); // 0.0142516
        assert.deepEqual(access.map(({ name, calls, activeCalls, costUsd }) => [name, calls, activeCalls, costUsd]),
            [['alpha', 2, 0, '0.011916'], ['beta', 1, 0, '0.001168']]);
        const { text } = await relay.request('/metrics');
        for (const wanted of ['{token="alpha"} 0.011915600000', '{token="beta"} 0.001168000000'])
            assert.ok(text.split('\n').some((line) => line.startsWith('realtime_relay_') && line.includes(`cost_usd_total${wanted}`)), wanted);
        await until(async () => (await store.rows('SELECT COUNT(*) FROM rr_call WHERE ended_at > 0'))[0][0] === '4', 'all calls in the store');
        // In 10^-12 dollars.
        assert.deepEqual(await store.rows(`SELECT COALESCE(t.name, ''), SUM(u.cost), SUM(u.text_in), SUM(u.audio_in), SUM(u.text_cached),
            SUM(u.text_out), SUM(u.audio_out), SUM(u.ms) FROM rr_usage u LEFT JOIN rr_token t ON t.id = u.token GROUP BY 1 ORDER BY 1`), [
            ['', '1168000000', '16', '0', '0', '9', '15', '0'],
            ['alpha', '11915600000', '116', '27', '64', '63', '136', '3000'],
            ['beta', '1168000000', '16', '0', '0', '9', '15', '0'],
        ]);
        assert.equal(await tokens.spent('alpha'), 0.011916);
        assert.deepEqual(await store.rows('SELECT token_name, model, kind, reason, failed FROM rr_call ORDER BY token_name'), [
            ['', 'gpt-realtime', 'realtime', 'client_closed', '0'], ['alpha', 'gpt-realtime', 'realtime', 'client_closed', '0'],
            ['alpha', 'gpt-realtime', 'realtime', 'client_closed', '0'], ['beta', 'gpt-realtime', 'realtime', 'client_closed', '0']]);
    });
});

describe('one budget on three relays', { skip: noPostgres }, () => {
    it('is passed by one response a call at the most, by 200 calls that race for it', async (t) => {
        const usd = 0.05;
        const cap = 40;
        const store = await postgresStore(t);
        const { upstream, tokens, start } = await startOne(t, { store, options: { usd } });
        const token = await tokens.add('raced', { 'usd-a-day': cap });
        const relays = await Promise.all([start(), start(), start()]);
        const ends = await Promise.all(Array.from({ length: 200 }, async (_, i) => {
            const call = new Call(relays[i % 3].url(), { key: token, ...elsewhere() });
            const isOpen = await call.open().then(() => true, () => false);
            if (!isOpen)
                return (await call.refusal()).body.error.code;
            await spendAll(call);
            return 'insufficient_quota';
        }));
        assert.deepEqual([...new Set(ends)], ['insufficient_quota']);
        const running = upstream.calls.length;
        t.diagnostic(`${upstream.billed} responses of ${cap / usd}, by ${running} calls`);
        assert.ok(upstream.billed * usd <= cap + running * usd, `${upstream.billed} responses`);
        // What is left in a slice that was given back is not lost: somebody can spend it.
        await until(async () => {
            if (upstream.billed * usd >= cap)
                return true;
            const call = new Call(relays[0].url(), { key: token, ...elsewhere() });
            if (await call.open().then(() => true, () => false)) {
                call.send(ask);
                await call.event('response.done');
                await call.close(1000);
            }
            return false;
        }, 'the rest to be spent');
        for (const relay of relays)
            await until(async () => (await new Call(relay.url(), { key: token, ...elsewhere() }).refusal()).status === 429, 'the end of it');
        // What a call was ended in the midst of is billed, and nobody has said how much it was.
        await Promise.all(relays.map((relay) => relay.stop()));
        const costs = relays.flatMap(({ entries }) => entries).filter(({ event }) => event === 'session_closed').map(({ cost_usd }) => Number(cost_usd ?? 0));
        const told = costs.reduce((sum, cost) => sum + cost, 0);
        assert.ok(Math.abs(await tokens.spent('raced') - told) < 1e-6, `${await tokens.spent('raced')} of ${told} dollars are in the store`);
        assert.ok(told >= cap && told <= upstream.billed * usd + 1e-6, `${told} dollars`);
    });
});

describe('a relay that is killed in mid-call', () => {
    for (const [where, makeStore, skip] of [['a file', sqliteStore, false], ['PostgreSQL', postgresStore, noPostgres]]) {
        it(`leaves its budget as it was spent, in ${where}`, { skip }, async (t) => {
            const store = await makeStore(t);
            const { upstream, tokens, start } = await startOne(t, { store, options: { answersAtOnce: false } });
            const token = await tokens.add('demo', { 'usd-a-day': 10 });
            const first = await start();
            const call = await openCall(first.url(), { key: token });
            const above = await upstream.call(1);
            const makeOne = async () => {
                call.send(ask);
                upstream.finish(await upstream.making(above));
                await call.event('response.done');
            };
            for (let i = 0; i < 3; ++i)
                await makeOne();
            await until(async () => (await tokens.spent('demo')) === 3, 'the sum in the store');
            call.send(ask);
            await upstream.making(above);
            await first.kill();
            await call.end();

            upstream.answersAtOnce = true;
            const second = await start();
            assert.equal(await tokens.spent('demo'), upstream.billed);
            const next = await openCall(second.url(), { key: token });
            await respond(next);
            await next.close(1000);
            // The slice of the killed one is free again after a while, which is over.
            await store.rows?.('UPDATE rr_slice SET expires_at = 1 WHERE expires_at > 0');
            await until(async () => {
                const one = new Call(second.url(), { key: token, ...elsewhere() });
                if (!await one.open().then(() => true, () => false))
                    return !store.rows || upstream.billed === 10;
                one.send(ask);
                await one.event('response.done');
                await one.close(1000);
                return false;
            }, 'all of the budget to be spent');
            assert.ok(upstream.billed <= 10);
            await until(async () => (await tokens.spent('demo')) === upstream.billed, 'the sum in the store');
        });
    }
});

describe('a database that is away', { skip: noPostgres }, () => {
    it('ends no call, loses nothing, and is found again', async (t) => {
        const usd = 0.01;
        const store = await postgresStore(t);
        const { upstream, tokens, start } = await startOne(t, { store, options: { usd } });
        const token = await tokens.add('demo', { 'usd-a-day': 100 });
        const relay = await start();
        const [call, own] = [await openCall(relay.url(), { key: token }), await openCall(relay.url(), { key: 'sk-own' })];
        await Promise.all([respond(call), respond(own)]);
        await store.halt();
        await respond(call);
        await until(async () => (await relay.stats()).troubles.some(({ code }) => code === 'store_away'), 'the trouble');
        for (const begin = performance.now(); performance.now() - begin < outageSeconds * 1000; await sleep(500))
            await Promise.all([respond(call), respond(own)]);
        const refusal = await refused(relay, token, 503);
        assert.ok(Number(refusal.headers['retry-after']) > 0);
        const page = await openPageCall(relay.url(), { key: null, protocols: ['realtime', `openai-insecure-api-key.${token}`], ...elsewhere() });
        await page.event('error');
        assert.equal((await page.end()).code, 1013);
        const mint = await relay.request('/v1/realtime/client_secrets', { method: 'POST', body: '{}', headers: { Authorization: `Bearer ${token}` } });
        assert.equal(mint.status, 503);
        const passing = await openCall(relay.url(), { key: 'sk-own' });
        await respond(passing);
        await passing.close(1000);

        await store.start();
        await until(async () => {
            const again = new Call(relay.url(), { key: token, ...elsewhere() });
            return again.open().then(async () => {
                await respond(again);
                await again.close(1000);
                return true;
            }, () => false);
        }, 'calls with tokens to be taken again');
        await respond(call);
        await Promise.all([call.close(1000), own.close(1000)]);
        await until(async () => Math.abs(await tokens.spent('demo') - upstream.billedTo.get(held) * usd) < 1e-6, 'all of it in the store');
        await until(async () => !(await relay.stats()).troubles.some(({ code }) => code === 'store_away'), 'the end of the trouble');
        await relay.stop();
        assert.ok(!JSON.stringify(relay.entries).includes('store_rows_lost'));
    });

    it('holds nobody up that stands still', { skip: process.platform !== 'linux' && 'its processes are found in /proc' }, async (t) => {
        const usd = 0.01;
        const store = await postgresStore(t);
        const { upstream, tokens, start } = await startOne(t, { store, options: { usd }, settings: { HANDSHAKE_TIMEOUT: '3000' } });
        const [token, idle] = [await tokens.add('demo', { 'usd-a-day': 100 }), await tokens.add('idle', { 'usd-a-day': 100 })];
        const relay = await start();
        const [call, own] = [await openCall(relay.url(), { key: token }), await openCall(relay.url(), { key: 'sk-own' })];
        await Promise.all([respond(call), respond(own)]);
        store.freeze();
        const waiting = refused(relay, idle, 503, 'store_away');
        for (let i = 0; i < 5; ++i)
            await Promise.all([respond(call), respond(own)]);
        const passing = await openCall(relay.url(), { key: 'sk-own' });
        await respond(passing);
        await passing.close(1000);
        assert.equal((await relay.request('/health')).status, 200);
        await waiting;
        store.thaw();
        await until(async () => {
            const again = new Call(relay.url(), { key: idle, ...elsewhere() });
            return again.open().then(() => again.close(1000), () => false);
        }, 'calls with tokens to be taken again');
        await Promise.all([call.close(1000), own.close(1000)]);
        await until(async () => Math.abs(await tokens.spent('demo') - upstream.billedTo.get(held) * usd) < 1e-6, 'all of it in the store');
    });
});
