// SPDX-License-Identifier: MIT
// A relay that is shared, by an own server with the real OpenSSH and nginx and by a tunnel service that is played, seen from
// outside: who gets in, who does not, and that nothing is left when it is over. harness/outside.sh makes the network.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
    anotherVisitor, authority, beginOutside, callFromOutside, changingNames, folder, playCloudflared, playLocalhostRun, processes, requestFromOutside, serverName, serviceName, Share,
    startServer, tunnels, visitorAddress,
} from './harness/outside.mjs';
import { httpRequest } from './harness/http.mjs';
import { runRelay } from './harness/programs.mjs';
import { patienceMs, until } from './harness/waiting.mjs';

const skip = process.env.RELAY_OUTSIDE ? false : 'run it by harness/outside.sh: elsewhere there is no such network';
const page = 'https://app.example.org';
const byServer = ['ssh-server', '--set', 'destination=root@server.example.org', '--set', 'remote=/run/relay/relay.sock',
    '--set', `address=https://${serverName}`, '--origin', page, '--yes', '--demo'];

/** Neither in what it wrote for logs nor in what it tells of itself. */
async function checkSecrecy(share, port) {
    const told = [share.stderr];
    for (const path of ['/stats', '/metrics', '/'])
        told.push((await httpRequest(port, path)).text);
    for (const text of told)
        assert.ok(!text.includes(share.secret), text);
}

async function isShut(address) {
    const answer = await requestFromOutside(address).catch(() => null);
    return answer === null || answer.status >= 500;
}

