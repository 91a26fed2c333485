// SPDX-License-Identifier: MIT
// A client as users have it: the `ws` package.
import { WebSocket } from 'ws';
import { moved, Queue, within } from './waiting.mjs';

/** One call through the relay, or an attempt at one. */
export class Call {
    #messages = new Queue();
    #progress = () => moved(this.socket._socket);

    /** `key`: sent as a Bearer token; null for none. Other options go to `ws`. */
    constructor(url, { key = 'sk-test-key', protocols = [], headers = {}, ...options } = {}) {
        const all = key === null ? headers : { Authorization: `Bearer ${key}`, ...headers };
        this.socket = new WebSocket(url, protocols, { headers: all, perMessageDeflate: false, maxPayload: 0, ...options });
        let refuseOpening;
        this.opened = new Promise((resolve, reject) => {
            refuseOpening = reject;
            this.socket.on('open', resolve);
            this.socket.on('error', reject);
        });
        this.refused = new Promise((resolve, reject) => {
            this.socket.on('open', () => reject(new Error('the call was not refused')));
            this.socket.on('unexpected-response', (_, response) => {
                let text = '';
                response.on('data', (chunk) => (text += chunk));
                response.on('end', () => {
                    refuseOpening(new Error(`the call was refused with ${response.statusCode} ${text}`));
                    resolve({ status: response.statusCode, headers: response.headers, body: JSON.parse(text) });
                    this.socket.terminate();
                });
            });
        });
        this.closed = new Promise((resolve) => {
            this.socket.on('close', (code, reason) => {
                this.#messages.end(`the call was closed with ${code} ${reason}`);
                resolve({ code, reason: reason.toString() });
            });
        });
        this.opened.catch(() => {});
        this.refused.catch(() => {});
        this.socket.on('message', (data, isBinary) => this.#messages.push({ data, isBinary }));
    }

    open() {
        return within(this.opened.then(() => this), 'the call to open');
    }

    refusal() {
        return within(this.refused, 'the refusal');
    }

    close(code, reason) {
        this.socket.close(code, reason);
        return this.end();
    }

    /** How it was closed: { code, reason }. */
    end() {
        return within(this.closed, 'the close', this.#progress);
    }

    send(message, options) {
        const isData = typeof message === 'string' || Buffer.isBuffer(message);
        this.socket.send(isData ? message : JSON.stringify(message), options);
    }

    /** The next message as it came: { data, isBinary }. */
    message() {
        return this.#messages.next('a message', this.#progress);
    }

    async text() {
        return (await this.message()).data.toString();
    }

    /** The next event of this type; others are passed over. */
    async event(type) {
        for (;;) {
            const { data } = await this.#messages.next(`the event ${type}`, this.#progress);
            const event = JSON.parse(data.toString());
            if (event.type === type)
                return event;
        }
    }
}

let callers = 1;

/** For a call from an address of its own: whose calls keep failing is told of each a while later. All but macOS have all of 127/8. */
export function elsewhere() {
    const number = ++callers;
    return process.platform !== 'darwin' ? { localAddress: `127.1.${number >> 8}.${number & 255}` } : {};
}

/** An open call. */
export function openCall(url, options) {
    return new Call(url, options).open();
}

/** Where a page comes from that every relay lets in. */
export const pageOrigin = 'http://localhost:5173';

/** A call by a page in a browser: open at once, whatever becomes of the upstream. */
export function openPageCall(url, options) {
    return openCall(url, { origin: pageOrigin, ...options });
}
