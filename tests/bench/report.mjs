// SPDX-License-Identifier: MIT
// From the single results to medians, and from these to tables.
import { attacks } from './attacks.mjs';
import { relays } from './relays.mjs';

const lateUs = 10_000; // the generator's own lateness that is worth a word

export function median(values) {
    const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
    if (!sorted.length)
        return NaN;
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The results of one relay in one situation, and medians over its runs that did not fail. */
class Group {
    constructor(results) {
        this.all = results;
        this.good = results.filter(r => !r.failed);
        this.failed = results.find(r => r.failed)?.failed;
        this.errors = results.some(r => Object.keys(r.errors ?? {}).length > 0);
    }
    median(pick) { return median(this.good.map(pick)); }
}

const number = (value, digits) => Number.isFinite(value) ? value.toFixed(digits) : '–';
const perSessionKiB = r => (r.memoryIdle.rssKiB - r.memoryBefore.rssKiB) / r.sessions;

function addedMs(group, direct, pick) {
    return (group.median(pick) - direct.median(pick)) / 1000;
}

function pacedRows(plan, group) {
    const rows = [];
    for (const upstream of plan.upstreams) {
        for (const sessions of plan.pacedSessions) {
            const at = relay => group(relay, upstream, 'paced', sessions);
            const direct = at('direct');
            const cpu = relay => at(relay).median(r => r.windows.paced.cpuUsPerMessage);
            for (const relay of plan.relays) {
                const it = at(relay);
                if (!it.all.length)
                    continue;
                const window = pick => r => pick(r.windows.paced);
                rows.push([upstream, String(sessions), relays[relay].title + (it.errors ? ' (!)' : ''),
                    ...!it.good.length ? ['failed', '', '', '', '', '', '', ''] : [
                        number(it.median(window(w => w.messagesPerSecond)), 0),
                        number(cpu(relay), 1),
                        number(cpu(relay) / cpu('ours'), 2),
                        number(addedMs(it, direct, window(w => w.latency.p50Us)), 2),
                        number(addedMs(it, direct, window(w => w.latency.p99Us)), 2),
                        number(addedMs(it, direct, window(w => w.latency.maxUs)), 1),
                        number(it.median(window(w => w.relayCpuPercent)), 0),
                        number(it.median(perSessionKiB), 0)]]);
            }
        }
    }
    return rows;
}

function otherRows(plan, group) {
    const rows = [];
    const outgrew = it => !it.good.length && it.failed?.includes('grew beyond');
    const peakMiB = r => (r.peakRssKiB - r.memoryIdle.rssKiB) / 1024;
    for (const upstream of plan.upstreams) {
        const direct = group('direct', upstream, 'slowreader', plan.sizes.slowreader);
        for (const relay of plan.relays) {
            const at = test => group(relay, upstream, test, plan.sizes[test]);
            const all = ['handshakes', 'silent', 'burst', 'slowreader', 'saturate', 'storm', 'stormtls'].map(at);
            const [handshakes, silent, burst, slow, saturate, storm, stormTls] = all;
            const held = (it, which) => number(it.median(r => r.windows.storm.latency[which]) / 1000, 1);
            if (all.every(g => !g.all.length))
                continue;
            const stalledP99 = r => r.windows.stalled.latency.p99Us;
            rows.push([upstream, relays[relay].title + (all.some(g => g.errors) ? ' (!)' : ''),
                number(handshakes.median(r => r.handshakesPerSecond), 0),
                number(handshakes.median(r => r.cpuUsPerHandshake), 0),
                number(silent.median(r => r.windows.silent.relayCpuPercent), 2),
                number(silent.median(perSessionKiB), 0),
                number(burst.median(r => median(r.lastByteMs)), 0),
                number(burst.median(peakMiB), 0),
                outgrew(slow) ? `> ${plan.memoryLimitMiB}` : number(slow.median(peakMiB), 0),
                number(addedMs(slow, direct, r => r.windows.before.latency.p99Us), 2),
                number(addedMs(slow, direct, stalledP99), 2),
                number(saturate.median(r => r.windows.saturate.messagesPerSecond), 0),
                number(saturate.median(r => r.windows.saturate.relayCpuPercent), 0),
                held(storm, 'p50Us'), held(storm, 'maxUs'), held(stormTls, 'p50Us'), held(stormTls, 'maxUs')]);
        }
    }
    return rows;
}

function attackRows(plan, results) {
    const rows = [];
    for (const attack of plan.attacks) {
        for (const relay of plan.relays) {
            const it = new Group(results.filter(r => r.attack === attack && r.relay === relay));
            if (!it.all.length)
                continue;
            const ms = which => number(it.median(r => r.windows.paced.latency[which]) / 1000, 1);
            rows.push([attacks[attack].title, relays[relay].title + (it.errors ? ' (!)' : ''), ms('p50Us'), ms('p99Us'), ms('maxUs'),
                number(it.median(r => r.peakRssKiB - r.memoryIdle.rssKiB) / 1024, 1)]);
        }
    }
    return rows;
}

function textTable(head, rows, textColumns) {
    const widths = head.map((title, i) => Math.max(title.length, ...rows.map(row => row[i].length)));
    const line = cells => cells.map((cell, i) =>
        i < textColumns ? cell.padEnd(widths[i]) : cell.padStart(widths[i])).join('  ').trimEnd();
    return [line(head), widths.map(w => '-'.repeat(w)).join('  '), ...rows.map(line)].join('\n');
}

function markdownTable(head, rows, textColumns) {
    const line = cells => `| ${cells.join(' | ')} |`;
    return [line(head), line(head.map((_, i) => i < textColumns ? '---' : '--:')), ...rows.map(line)].join('\n');
}

/** The whole report as text or Markdown. `results` are the single runs as run.mjs keeps them. */
export function makeReport({ machine, versions, plan, results, notes, repeat }, markdown) {
    const group = (relay, upstream, test, sessions) => new Group(results.filter(r => r.relay === relay
        && r.upstream === upstream && r.test === test && r.sessions === sessions));
    const table = markdown ? markdownTable : textTable;
    const parts = [];
    parts.push(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, ${machine.kernel}; `
        + `${Object.values(versions).filter(Boolean).join('; ')}.`);

    const paced = pacedRows(plan, group);
    if (paced.length) {
        parts.push(`Paced calls (a call: ${plan.call}), ${plan.runs > 1 ? `medians of ${plan.runs} interleaved runs` : 'one run'}. Latency is one-way, both `
            + 'directions, in ms added to the direct connection\'s; memory is that of open, idle calls.');
        parts.push(table(['upstream', 'calls', 'relay', 'messages/s', 'CPU µs/message', '× ours', '+p50 ms', '+p99 ms',
            '+max ms', 'CPU %', 'KiB/call'], paced, 3));
    }
    const other = otherRows(plan, group);
    if (other.length) {
        const s = plan.sizes;
        const told = {
            handshakes: `Handshakes: opened and closed, ${plan.concurrency} at a time.`,
            silent: `Silent: ${s.silent} calls, ${plan.silentSeconds} s, one run.`,
            burst: `Burst: 5 s of audio to ${s.burst} calls at once, time to the last byte and memory growth.`,
            slowreader: `Slow readers: ${plan.slow} calls do not read for ${plan.stall} s while ${plan.megabytes} MiB wait for each, `
                + `memory growth, and the added p99 of ${s.slowreader - plan.slow} healthy calls before and meanwhile.`,
            saturate: `Saturated: ${s.saturate} calls with ${plan.window} messages in flight each.`,
            storm: `Storm: ${s.storm} new calls at once, latency of ${plan.live} calls beside them.`,
            stormtls: `Storm TLS: ${s.stormtls} with TLS from the client.`,
        };
        parts.push(plan.tests.map(test => told[test]).filter(Boolean).join(' '));
        const head = ['upstream', 'relay', 'handshakes/s', 'CPU µs/handshake', 'silent CPU %', 'KiB/call', 'burst ms',
            'burst MiB', 'slow MiB', '+p99 ms before', '+p99 ms stalled', 'saturated messages/s', 'saturated CPU %',
            'storm p50 ms', 'storm max ms', 'storm TLS p50 ms', 'storm TLS max ms'];
        const filled = head.map((_, i) => other.some(row => row[i] !== '–'));
        const kept = row => row.filter((_, i) => filled[i]);
        parts.push(table(kept(head), other.map(kept), 2));
    }
    const attacked = attackRows(plan, results);
    if (attacked.length) {
        parts.push(`Attacks: latency of ${plan.live} calls beside each, and how much the relay grew. The attacker shares the machine.`);
        parts.push(table(['attack', 'relay', 'p50 ms', 'p99 ms', 'max ms', 'MiB'], attacked, 2));
    }
    const troubled = results.filter(r => r.failed || Object.keys(r.errors ?? {}).length);
    const said = troubled.map(r => `${r.relay}, ${r.upstream}, ${r.test}, ${r.sessions} calls, run ${r.run}: `
        + [r.failed, ...Object.entries(r.errors ?? {}).map(([what, count]) => `${count} × ${what}`)]
            .filter(Boolean).join('; '));
    const late = results.filter(r => !r.attack && r.windows?.paced?.lateness.p99Us > lateUs).map(r => `${r.relay}, ${r.upstream}, `
        + `${r.sessions} calls, run ${r.run}: the generator itself sent up to `
        + `${(r.windows.paced.lateness.p99Us / 1000).toFixed(0)} ms late (p99): the machine was full`);
    if (said.length)
        parts.push('(!) Something went wrong in at least one run, named below.');
    const remarks = [...notes, ...said, ...late].map(note => markdown ? `- ${note}` : `note: ${note}`);
    if (remarks.length)
        parts.push(remarks.join('\n'));
    parts.push(`To repeat: ${markdown ? '`' + repeat + '`' : repeat}`);
    return parts.join('\n\n') + '\n';
}
