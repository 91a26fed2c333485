// SPDX-License-Identifier: MIT
// Peers that mean harm, to run beside a benchmark in a process of their own:
//   node attacks.mjs NAME PORT
// goes on until it is killed. Which there are, and whether they need a relay with TLS: `attacks`.
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';

const ofPage = 'GET /v1/realtime HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
    + 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://localhost:5173\r\n\r\n';
const metrics = Buffer.from('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(400));

const connect = port => net.connect(port, '127.0.0.1').on('error', () => {});

/** Writes for ever, as fast as it is taken; begins anew where it is cut. */
function flood(port, bytes, reads) {
    const socket = connect(port);
    socket.on('close', () => setTimeout(flood, 20, port, bytes, reads));
    const more = () => {
        while (!socket.destroyed && socket.write(bytes));
    };
    socket.on('drain', more);
    if (reads)
        socket.resume();
    more();
}

/** So many of them, and another for each that is cut. */
async function hold(count, make) {
    let open = 0;
    for (;;) {
        for (; open < count; ++open)
            make().on('close', () => --open);
        await sleep(1);
    }
}

export const attacks = {
    unread: {
        title: '4 connections pipeline /metrics and read nothing',
        run: port => Array.from({ length: 4 }, () => flood(port, metrics, false)),
    },
    pipelined: {
        title: '20 connections pipeline /metrics and read it',
        run: port => Array.from({ length: 20 }, () => flood(port, metrics, true)),
    },
    silent: {
        title: '10,000 connections at once that say nothing',
        run: port => hold(10_000, () => connect(port)),
    },
    silenttls: {
        title: 'the same where TLS is spoken',
        tls: true,
        run: port => hold(10_000, () => connect(port)),
    },
    hellos: {
        title: '100 TLS handshakes a second, and nothing behind them',
        tls: true,
        async run(port) {
            for (;;) {
                const socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false });
                socket.on('error', () => {}).on('secureConnect', () => socket.destroy());
                await sleep(10);
            }
        },
    },
    dripped: {
        title: '1,000 heads of 8 kB, whose end comes byte by byte, 10 a second each',
        async run(port) {
            const sockets = Array.from({ length: 1000 }, () => connect(port));
            sockets.forEach(socket => socket.write(`GET http://x/${'a'.repeat(7500)} HTTP/1.1\r\nX: `));
            for (;;) {
                for (let i = 0; i < sockets.length; ++i) {
                    sockets[i].write('a');
                    if (i % 10 === 0)
                        await sleep(1);
                }
            }
        },
    },
    keyless: {
        title: '400 callers a second without a key, who do not go',
        async run(port) {
            for (;;) {
                connect(port).write(ofPage);
                await sleep(2.5);
            }
        },
    },
};

if (process.argv[1] === fileURLToPath(import.meta.url))
    await attacks[process.argv[2]].run(Number(process.argv[3]));
