#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Holds this relay against others on this machine: starts each in turn, loads it with relay-loadgen, and prints
// the medians. README.md beside this file tells what is measured and how.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { attacks } from './attacks.mjs';
import { descriptorLimit, describeMachine, freePort, makeCertificates } from './machine.mjs';
import { installNodeRelay, killRelay, relays, startRelay, stopRelay } from './relays.mjs';
import { makeReport } from './report.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const usualRelays = Object.keys(relays).filter((name) => !relays[name].isExtra);
const allTests = ['paced', 'handshakes', 'silent', 'burst', 'slowreader', 'saturate', 'storm', 'stormtls', 'attacks'];

const help = `Usage: ./dev bench [OPTIONS]   (or: node tests/bench/run.mjs [OPTIONS])
  --sessions LIST   numbers of calls in the paced test           50,200,1000,4000
  --seconds N       measured time of a run                       5
  --warmup N        time before it is measured                   2
  --runs N          interleaved runs, of which medians are taken 3
  --relays LIST     ${usualRelays.join(',')}; also beta, this relay with calls that it translates
  --upstream LIST   plain,tls
  --tests LIST      ${allTests.join(',')}
  --attacks LIST    ${Object.keys(attacks).join(',')}
  --max-rate N      messages a second of all calls together; where the pace of so many calls is
                    more, each is slower: relay and generator share the machine
                                                                 10000 a core
  --quick           a first look in about three minutes: 50 and 200 calls, one short run
  --relayd FILE     realtime-relayd                              build/release/bin/realtime-relayd
  --loadgen FILE    relay-loadgen                                build/release/bin/relay-loadgen
  --out FILE        all results as JSON                          build/bench/results.json
  --markdown        print tables for doc/speed.md
`;

function fail(message) {
    process.stderr.write(`bench: ${message}\n`);
    process.exit(2);
}

function readOptions() {
    const text = name => ({ [name]: { type: 'string' } });
    const flag = name => ({ [name]: { type: 'boolean' } });
    try {
        const { values } = parseArgs({
            options: Object.assign({}, ...['sessions', 'seconds', 'warmup', 'runs', 'relays', 'upstream', 'tests', 'attacks',
                'max-rate', 'relayd', 'loadgen', 'out'].map(text), ...['quick', 'markdown', 'help'].map(flag)),
        });
        return values;
    } catch (error) {
        fail(`${error.message}\n${help}`);
    }
}

function numberOption(options, name, standard) {
    const value = options[name] === undefined ? standard : Number(options[name]);
    if (!(value > 0))
        fail(`--${name} needs a number above 0, not "${options[name]}"`);
    return value;
}

function listOption(options, name, standard, allowed) {
    const list = options[name]?.split(',') ?? standard;
    for (const item of list) {
        if (allowed ? !allowed.includes(item) : !(Number.isInteger(Number(item)) && Number(item) > 0))
            fail(`--${name}: "${item}" is none of ${allowed?.join(', ') ?? 'the numbers above 0'}`);
    }
    return allowed ? list : list.map(Number);
}

const options = readOptions();
if (options.help) {
    process.stdout.write(help);
    process.exit(0);
}
const quick = Boolean(options.quick);
const notes = [];
const descriptors = descriptorLimit();

const plan = {
    upstreams: listOption(options, 'upstream', ['plain', 'tls'], ['plain', 'tls']),
    tests: listOption(options, 'tests', allTests, allTests),
    attacks: listOption(options, 'attacks', Object.keys(attacks), Object.keys(attacks)),
    relays: listOption(options, 'relays', usualRelays, Object.keys(relays)),
    runs: numberOption(options, 'runs', quick ? 1 : 3),
    seconds: numberOption(options, 'seconds', quick ? 2 : 5),
    warmup: numberOption(options, 'warmup', quick ? 1 : 2),
    maxRate: numberOption(options, 'max-rate', 10_000 * os.cpus().length),
    pacedSessions: listOption(options, 'sessions', quick ? [50, 200] : [50, 200, 1000, 4000]),
    // A heartbeat every 30 s belongs to silence, so it is measured that long.
    silentSeconds: quick ? 5 : 32,
    stall: quick ? 4 : 8,
    slow: quick ? 50 : 200,
    megabytes: 50,
    memoryLimitMiB: 4096, // where a relay that buffers without bound is stopped
    concurrency: 32,
    window: 4,
    live: 3, // calls beside a storm or an attack
    sizes: quick ? { burst: 200, silent: 200, slowreader: 100, saturate: 50, handshakes: 64, storm: 500, stormtls: 500, attacks: 3 }
        : { burst: 200, silent: 1000, slowreader: 250, saturate: 50, handshakes: 64, storm: 2000, stormtls: 2000, attacks: 3 },
    call: '10 messages of 6.4 kB a second up, 20 of 8 kB down',
};

