// SPDX-License-Identifier: MIT
// Small proxies: HTTP CONNECT (RFC 9110 9.3.6) and SOCKS5 (RFC 1928, 1929). Each counts where it was sent to.
import http from 'node:http';
import net from 'node:net';

function tunnel(client, port, host, onConnected, onFailed) {
    const target = net.connect(port, host, () => {
        onConnected();
        client.pipe(target).pipe(client);
    });
    target.on('error', onFailed);
    client.on('error', () => target.destroy());
    client.on('close', () => target.destroy());
    target.on('close', () => client.destroy());
}

async function listen(server, scheme, targets, address = '127.0.0.1') {
    const sockets = new Set();
    server.on('connection', (socket) => sockets.add(socket));
    await new Promise((resolve) => server.listen(0, address, resolve));
    const host = net.isIPv6(address) ? `[${address}]` : address;
    return {
        targets,
        port: server.address().port,
        url: `${scheme}://${host}:${server.address().port}`,
        stop: () => {
            sockets.forEach((socket) => socket.destroy());
            return new Promise((resolve) => server.close(resolve));
        },
    };
}

/** `user` and `password`: asked for when given. `refuseWith`: a status for every request. `address`: to listen on. */
export function startHttpProxy({ user, password, refuseWith, address } = {}) {
    const targets = [];
    const expected = user && `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const server = http.createServer((_, response) => response.writeHead(405).end());
    server.on('connect', (request, client, rest) => {
        if (refuseWith) {
            client.end(`HTTP/1.1 ${refuseWith} No\r\nContent-Length: 0\r\n\r\n`);
            return;
        }
        if (expected && request.headers['proxy-authorization'] !== expected) {
            client.write('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="test"\r\n'
                + 'Content-Length: 0\r\n\r\n');
            client.on('error', () => {});
            client.once('data', (chunk) => server.emit('retry', chunk, client));
            return;
        }
        targets.push(request.url);
        // An authority (RFC 9110 9.3.6): an IPv6 address is in brackets (RFC 3986 3.2.2).
        const parts = /^(?:\[([0-9a-f:]+)\]|([^:]+)):(\d+)$/.exec(request.url);
        if (!parts) {
            client.end('HTTP/1.1 400 Bad Request\r\n\r\n');
            return;
        }
        const host = parts[1] ?? parts[2];
        const port = parts[3];
        if (rest.length)
            client.unshift(rest);
        tunnel(client, Number(port), host, () => client.write('HTTP/1.1 200 Connection established\r\n\r\n'),
            () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    });
    // The second attempt, with the password, may come on the same connection.
    server.on('retry', (chunk, client) => {
        client.unshift(chunk);
        server.emit('connection', client);
    });
    return listen(server, 'http', targets, address);
}

export function startSocksProxy({ user, password, address } = {}) {
    const targets = [];
    const server = net.createServer((client) => {
        client.on('error', () => {});
        let bytes = Buffer.alloc(0);
        let step = 'greeting';
        const onData = (chunk) => {
            bytes = Buffer.concat([bytes, chunk]);
            while (advance()) { /* as far as it goes */ }
        };
        const take = (size) => {
            const taken = bytes.subarray(0, size);
            bytes = bytes.subarray(size);
            return taken;
        };
        const advance = () => {
            if (step === 'greeting' && bytes.length >= 2 && bytes.length >= 2 + bytes[1]) {
                const methods = [...take(2 + bytes[1]).subarray(2)];
                const method = user ? 2 : 0;
                client.write(Buffer.from([5, methods.includes(method) ? method : 0xff]));
                step = user ? 'password' : 'request';
                return true;
            }
            if (step === 'password' && bytes.length >= 2 && bytes.length >= 3 + bytes[1]
                && bytes.length >= 3 + bytes[1] + bytes[2 + bytes[1]]) {
                const nameSize = bytes[1];
                const name = take(2 + nameSize).toString('latin1', 2);
                const word = take(1 + bytes[0]).toString('latin1', 1);
                const good = name === user && word === password;
                client.write(Buffer.from([1, good ? 0 : 1]));
                step = good ? 'request' : 'over';
                return good;
            }
            if (step === 'request' && bytes.length >= 5) {
                const size = bytes[3] === 1 ? 4 : bytes[3] === 4 ? 16 : 1 + bytes[4];
                if (bytes.length < 4 + size + 2)
                    return false;
                const request = take(4 + size + 2);
                const host = request[3] === 1 ? [...request.subarray(4, 8)].join('.')
                    : request[3] === 4 ? request.toString('hex', 4, 20).match(/..../g).join(':')
                        : request.toString('latin1', 5, 4 + size);
                const port = request.readUInt16BE(4 + size);
                targets.push(net.isIPv6(host) ? `[${new URL(`http://[${host}]`).hostname.slice(1, -1)}]:${port}`
                    : `${host}:${port}`);
                step = 'over';
                client.off('data', onData);
                const reply = (code) => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
                tunnel(client, port, host, () => client.write(reply(0)), () => client.end(reply(5)));
            }
            return false;
        };
        client.on('data', onData);
    });
    return listen(server, 'socks5', targets, address);
}
