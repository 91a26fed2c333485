// SPDX-License-Identifier: MIT
// An upstream that speaks of sessions as OpenAI's does at its other paths: GPT-Live, translations, transcription, sidebands.
import http from 'node:http';
import https from 'node:https';
import { WebSocketServer } from 'ws';

/** When OpenAI would end the sessions, epoch seconds. */
export const expiresAt = 1_900_000_000;

export class SessionUpstream {
    upgrades = []; ///< { url, headers, received, sent } of each; messages as text
    received = []; ///< messages, as text
    sent = [];
    closes = []; ///< { code, reason } of each connection's end

    /**
     * `secure`: { cert, key }. `closesWith`: the close code behind session.closed; null: none, and the connection is cut
     * `cutAfterMs` later.
     */
    constructor({ secure, path = '/v1/realtime', closesWith = null, cutAfterMs = 200 }) {
        Object.assign(this, { path, closesWith, cutAfterMs });
        this.scheme = secure ? 'wss' : 'ws';
        this.server = secure ? https.createServer(secure) : http.createServer();
        this.webSockets = new WebSocketServer({ noServer: true, handleProtocols: () => false });
        this.server.on('upgrade', (request, socket, head) => {
            const upgrade = { url: request.url, headers: request.headers, received: [], sent: [] };
            this.upgrades.push(upgrade);
            socket.on('error', () => {});
            if (request.headers.origin !== undefined && request.url.includes('/live/')) // whoever it is
                socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
            else
                this.webSockets.handleUpgrade(request, socket, head, (call) => this.#serve(call, upgrade));
        });
    }

    async listen() {
        await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
        this.port = this.server.address().port;
        this.url = `${this.scheme}://localhost:${this.port}${this.path}`;
        return this;
    }

    /** Cuts all calls. */
    cut() {
        this.webSockets.clients.forEach((call) => call.terminate());
    }

    async stop() {
        this.cut();
        await new Promise((resolve) => this.server.close(resolve));
    }

    #serve(call, { url, received, sent }) {
        const say = (event) => {
            const text = JSON.stringify({ event_id: `event_${this.sent.length}`, ...event });
            this.sent.push(text);
            sent.push(text);
            call.send(text);
        };
        const isLive = url.includes('/live/sessions');
        const session = { id: 'sess_1', model: 'm', expires_at: expiresAt };
        call.on('error', () => {});
        call.on('close', (code, reason) => this.closes.push({ code, reason: reason.toString() }));
        call.on('message', (data) => {
            this.received.push(data.toString());
            received.push(data.toString());
            const event = JSON.parse(data);
            switch (event.type) {
            case 'session.start':
                say({ type: 'session.started', session: { ...session, ...event.session } });
                break;
            case 'session.input_audio.append':
            case 'session.input_audio_buffer.append':
                say({ type: 'session.output_audio.delta', delta: event.audio });
                break;
            case 'input_audio_buffer.append':
                say({ type: 'conversation.item.input_audio_transcription.delta', item_id: 'item_1', content_index: 0, delta: 'word' });
                break;
            case 'session.close':
                say({ type: 'session.closed', reason: 'close_requested', usage: { seconds: 1 }, session });
                if (this.closesWith)
                    call.close(this.closesWith, 'over');
                else // and answers no close frame either
                    setTimeout(() => call.terminate(), this.cutAfterMs).unref();
                break;
            }
        });
        if (url.includes('/attach'))
            say({ type: 'session.output_audio.delta', delta: 'AAAA', start_ms: 0, end_ms: 100 });
        else if (!isLive)
            say({ type: 'session.created', session: { ...session, type: url.includes('/translations') ? 'translation' : 'realtime', audio: {} } });
    }
}
