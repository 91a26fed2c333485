// SPDX-License-Identifier: MIT
// What may stand between two sides: it passes messages on, each in fragments with pings between them, and takes its time to
// read, so that what is sent to it waits.
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket, WebSocketServer } from 'ws';

const fragmentBytes = 700;

function sendInFragments(socket, text, withPing) {
    for (let at = 0; at < text.length || at === 0; at += fragmentBytes) {
        socket.send(text.subarray(at, at + fragmentBytes), { binary: false, fin: at + fragmentBytes >= text.length });
        if (at === 0 && withPing)
            socket.ping();
    }
}

/** Passes on what comes from one side, and rests after each message. */
function pass(from, to) {
    let count = 0;
    from.on('message', async (data) => {
        from.pause();
        sendInFragments(to, data, ++count % 10 === 0); // ws gives up where too many pings wait for their answers
        await sleep(1);
        from.resume();
    });
    from.on('close', (code, reason) => (code === 1005 || code === 1006 ? to.close() : to.close(code, reason)));
    from.on('error', () => to.terminate());
}

/** In front of `target`, a ws:// URL without a path; its own is `url`. Handshakes go on with their path and their headers. */
export async function startMiddle(target) {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 0, perMessageDeflate: false,
        handleProtocols: (protocols) => (protocols.has('realtime') ? 'realtime' : false) });
    await new Promise((resolve) => server.once('listening', resolve));
    server.on('connection', (near, request) => {
        const headers = { ...request.headers };
        const protocols = headers['sec-websocket-protocol']?.split(/, */) ?? [];
        for (const name of Object.keys(headers)) {
            if (/^(host|connection|upgrade|sec-websocket-.*)$/.test(name))
                delete headers[name];
        }
        near.pause();
        const far = new WebSocket(new URL(request.url, target), protocols, { headers, perMessageDeflate: false, maxPayload: 0 });
        pass(near, far);
        pass(far, near);
        far.on('open', () => near.resume());
    });
    return {
        url: `ws://127.0.0.1:${server.address().port}`,
        stop: () => {
            server.clients.forEach((socket) => socket.terminate());
            return new Promise((resolve) => server.close(resolve));
        },
    };
}
