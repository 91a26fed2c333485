// SPDX-License-Identifier: MIT
// Waiting for what must come, however slow the machine is; only what never comes fails.
import { setTimeout as sleep } from 'node:timers/promises';

/** How long anything may take before a test gives it up. */
export const patienceMs = 30_000;

/** The promise's value; fails when it takes too long, and says what was waited for. */
export async function within(promise, what) {
    let timer;
    const tooLong = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`gave up waiting for ${what}`)), patienceMs);
    });
    try {
        return await Promise.race([promise, tooLong]);
    } finally {
        clearTimeout(timer);
    }
}

/** Asks again and again until `condition` gives something true, and returns that. */
export async function until(condition, what) {
    const end = Date.now() + patienceMs;
    for (;;) {
        const value = await condition();
        if (value)
            return value;
        if (Date.now() > end)
            throw new Error(`gave up waiting for ${what}`);
        await sleep(20);
    }
}

/** Values that come one by one, and are taken one by one; next() waits. */
export class Queue {
    #values = [];
    #waiting = [];
    #end = null;

    push(value) {
        const waiting = this.#waiting.shift();
        if (waiting)
            waiting.resolve(value);
        else
            this.#values.push(value);
    }

    /** Nothing more will come: who waits is told why. */
    end(why) {
        this.#end = why;
        for (const waiting of this.#waiting.splice(0))
            waiting.reject(new Error(why));
    }

    next(what = 'the next one') {
        if (this.#values.length > 0)
            return Promise.resolve(this.#values.shift());
        if (this.#end)
            return Promise.reject(new Error(`${what} never came: ${this.#end}`));
        return within(new Promise((resolve, reject) => this.#waiting.push({ resolve, reject })), what);
    }

    /** What has come and was not taken. */
    get length() {
        return this.#values.length;
    }
}
