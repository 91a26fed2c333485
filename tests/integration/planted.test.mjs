// SPDX-License-Identifier: MIT
// A held key, an access token, a short-lived token, a client's own key and the database's password are planted, and sought where
// anything is written or told: they are found nowhere but where they belong.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { postgresStore, startKeeper, Tokens } from './harness/access.mjs';
import { BillingUpstream } from './harness/billingupstream.mjs';
import { Call, elsewhere, openCall, openPageCall, pageOrigin } from './harness/call.mjs';
import { temporaryFolder } from './harness/certificates.mjs';
import { checkAbsent, checkFolder, filesBelow, random } from './harness/planted.mjs';
import { noPostgres } from './harness/postgres.mjs';
import { runRelay, startRelay, startSimulator } from './harness/programs.mjs';
import { until } from './harness/waiting.mjs';

/** Where the programs were built. */
const built = join(process.env.RELAY_BIN_DIR, '..');

const ofPage = (token) => ({ key: null, protocols: ['realtime', `openai-insecure-api-key.${token}`] });
const post = (relay, path, token, body = '{}') =>
    relay.request(path, { method: 'POST', body, headers: { Authorization: `Bearer ${token}` }, ...elsewhere() });

/** An upstream that repeats in its refusals the key that it was asked with. */
async function startParrot(t) {
    const server = http.createServer((request, response) => {
        request.resume();
        response.writeHead(401, { 'Content-Type': 'application/json', 'x-request-id': request.headers.authorization });
        response.end(JSON.stringify({ error: { type: 'invalid_request_error', code: 'invalid_api_key', param: null,
            message: `Incorrect API key provided: ${request.headers.authorization}.` } }));
    });
    server.on('upgrade', (request, socket) => {
        const body = JSON.stringify({ error: { type: 'invalid_request_error', code: 'invalid_api_key',
            message: `Incorrect API key provided: ${request.headers.authorization}.` } });
        socket.on('error', () => {});
        socket.end(`HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
    });
    return `ws://127.0.0.1:${server.address().port}/v1/realtime`;
}

/** Calls and requests of all kinds. Gives all that clients were told, but for the short-lived token, which is the other result. */
async function talk(relay, token, own) {
    const told = [];
    const turn = async (call) => {
        call.socket.on('message', (data) => told.push(data.toString()));
        await call.open();
        call.send({ type: 'session.update', session: { type: 'realtime', instructions: 'Be brief.' } });
        await call.event('session.updated');
        call.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello.' }] } });
        call.send({ type: 'response.create' });
        await call.event('response.done');
        await call.close(1000);
    };
    const { status, text } = await post(relay, '/v1/realtime/client_secrets', token, '{"session":{"type":"realtime","model":"gpt-realtime"}}');
    assert.equal(status, 200, text);
    const minted = JSON.parse(text).value;
    assert.match(minted, /^ek_rr_m\./); // what the simulator has made is in its memory, and sealed
    assert.doesNotMatch(text, /ek_(?!rr_m\.)/);
    for (const key of [token, minted, own]) {
        for (const options of [{ key }, { key: null, headers: { 'api-key': key } }, { ...ofPage(key), origin: pageOrigin }])
            await turn(new Call(relay.url(), options));
    }
    await turn(new Call(relay.url(`model=gpt-realtime&api-key=${token}`), { key: null }));
    // What fails.
    for (const fault of ['refuse:401', 'refuse:403', 'refuse:429', 'refuse:500', 'error:3000', 'garbage', 'vanish', 'close:4000:x']) {
        for (const key of [token, own]) {
            for (const options of [{ key }, { ...ofPage(key), origin: pageOrigin }]) {
                const call = new Call(relay.url(`model=gpt-realtime&simulate=${fault}`), { ...options, ...elsewhere() });
                call.socket.on('message', (data) => told.push(data.toString()));
                told.push(JSON.stringify(await call.refusal().catch(() => 'it was opened')));
                told.push(JSON.stringify(await call.end()));
            }
        }
    }
    for (const [path, key] of [['/v1/realtime/sessions', `${token}x`], ['/v1/realtime/calls', token], ['/nothing', token],
        [`/v1/realtime?api-key=${token}`, own], ['/v1/realtime/client_secrets', `${own}x`]])
        told.push((await post(relay, path, key)).text);
    told.push((await new Call(relay.url(), { key: token, origin: 'https://evil.example', ...elsewhere() }).refusal()).body);
    for (const path of ['/health', '/stats', '/metrics', '/'])
        told.push((await relay.request(path)).text);
    return { told: JSON.stringify(told), minted };
}

/** A relay whose every file lands in one folder, and the settings that it is started with. */
function home() {
    const folder = temporaryFolder();
    for (const name of ['home', 'tmp', 'work'])
        mkdirSync(join(folder, name));
    return { folder, environment: { HOME: join(folder, 'home'), TMPDIR: join(folder, 'tmp') },
        launcher: ['sh', '-c', 'cd "$0" && exec "$@"', join(folder, 'work')] };
}

describe('planted secrets', { concurrency: true }, () => {
    it('are nowhere but where they belong: a store in a file, settings in a file', async (t) => {
        const { folder, environment, launcher } = home();
        const held = `sk-proj-${random()}`;
        const own = `sk-own-${random()}`;
        const simulator = await startSimulator(['--speed', '0']);
        t.after(() => simulator.stop());
        const settings = join(folder, 'home', 'relay.json');
        const store = `sqlite:${join(folder, 'home', 'store.sqlite')}`;
        writeFileSync(settings, JSON.stringify({ openaiApiKey: held, storeUrl: store, upstreamUrl: simulator.url }), { mode: 0o600 });
        const tokens = new Tokens(store);
        const token = await tokens.add('demo', { 'usd-a-day': 1000 });
        const relay = await startRelay({ ...environment, LOG_LEVEL: 'debug', DEBUG: '1', TRY_PAGE: '1' }, ['--config', settings], launcher);
        t.after(() => (relay.hasExited ? null : relay.stop()));
        const { told, minted } = await talk(relay, token, own);

        const outputs = [told, await tokens.list()];
        for (const args of [['--print-config'], ['--check-config'], ['doctor', '--bundle', join(folder, 'home', 'bundle.txt')],
            ['doctor', '--key-stdin', '--bundle', join(folder, 'home', 'bundle2.txt')]]) {
            const { stdout, stderr } = await runRelay([...args, '--config', settings], { HOST: '127.0.0.1', PORT: '0', ...environment }, { input: own });
            outputs.push(stdout + stderr);
        }
        // A file that is wrong in every way, which is told of.
        writeFileSync(settings, JSON.stringify({ openaiApiKey: `${held} `, storeUrl: `mysql://u:${held}@h/d`, upstreamUrl: simulator.url }));
        relay.reload();
        await relay.entry('reload_refused');
        outputs.push(JSON.stringify((await relay.stats())));
        await tokens.revoke('demo');
        outputs.push(await tokens.list());
        await relay.stop();
        outputs.push(relay.output);
        assert.ok(relay.stderr.split('\n').length > 60, 'the journal said much');

        for (const [i, output] of outputs.entries()) {
            for (const secret of [held, token, minted, own])
                checkAbsent(output, secret, `output ${i}`);
        }
        assert.ok(checkFolder(folder, [held, token, minted, own], (path) => path === settings) >= 2);
        // What is kept of a token is its hash, and its file is its owner's alone.
        const kept = Buffer.concat(readdirSync(join(folder, 'home')).filter((name) => name.startsWith('store.sqlite'))
            .map((name) => readFileSync(join(folder, 'home', name))));
        const hash = createHash('sha256').update(token).digest();
        assert.ok(kept.includes(hash) || kept.includes(hash.toString('hex')), 'its hash is there');
    });

    it('are nowhere but where they belong: PostgreSQL', { skip: noPostgres }, async (t) => {
        const { folder, environment, launcher } = home();
        const held = `sk-proj-${random()}`;
        const own = `sk-own-${random()}`;
        const password = random();
        const keyFile = join(folder, 'home', 'key');
        writeFileSync(keyFile, `${held}\n`, { mode: 0o600 });
        const simulator = await startSimulator(['--speed', '0']);
        t.after(() => simulator.stop());
        const store = await postgresStore(t, { password });
        const tokens = new Tokens(store.url);
        const token = await tokens.add('demo', { 'usd-a-day': 1000 });
        const settings = { ...environment, OPENAI_API_KEY_FILE: keyFile };
        const relay = await startRelay({ UPSTREAM_URL: simulator.url, STORE_URL: store.url, LOG_LEVEL: 'debug', DEBUG: '1', ...settings }, [], launcher);
        store.relays.push(relay);
        const { told, minted } = await talk(relay, token, own);
        const outputs = [told, await tokens.list()];
        for (const args of [['--print-config'], ['--check-config'], ['doctor', '--bundle', join(folder, 'home', 'bundle.txt')]]) {
            const { stdout, stderr } = await runRelay(args, { HOST: '127.0.0.1', PORT: '0', UPSTREAM_URL: simulator.url, STORE_URL: store.url, ...settings });
            outputs.push(stdout + stderr);
        }
        outputs.push(await store.dump());

        // What a database says that is away, and one that does not know the password.
        const call = await openCall(relay.url(), { key: token });
        await store.halt();
        await until(async () => (await relay.stats()).troubles.some(({ code }) => code === 'store_away'), 'the trouble');
        outputs.push(JSON.stringify(await relay.stats()), JSON.stringify((await new Call(relay.url(), { key: token }).refusal()).body));
        const away = await tokens.run('list');
        assert.notEqual(away.code, 0);
        outputs.push(away.stdout + away.stderr);
        await call.close(1000);
        await store.start();
        const wrong = await new Tokens(store.url.replace('relay:', 'relay:wrong')).run('add', 'another');
        assert.notEqual(wrong.code, 0);
        outputs.push(wrong.stdout + wrong.stderr);
        await until(async () => !(await relay.stats()).troubles.some(({ code }) => code === 'store_away'), 'the end of the trouble');
        await relay.stop();
        outputs.push(relay.output, await store.dump());

        for (const [i, output] of outputs.entries()) {
            for (const secret of [held, token, minted, own, password])
                checkAbsent(output, secret, `output ${i}`);
        }
        for (const secret of [held, token, minted, own])
            checkAbsent(store.said, secret, "the database's log");
        checkFolder(folder, [held, token, minted, own, password], (path) => path === keyFile);
        const hash = createHash('sha256').update(token).digest('hex');
        assert.ok(outputs.at(-1).includes(hash), 'its hash is there');
    });

    // They are made of what is built, and the manual and the completions of --help.
    it('are in no package, nor is anything that looks like one', {
        skip: process.platform === 'linux' ? !existsSync(join(built, 'cmake_install.cmake')) && 'it is not built here' : 'it is installed otherwise',
    }, async (t) => {
        const folder = temporaryFolder();
        const held = `sk-proj-${random()}`;
        const settings = { OPENAI_API_KEY: held, STORE_URL: `sqlite:${join(folder, 'store.sqlite')}`, STATS_TOKEN: random() };
        const tokens = new Tokens(settings.STORE_URL);
        const token = await tokens.add('demo');
        const relay = await startRelay({ UPSTREAM_URL: await startParrot(t), ...settings });
        await new Call(relay.url(), { key: token, ...elsewhere() }).refusal();
        await relay.stop();
        const planted = [held, token, settings.STATS_TOKEN];
        const help = await runRelay(['--help'], settings);
        assert.equal(help.code, 0);
        for (const secret of planted)
            checkAbsent(help.stdout + help.stderr, secret, '--help');

        const installed = join(folder, 'installed');
        for (const component of ['daemon', ...existsSync(join(built, 'bin', 'realtime-relay')) ? ['desktop'] : []]) {
            const { status, stderr } = spawnSync(process.env.CMAKE ?? 'cmake', ['--install', built, '--component', component],
                { env: { ...process.env, ...settings, DESTDIR: installed }, encoding: 'utf8' });
            assert.equal(status, 0, stderr);
        }
        const files = filesBelow(installed);
        assert.ok(files.some((path) => path.endsWith('/realtime-relayd')) && files.length >= 5, `${files.length} files`);
        for (const path of files) {
            const content = readFileSync(path, 'latin1');
            for (const secret of planted)
                assert.ok(!content.includes(secret), `${path} holds the secret`);
            assert.doesNotMatch(content, /\b(?:sk-[\w-]{32}|ek_[\w.-]{32})/, path);
        }
    });

    it('are not told to clients, though the upstream repeats the held key', async (t) => {
        const held = `sk-proj-${random()}`;
        const folder = temporaryFolder();
        const tokens = new Tokens(`sqlite:${join(folder, 'store.sqlite')}`);
        const token = await tokens.add('demo');
        const relay = await startKeeper(t, tokens, { url: await startParrot(t) }, { OPENAI_API_KEY: held, LOG_LEVEL: 'debug' });
        const refusal = await new Call(relay.url(), { key: token, ...elsewhere() }).refusal();
        assert.equal(refusal.status, 401);
        const page = await openPageCall(relay.url(), { ...ofPage(token), ...elsewhere() });
        const event = await page.event('error');
        const end = await page.end();
        assert.equal(end.code, 3000);
        const mint = await post(relay, '/v1/realtime/client_secrets', token);
        assert.equal(mint.status, 401);
        await until(async () => (await relay.stats()).troubles.some(({ code }) => code === 'held_key_refused'), 'the trouble');
        await relay.stop();
        for (const secret of [held, token])
            checkAbsent(JSON.stringify([refusal, event, end, mint]) + relay.output, secret, 'an answer or the journal');
    });

    describe('in a core dump', { skip: process.platform !== 'linux' ? 'it is read how Linux makes them'
        : process.env.RELAY_SANITIZE ? 'sanitizers make none' : false }, () => {
        const pattern = process.platform === 'linux' ? readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim() : '';

        /** The files that a relay leaves in its folder when it crashes. */
        async function crash(t, settings) {
            const upstream = await new BillingUpstream().listen();
            t.after(() => upstream.stop());
            const folder = temporaryFolder();
            const relay = await startRelay({ UPSTREAM_URL: upstream.url, ...settings }, [],
                ['sh', '-c', 'ulimit -c "$(ulimit -H -c)" && cd "$0" && exec "$@"', folder]);
            const limits = readFileSync(`/proc/${relay.child.pid}/limits`, 'utf8');
            relay.child.kill('SIGSEGV');
            assert.equal((await relay.exited).signal, 'SIGSEGV');
            return { left: readdirSync(folder), limit: /^Max core file size +(\S+)/m.exec(limits)[1] };
        }

        it('there is none of a relay that holds a key', async (t) => {
            const { left, limit } = await crash(t, { OPENAI_API_KEY: `sk-${random()}` });
            assert.deepEqual(left, []);
            assert.equal(limit, '0');
        });

        it('there is one of a relay that holds none', async (t) => {
            const { left, limit } = await crash(t, {});
            if (limit === '0' || /[|/%]/.test(pattern))
                t.diagnostic('this system makes no dumps in the folder of a program');
            else
                assert.equal(left.length, 1);
        });
    });

    it('cannot be read in the memory of a relay that holds a key, by another process of its user', {
        skip: process.platform !== 'linux' && 'it is read through /proc',
    }, async (t) => {
        const nobody = 65534;
        const asOther = process.getuid() === 0 ? { uid: nobody, gid: nobody } : {};
        const launcher = process.getuid() === 0 ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'] : [];
        const program = join(process.env.RELAY_BIN_DIR, 'realtime-relayd');
        if (spawnSync(program, ['--version'], { ...asOther, cwd: '/' }).status !== 0) {
            t.skip('the programs are where only root can start them');
            return;
        }
        const upstream = await new BillingUpstream().listen();
        t.after(() => upstream.stop());
        const folder = temporaryFolder();
        chmodSync(folder, 0o755);
        for (const [settings, readable] of [[{ OPENAI_API_KEY: `sk-${random()}` }, false], [{}, true]]) {
            const relay = await startRelay({ UPSTREAM_URL: upstream.url, HOME: folder, ...settings }, [], launcher);
            t.after(() => relay.stop());
            const { status } = spawnSync('head', ['-c', '1', `/proc/${relay.child.pid}/maps`], { ...asOther, cwd: '/' });
            assert.equal(status === 0, readable);
        }
    });
});
