// SPDX-License-Identifier: MIT
// The relay that one would write with `ws` in an afternoon: every message received and sent again.
// node relay.mjs PORT UPSTREAM_URL; a private CA comes by NODE_EXTRA_CA_CERTS.
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';

const [port, upstreamUrl] = process.argv.slice(2);
const maxPayload = 24 * 1024 * 1024;

const server = createServer((request, response) => {
    const healthy = request.url === '/health';
    response.writeHead(healthy ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: healthy ? 'healthy' : 'not found' }));
});
const relay = new WebSocketServer({ server, maxPayload });

function close(socket, code, reason) {
    if (code === 1005 || code === 1006) // "none was sent", never sent themselves
        socket.close();
    else
        socket.close(code, reason);
}

relay.on('connection', (client, request) => {
    const query = new URL(request.url, 'http://localhost').search;
    const upstream = new WebSocket(upstreamUrl + query, {
        headers: { Authorization: request.headers.authorization },
        perMessageDeflate: false,
        maxPayload,
    });
    const waiting = [];

    client.on('message', (data, isBinary) => {
        if (upstream.readyState === WebSocket.OPEN)
            upstream.send(data, { binary: isBinary });
        else
            waiting.push([data, isBinary]);
    });
    upstream.on('open', () => {
        for (const [data, isBinary] of waiting.splice(0))
            upstream.send(data, { binary: isBinary });
    });
    upstream.on('message', (data, isBinary) => client.send(data, { binary: isBinary }));

    client.on('close', (code, reason) => close(upstream, code, reason));
    upstream.on('close', (code, reason) => close(client, code, reason));
    client.on('error', () => upstream.close());
    upstream.on('error', () => client.close(1011));
});

server.listen(Number(port), '127.0.0.1');
