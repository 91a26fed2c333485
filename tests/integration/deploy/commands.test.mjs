// SPDX-License-Identifier: MIT
// What the pages tell people to type has been typed. Every command in them is run below, or by the test that is named
// below, or the reader is told that it was not run: a block that begins with "# Not run here", or a paragraph that says
// "not run here".
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { Authority, temporaryFolder } from '../harness/certificates.mjs';
import { startRelay } from '../harness/programs.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pagesIn = (folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md')).map((file) => join(folder, file));
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...pagesIn('doc'), ...pagesIn('installer')];

/** Run below, beside a relay: what must come out. RELAY:8080 is that relay. */
const answers = new Map([
    ['curl http://RELAY:8080/health', /"status":"healthy"/],
    ['curl http://RELAY:8080/stats', /"backlogBytes"/],
    ['curl http://RELAY:8080/metrics', /^realtime_relay_/m],
    ['curl -i -H \'Origin: https://app.example.org\' -H \'Connection: Upgrade\' -H \'Upgrade: websocket\' '
        + '-H \'Sec-WebSocket-Version: 13\' -H \'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\' '
        + 'http://RELAY:8080/realtime', /^HTTP\/1\.1 403 .*ALLOWED_ORIGINS/s],
    ['realtime-relayd --check-health', /^$/],
    ['realtime-relayd --check-config', /fine/],
    ['realtime-relayd --print-config', /maxConnections|MAX_CONNECTIONS/],
    ['realtime-relayd --settings-reference', /`MAX_CONNECTIONS`/],
]);
/** Run below: relays that must come to listen. */
const servers = [
    'ALLOWED_ORIGINS=https://app.example.org build/release/bin/realtime-relayd',
    'realtime-relayd --tls-cert-file fullchain.pem --tls-key-file privkey.pem',
    'realtime-relayd --host 127.0.0.1 --trusted-proxies 127.0.0.1',
];
/** Run elsewhere: a test, and the words in it that do so. */
const elsewhere = [
    [/^\.\/dev build$/, '.ci/run', './dev build'],
    [/^\.\/dev test$/, '.ci/run', './dev test'],
    [/^\.\/dev run$/, '.ci/firstcommand', './dev run -- '],
    [/^\.\/dev package( deb)?$/, 'installer/debian/check.sh', './dev package deb'],
    [/^\.\/dev package rpm( tgz)?$/, 'installer/linux/check.sh', './dev package rpm tgz'],
    [/^sudo apt install \.\/realtime-relayd_\S+_amd64\.deb$/, 'installer/debian/installed.sh', ' /packages/daemon.deb'],
    [/^sudo apt install \.\/realtime-relay_\S+_amd64\.deb$/, 'installer/debian/installed.sh', ' /packages/desktop.deb'],
    [/^sudo systemctl reload realtime-relayd$/, 'installer/debian/installed.sh', 'systemctl reload realtime-relayd'],
    [/^sudo systemctl restart realtime-relayd$/, 'installer/debian/installed.sh', 'systemctl restart realtime-relayd'],
    [/^sudo journalctl -u realtime-relayd$/, 'installer/debian/installed.sh', 'journalctl --quiet -u realtime-relayd'],
    [/^sudo realtime-relayd --config \S+ --check-config$/, 'installer/linux/check.sh', '--check-config'],
    [/^(sudo )?realtime-relayd doctor\b/, 'tests/integration/harness/doctor.mjs', '[\'doctor\', \'--json\','],
    [/^realtime-relayd token\b/, 'tests/integration/harness/access.mjs', 'runRelay([\'token\', ...args]'],
    [/^nginx -t$/, 'tests/integration/deploy/frontserver.mjs', '\'-t\''],
    [/^haproxy -c -f \S+$/, 'tests/integration/deploy/frontserver.mjs', '\'-c\', \'-f\''],
    [/^promtool check config prometheus.yml$/, 'tests/integration/deploy/monitoring.test.mjs', 'prometheus.yml'],
    [/^promtool check rules alerts.yml$/, 'tests/integration/deploy/monitoring.test.mjs', 'alerts.yml'],
    [/^promtool test rules alerts.test.yml$/, 'tests/integration/deploy/monitoring.test.mjs', 'alerts.test.yml'],
];
/** Developers' tools that take long or change files: people run them. */
const byPeople = /^\.\/dev (bench|format|fuzz|sanitize|soak)\b/;