describe('a relay that is shared by an own server', { skip }, () => {
    let server;
    let share;

    before(async () => {
        await beginOutside();
        server = await startServer();
        share = new Share(byServer, { CHECK_UPSTREAM: 'true' });
        await share.shared();
    });
    after(async () => {
        await share?.stop();
        await server?.stop();
    });

    it('has its upstream checked, as any relay has', () => share.entry('upstream_answers'));

    it('says how it comes about, and where it is', () => {
        const states = share.states.map(({ state }) => state);
        assert.deepEqual(states.filter((state, i) => state !== states[i - 1]),
            ['address_known', 'testing', 'shared']);
        const said = share.states.at(-1);
        assert.equal(said.address, `https://${serverName}`);
        assert.ok(said.roundTripMs >= 0);
        assert.ok(Math.abs(new Date(said.until) - Date.now() - 4 * 3600_000) < 120_000, said.until);
        assert.deepEqual(said.steps.filter(({ result }) => result === 'bad'), []);
    });

    it('takes a whole call of who has the link', async () => {
        const call = await callFromOutside(`${share.link.address}?model=gpt-realtime`).open();
        await call.event('session.created');
        assert.deepEqual(await call.close(1000, 'bye'), { code: 1000, reason: 'bye' });
        await share.entry('session_opened', { client: visitorAddress }); // what nginx says is believed, for it was measured
    });

    it('takes a page that has the secret in a subprotocol, and the upstream never sees it', async () => {
        const protocols = ['realtime', `realtime-relay-access.${share.secret}`, 'openai-insecure-api-key.ek_test'];
        const call = await callFromOutside(`wss://${serverName}/v1/realtime?model=gpt-realtime`,
            { key: null, protocols, origin: page }).open();
        assert.equal(call.socket.protocol, 'realtime');
        await call.event('session.created');
        await call.close(1000);
    });

    it('takes the official client at its base URL', async () => {
        const { stdout } = await promisify(execFile)(process.execPath,
            [fileURLToPath(new URL('./harness/officialcall.mjs', import.meta.url)), 'ws', `https://${serverName}/s/${share.secret}/v1`],
            { timeout: 2 * patienceMs, env: { ...process.env, OPENAI_API_KEY: 'sk-of-a-colleague', NODE_EXTRA_CA_CERTS: authority.certFile } });
        const seen = JSON.parse(stdout);
        assert.deepEqual(seen.errors, []);
        assert.deepEqual(seen.close, { code: 1000, reason: 'bye' });
    });

    describe('prints a line', () => {
        const habits = {
            'take it as it is': (url) => url,
            'add /realtime': (url) => `${url}/realtime`,
            'add /v1/realtime': (url) => `${url}/v1/realtime`,
            'add a slash': (url) => `${url}/`,
            'add a slash and /realtime': (url) => `${url}/` + '/realtime',
        };
        for (const [name, habit] of Object.entries(habits)) {
            it(`that is right for frontends which ${name}`, async () => {
                const [, url] = /^VITE_OPENAI_RELAY_URL=(wss:\S+)$/.exec(share.link.env);
                const call = await callFromOutside(`${habit(url)}?model=gpt-realtime`, { origin: page, localAddress: anotherVisitor() }).open();
                await call.event('session.created');
                await call.close(1000);
            });
        }
    });

    for (const path of ['', '/', '/realtime', '/realtime/', '/v1/realtime', '//v1//realtime', '/realtime/realtime']) {
        it(`finds a call at ${path || 'nothing'} behind the secret`, async () => {
            const url = `wss://${serverName}/s/${share.secret}${path}?model=gpt-realtime`;
            await (await callFromOutside(url, { origin: page, localAddress: anotherVisitor() }).open()).close(1000);
        });
    }

    it('prints a link to a page, which is there without the secret and has none in it', async () => {
        assert.equal(share.link.try, `https://${serverName}/try#k=${share.secret}`);
        const answer = await requestFromOutside(`https://${serverName}/try`);
        assert.equal(answer.status, 200);
        assert.match(answer.headers['content-type'], /^text\/html/);
        assert.ok(!answer.text.includes(share.secret));
    });

    it('prints a command that makes a short-lived token', async () => {
        const [, url] = /^curl (\S+)/.exec(share.link.curl);
        const [, body] = /-d '([^']+)'/.exec(share.link.curl);
        const answer = await requestFromOutside(url,
            { method: 'POST', body, headers: { Authorization: 'Bearer sk-test-key', 'Content-Type': 'application/json' } });
        assert.equal(answer.status, 200, answer.text);
        assert.match(JSON.parse(answer.text).value, /^ek_/);
    });

    it('turns away a page that was not named', async () => {
        const refusal = await callFromOutside(`${share.link.address}?model=gpt-realtime`, { origin: 'https://evil.example' }).refusal();
        assert.equal(refusal.status, 403);
    });

    for (const path of ['/stats', '/metrics', '/health', '/', '/v1/realtime', '/s/AAAAAAAAAAAAAAAAAAAAAA/v1/realtime',
        '/.well-known/realtime-relay/check?n=AAAAAAAAAAAAAAAAAAAAAA']) {
        it(`has nothing at ${path}`, async () => {
            assert.equal((await requestFromOutside(`https://${serverName}${path}`)).status, 404);
        });
    }

    it('has no call for a wrong secret', async () => {
        const wrong = `A${share.secret.slice(1)}` === share.secret ? `B${share.secret.slice(1)}` : `A${share.secret.slice(1)}`;
        const url = `wss://${serverName}/v1/realtime?model=gpt-realtime`;
        for (const refusal of [
            await callFromOutside(`wss://${serverName}/s/${wrong}/v1/realtime`).refusal(),
            await callFromOutside(url, { key: null, protocols: ['realtime', `realtime-relay-access.${wrong}`] }).refusal(),
            await callFromOutside(url).refusal(),
        ])
            assert.equal(refusal.status, 404);
    });

    it('says who came first from outside', async () => {
        const { visitor } = await share.heard(() => share.states.find((said) => said.visitor), 'a visitor');
        assert.equal(visitor.address, visitorAddress);
        await share.entry('share_visited', { client: visitorAddress });
    });

    it('has the secret in no log, and tells it to nobody', async () => {
        const { port } = await share.entry('listening');
        await checkSecrecy(share, port);
        assert.ok(!server.output.includes(share.secret));
        assert.ok(!server.accessLog.includes(share.secret));
    });

    // From here on what stands before it is taken away.
    it('notices that the server is gone, and is shared again when it is back', async () => {
        const call = await callFromOutside(`${share.link.address}?model=gpt-realtime`).open();
        const said = share.states.length;
        await server.killSshd();
        await call.end();
        const broken = await share.state('broken', said);
        assert.match(broken.reason, /\S/);
        const saidBefore = share.states.length;
        await server.startSshd();
        const { link } = share;
        await share.shared(saidBefore);
        assert.deepEqual(share.link, link); // what was sent stays right
        await (await callFromOutside(`${link.address}?model=gpt-realtime`).open()).close(1000);
    });

    it('closes the door when it is stopped, ends the calls, and leaves no ssh behind', async () => {
        assert.equal(tunnels().length, 1);
        const call = await callFromOutside(`${share.link.address}?model=gpt-realtime`).open();
        share.signal('SIGTERM');
        assert.equal((await call.end()).code, 4410);
        await share.stop();
        assert.deepEqual(share.states.at(-1).state, 'off');
        assert.deepEqual(tunnels(), []);
        assert.ok(await isShut(`https://${serverName}/try`));
    });
});

