// SPDX-License-Identifier: MIT
// Plays `cloudflared tunnel --url …`, and Cloudflare's edge: says on standard error what it says, answers /quicktunnel and /ready
// at its --metrics address, ends TLS at an address of this network and carries what comes to the --url. As at the edge, the
// caller's address is put behind what the caller wrote into X-Forwarded-For.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';

const [certFile, keyFile, address, name, ...args] = process.argv.slice(2);
const valueOf = (option) => args[args.indexOf(option) + 1];
const say = (text) => process.stderr.write(`${new Date().toISOString()} ${text}\n`);

if (process.env.TUNNEL_TOKEN || args[0] !== 'tunnel' || !args.includes('--config=')) {
    say(`ERR not played: ${args.join(' ')}`);
    process.exit(1);
}
const target = new URL(valueOf('--url'));
let isReady = false;

say('INF Requesting new quick Tunnel on trycloudflare.com...');
say('ERR decoy https://api.trycloudflare.com/tunnel');

const [metricsHost, metricsPort] = valueOf('--metrics').split(':');
http.createServer((request, response) => {
    if (request.url === '/quicktunnel')
        response.end(JSON.stringify({ hostname: name }));
    else
        response.writeHead(request.url === '/ready' && isReady ? 200 : 503).end('{}');
}).listen(Number(metricsPort), metricsHost);

function onward(request) {
    const before = request.headers['x-forwarded-for'];
    const caller = request.socket.remoteAddress;
    return { ...request.headers, 'x-forwarded-for': before ? `${before}, ${caller}` : caller };
}

const edge = https.createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, (request, response) => {
    const asked = http.request({ host: target.hostname, port: target.port, path: request.url, method: request.method,
        headers: onward(request), agent: false }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
    });
    asked.on('error', () => response.writeHead(502).end('Bad gateway'));
    request.pipe(asked);
});
edge.on('upgrade', (request, socket, head) => {
    const relay = net.connect(Number(target.port), target.hostname, () => {
        const lines = Object.entries(onward(request)).map(([field, value]) => `${field}: ${value}\r\n`);
        relay.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join('')}\r\n`);
        relay.write(head);
        relay.pipe(socket).pipe(relay);
    });
    relay.on('error', () => socket.destroy());
    relay.on('close', () => socket.destroy());
    socket.on('error', () => relay.destroy());
});
edge.listen(443, address, () => {
    say(`INF |  https://${name}  |`);
    isReady = true;
    say('INF Registered tunnel connection connIndex=0 location=test protocol=quic');
});
process.on('SIGTERM', () => {
    say('INF Initiating graceful shutdown due to signal terminated ...');
    process.exit(0);
});
