// SPDX-License-Identifier: MIT
// Access tokens, made and changed as an operator does: by the command line, beside relays that run.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { elsewhere } from './call.mjs';
import { temporaryFolder } from './certificates.mjs';
import { runRelay, startRelay } from './programs.mjs';
import { startPostgres } from './postgres.mjs';
import { until } from './waiting.mjs';

/** No part of it stands anywhere by chance. */
export const makeKey = (what) => `sk-${what}-${randomBytes(20).toString('hex')}`;

/** A store, and the tokens in it. */
export class Tokens {
    constructor(url) {
        this.url = url;
    }

    run(...args) {
        return runRelay(['token', ...args], { STORE_URL: this.url });
    }

    async #well(...args) {
        const { code, stdout, stderr } = await this.run(...args);
        assert.equal(code, 0, stdout + stderr);
        return stdout;
    }

    /** The token, which is told this once. `options`: as of the command line, { 'usd-a-day': 5 }. */
    async add(name, options = {}) {
        const { token } = JSON.parse(await this.#well('add', name, '--json', ...asArguments(options)));
        assert.match(token, /^ek_rr_[\w-]{22,}$/); // 128 bits at the least
        return token;
    }

    set(name, options) {
        return this.#well('set', name, ...asArguments(options));
    }

    revoke(name) {
        return this.#well('revoke', name);
    }

    list() {
        return this.#well('list');
    }

    /** What is spent of its budget, in dollars to six decimals. */
    async spent(name) {
        const one = JSON.parse(await this.#well('list', '--json')).find((each) => each.name === name);
        return Number(one.spentTodayUsd ?? one.spentInAllUsd);
    }
}

/** So many seconds from now, as of the command line; at least one less. */
export const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+/, '');

const asArguments = (options) => Object.entries(options).map(([name, value]) => `--${name}=${value}`);

/** Waits until the relay knows a token that was made beside it; has a short-lived one made with it. */
export function known(relay, token) {
    return until(async () => {
        const { status } = await relay.request('/v1/realtime/client_secrets', {
            method: 'POST', body: '{}', headers: { Authorization: `Bearer ${token}` }, ...elsewhere() });
        return status === 200;
    }, 'the token to be known');
}

/** A store in a file. */
export function sqliteStore() {
    const file = join(temporaryFolder(), 'store.sqlite');
    return { file, url: `sqlite:${file}` };
}

/** A store in a PostgreSQL, which the test stops, its relays before. */
export async function postgresStore(t, options) {
    const server = await startPostgres(options);
    server.relays = [];
    t.after(async () => {
        await Promise.all(server.relays.map(stopKeeper));
        await server.stop();
    });
    return server;
}

const stopKeeper = (relay) => (relay.hasExited ? null : relay.stop());

/** A relay with a store. */
export async function startKeeper(t, store, upstream, settings = {}, args = []) {
    const relay = await startRelay({ UPSTREAM_URL: upstream.url, STORE_URL: store.url, ...settings }, args);
    if (store.relays)
        store.relays.push(relay);
    else
        t.after(() => stopKeeper(relay));
    return relay;
}
