// SPDX-License-Identifier: MIT
// Waiting for what must come, however slow the machine is; only what never comes fails.
import { setTimeout as sleep } from 'node:timers/promises';

/** How long anything may take before a test gives it up. */
export const patienceMs = 30_000;

/**
 * The promise's value; fails when it takes too long, and says what was waited for. What is large may take four times as long, while
 * `progress()` gives something else each time.
 */
export async function within(promise, what, progress = () => null) {
    let timer;
    const tooLong = new Promise((_, reject) => {
        const wait = (times, before) => {
            timer = setTimeout(() => {
                const now = progress();
                if (times < 4 && now !== before)
                    wait(times + 1, now);
                else
                    reject(new Error(`gave up waiting for ${what}`));
            }, patienceMs);
        };
        wait(1, progress());
    });
    try {
        return await Promise.race([promise, tooLong]);
    } finally {
        clearTimeout(timer);
    }
}

/** What a day of UTC has been spent on begins anew at midnight: waits until that is over, where it is near. */
export async function notAtMidnight() {
    const minute = 60_000;
    const left = 24 * 60 * minute - Date.now() % (24 * 60 * minute);
    if (left < 2 * minute)
        await sleep(left + 1000);
}

/** For within(): what has come by a socket, and what has yet to go. */
export const moved = (socket) => `${socket?.bytesRead} ${socket?._handle?.writeQueueSize}`;

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

    /** `progress`: see within(). */
    next(what = 'the next one', progress = undefined) {
        if (this.#values.length > 0)
            return Promise.resolve(this.#values.shift());
        if (this.#end)
            return Promise.reject(new Error(`${what} never came: ${this.#end}`));
        return within(new Promise((resolve, reject) => this.#waiting.push({ resolve, reject })), what, progress);
    }

    /** What has come and was not taken. */
    get length() {
        return this.#values.length;
    }
}
