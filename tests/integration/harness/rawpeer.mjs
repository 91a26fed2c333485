// SPDX-License-Identifier: MIT
// Both ends of a WebSocket connection by hand: a client that sends any bytes, an upstream that does.
import { createHash } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import { upgradeHeaders, requestHead } from './http.mjs';
import { closePayload, frame, FrameReader, opcodes } from './frames.mjs';
import { moved, Queue, within } from './waiting.mjs';

/** What answers the Sec-WebSocket-Key of a handshake (RFC 6455 4.2.2). */
export const acceptFor = (key) => createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

/** One end after the handshake. A client masks what it sends. Pings are answered while `answersPings` says so. */
export class RawPeer {
    answersPings = true;
    received = []; ///< every frame, in order
    #frames = new Queue();
    #reader = new FrameReader();

    /** `tcp`: the connection below TLS, where there is TLS. */
    constructor(socket, { head, masks, tcp = socket }) {
        this.socket = socket;
        this.tcp = tcp;
        this.head = head;
        this.masks = masks;
        this.ended = new Promise((resolve) => socket.on('close', resolve));
        this.ended.then(() => this.#frames.end('the connection ended'));
    }

    /** Begins to read; `first` came with the handshake. */
    start(first) {
        this.#take(first);
        this.socket.on('data', (chunk) => this.#take(chunk));
    }

    #take(chunk) {
        for (const one of this.#reader.push(chunk)) {
            this.received.push(one);
            this.#frames.push(one);
            if (one.opcode === opcodes.ping && this.answersPings)
                this.send(opcodes.pong, one.payload);
        }
    }

    get pendingBytes() {
        return this.#reader.pendingBytes;
    }

    next(what = 'a frame') {
        return this.#frames.next(what, () => moved(this.socket));
    }

    /** The next frame of this opcode; others are passed over. */
    async nextOf(opcode) {
        for (;;) {
            const one = await this.next(`a frame of opcode ${opcode}`);
            if (one.opcode === opcode)
                return one;
        }
    }

    frame(opcode, payload, options) {
        return frame(opcode, payload, { masked: this.masks, ...options });
    }

    send(opcode, payload, options) {
        this.socket.write(this.frame(opcode, payload, options));
    }

    text(payload, options) {
        this.send(opcodes.text, payload, options);
    }

    close(code, reason) {
        this.send(opcodes.close, code ? closePayload(code, reason) : '');
    }

    write(bytes) {
        this.socket.write(bytes);
    }

    cut() {
        this.socket.destroy();
    }

    /** Ends the connection by a RST: what has not been read is gone. */
    reset() {
        this.tcp.resetAndDestroy();
        this.socket.destroy();
    }

    end() {
        return within(this.ended, 'the end of the connection', () => moved(this.socket));
    }
}

/** Reads a head from a socket; gives { head, rest }. */
function readHead(socket) {
    return new Promise((resolve, reject) => {
        let bytes = Buffer.alloc(0);
        const onData = (chunk) => {
            bytes = Buffer.concat([bytes, chunk]);
            const end = bytes.indexOf('\r\n\r\n');
            if (end < 0)
                return;
            socket.off('data', onData);
            socket.off('close', onClose);
            socket.pause();
            resolve({ head: bytes.toString('latin1', 0, end), rest: bytes.subarray(end + 4) });
        };
        const onClose = () => reject(new Error(`the connection ended after ${bytes.length} bytes of a head`));
        socket.on('data', onData);
        socket.on('close', onClose);
    });
}

/** A connection to the relay, over TLS where it speaks that: { socket, tcp }. */
export function connectTo(relay, { ca, localAddress } = {}) {
    const tcp = net.connect({ port: relay.port, host: relay.host, noDelay: true, localAddress });
    const socket = relay.tls ? tls.connect({ socket: tcp, servername: 'localhost', ca }) : tcp;
    tcp.on('error', () => {});
    socket.on('error', () => {});
    return { socket, tcp };
}

/** A client by hand, its handshake done. */
export async function connectRaw(relay, { query = 'model=gpt-realtime', headers = {}, ...options } = {}) {
    const { socket, tcp } = connectTo(relay, options);
    socket.write(requestHead(`GET /v1/realtime?${query} HTTP/1.1`,
        { ...upgradeHeaders, Authorization: 'Bearer sk-raw-client', ...headers }));
    const { head, rest } = await within(readHead(socket), 'the answer to the handshake');
    if (!head.startsWith('HTTP/1.1 101 '))
        throw new Error(`the handshake was refused: ${head}`);
    const peer = new RawPeer(socket, { head, masks: true, tcp });
    peer.start(rest);
    socket.resume();
    return peer;
}

/** An upstream by hand: `next()` gives one RawPeer after the other, as they come. */
export class RawUpstream {
    connections = 0;
    #peers = new Queue();
    #sockets = new Set();
    #belowTls = new Map(); ///< by the other side's port

    /** `accept: false`: the handshake is left unanswered until peer.accept() is called. */
    constructor({ accept = true, secure } = {}) {
        const onConnection = (socket) => this.#serve(socket, accept);
        this.server = secure ? tls.createServer(secure, onConnection) : net.createServer(onConnection);
        this.scheme = secure ? 'wss' : 'ws';
        if (secure)
            this.server.on('connection', (tcp) => this.#belowTls.set(tcp.remotePort, tcp));
    }

    async listen() {
        await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
        this.port = this.server.address().port;
        this.url = `${this.scheme}://127.0.0.1:${this.port}/v1/realtime`;
        return this;
    }

    async #serve(socket, accept) {
        ++this.connections;
        this.#sockets.add(socket);
        socket.setNoDelay(true);
        socket.on('error', () => {});
        const port = socket.remotePort;
        const tcp = this.#belowTls.get(port);
        tcp?.on('error', () => {});
        socket.on('close', () => {
            this.#sockets.delete(socket);
            this.#belowTls.delete(port);
        });
        let read;
        try {
            read = await readHead(socket);
        } catch {
            return; // a probe that sent nothing
        }
        const peer = new RawPeer(socket, { head: read.head, masks: false, tcp });
        peer.accept = (more = '') => {
            const key = /^sec-websocket-key: *(\S+)/im.exec(read.head)[1];
            socket.write(Buffer.concat([
                Buffer.from(requestHead('HTTP/1.1 101 Switching Protocols',
                    { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Accept': acceptFor(key) })),
                Buffer.from(more),
            ]));
            peer.start(read.rest);
            socket.resume();
        };
        if (accept)
            peer.accept();
        this.#peers.push(peer);
    }

    next() {
        return this.#peers.next('a connection to the upstream');
    }

    async stop() {
        this.#sockets.forEach((socket) => socket.destroy());
        await new Promise((resolve) => this.server.close(resolve));
    }
}

export function startUpstream(options) {
    return new RawUpstream(options).listen();
}
