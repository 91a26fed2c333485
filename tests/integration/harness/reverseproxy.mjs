// SPDX-License-Identifier: MIT
// Something that stands between a browser and the relay, and does what such things do.
import http from 'node:http';
import net from 'node:net';

/**
 * `secret`: only what has /s/SECRET before its path is passed on, without it, and the page; `passesUpgrades`, `status`: may be
 * changed while it runs: whether WebSockets get through, and what is answered instead of anything. Like some tunnels it
 * writes the relay's own address into Host, and so the relay cannot know the page's origin for its own.
 */
export async function startReverseProxy(relayPort, secret = '') {
    const proxy = { passesUpgrades: true, status: 0 };
    const sockets = new Set();
    const host = `127.0.0.1:${relayPort}`;
    const behind = (path) => {
        if (!secret || path === '/try')
            return path;
        return path.startsWith(`/s/${secret}/`) ? path.slice(secret.length + 3) : null;
    };

    const server = http.createServer((request, response) => {
        const path = behind(request.url);
        if (proxy.status || path === null) {
            response.writeHead(proxy.status || 404).end('<html>');
            return;
        }
        const asked = http.request({ port: relayPort, host: '127.0.0.1', path, method: request.method, headers: { ...request.headers, host } },
            (answer) => answer.pipe(response.writeHead(answer.statusCode, answer.rawHeaders)));
        asked.on('error', () => response.writeHead(502).end());
        request.pipe(asked);
    });
    server.on('upgrade', (request, client, rest) => {
        const path = behind(request.url);
        if (!proxy.passesUpgrades || path === null) {
            client.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
            return;
        }
        const relay = net.connect(relayPort, '127.0.0.1', () => {
            const headers = Object.entries({ ...request.headers, host }).map(([name, value]) => `${name}: ${value}\r\n`);
            relay.write(`GET ${path} HTTP/1.1\r\n${headers.join('')}\r\n`);
            relay.write(rest);
            relay.pipe(client).pipe(relay);
        });
        relay.on('error', () => client.destroy()).on('close', () => client.destroy());
        client.on('error', () => relay.destroy()).on('close', () => relay.destroy());
    });
    server.on('connection', (socket) => sockets.add(socket.on('close', () => sockets.delete(socket))));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy.port = server.address().port;
    proxy.stop = () => {
        sockets.forEach((socket) => socket.destroy());
        return new Promise((resolve) => server.close(resolve));
    };
    return proxy;
}
