// SPDX-License-Identifier: MIT
// WebSocket frames by hand (RFC 6455 5.2), whole ones and wrong ones.
import { randomBytes } from 'node:crypto';

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/** The bytes of one frame. `length`: what the header says, where that is to be something else. */
export function frame(opcode, payload = '', { fin = true, rsv = 0, masked = false, length } = {}) {
    const body = Buffer.from(payload);
    const size = length ?? body.length;
    const head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode];
    const maskBit = masked ? 0x80 : 0;
    if (size < 126) {
        head.push(maskBit | size);
    } else if (size < 65536) {
        head.push(maskBit | 126, size >> 8, size & 0xff);
    } else {
        const wide = Buffer.alloc(8);
        wide.writeBigUInt64BE(BigInt(size));
        head.push(maskBit | 127, ...wide);
    }
    if (!masked)
        return Buffer.concat([Buffer.from(head), body]);
    const mask = randomBytes(4);
    return Buffer.concat([Buffer.from(head), mask, applyMask(body, mask)]);
}

function applyMask(body, mask) {
    const result = Buffer.allocUnsafe(body.length);
    for (let i = 0; i < body.length; ++i)
        result[i] = body[i] ^ mask[i & 3];
    return result;
}

/** The payload of a close frame. */
export function closePayload(code, reason = '') {
    const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
    payload.writeUInt16BE(code);
    payload.write(reason, 2);
    return payload;
}

/** What a close frame says; a code of 1005 stands for none. */
export function parseClose(payload) {
    return payload.length < 2 ? { code: 1005, reason: '' }
        : { code: payload.readUInt16BE(), reason: payload.toString('utf8', 2) };
}

/** Cuts a stream into frames: { opcode, fin, rsv, masked, payload }. */
export class FrameReader {
    #chunks = [];
    #size = 0;
    #needed = 2;

    /** Takes bytes, gives the frames that are whole with them. */
    push(chunk) {
        this.#chunks.push(chunk);
        this.#size += chunk.length;
        const frames = [];
        while (this.#size >= this.#needed) {
            const bytes = Buffer.concat(this.#chunks);
            const whole = this.#parse(bytes);
            this.#chunks = [whole ? bytes.subarray(whole.size) : bytes];
            this.#size = this.#chunks[0].length;
            if (!whole)
                continue;
            this.#needed = 2;
            frames.push(whole.frame);
        }
        return frames;
    }

    /** Bytes of a frame that is not whole yet. */
    get pendingBytes() {
        return this.#size;
    }

    #parse(bytes) {
        const masked = (bytes[1] & 0x80) !== 0;
        const short = bytes[1] & 0x7f;
        const headSize = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (masked ? 4 : 0);
        if (bytes.length < headSize) {
            this.#needed = headSize;
            return null;
        }
        const length = short === 126 ? bytes.readUInt16BE(2)
            : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
        this.#needed = headSize + length;
        if (bytes.length < this.#needed)
            return null;
        const body = bytes.subarray(headSize, headSize + length);
        return {
            size: headSize + length,
            frame: {
                opcode: bytes[0] & 0x0f,
                fin: (bytes[0] & 0x80) !== 0,
                rsv: (bytes[0] >> 4) & 7,
                masked,
                payload: masked ? applyMask(body, bytes.subarray(headSize - 4, headSize)) : Buffer.from(body),
            },
        };
    }
}
