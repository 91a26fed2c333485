// SPDX-License-Identifier: MIT
// Set-ups that are broken by the network, in one of their own (harness/deadend.sh), and what the Doctor calls them.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { it } from 'node:test';
import { assertNamed, examine } from './harness/doctor.mjs';

const skip = !process.env.RELAY_DEAD_END && 'run it by harness/deadend.sh: elsewhere there may be somebody at that address';
const noRules = spawnSync('nft', ['list', 'ruleset']).status !== 0 && 'there is no "nft" (package nftables), or it takes root';

for (const [what, host, code, text, patience] of [
    ['is unreachable', '10.99.0.1', 'network_unreachable', /There is no way to 10\.99\.0\.1 port 443.*Network is unreachable/],
    ['is forbidden', '10.98.0.1', 'network_unreachable', /No route to host/],
    ['swallows everything', '10.97.0.1', 'no_answer', /10\.97\.0\.1 port 443 does not answer/, { CONNECT_TIMEOUT: '500' }],
]) {
    it(`names a network that ${what}`, { skip }, async () => {
        const result = await examine({ UPSTREAM_URL: `wss://${host}/v1/realtime`, ...patience });
        assertNamed(result, 'tcp', code, text);
        assert.equal(result.region.result, 'skipped');
    });
}

it('names a proxy that swallows everything', { skip, timeout: 60_000 }, async () => {
    assertNamed(await examine({ UPSTREAM_URL: 'wss://localhost/v1/realtime', UPSTREAM_PROXY: 'http://10.97.0.1:3128' }),
        'proxy', 'proxy_no_answer', /does not answer/);
});

it('names a firewall that turns others away, and the command', { skip: skip || noRules }, async () => {
    const rules = (text) => execFileSync('nft', ['-f', '-'], { input: `flush ruleset\n${text}` });
    const others = { HOST: '0.0.0.0', PORT: '18765' };
    const input = (policy, lines) => `table inet filter { chain input { type filter hook input priority 0; policy ${policy};\n`
        + `ct state established,related accept\niifname "lo" accept\n${lines}\n}\n}`;

    rules(input('drop', 'tcp dport 22 accept'));
    const closed = await examine(others, { args: ['--demo'] });
    assertNamed(closed, 'firewall', 'firewall_closed', /turns others away from port 18765.*nft insert rule inet filter input tcp dport 18765 accept/);

    rules(input('drop', 'tcp dport 18000-18999 accept'));
    assert.match((await examine(others, { args: ['--demo'] })).firewall.text, /lets others connect to port 18765/);

    rules(input('accept', 'tcp dport { 80, 18765 } reject'));
    assert.equal((await examine(others, { args: ['--demo'] })).firewall.code, 'firewall_closed');

    // Only this machine: then nothing has to be let in.
    assert.equal((await examine({ ...others, HOST: '127.0.0.1' }, { args: ['--demo'] })).firewall.result, 'good');
    rules('');
});