/** A relay holds two descriptors a call, and so does the generator, which is both ends. */
function fits(sessions, test) {
    const needed = 2 * sessions + 100;
    if (needed <= descriptors)
        return true;
    notes.push(`${test} with ${sessions} calls is left out: ${needed} descriptors are needed, ${descriptors} allowed (ulimit -Hn)`);
    return false;
}
plan.pacedSessions = plan.pacedSessions.filter(n => !plan.tests.includes('paced') || fits(n, 'paced'));
plan.tests = plan.tests.filter(test => test === 'paced' || fits(plan.sizes[test], test));
for (const n of plan.tests.includes('paced') ? plan.pacedSessions : []) {
    if (n * 30 > plan.maxRate)
        notes.push(`${n} calls go at ${(plan.maxRate / n / 30).toFixed(2)} of the pace, so that all together pass ${plan.maxRate} messages a second`);
}

const loadgen = path.resolve(options.loadgen ?? path.join(root, 'build/release/bin/relay-loadgen'));
const relayd = path.resolve(options.relayd ?? path.join(root, 'build/release/bin/realtime-relayd'));
if (!existsSync(loadgen))
    fail(`${loadgen} is not built: ./dev bench builds it (cmake -DRELAY_BENCH=ON)`);
const buildDir = path.join(root, 'build/bench');
mkdirSync(buildDir, { recursive: true });
const dir = mkdtempSync(path.join(os.tmpdir(), 'relay-bench-'));

let runningRelay = null;
let runningLoad = null;
let runningAttack = null;
function cleanUp() {
    runningAttack?.kill('SIGKILL');
    runningLoad?.kill('SIGKILL');
    if (runningRelay)
        killRelay(runningRelay);
    rmSync(dir, { recursive: true, force: true });
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
        cleanUp();
        process.exit(130);
    });
}

function loadgenArguments(test, sessions) {
    const seconds = test === 'silent' ? plan.silentSeconds : plan.seconds;
    const pace = test === 'paced' ? Math.min(1, plan.maxRate / (sessions * 30)) : 1;
    const live = ['--up-rate', 50, '--down-rate', 50];
    const storm = ['--storm', sessions, ...live];
    const extra = {
        storm,
        stormtls: [...storm, '--connect-tls'],
        paced: ['--up-rate', 10 * pace, '--down-rate', 20 * pace],
        attacks: live,
        slowreader: ['--slow', plan.slow, '--megabytes', plan.megabytes, '--stall', plan.stall],
        saturate: ['--window', plan.window],
    };
    const mode = { stormtls: 'storm', attacks: 'paced' }[test] ?? test;
    return [mode, '--sessions', test.startsWith('storm') ? plan.live : sessions,
        '--seconds', seconds, '--warmup', plan.warmup,
        '--concurrency', plan.concurrency, '--memory-limit', plan.memoryLimitMiB, ...extra[test] ?? []];
}

/** Runs the generator to its end; gives its report, or says why there is none. */
function load(args, timeoutMs) {
    return new Promise(resolve => {
        const child = spawn('/bin/sh', ['-c', `ulimit -n ${descriptors}; exec "$0" "$@"`, loadgen, ...args.map(String)],
            { stdio: ['ignore', 'pipe', 'pipe'] });
        runningLoad = child;
        let output = '';
        let complaint = '';
        child.stdout.on('data', data => output += data);
        child.stderr.on('data', data => complaint += data);
        const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
        child.on('close', (code, signal) => {
            clearTimeout(timer);
            runningLoad = null;
            try {
                resolve(JSON.parse(output));
            } catch {
                resolve({ failed: `relay-loadgen ended with ${signal ?? code}: ${complaint.trim()}` });
            }
        });
    });
}

