// SPDX-License-Identifier: MIT
// Settings that change while calls go on.
import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Call, openCall } from './harness/call.mjs';
import { temporaryFolder } from './harness/certificates.mjs';
import { noSighup, startRelay, startSimulator } from './harness/programs.mjs';
import { until } from './harness/waiting.mjs';

describe('a reload', () => {
    let simulator;

    before(async () => {
        simulator = await startSimulator();
    });
    after(() => simulator.stop());

    /** A relay with its settings in a file, and one live call. */
    async function relayWithFile(t, settings) {
        const file = join(temporaryFolder(), 'relay.json');
        const write = (content) => writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
        write(settings);
        const relay = await startRelay({ UPSTREAM_URL: simulator.url }, ['--config', file]);
        t.after(() => relay.stop());
        const call = await openCall(relay.url('simulate=echo'));
        const stillThere = async (message) => {
            call.send(message);
            assert.equal(await call.text(), message);
        };
        const count = (event) => relay.entries.filter((entry) => entry.event === event).length;
        const nextEntry = async (event, work) => {
            const before = count(event);
            await work();
            await relay.heard(() => count(event) > before, `another ${event}`);
        };
        return { relay, file, write, call, stillThere, count, nextEntry };
    }

    const mayCome = (relay, origin) => openCall(relay.url(), { origin }).then(async (call) => {
        await call.close(1000);
        return true;
    }, () => false);

    it('puts new rules in force and keeps the call', async (t) => {
        const { relay, write, stillThere } = await relayWithFile(t, { allowedOrigins: ['https://one.example'] });
        assert.equal(await mayCome(relay, 'https://one.example'), true);
        assert.equal(await mayCome(relay, 'https://two.example'), false);
        write({ allowedOrigins: ['https://two.example'], maxConnections: 2 });
        relay.reload();
        await relay.entry('reloaded');
        assert.equal(await mayCome(relay, 'https://one.example'), false);
        assert.equal(await mayCome(relay, 'https://two.example'), true);
        await stillThere('after the reload');
        const other = await openCall(relay.url());
        assert.equal((await new Call(relay.url()).refusal()).status, 503);
        await other.close(1000);
    });

    for (const [how, change] of [
        ['written in place', (file, text) => writeFileSync(file, text)],
        ['replaced by another', (file, text) => {
            writeFileSync(`${file}.new`, text);
            renameSync(`${file}.new`, file);
        }],
    ]) {
        it(`happens when the file is ${how}, and every time again`, async (t) => {
            const { relay, file, stillThere, nextEntry } = await relayWithFile(t, {});
            for (const origin of ['https://one.example', 'https://two.example']) {
                await nextEntry('reloaded', () => change(file, JSON.stringify({ allowedOrigins: [origin] })));
                assert.equal(await mayCome(relay, origin), true);
                assert.equal(await mayCome(relay, 'https://zero.example'), false);
            }
            await stillThere('after both');
        });
    }

    it('of bad settings is reported and ignored', async (t) => {
        const { relay, write, stillThere, count, nextEntry } = await relayWithFile(t, { allowedOrigins: ['https://one.example'] });
        for (const [bad, message] of [['{ "allowedOrigins": ["https://two.example"], ', /JSON/],
            [{ allowedOrigins: ['https://two.example'], maxConnections: -1 }, /maxConnections|MAX_CONNECTIONS/i],
            [{ allowedOrigins: ['https://two.example'], tlsCertFile: '/nowhere/cert.pem', tlsKeyFile: '/nowhere/key.pem' }, /nowhere/]]) {
            write(bad);
            relay.reload();
            await relay.entry('reload_refused', { level: 'error', message }); // each once or twice: it may be loaded again
        }
        assert.equal(count('reloaded'), 0);
        assert.equal(await mayCome(relay, 'https://one.example'), true);
        assert.equal(await mayCome(relay, 'https://two.example'), false);
        await stillThere('after the bad ones');
        await nextEntry('reloaded', () => write({ allowedOrigins: ['https://two.example'] }));
        assert.equal(await mayCome(relay, 'https://two.example'), true);
    });

    it('to another address listens anew and keeps the call', async (t) => {
        const file = join(temporaryFolder(), 'relay.json');
        writeFileSync(file, JSON.stringify({ host: '127.0.0.1' }));
        const relay = await startRelay({ UPSTREAM_URL: simulator.url, HOST: '' }, ['--config', file]);
        t.after(() => relay.stop());
        const oldPort = relay.port;
        const call = await openCall(relay.url('simulate=echo'));
        writeFileSync(file, JSON.stringify({ host: '127.0.0.8' }));
        relay.reload();
        const { port } = await relay.entry('reloaded', { host: '127.0.0.8' });
        const moved = await openCall(`ws://127.0.0.8:${port}/v1/realtime?simulate=echo`);
        for (const each of [call, moved]) {
            each.send('here');
            assert.equal(await each.text(), 'here');
        }
        await until(() => relay.request('/health').then(() => oldPort === port && false, ({ code }) => code === 'ECONNREFUSED'),
            'the old address to be closed');
        await moved.close(1000);
        await call.close(1000);
    });

    it('by SIGHUP without a file is harmless', { skip: noSighup }, async (t) => {
        const relay = await startRelay({ UPSTREAM_URL: simulator.url });
        t.after(() => relay.stop());
        relay.signal('SIGHUP');
        await relay.entry('reloaded');
        assert.equal((await relay.request('/health')).status, 200);
    });
});