describe('a share', { skip }, () => {
    let server;

    before(async () => {
        server = await startServer();
    });
    after(() => server.stop());

    it('leaves no ssh behind when the relay is killed', async () => {
        const share = new Share(byServer);
        await share.shared();
        assert.equal(tunnels().length, 1);
        await share.kill();
        await until(() => tunnels().length === 0, 'ssh to end');
        assert.ok(await isShut(`https://${serverName}/try`));
    });

    it('ends by itself when its time is over, and the relay with it', async () => {
        const share = new Share([...byServer, '--for', '20s']);
        await share.shared();
        assert.deepEqual(await share.exit(), { code: 0, signal: null });
        const end = share.states.at(-1);
        assert.equal(end.state, 'off');
        assert.match(end.reason, /time .* is over/);
        assert.deepEqual(tunnels(), []);
    });

    it('keeps the choice in the settings file, the question answered, and never the secret', async () => {
        const file = join(folder, 'settings.json');
        writeFileSync(file, '{"heartbeatInterval": 20000}');
        const first = new Share([...byServer, '--config', file]);
        await first.shared();
        await first.stop();
        const text = readFileSync(file, 'utf8');
        assert.ok(!text.includes(first.secret));
        assert.equal(JSON.parse(text).application.share.way, 'ssh-server');
        assert.equal(statSync(file).mode & 0o077, 0);

        // --yes is for one time; a person's "yes" is kept.
        const asked = await runRelay(['share', '--demo', '--config', file]);
        assert.equal(asked.code, 3);
        writeFileSync(file, text.replace('"share": {', '"share": {"accepted": true,'));
        const second = new Share(['--demo', '--config', file]);
        const { address } = await second.shared();
        assert.equal(address, `https://${serverName}`);
        assert.notEqual(second.secret, first.secret);
        await second.stop();
    });

    // `script` gives it a terminal, whose input is this one's. A shell that stayed between them would end by Ctrl+C, too.
    for (const [answer, code] of [['n', 3], ['y', 0]]) {
        it(`asks once on a terminal, and is told ${answer}`, async () => {
            const file = join(folder, `asked-${answer}.json`);
            writeFileSync(file, '{}');
            const args = [...byServer.filter((arg) => arg !== '--yes'), '--config', file, '--for', '5m'];
            const line = [join(process.env.RELAY_BIN_DIR, 'realtime-relayd'), 'share', ...args].map((arg) => `'${arg}'`).join(' ');
            const child = spawn('script', ['--quiet', '--return', '--command', `exec ${line}`, '/dev/null'],
                { env: { ...process.env, SHELL: '/bin/sh', HOST: '127.0.0.1', PORT: '0', CHECK_UPSTREAM: 'false' }, stdio: ['pipe', 'pipe', 'inherit'] });
            let text = '';
            child.stdout.setEncoding('utf8').on('data', (data) => (text += data));
            await until(() => text.includes('[y/N]'), 'the question');
            for (const words of [page, '10 calls', 'after 5 min', 'own server', 'OpenAI\'s terms'])
                assert.ok(text.includes(words), `${words} in ${text}`);
            child.stdin.write(`${answer}\n`);
            if (answer === 'y') {
                await until(() => text.includes('VITE_OPENAI_RELAY_URL=wss://'), 'the link');
                child.stdin.write('\x03'); // Ctrl+C
            }
            const [status] = await once(child, 'exit');
            assert.equal(status, code, text);
            assert.equal(text.includes('VITE_OPENAI_RELAY_URL=wss://'), answer === 'y');
            assert.equal(JSON.parse(readFileSync(file, 'utf8')).application?.share?.accepted, answer === 'y' ? true : undefined);
        });
    }

    it('says what is wrong with the server, and gives up where trying again cannot help', async () => {
        const share = new Share(byServer.map((arg) => arg.replace('root@', 'nobody@')));
        const said = await share.state('needs_you');
        assert.match(said.reason, /key/);
        assert.deepEqual(await share.exit(), { code: 1, signal: null });
        assert.deepEqual(tunnels(), []);
    });

    it('is proven at a tunnel service that gives it a name, and leaves nothing there', async () => {
        const share = new Share(['cloudflared-quick', '--origin', page, '--yes', '--demo'],
            { PATH: `${playCloudflared()}:${process.env.PATH}`, TUNNEL_TOKEN: 'of-another-tunnel' });
        const { address } = await share.shared();
        assert.equal(address, `https://${serviceName}`);
        const call = await callFromOutside(`${share.link.address}?model=gpt-realtime`, { origin: page }).open();
        await call.event('session.created');
        await share.entry('session_opened', { client: visitorAddress });
        const { port } = await share.entry('listening');
        await checkSecrecy(share, port);
        await call.close(1000);
        await share.stop();
        assert.deepEqual(processes((command) => command.includes('cloudflared')), []);
    });

    it('follows an address that changes while it is shared, with another link', async () => {
        const share = new Share(['localhost.run', '--origin', page, '--yes', '--demo'],
            { PATH: `${playLocalhostRun()}:${process.env.PATH}` });
        assert.equal((await share.shared()).address, `https://${changingNames[0]}`);
        const { link } = share;
        const said = share.states.length;
        const [played] = processes((command) => command.includes('localhostrun.mjs'));
        process.kill(played, 'SIGUSR1');
        assert.equal((await share.shared(said)).address, `https://${changingNames[1]}`);
        assert.notEqual(share.link.address, link.address);
        await (await callFromOutside(`${share.link.address}?model=gpt-realtime`).open()).close(1000);
        // The address that was is none of this share's any more.
        assert.equal((await callFromOutside(`${link.address}?model=gpt-realtime`).refusal()).status, 421);
        await share.stop();
        assert.deepEqual(processes((command) => command.includes('localhostrun.mjs')), []);
    });
});
