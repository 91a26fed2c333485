// SPDX-License-Identifier: MIT
import http from 'node:http';
import { WebSocketServer } from 'ws';

/**
 * An upstream whose answers to plain requests are the test's: `answer(request, response)`, with the request's body in
 * `request.text`. Every upgrade is taken, and what it was asked for is kept.
 */
export class RestUpstream {
    requests = []; ///< { method, url, headers, text }, in order
    upgrades = []; ///< { url, headers }

    constructor(answer) {
        this.answer = answer;
        this.sockets = new WebSocketServer({ noServer: true });
        this.server = http.createServer((request, response) => {
            const chunks = [];
            request.on('data', (chunk) => chunks.push(chunk));
            request.on('end', () => {
                request.text = Buffer.concat(chunks).toString();
                this.requests.push({ method: request.method, url: request.url, headers: request.headers, text: request.text });
                this.answer(request, response);
            });
        });
        this.server.on('upgrade', (request, socket, head) => {
            this.upgrades.push({ url: request.url, headers: request.headers });
            this.sockets.handleUpgrade(request, socket, head, (client) => client.on('error', () => {}));
        });
    }

    async listen(path = '/v1/realtime') {
        await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
        this.port = this.server.address().port;
        this.url = `ws://127.0.0.1:${this.port}${path}`;
        return this;
    }

    get last() {
        return this.requests.at(-1);
    }

    async stop() {
        for (const client of this.sockets.clients)
            client.terminate();
        this.server.closeAllConnections();
        await new Promise((resolve) => this.server.close(resolve));
    }
}

/** Answers as JSON. */
export function json(response, status, body, headers = {}) {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
