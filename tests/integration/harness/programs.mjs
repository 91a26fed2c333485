// SPDX-License-Identifier: MIT
// Starts the real programs, hears what they say, and stops them.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { until, within } from './waiting.mjs';
import { httpRequest } from './http.mjs';

const binDir = process.env.RELAY_BIN_DIR;
if (!binDir)
    throw new Error('RELAY_BIN_DIR must name the folder of realtime-relayd and realtime-simulator.');

const onWindows = process.platform === 'win32';

/**
 * An address of this machine that no other test has: a port of it can be named beforehand, freed and taken again, and nobody comes
 * in between.
 */
export const ownAddress = `127.${64 + ((process.pid >> 16) & 63)}.${(process.pid >> 8) & 255}.${process.pid & 255}`;

const givenPorts = new Set();

/** So many ports of ownAddress that nobody has, none of them twice. */
export async function freePorts(count) {
    const servers = Array.from({ length: count }, () => net.createServer());
    const each = (work) => Promise.all(servers.map((server) => new Promise((resolve, reject) => work(server.on('error', reject), resolve))));
    await each((server, resolve) => server.listen(0, ownAddress, resolve));
    const ports = servers.map((server) => server.address().port);
    await each((server, resolve) => server.close(resolve));
    if (ports.some((port) => givenPorts.has(port)))
        return freePorts(count);
    ports.forEach((port) => givenPorts.add(port));
    return ports;
}

/** Why tests cannot be on this system, for their `skip`; false where they can. */
export const noSighup = onWindows && 'Windows has no SIGHUP';

const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** Nothing of the caller's environment that the programs would take for a setting. */
function baseEnvironment() {
    const kept = ['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH', 'ASAN_OPTIONS', 'TSAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS'];
    const environment = { LC_ALL: 'C.UTF-8' };
    for (const name of kept) {
        if (process.env[name] !== undefined)
            environment[name] = process.env[name];
    }
    return environment;
}

export class Program {
    stdout = '';
    stderr = '';
    #saidAll = false; ///< it has ended, and nothing of its output is still on its way

    /** `launcher`: a command that is given the program's, and becomes it. `input`: what stands on its standard input. */
    constructor(name, args, environment, launcher = [], input) {
        this.name = name;
        const [command, ...all] = [...launcher, join(binDir, name), ...args];
        this.child = spawn(command, all, {
            env: { ...baseEnvironment(), ...environment },
            stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
            windowsHide: true, // and so in a console of its own, see signal()
        });
        children.add(this.child);
        this.child.stdin?.on('error', () => {}).end(input);
        for (const stream of ['stdout', 'stderr']) {
            this.child[stream].setEncoding('utf8').on('data', (text) => {
                this[stream] += text;
                if (onWindows)
                    this[stream] = this[stream].replaceAll('\r\n', '\n');
            });
        }
        this.exited = new Promise((resolve, reject) => {
            this.child.on('error', reject);
            this.child.on('close', (code, signal) => {
                this.#saidAll = true;
                children.delete(this.child);
                resolve({ code, signal });
            });
        });
    }

    get output() {
        return this.stdout + this.stderr;
    }

    get hasExited() {
        return this.child.exitCode !== null || this.child.signalCode !== null;
    }

    /** Waits until `find` finds something in the output. */
    async heard(find, what) {
        return until(() => {
            const found = find();
            if (!found && this.#saidAll)
                throw new Error(`${this.name} ended before ${what}:\n${this.output}`);
            return found;
        }, `${what} from ${this.name}`);
    }

    /** SIGTERM and SIGINT ask it to stop; on Windows, which has neither, its console does so for both. */
    signal(name) {
        if (!onWindows)
            this.child.kill(name);
        else if (name === 'SIGHUP')
            throw new Error(noSighup);
        else
            execFileSync(join(binDir, '..', 'tests', 'consolebreak'), [String(this.child.pid)], { windowsHide: true });
    }

    async exit() {
        try {
            return await within(this.exited, `the end of ${this.name}`);
        } catch (error) {
            await this.kill(); // or it would keep this process, too
            throw error;
        }
    }

    /** Resident memory in bytes. Linux only. */
    memoryBytes() {
        const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
        return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) * 1024;
    }

    async kill() {
        this.child.kill('SIGKILL');
        await this.exited;
    }
}

/** One that dials its upstream for its calls alone, unless CHECK_UPSTREAM says otherwise: tests count what arrives there. */
export class Relay extends Program {
    host = '127.0.0.1'; ///< where it is asked
    #lines = 0;
    #entries = [];

