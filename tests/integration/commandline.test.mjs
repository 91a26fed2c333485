// SPDX-License-Identifier: MIT
// What the relay says on the command line, and how it refuses to start.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openCall } from './harness/call.mjs';
import { temporaryFolder } from './harness/certificates.mjs';
import { ownAddress, Program, runRelay, startRelay } from './harness/programs.mjs';
import { until } from './harness/waiting.mjs';

const folder = temporaryFolder();

function configFile(settings) {
    const file = join(folder, `${Math.random().toString(36).slice(2)}.json`);
    writeFileSync(file, typeof settings === 'string' ? settings : JSON.stringify(settings));
    return file;
}

const settingNames = ['HOST', 'PORT', 'UPSTREAM_URL', 'UPSTREAM_CA_FILE', 'UPSTREAM_PROXY', 'ALLOWED_ORIGINS',
    'MAX_CONNECTIONS', 'MAX_CONNECTIONS_PER_IP', 'CONNECTION_RATE_PER_IP', 'TRUSTED_PROXIES', 'HEARTBEAT_INTERVAL',
    'INACTIVITY_TIMEOUT', 'SESSION_LIMIT', 'HANDSHAKE_TIMEOUT', 'CONNECT_TIMEOUT', 'DRAIN_TIMEOUT', 'MAX_MESSAGE_BYTES',
    'SESSION_BUFFER_BYTES', 'TLS_CERT_FILE', 'TLS_KEY_FILE', 'LOG_LEVEL', 'LOG_FORMAT', 'DEBUG', 'WORKERS'];