/** The commands of a page that are not marked, as they are written there. */
function commandsOf(page) {
    const text = readFileSync(join(root, page), 'utf8');
    const found = [];
    const prose = text.replace(/^( *)```(\w*)\n(.*?)^ *```$/gms, (_, indent, language, block) => {
        const lines = block.replaceAll(/\\\n\s*/g, '').split('\n').map((line) => line.trim()).filter((line) => line);
        if (language === 'sh' && !lines[0].startsWith('# Not run here'))
            found.push(...lines.filter((line) => !line.startsWith('#')));
        return '';
    });
    const program = /^(?:[A-Z_]+=\S+ )*(?:sudo )?(?:\.\/dev|(?:build\/\S+\/)?realtime-\w+|curl|apt|systemctl|journalctl|ufw|docker|buildah|kubectl|helm|aws|gcloud|doctl|cloudflared|tailscale|certbot|nginx|haproxy|caddy|promtool|cmake|ssh) /;
    for (const paragraph of prose.split(/\n\s*\n/)) {
        assert.doesNotMatch(paragraph, /^ {4,}(?:sudo |\.\/dev|curl|cmake)/m, `${page}: a block of commands without \`\`\`sh`);
        if (/not run here/i.test(paragraph))
            continue;
        for (const [, span] of paragraph.matchAll(/`([^`]+)`/g)) {
            const words = span.replaceAll(/\s+/g, ' ');
            if (program.test(`${words} `) && words.includes(' '))
                found.push(words);
        }
    }
    return found;
}

describe('the commands in the pages', () => {
    const folder = temporaryFolder();
    let relay;

    before(async () => {
        const { certFile, keyFile } = new Authority().issue();
        copyFileSync(certFile, join(folder, 'fullchain.pem'));
        copyFileSync(keyFile, join(folder, 'privkey.pem'));
        relay = await startRelay({ UPSTREAM_URL: 'ws://127.0.0.1:1/' });
    });
    after(() => relay.stop());

    /** As a shell of this machine can run it. */
    const local = (command) => command.replaceAll('RELAY:8080', `127.0.0.1:${relay.port}`).replace('build/release/bin/', '');
    const environment = (port) => ({ PATH: `${process.env.RELAY_BIN_DIR}:${process.env.PATH}`, HOST: '127.0.0.1', PORT: port });

    for (const page of pages) {
        it(`${page}: each is run, or marked`, () => {
            for (const command of commandsOf(page)) {
                if (answers.has(command) || servers.includes(command) || byPeople.test(command))
                    continue;
                const by = elsewhere.find(([pattern]) => pattern.test(command));
                assert.ok(by, `no test runs "${command}": name one in ${import.meta.url.split('/').at(-1)}, or mark it`);
            }
        });
    }
    it('tests that are named run them', () => {
        for (const [command, file, words] of elsewhere)
            assert.ok(existsSync(join(root, file)) && readFileSync(join(root, file), 'utf8').includes(words), `${file}: ${command}`);
    });
    it('doc/endpoints.md: tells of every path that the relay names', async () => {
        const { endpoints } = JSON.parse((await relay.request('/')).text);
        const page = readFileSync(join(root, 'doc/endpoints.md'), 'utf8');
        assert.ok(endpoints.length > 3);
        for (const path of endpoints)
            assert.match(page, new RegExp(`\`(?:GET|POST) ${path}\``));
    });
    it('doc/troubleshooting.md: tells of every trouble', async () => {
        const metrics = (await relay.request('/metrics')).text;
        const codes = [...metrics.matchAll(/^realtime_relay_trouble\{code="(\w+)"\}/gm)].map(([, code]) => code);
        const page = readFileSync(join(root, 'doc/troubleshooting.md'), 'utf8');
        const rows = [...page.matchAll(/^\| `(\w+)` \| (?:note|warning|error) \|/gm)].map(([, code]) => code);
        assert.ok(codes.length > 5);
        assert.deepEqual(rows, codes);
    });
    for (const [command, expected] of answers) {
        it(command, () => {
            const { status, stdout, stderr } = spawnSync('sh', ['-c', local(command)],
                { cwd: folder, env: environment(String(relay.port)), encoding: 'utf8', timeout: 30_000 });
            assert.equal(status, 0, stderr);
            assert.match(stdout, expected);
        });
    }
    for (const command of servers) {
        it(command, async () => {
            const words = local(command).replace(/\b\w+\.pem/g, (file) => join(folder, file)).split(' ');
            const start = words.indexOf('realtime-relayd');
            const settings = Object.fromEntries(words.slice(0, start).map((word) => word.split('=')));
            await (await startRelay(settings, words.slice(start + 1))).stop();
        });
    }
});
