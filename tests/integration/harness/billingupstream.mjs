// SPDX-License-Identifier: MIT
// An upstream that bills: it knows API keys, mints short-lived ones, answers each `response.create` with a usage that costs what the
// test has set, and keeps what it was sent and whom it has billed.
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { WebSocketServer } from 'ws';
import { until } from './waiting.mjs';

/** Written text of gpt-realtime, at 16 dollars a million tokens: 62,500 are a dollar. */
export const tokensADollar = 62_500;

const errors = {
    key: { type: 'invalid_request_error', code: 'invalid_api_key', message: 'Incorrect API key provided.', param: null },
};

export class BillingUpstream {
    requests = []; ///< { method, url, headers, text } of plain requests
    upgrades = []; ///< { url, headers }, the refused ones among them
    calls = []; ///< { key, url, running, events, socket } of those that were opened; `running`: the id of a response that is being made
    billed = 0; ///< responses that were finished
    billedTo = new Map(); ///< the same by key
    minted = new Map(); ///< each short-lived key, and the key that it was made with
    /** Whether a response is finished by itself; else by finish(). */
    answersAtOnce = true;
    #responses = 0;

    /** `keys`: that are good; null: any but short-lived ones that were not minted here. `usd`: what a response costs. */
    constructor({ keys = null, usd = 1, lifetime = 600, answersAtOnce = true } = {}) {
        Object.assign(this, { keys, usd, lifetime, answersAtOnce });
        this.webSockets = new WebSocketServer({ noServer: true, handleProtocols: () => false });
        this.server = http.createServer((request, response) => this.#answer(request, response));
        this.server.on('upgrade', (request, socket, head) => {
            socket.on('error', () => {});
            this.upgrades.push({ url: request.url, headers: request.headers });
            const key = this.#keyOf(request);
            if (!this.#isGood(key)) {
                const body = JSON.stringify({ error: errors.key });
                socket.end(`HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
                return;
            }
            this.webSockets.handleUpgrade(request, socket, head, (call) => this.#serve(call, request.url, key));
        });
    }

    async listen() {
        await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
        this.port = this.server.address().port;
        this.url = `ws://127.0.0.1:${this.port}/v1/realtime`;
        return this;
    }

    /** Everything that it was sent by requests, as text: what must not be among it is sought there. */
    get seen() {
        return JSON.stringify([this.requests, this.upgrades, this.calls.map(({ events }) => events)]);
    }

    /** The call that was opened as the last of so many, once it is there. */
    async call(number) {
        await until(() => this.calls.length >= number, `call ${number} at the upstream`);
        return this.calls[number - 1];
    }

    /** Once a response of it is being made. */
    async making(call) {
        await until(() => call.running, 'a response to be asked for');
        return call;
    }

    /** Finishes what a call's response is. */
    finish(call, status = 'completed') {
        const id = call.running;
        call.running = null;
        if (call.socket.readyState !== call.socket.OPEN)
            return;
        ++this.billed;
        this.billedTo.set(call.key, (this.billedTo.get(call.key) ?? 0) + 1);
        const tokens = Math.round(this.usd * tokensADollar);
        call.say({ type: 'response.done', response: { object: 'realtime.response', id, status, output: [], usage: {
            total_tokens: tokens, input_tokens: 0, output_tokens: tokens,
            input_token_details: { text_tokens: 0, audio_tokens: 0, image_tokens: 0, cached_tokens: 0 },
            output_token_details: { text_tokens: tokens, audio_tokens: 0 },
        } } });
    }

    async stop() {
        this.webSockets.clients.forEach((call) => call.terminate());
        this.server.closeAllConnections();
        await new Promise((resolve) => this.server.close(resolve));
    }

    #keyOf({ headers }) {
        return /^bearer (.*)$/i.exec(headers.authorization ?? '')?.[1] ?? headers['api-key'] ?? '';
    }

    #isGood(key) {
        if (this.minted.has(key))
            return true;
        return this.keys ? this.keys.includes(key) : key !== '' && !key.startsWith('ek_');
    }

    #answer(request, response) {
        const chunks = [];
        request.on('data', (chunk) => chunks.push(chunk));
        request.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            this.requests.push({ method: request.method, url: request.url, headers: request.headers, text });
            const key = this.#keyOf(request);
            const reply = (status, body) => {
                response.writeHead(status, { 'Content-Type': 'application/json', 'x-request-id': `req_${this.requests.length}` });
                response.end(JSON.stringify(body));
            };
            if (!this.#isGood(key) || this.minted.has(key)) {
                reply(401, { error: errors.key });
            } else if (request.method === 'POST' && /client_secrets$/.test(request.url.split('?')[0])) {
                const value = `ek_${randomBytes(16).toString('hex')}`;
                this.minted.set(value, key);
                reply(200, { value, expires_at: Math.floor(Date.now() / 1000) + this.lifetime,
                    session: { object: 'realtime.session', type: 'realtime', id: 'sess_1', ...JSON.parse(text || '{}').session } });
            } else {
                reply(404, { error: { type: 'invalid_request_error', code: null, message: 'There is no such thing.', param: null } });
            }
        });
    }

    #serve(socket, url, key) {
        const query = new URL(url, 'http://upstream').searchParams;
        const model = query.get('served') ?? query.get('model') ?? 'gpt-realtime'; // as the session says it
        const call = { key, url, running: null, events: [], socket };
        let events = 0;
        call.say = (event) => socket.send(JSON.stringify({ event_id: `event_${++events}`, ...event }));
        socket.on('error', () => {});
        socket.on('message', (data) => {
            const text = data.toString();
            call.events.push(text);
            if (JSON.parse(text).type !== 'response.create')
                return;
            call.running = `resp_${++this.#responses}`;
            call.say({ type: 'response.created', response: { object: 'realtime.response', id: call.running, status: 'in_progress' } });
            if (this.answersAtOnce)
                this.finish(call);
        });
        this.calls.push(call);
        call.say({ type: 'session.created', session: { type: 'realtime', object: 'realtime.session', id: `sess_${this.calls.length}`, model } });
    }
}

/** One that listens, and which the test stops. */
export async function startBillingUpstream(t, options) {
    const upstream = await new BillingUpstream(options).listen();
    t.after(() => upstream.stop());
    return upstream;
}