describe('the command line', { concurrency: 4 }, () => {
    it('helps', async () => {
        const { code, stdout, stderr } = await runRelay(['--help']);
        assert.deepEqual([code, stderr], [0, '']);
        for (const name of settingNames) {
            assert.match(stdout, new RegExp(`Variable: ${name}\\b`));
            assert.match(stdout, new RegExp(`--${name.toLowerCase().replaceAll('_', '-')}\\b`));
        }
    });

    it('tells its version', async () => {
        const { code, stdout } = await runRelay(['--version']);
        assert.equal(code, 0);
        assert.match(stdout, /^realtime-relayd \d+\.\d+\.\d+\n$/);
    });

    it('checks settings without starting', async () => {
        const good = await runRelay(['--check-config', '--config', configFile({ maxConnections: 5 })]);
        assert.equal(good.code, 0, good.stderr);
        const bad = await runRelay(['--check-config', '--config', configFile({ maxConnections: 0 })]);
        assert.equal(bad.code, 2);
        assert.match(bad.stderr, /maxConnections|MAX_CONNECTIONS/);
    });

    it('checks certificates without starting, and names what is wrong', async () => {
        const junk = configFile({});
        const { code, stderr } = await runRelay(['--check-config', '--tls-cert-file', junk, '--tls-key-file', junk]);
        assert.equal(code, 2);
        assert.match(stderr, /^realtime-relayd: TLS_CERT_FILE: .* holds no certificate/m);
    });

    it('lists every bad entry of a list', async () => {
        const { code, stderr } = await runRelay(['--check-config'], { ALLOWED_ORIGINS: 'foo,https://good.example,bar' });
        assert.equal(code, 2);
        assert.match(stderr, /"foo".*"bar"/s);
    });

    it('reaches its own simulator whatever the proxy of the environment', async (t) => {
        const relay = await startRelay({ HTTP_PROXY: 'http://127.0.0.1:9', UPSTREAM_PROXY: 'http://127.0.0.1:9' }, ['--demo']);
        t.after(() => relay.stop());
        const call = await openCall(relay.url());
        await call.event('session.created');
        await call.close(1000);
    });

    it('shows what is in force and where it came from', async () => {
        const file = configFile({ maxConnections: 5, port: 1111, heartbeatInterval: 7000 });
        const { code, stdout } = await runRelay(
            ['--print-config', '--config', file, '--port', '3333', '--allowed-origins=https://a.example'],
            { PORT: '2222', HEARTBEAT_INTERVAL: '8000', UPSTREAM_PROXY: 'http://user:hunter2secret@proxy.example:3128' });
        assert.equal(code, 0);
        const line = (name) => stdout.split('\n').find((one) => one.toLowerCase().replace(/[-_]/g, '').includes(name));
        assert.match(line('port'), /3333.*command line/);
        assert.match(line('heartbeatinterval'), /8000.*(environment|HEARTBEAT_INTERVAL)/);
        assert.match(line('maxconnections'), /5.*(file|json)/);
        assert.match(line('alloweorigins'.replace('alloweo', 'allowedo')), /https:\/\/a\.example.*command line/);
        assert.match(line('inactivitytimeout'), /300000.*default/);
        assert.doesNotMatch(stdout, /hunter2secret/);
    });

    it('takes the command line before the environment, and that before the file', async (t) => {
        const relay = await startRelay({ MAX_CONNECTIONS: '2', UPSTREAM_URL: 'ws://127.0.0.1:1/' },
            ['--config', configFile({ host: '127.0.0.7', port: 1 })]);
        t.after(() => relay.stop());
        assert.equal((await relay.request('/health')).status, 200);
        assert.equal((await relay.entry('listening')).host, '127.0.0.1');
    });

    it('lists every problem of bad settings, and ends with 2', async () => {
        const { code, stdout, stderr } = await runRelay(['--log-level', 'loud', '--no-such-option', 'x'], {
            PORT: '99999',
            MAX_CONNECTIONS: 'many',
            HEARTBEAT_INTERVAL: '-1',
            UPSTREAM_URL: 'ftp://example.org',
            ALLOWED_ORIGINS: 'example.org',
            TRUSTED_PROXIES: '10.0.0.0/99',
            TLS_CERT_FILE: '/nowhere/cert.pem',
            DEBUG: 'perhaps',
        });
        assert.equal(code, 2);
        assert.equal(stdout, '');
        for (const name of ['LOG_LEVEL', 'PORT', 'MAX_CONNECTIONS', 'HEARTBEAT_INTERVAL', 'UPSTREAM_URL', 'ALLOWED_ORIGINS',
            'TRUSTED_PROXIES', 'TLS_CERT_FILE', 'DEBUG', 'no-such-option'])
            assert.match(stderr, new RegExp(`${name.replace(/[_-]/g, '[_-]')}`, 'i'), name);
        assert.match(stderr, /1 to 65535/);
        assert.match(stderr, /debug, info, warning or error/);
    });

    it('starts whatever other programs have in the environment, and says what it passes over', async (t) => {
        const relay = await startRelay({
            HOST: 'x86_64-conda-linux-gnu', RELAY_HOST: '127.0.0.1', DEBUG: 'express:*', MAX_CONNECTIONS: 'many',
            RELAY_MAX_CONNECTIONS: '5', RELAY_PROT: 'x', RELAY_SERVICE_HOST: '10.0.0.1', UPSTREAM_URL: 'ws://127.0.0.1:1/',
        });
        t.after(() => relay.stop());
        assert.equal((await relay.entry('listening')).host, '127.0.0.1');
        const warnings = relay.entries.filter(({ event }) => event === 'setting_warning').map(({ message }) => message);
        assert.equal(warnings.length, 3, relay.output);
        assert.match(warnings[0], /^MAX_CONNECTIONS: "many" is refused.*RELAY_MAX_CONNECTIONS overrides it/);
        assert.match(warnings[1], /DEBUG is "express:\*".*passed over/);
        assert.match(warnings[2], /RELAY_PROT .*Is RELAY_PORT meant\?/);
    });

    it('starts with what is overridden wrong', async () => {
        const file = configFile({ port: 99999 });
        for (const [environment, args] of [[{ HOST: '127.0.0.l' }, ['--host', '127.0.0.1']], [{ PORT: 'x' }, ['--port=0']],
            [{ PORT: '1' }, []]]) {
            const { code, stderr } = await runRelay(['--check-config', '--config', file, '--port=1', ...args], environment);
            assert.equal(code, 0, stderr);
            assert.match(stderr, /overrides it/);
        }
        const { code } = await runRelay(['--check-config', '--config', file]);
        assert.equal(code, 2);
    });

    it('says which variable counts', async () => {
        const { stdout } = await runRelay(['--print-config'], { PORT: '1', RELAY_PORT: '2', WORKERS: '3' });
        assert.match(stdout, /^port +2 +environment RELAY_PORT$/m);
        assert.match(stdout, /^workers +3 +environment WORKERS$/m);
    });

    it('does not take its own log for signals when it is started without standard descriptors', async (t) => {
        const before = await startRelay({ UPSTREAM_URL: 'ws://127.0.0.1:1/', HOST: ownAddress }); // for a port that it can have behind it
        await before.stop();
        const relay = spawn('sh', ['-c', 'exec "$0" "$@" <&- >&- 2>&-', join(process.env.RELAY_BIN_DIR, 'realtime-relayd'), '--demo',
            `--host=${ownAddress}`, `--port=${before.port}`, '--drain-timeout=0'], { stdio: 'ignore' });
        t.after(() => relay.kill('SIGKILL'));
        const isThere = () => {
            assert.equal(relay.exitCode, null);
            return before.request('/health').then(({ status }) => status === 200, () => false);
        };
        await until(isThere, 'the relay');
        for (let i = 0; i < 3; ++i) { // each is some lines of the log
            const call = await openCall(before.url(), { key: 'any' });
            await call.event('session.created');
            await call.close(1000);
        }
        assert.ok(await isThere());
    });

    it('refuses a settings file that is a pipe, and does not wait for it', async () => {
        const pipe = join(folder, 'pipe.json');
        execFileSync('mkfifo', [pipe]);
        for (const file of [pipe, '/dev/zero', folder]) {
            const { code, stderr } = await runRelay(['--config', file]);
            assert.equal(code, 2);
            assert.match(stderr, /cannot be read: it is a (pipe|folder)/);
        }
    });

    it('prints nothing that could steer a terminal', async () => {
        const { stderr } = await runRelay(['--check-config', '--config', configFile('{"\\u001b[2J\\nx": 1}')]);
        assert.match(stderr, /is not a setting/);
        assert.doesNotMatch(stderr, /\x1b|^x/m);
    });

    for (const [what, text] of [['no JSON', '{ "port": '], ['no object', '[1]'], ['an unknown setting', '{ "prot": 1 }'],
        ['a wrong type', '{ "port": "a lot" }']]) {
        it(`refuses a file with ${what}`, async () => {
            const { code, stderr } = await runRelay(['--config', configFile(text)]);
            if (what === 'an unknown setting' && code !== 2)
                assert.match(stderr, /prot/);
            else
                assert.equal(code, 2, stderr);
            assert.ok(stderr.length > 10);
        });
    }

    it('refuses a file that is not there', async () => {
        const { code, stderr } = await runRelay(['--config', '/nowhere/relay.json']);
        assert.equal(code, 2);
        assert.match(stderr, /\/nowhere\/relay\.json/);
    });

    it('ends with 1 when the port is taken', async (t) => {
        const relay = await startRelay({ UPSTREAM_URL: 'ws://127.0.0.1:1/' });
        t.after(() => relay.stop());
        const { code, stderr } = await runRelay(['--host', '127.0.0.1', '--port', String(relay.port)]);
        assert.equal(code, 1);
        assert.match(stderr, new RegExp(`Port ${relay.port} is in use`));
    });

    it('takes the names that users already have', async (t) => {
        const relay = await startRelay({ NODE_ENV: 'production', DEBUG: 'true', UPSTREAM_URL: 'ws://127.0.0.1:1/' });
        t.after(() => relay.stop());
        assert.doesNotMatch(relay.output, /NODE_ENV/);
    });

    it('tells people where to connect, and what to paste', async () => {
        const relay = new Program('realtime-relayd', ['--demo', '--host=127.0.0.1', '--port=0', '--drain-timeout=0'], {});
        const [, url] = await relay.heard(() => /VITE_OPENAI_RELAY_URL=(ws:\S+)\n/.exec(relay.stdout), 'its address');
        const call = await openCall(`${url}?model=gpt-realtime`, { key: 'any' });
        const { session } = await call.event('session.created');
        assert.equal(session.model, 'gpt-realtime');
        await call.close(1000);
        relay.signal('SIGTERM');
        assert.deepEqual(await relay.exit(), { code: 0, signal: null });
        assert.match(relay.stderr, /^\d{4}-\d\d-\d\dT\S+Z INFO /m);
    });

    it('lists the ways to share by, and what each asks for', async () => {
        const { code, stdout, stderr } = await runRelay(['share', '--list']);
        assert.deepEqual([code, stderr], [0, '']);
        assert.match(stdout, /^ssh-server\n.*--set destination=.*^cloudflared-quick\n/ms);
        const ways = JSON.parse((await runRelay(['share', '--list', '--json'])).stdout);
        assert.deepEqual(ways[0].asks.map(({ name }) => name), ['destination', 'remote', 'address']);
        for (const { way, title, readers, found, howToGet } of ways) {
            assert.ok(way && title && readers, way);
            assert.equal(typeof howToGet, found ? 'undefined' : 'string', way);
        }
    });

    const command = ['share', 'command', '--set', 'command=cat', '--demo', '--port', '0', '--host', '127.0.0.1'];
    for (const [what, args, expected, message] of [
        ['without a way', ['share', '--demo'], 2, /--list/],
        ['by a way that there is not', ['share', 'pigeon'], 2, /"pigeon"/],
        ['without what the way asks for', ['share', 'ssh-server', '--yes'], 2, /missing/],
        ['for every page', [...command, '--yes', '--origin', '*'], 2, /Not every page/],
        ['for no time', [...command, '--yes', '--for', 'ever'], 2, /"ever"/],
        ['without an answer', command, 3, /can read what passes.*OpenAI's terms.*yours/s],
        ['with settings that are wrong', [...command, '--yes', '--max-connections', 'many'], 2, /--max-connections: "many"/],
    ]) {
        it(`shares nothing ${what}`, async () => {
            const { code, stdout, stderr } = await runRelay(args);
            assert.deepEqual([code, stdout], [expected, ''], stderr);
            assert.match(stderr, message);
        });
    }
});