/** One that begins when the calls beside it are measured. */
async function attackLater(name, port) {
    await new Promise(resolve => setTimeout(resolve, plan.warmup * 1000 + 200));
    runningAttack = spawn('/bin/sh', ['-c', `ulimit -n ${descriptors}; exec "$0" "$@"`, process.execPath,
        path.join(root, 'tests/bench/attacks.mjs'), name, String(port)], { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function runOne({ relay, upstream, test, sessions, attack }, certificates, nodeRelay) {
    const clientTls = test === 'stormtls' || attacks[attack]?.tls;
    const tls = upstream === 'tls';
    const upstreamPort = await freePort();
    const args = [...loadgenArguments(test, sessions), '--listen', upstreamPort,
        ...tls ? ['--cert', certificates.cert, '--key', certificates.key] : []];
    if (relay === 'direct')
        return load([...args, '--connect', upstreamPort, ...tls ? ['--connect-tls'] : []], 240_000);

    const port = await freePort();
    try {
        await startRelay(relay, { relayd, nodeRelay, dir, port, upstreamPort, tls, ca: certificates.ca, descriptors,
            clientTls: clientTls ? certificates : null },
            child => runningRelay = child);
    } catch (error) {
        return { failed: error.message };
    }
    const attacking = attack && attackLater(attack, port);
    const result = await load([...args, ...relays[relay].load ?? [], '--connect', port, '--pid', runningRelay.pid,
        ...attack && clientTls ? ['--connect-tls'] : []], 240_000);
    await attacking;
    runningAttack?.kill('SIGKILL');
    runningAttack = null;
    await stopRelay(runningRelay);
    runningRelay = null;
    return result;
}

function summary(result, test) {
    if (result.failed)
        return result.failed;
    if (test === 'handshakes')
        return `${result.handshakesPerSecond.toFixed(0)}/s, ${result.cpuUsPerHandshake.toFixed(0)} µs`;
    if (test.startsWith('storm')) {
        const { before, storm } = result.windows;
        const ms = us => (us / 1000).toFixed(1);
        return `${result.stormOpened} open in ${result.stormSeconds.toFixed(1)} s; live calls p50 ${ms(storm.latency.p50Us)}, `
            + `p99 ${ms(storm.latency.p99Us)}, max ${ms(storm.latency.maxUs)} ms (before: max ${ms(before.latency.maxUs)}), `
            + `CPU ${storm.relayCpuMs.toFixed(0)} ms, peak ${(result.peakRssKiB / 1024).toFixed(0)} MiB`;
    }
    if (test === 'attacks') {
        const { latency } = result.windows.paced;
        return `live calls p50 ${(latency.p50Us / 1000).toFixed(1)}, p99 ${(latency.p99Us / 1000).toFixed(1)}, `
            + `max ${(latency.maxUs / 1000).toFixed(1)} ms, grew by ${((result.peakRssKiB - result.memoryIdle.rssKiB) / 1024).toFixed(1)} MiB`;
    }
    const window = result.windows.stalled ?? Object.values(result.windows)[0];
    return `${window.cpuUsPerMessage.toFixed(1)} µs/message, p99 ${(window.latency.p99Us / 1000).toFixed(2)} ms, `
        + `CPU ${window.relayCpuPercent.toFixed(1)} %, peak ${(result.peakRssKiB / 1024).toFixed(0)} MiB`;
}

async function main() {
    const certificates = makeCertificates(dir);
    let nodeRelay = null;
    if (plan.relays.includes('node')) {
        try {
            nodeRelay = installNodeRelay(buildDir);
        } catch (error) {
            process.stderr.write(`${error.message}\n`);
        }
    }
    const versions = {};
    plan.relays = plan.relays.filter(name => {
        versions[name] = relays[name].version({ relayd, nodeRelay });
        if (!versions[name])
            notes.push(`${relays[name].title} is left out: ${relays[name].missing({ relayd })}`);
        return versions[name];
    });
    if ('ours' in versions && 'ours2' in versions)
        delete versions.ours2; // the same program
    if ('ours' in versions)
        delete versions.beta;
    const machine = describeMachine();
    if (machine.loadBefore > 0.5)
        notes.push(`the machine was not idle when the run began (load ${machine.loadBefore.toFixed(1)})`);

    const situations = [];
    for (const test of plan.tests) {
        for (const sessions of test === 'paced' ? plan.pacedSessions : [plan.sizes[test]]) {
            for (const upstream of plan.upstreams) {
                if (test === 'stormtls' && upstream === 'plain')
                    continue; // a relay with TLS to the one side has it to the other
                const baseline = ['paced', 'slowreader'].includes(test) ? ['direct'] : [];
                const able = plan.relays.filter(relay => test !== 'stormtls' || relay !== 'node');
                for (const relay of test === 'attacks' ? [] : [...baseline, ...able])
                    situations.push({ test, sessions, upstream, relay });
                // With TLS on both sides or on none, as the attack has it.
                const fitting = plan.attacks.filter(name => Boolean(attacks[name].tls) === (upstream === 'tls'));
                for (const attack of test === 'attacks' ? fitting : []) {
                    for (const relay of plan.relays.filter(name => ['ours', 'haproxy'].includes(name)))
                        situations.push({ test, sessions, upstream, relay, attack });
                }
            }
        }
    }
    const results = [];
    const once = situations.filter(({ test }) => test === 'silent').length;
    const total = (situations.length - once) * plan.runs + once;
    const startedMs = Date.now();
    for (let run = 1; run <= plan.runs; ++run) {
        for (const situation of situations) {
            const { test, sessions, upstream, relay, attack } = situation;
            if (run > 1 && test === 'silent')
                continue; // half a minute each, and nothing in it varies
            const result = await runOne(situation, certificates, nodeRelay);
            results.push({ ...result, run, relay, upstream, test, sessions, attack });
            const done = results.length / total;
            const left = (Date.now() - startedMs) * (1 / done - 1) / 60_000;
            process.stderr.write(`[${Math.floor(done * 100)} %, ${Math.ceil(left)} min left] run ${run}, ${upstream}, `
                + `${test} ${attack ?? sessions}, ${relay}: ${summary(result, test)}\n`);
        }
    }

    const repeat = ['./dev bench', ...process.argv.slice(2)].join(' ');
    const report = { date: new Date().toISOString(), machine, versions, plan, notes, repeat, results };
    const out = path.resolve(options.out ?? path.join(buildDir, 'results.json'));
    writeFileSync(out, JSON.stringify(report, null, 1) + '\n');
    process.stdout.write(makeReport(report, Boolean(options.markdown)));
    process.stderr.write(`all results: ${out}\n`);
    return results.every(result => result.failed) ? 1 : 0;
}

main().then(code => {
    cleanUp();
    process.exit(code);
}, error => {
    cleanUp();
    fail(error.stack);
});
