// SPDX-License-Identifier: MIT
// What the calls of the soak say: every message has its number and a hash, and says of how many frames it was.
import { createHash, randomBytes } from 'node:crypto';
import { opcodes, parseClose } from '../harness/frames.mjs';

const hashOf = (body) => createHash('sha1').update(body).digest('hex');
/** Text with characters of several bytes, which fragments may split. */
const pool = Buffer.from(`añ€😀${randomBytes(60_000).toString('base64')}`.repeat(2));

/** Numbers that only look random: the same ones again for the same seed. */
export function randomNumbers(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0; // mulberry32
        let t = Math.imul(state ^ (state >>> 15), state | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
}

/** One end of a call that speaks: text and binary, whole and in fragments with pings between. */
export class Voice {
    sent = 0;
    pings = 0;
    #peer;
    #random;

    constructor(peer, random) {
        this.#peer = peer;
        this.#random = random;
    }

    say(size = [20, 300, 4096, 4096, 4096, 4096, 8000, 70_000][Math.floor(this.#random() * 8)]) {
        const random = this.#random;
        const binary = random() < 0.4;
        const pieces = random() < 0.1 ? 2 + Math.floor(random() * 4) : 1;
        const from = Math.floor(random() * 4096);
        const body = pool.subarray(from, from + size);
        const message = Buffer.concat([
            Buffer.from(`${this.sent++} ${binary ? opcodes.binary : opcodes.text} ${pieces} ${hashOf(body)} `), body]);
        for (let piece = 0; piece < pieces; ++piece) {
            const at = (part) => Math.floor((message.length * part) / pieces);
            this.#peer.send(piece ? opcodes.continuation : binary ? opcodes.binary : opcodes.text,
                message.subarray(at(piece), at(piece + 1)), { fin: piece === pieces - 1 });
            if (piece < pieces - 1)
                this.#peer.send(opcodes.ping, `ping ${this.pings++}`);
        }
    }
}

/** One end of a call that listens, until it is over. What is wrong is told to `tally`. */
export class Ear {
    received = 0;
    pongs = 0;
    close = null; ///< what the other side closed with
    event = null; ///< an error event of the relay
    #peer;
    #tally;
    #parts = [];

    constructor(peer, tally) {
        this.#peer = peer;
        this.#tally = tally;
        this.over = this.#listen();
    }

    async #listen() {
        for (;;) {
            let frame;
            try {
                frame = await this.#peer.next();
            } catch {
                return; // the connection ended
            }
            if (frame.opcode === opcodes.close) {
                this.close = parseClose(frame.payload);
                return;
            }
            if (frame.opcode === opcodes.pong)
                this.#check(frame.payload.toString() === `ping ${this.pongs++}`, 'reordered', 'a pong');
            else if (frame.opcode !== opcodes.ping)
                this.#take(frame);
        }
    }

    /** A message under way whose end never came. */
    get hasHalfMessage() {
        return this.#parts.length > 0 || this.#peer.pendingBytes > 0;
    }

    #take(frame) {
        this.#parts.push(frame);
        if (!frame.fin)
            return;
        const [{ opcode }] = this.#parts;
        const pieces = this.#parts.length;
        const message = Buffer.concat(this.#parts.map(({ payload }) => payload));
        this.#parts = [];
        if (message[0] === 0x7b) { // {
            this.event = JSON.parse(message.toString()).error;
            return;
        }
        const [, number, saidOpcode, saidPieces, hash] = /^(\d+) (\d) (\d) (\w{40}) /.exec(message.toString('latin1', 0, 70)) ?? [];
        const head = `${number} ${saidOpcode} ${saidPieces} ${hash} `;
        this.#check(hash === hashOf(message.subarray(head.length)) && Number(saidOpcode) === opcode
            && Number(saidPieces) === pieces, 'altered', `message ${number}`);
        this.#check(Number(number) === this.received++, 'reordered', `message ${number}`);
        ++this.#tally.received;
        this.#tally.bytes += message.length;
    }

    #check(good, what, name) {
        if (good)
            return;
        ++this.#tally[what];
        this.#tally.failures.push(`${name} came ${what}`);
    }
}
