// SPDX-License-Identifier: MIT
// Recorded sessions, and an upstream that plays them.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { openCall } from './call.mjs';

export const recordings = fileURLToPath(new URL('../../data/realtime/recordings/', import.meta.url));

/** Each line of a recording as { from, event, bytes }: whose event it is, and its bytes as they were. */
export function readRecording(file) {
    return readFileSync(join(recordings, file), 'utf8').trimEnd().split('\n').map((line) => {
        const { from, event } = JSON.parse(line);
        return { from, event, bytes: line.slice(line.indexOf('{', 1), line.lastIndexOf('}')) };
    });
}

/** Holds it as its client did: answers what has come, and sends no sooner than the recorded one. */
export async function holdAsRecorded(url, file, options = {}) {
    const call = await openCall(url, options);
    for (const { from, bytes } of readRecording(file)) {
        if (from === 'client')
            call.send(bytes);
        else
            await call.message();
    }
    await call.close(1000);
}

/** An upstream that plays in each call the recording that its query names: `recording=FILE`. */
export class RecordedUpstream {
    constructor() {
        this.webSockets = new WebSocketServer({ noServer: true, handleProtocols: () => false });
        this.server = http.createServer();
        this.server.on('upgrade', (request, socket, head) => {
            const file = new URL(request.url, 'http://upstream').searchParams.get('recording');
            this.webSockets.handleUpgrade(request, socket, head, (call) => this.#play(call, readRecording(file)));
        });
    }

    async listen() {
        await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
        this.url = `ws://127.0.0.1:${this.server.address().port}/v1/realtime`;
        return this;
    }

    async stop() {
        this.webSockets.clients.forEach((call) => call.terminate());
        await new Promise((resolve) => this.server.close(resolve));
    }

    #play(call, events) {
        const advance = () => {
            while (events.length && events[0].from === 'server')
                call.send(events.shift().bytes);
        };
        call.on('error', () => {});
        call.on('message', (data) => {
            if (JSON.parse(data).type !== events[0]?.event.type)
                return;
            events.shift();
            advance();
        });
        advance();
    }
}