    constructor(environment, args, launcher) {
        super('realtime-relayd', args,
            { HOST: '127.0.0.1', PORT: '0', LOG_FORMAT: 'json', DRAIN_TIMEOUT: '0', CHECK_UPSTREAM: 'false', ...environment }, launcher);
    }

    /** What the journal has said so far. */
    get entries() {
        const lines = this.stderr.split('\n');
        for (; this.#lines < lines.length - 1; ++this.#lines) {
            if (lines[this.#lines].startsWith('{')) // with LOG_FORMAT=text, or when it does not start, there are others
                this.#entries.push(JSON.parse(lines[this.#lines]));
        }
        return this.#entries;
    }

    /** Waits for a journal entry: by its event, and by what else it must say. */
    entry(event, fields = {}) {
        const fits = (entry) => entry.event === event
            && Object.entries(fields).every(([name, value]) =>
                value instanceof RegExp ? value.test(entry[name]) : entry[name] === value);
        return this.heard(() => this.entries.find(fits), `the entry ${event} ${JSON.stringify(fields)}`);
    }

    /** Waits until so many calls are over. A client may see the end of its call before the relay has. */
    ended(count) {
        const isEnd = ({ event }) => event === 'session_closed';
        return this.heard(() => this.entries.filter(isEnd).length >= count, `the end of ${count} calls`);
    }

    /** The URL of a call. `query` without its question mark. */
    url(query = 'model=gpt-realtime', path = '/v1/realtime') {
        return `${this.tls ? 'wss' : 'ws'}://${this.host}:${this.port}${path}${query === null ? '' : `?${query}`}`;
    }

    request(path, options) {
        return httpRequest(this.port, path, { host: this.host, ...options });
    }

    async stats() {
        return (await this.request('/stats')).json();
    }

    /** Has it look at its settings file, which was changed; on Windows it does so by itself only. */
    reload() {
        if (!onWindows)
            this.signal('SIGHUP');
    }

    /** Asks it to stop, and sees that it does so well: without a complaint of its own, of Qt or of a sanitizer. */
    async stop() {
        if (!this.hasExited)
            this.signal('SIGTERM');
        assert.deepEqual(await this.exit(), { code: 0, signal: null }, this.output);
        assert.deepEqual(this.entries.filter((entry) => entry.event === 'qt'), []);
    }
}

/** A relay that listens. `settings`: environment variables. */
export async function startRelay(settings = {}, args = [], launcher = []) {
    const relay = new Relay(settings, args, launcher);
    const listening = await relay.entry('listening');
    relay.port = listening.port;
    relay.tls = listening.tls;
    if (listening.host === ownAddress)
        relay.host = ownAddress;
    return relay;
}

/** A relay run that is expected to end by itself. */
export async function runRelay(args, environment = {}, { launcher, input } = {}) {
    const program = new Program('realtime-relayd', args, environment, launcher, input);
    const { code } = await program.exit();
    return { code, stdout: program.stdout, stderr: program.stderr };
}

export class Simulator extends Program {
    /** The handshakes it was told to print, as far as it has told them. */
    get handshakes() {
        const whole = this.stdout.slice(0, this.stdout.lastIndexOf('\n') + 1);
        return whole.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    }

    /** All of them, once there are so many. */
    async printed(count) {
        await this.heard(() => this.handshakes.length >= count, `${count} handshakes`);
        return this.handshakes;
    }

    async stop() {
        await this.kill();
        assert.doesNotMatch(this.output, /ERROR: \w+Sanitizer|runtime error:/);
    }
}

/** A simulator that listens; its address is `url`. Calls are told apart by their models: it takes any that is not retired,
 *  unless `args` say --models. */
export async function startSimulator(args = []) {
    const simulator = new Simulator('realtime-simulator', ['--port', '0', '--models', 'any', ...args], {});
    const [, url] = await simulator.heard(() => /listening on (\S+)\n/.exec(simulator.stdout), 'its address');
    simulator.url = url;
    simulator.port = Number(new URL(url).port);
    return simulator;
}

/** A simulator and a relay in front of it. */
export async function startBoth(settings = {}, simulatorArgs = []) {
    const simulator = await startSimulator(simulatorArgs);
    const relay = await startRelay({ UPSTREAM_URL: simulator.url, ...settings });
    return { simulator, relay };
}
