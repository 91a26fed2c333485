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
import { descriptorLimit, describeMachine, freePort, makeCertificates } from './machine.mjs';
import { installNodeRelay, killRelay, relays, startRelay, stopRelay } from './relays.mjs';
import { makeReport } from './report.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const allTests = ['paced', 'handshakes', 'silent', 'burst', 'slowreader', 'saturate'];

const help = `Usage: ./dev bench [OPTIONS]   (or: node tests/bench/run.mjs [OPTIONS])
  --sessions LIST   session counts of the paced test             50,200,1000,4000
  --seconds N       measured time of a run                       5
  --warmup N        time before it is measured                   2
  --runs N          interleaved runs, of which medians are taken 3
  --relays LIST     ${Object.keys(relays).join(',')}
  --upstream LIST   plain,tls
  --tests LIST      ${allTests.join(',')}
  --max-rate N      messages a second of all sessions together; where the pace of so many sessions is
                    more, each calls more slowly: relay and generator share the machine
                                                                 10000 a core
  --quick           a first look in about three minutes: 50 and 200 sessions, one short run
  --relayd FILE     realtime-relayd                              build/release/bin/realtime-relayd
  --loadgen FILE    relay-loadgen                                build/release/bin/relay-loadgen
  --out FILE        all results as JSON                          build/bench/results.json
  --markdown        print tables for a README
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
            options: Object.assign({}, ...['sessions', 'seconds', 'warmup', 'runs', 'relays', 'upstream', 'tests',
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
    relays: listOption(options, 'relays', Object.keys(relays), Object.keys(relays)),
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
    sizes: quick ? { burst: 200, silent: 200, slowreader: 100, saturate: 50, handshakes: 64 }
        : { burst: 200, silent: 1000, slowreader: 250, saturate: 50, handshakes: 64 },
    call: '10 messages of 6.4 kB a second up, 20 of 8 kB down',
};

/** A relay holds two descriptors a session, and so does the generator, which is both ends. */
function fits(sessions, test) {
    const needed = 2 * sessions + 100;
    if (needed <= descriptors)
        return true;
    notes.push(`${test} with ${sessions} sessions is left out: ${needed} descriptors are needed, ${descriptors} allowed (ulimit -Hn)`);
    return false;
}
plan.pacedSessions = plan.pacedSessions.filter(n => !plan.tests.includes('paced') || fits(n, 'paced'));
plan.tests = plan.tests.filter(test => test === 'paced' || fits(plan.sizes[test], test));
for (const n of plan.tests.includes('paced') ? plan.pacedSessions : []) {
    if (n * 30 > plan.maxRate)
        notes.push(`${n} sessions call at ${(plan.maxRate / n / 30).toFixed(2)} of the pace, so that all together pass ${plan.maxRate} messages a second`);
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
function cleanUp() {
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
    const extra = {
        paced: ['--up-rate', 10 * pace, '--down-rate', 20 * pace],
        slowreader: ['--slow', plan.slow, '--megabytes', plan.megabytes, '--stall', plan.stall],
        saturate: ['--window', plan.window],
    };
    return [test, '--sessions', sessions, '--seconds', seconds, '--warmup', plan.warmup,
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

async function runOne(relay, upstream, test, sessions, certificates, nodeRelay) {
    const tls = upstream === 'tls';
    const upstreamPort = await freePort();
    const args = [...loadgenArguments(test, sessions), '--listen', upstreamPort,
        ...tls ? ['--cert', certificates.cert, '--key', certificates.key] : []];
    if (relay === 'direct')
        return load([...args, '--connect', upstreamPort, ...tls ? ['--connect-tls'] : []], 240_000);

    const port = await freePort();
    try {
        await startRelay(relay, { relayd, nodeRelay, dir, port, upstreamPort, tls, ca: certificates.ca, descriptors },
            child => runningRelay = child);
    } catch (error) {
        return { failed: error.message };
    }
    const result = await load([...args, '--connect', port, '--pid', runningRelay.pid], 240_000);
    await stopRelay(runningRelay);
    runningRelay = null;
    return result;
}

function summary(result, test) {
    if (result.failed)
        return result.failed;
    if (test === 'handshakes')
        return `${result.handshakesPerSecond.toFixed(0)}/s, ${result.cpuUsPerHandshake.toFixed(0)} µs`;
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
    const machine = describeMachine();
    if (machine.loadBefore > 0.5)
        notes.push(`the machine was not idle when the run began (load ${machine.loadBefore.toFixed(1)})`);

    const situations = [];
    for (const test of plan.tests) {
        for (const sessions of test === 'paced' ? plan.pacedSessions : [plan.sizes[test]]) {
            for (const upstream of plan.upstreams) {
                const baseline = ['paced', 'slowreader'].includes(test) ? ['direct'] : [];
                for (const relay of [...baseline, ...plan.relays])
                    situations.push({ test, sessions, upstream, relay });
            }
        }
    }
    const results = [];
    const once = situations.filter(({ test }) => test === 'silent').length;
    const total = (situations.length - once) * plan.runs + once;
    const startedMs = Date.now();
    for (let run = 1; run <= plan.runs; ++run) {
        for (const { test, sessions, upstream, relay } of situations) {
            if (run > 1 && test === 'silent')
                continue; // half a minute each, and nothing in it varies
            const result = await runOne(relay, upstream, test, sessions, certificates, nodeRelay);
            results.push({ ...result, run, relay, upstream, test, sessions });
            const done = results.length / total;
            const left = (Date.now() - startedMs) * (1 / done - 1) / 60_000;
            process.stderr.write(`[${Math.floor(done * 100)} %, ${Math.ceil(left)} min left] run ${run}, ${upstream}, `
                + `${test} ${sessions}, ${relay}: ${summary(result, test)}\n`);
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
