// SPDX-License-Identifier: MIT
// The files of installer/deploy/monitoring: promtool accepts them, and what they ask for is what a relay has.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { Call, openCall } from '../harness/call.mjs';
import { temporaryFolder } from '../harness/certificates.mjs';
import { startBoth } from '../harness/programs.mjs';

const folder = fileURLToPath(new URL('../../../installer/deploy/monitoring/', import.meta.url));

describe('monitoring', () => {
    let simulator;
    let relay;
    let metrics;

    // With what is counted only once it has happened: refusals by reason.
    before(async () => {
        ({ simulator, relay } = await startBoth({ MAX_CONNECTIONS: '1' }));
        await new Call(relay.url(), { headers: { Origin: 'https://elsewhere.example' } }).refusal();
        const call = await openCall(relay.url());
        await new Call(relay.url()).refusal();
        metrics = (await relay.request('/metrics')).text;
        await call.close(1000);
    });
    after(async () => {
        await relay.stop();
        await simulator.stop();
    });

    for (const args of [['check', 'config', 'prometheus.yml'], ['check', 'rules', 'alerts.yml'],
        ['test', 'rules', 'alerts.test.yml']])
        it(`promtool ${args.join(' ')}`, () => execFileSync('promtool', args, { cwd: folder, stdio: 'pipe' }));

    for (const file of ['alerts.yml', 'alerts.test.yml', 'grafana.json']) {
        it(`${file} asks for metrics that there are`, () => {
            const names = new Set(readFileSync(folder + file, 'utf8').match(/\brealtime_relay_\w+/g));
            assert.ok(names.size > 0);
            for (const name of names)
                assert.match(metrics, new RegExp(`^${name}[ {]`, 'm'));
        });
        it(`${file} asks for labels that there are`, () => {
            for (const [, name, label, value] of readFileSync(folder + file, 'utf8')
                .matchAll(/\b(realtime_relay_\w+)\{(?:instance=[^,}]*,)?(reason|percentile|direction)=\\?"(\w+)\\?"/g))
                assert.match(metrics, new RegExp(`^${name}\\{.*${label}="${value}"`, 'm'));
        });
    }

    it('Grafana has panels with a question each', () => {
        const { panels } = JSON.parse(readFileSync(`${folder}grafana.json`, 'utf8'));
        const questions = panels.filter(({ type }) => type !== 'row').map(({ targets }) => targets);
        assert.ok(questions.length > 5);
        for (const targets of questions)
            assert.ok(targets.length > 0 && targets.every(({ expr }) => expr.length > 0));
        // Prometheus itself parses them, as rules.
        const rules = questions.flat().map(({ expr }, i) => ({
            record: `panel:question${i}`, expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', 'relay-1'),
        }));
        const file = join(temporaryFolder(), 'panels.yml');
        writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }));
        execFileSync('promtool', ['check', 'rules', file], { stdio: 'pipe' });
    });
});
