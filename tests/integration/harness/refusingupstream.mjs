// SPDX-License-Identifier: MIT
import http from 'node:http';
import https from 'node:https';

/** An upstream that answers every upgrade with one and the same refusal, and counts them. */
export class RefusingUpstream {
    upgrades = 0;
    /** How many of them came with which Authorization. */
    keys = new Map();

    /** `secure`: { cert, key }, for one that speaks TLS. */
    constructor(status, headers, body, secure) {
        const onRequest = (_, response) => response.writeHead(426).end();
        this.server = secure ? https.createServer(secure, onRequest) : http.createServer(onRequest);
        this.scheme = secure ? 'wss' : 'ws';
        this.server.on('upgrade', (request, socket) => {
            ++this.upgrades;
            const key = request.headers.authorization;
            this.keys.set(key, (this.keys.get(key) ?? 0) + 1);
            socket.on('error', () => {});
            const lines = Object.entries({ ...headers, 'Content-Length': Buffer.byteLength(body) })
                .map(([name, value]) => `${name}: ${value}\r\n`);
            socket.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
        });
    }

    async listen() {
        await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
        this.port = this.server.address().port;
        this.url = `${this.scheme}://127.0.0.1:${this.port}/v1/realtime`;
        return this;
    }

    async stop() {
        await new Promise((resolve) => this.server.close(resolve));
    }
}
