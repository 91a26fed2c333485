// SPDX-License-Identifier: MIT
// Debian's PostgreSQL, with a data folder, a port and a password of its own: started, stopped and started again by a test.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts, ownAddress } from './programs.mjs';
import { patienceMs, until, within } from './waiting.mjs';

/** Where initdb and postgres are; null: nowhere. Debian keeps them out of PATH, a folder for each version. */
const programs = (() => {
    const debian = '/usr/lib/postgresql';
    const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
    const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(':')];
    return folders.find((folder) => ['initdb', 'postgres', 'pg_dump', 'psql'].every((name) => existsSync(join(folder, name)))) ?? null;
})();

/** It refuses to run as root. */
const owner = (() => {
    if (process.getuid?.() !== 0)
        return {};
    try {
        const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
        return { uid: id('-u'), gid: id('-g') };
    } catch {
        return null;
    }
})();

/** Why tests cannot be on this system, for their `skip`; false where they can. */
export const noPostgres = !programs ? 'PostgreSQL (Debian: postgresql) is not installed'
    : owner === null ? 'there is no user postgres, and PostgreSQL does not run as root' : false;

const running = new Set();
process.on('exit', () => running.forEach((server) => server.child.kill('SIGQUIT')));

export class Postgres {
    said = '';
    #folder = mkdtempSync(join(tmpdir(), 'relay-postgres-'));

    /** `password`: of the relays' user; a random one. */
    constructor(port, password = randomBytes(12).toString('hex')) {
        this.port = port;
        this.password = password;
    }

    /** For STORE_URL. */
    get url() {
        return `postgresql://relay:${encodeURIComponent(this.password)}@${ownAddress}:${this.port}/relay`;
    }

    async create() {
        if (owner.uid !== undefined)
            chownSync(this.#folder, owner.uid, owner.gid);
        chmodSync(this.#folder, 0o700);
        const passwordFile = join(this.#folder, 'password');
        writeFileSync(passwordFile, this.password);
        if (owner.uid !== undefined)
            chownSync(passwordFile, owner.uid, owner.gid);
        await this.#run('initdb', ['-D', this.#data, '-U', 'relay', '--pwfile', passwordFile, '--auth-local=trust', // whose folder is its owner's
            '--auth-host=scram-sha-256', '--no-sync', '--encoding=UTF8', '--locale=C']);
        rmSync(passwordFile);
        await this.start();
        await this.#run('psql', [...this.#local('postgres'), '-c', 'CREATE DATABASE relay']);
        return this;
    }

    async start() {
        assert.ok(!this.child, 'it is not running');
        const begin = this.said.length;
        this.child = spawn(join(programs, 'postgres'), ['-D', this.#data, '-h', ownAddress, '-p', String(this.port), '-k', this.#folder,
            '-c', 'fsync=off', '-c', 'max_connections=60', '-c', 'shared_buffers=16MB', '-c', 'log_min_messages=warning',
            '-c', 'jit=off'], { ...owner, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C' }, stdio: ['ignore', 'ignore', 'pipe'] });
        running.add(this);
        this.exited = new Promise((resolve, reject) => {
            this.child.on('error', reject);
            this.child.on('close', () => {
                running.delete(this);
                resolve();
            });
        });
        this.child.stderr.setEncoding('utf8').on('data', (text) => {
            this.said += text;
        });
        await until(() => {
            if (this.child.exitCode !== null)
                throw new Error(`PostgreSQL ended:\n${this.said}`);
            return this.said.includes('ready to accept connections', begin);
        }, 'PostgreSQL to start');
    }

    /** Ends its connections, and nobody can reach it until it is started again. */
    async halt() {
        this.child.kill('SIGINT');
        await within(this.exited, 'the end of PostgreSQL');
        this.child = null;
    }

    /** All of its processes stand still, and its connections stay open. */
    freeze() {
        this.#signal('SIGSTOP');
    }

    thaw() {
        this.#signal('SIGCONT');
    }

    /** The rows of a query, each a list of texts. */
    async rows(sql) {
        const { stdout } = await this.#run('psql', [...this.#local('relay'), '-At', '-F', '\t', '-c', sql]);
        return stdout.trimEnd().split('\n').filter(Boolean).map((line) => line.split('\t'));
    }

    /** All of the database, as text. */
    async dump() {
        return (await this.#run('pg_dump', ['-h', this.#folder, '-p', String(this.port), '-U', 'relay', 'relay'])).stdout;
    }

    async stop() {
        if (this.child) {
            this.thaw();
            await this.halt();
        }
        rmSync(this.#folder, { recursive: true, force: true });
    }

    #signal(name) {
        const parent = this.child.pid;
        const children = readdirSync('/proc').filter((pid) => {
            try {
                return /^\d+$/.test(pid) && Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) === parent;
            } catch {
                return false; // gone already
            }
        });
        for (const pid of [parent, ...children.map(Number)]) {
            try {
                process.kill(pid, name);
            } catch {
                // gone meanwhile
            }
        }
    }

    get #data() {
        return join(this.#folder, 'data');
    }

    #local(database) {
        return ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', this.#folder, '-p', String(this.port), '-U', 'relay', '-d', database];
    }

    #run(name, args) {
        return promisify(execFile)(join(programs, name), args, { ...owner, cwd: '/', timeout: 4 * patienceMs, maxBuffer: 256 * 1024 * 1024,
            env: { PATH: process.env.PATH, LC_ALL: 'C' } });
    }
}

/** A server that runs, with an empty database; the test stops it. */
export async function startPostgres({ password } = {}) {
    const [port] = await freePorts(1);
    return new Postgres(port, password).create();
}
