// SPDX-License-Identifier: MIT
// Requests that are no calls: well formed ones, and bytes by hand.
import http from 'node:http';
import net from 'node:net';
import { within } from './waiting.mjs';

/** One request to this machine. Resolves to { status, headers, text, json() }. */
export function httpRequest(port, path, { host = '127.0.0.1', method = 'GET', headers = {}, body, agent, localAddress } = {}) {
    const answer = new Promise((resolve, reject) => {
        const options = { host, port, path, method, headers, agent: agent ?? false, localAddress };
        const request = http.request(options, (response) => {
            const chunks = [];
            response.on('data', (chunk) => chunks.push(chunk));
            response.on('error', reject);
            response.on('end', () => {
                const text = Buffer.concat(chunks).toString();
                resolve({
                    status: response.statusCode,
                    headers: response.headers,
                    text,
                    json: () => JSON.parse(text),
                });
            });
        });
        request.on('error', reject);
        request.end(body);
    });
    return within(answer, `the answer to ${method} ${path}`);
}

/** Sends bytes as they are, and collects what comes until the other side ends the connection. */
export function exchange(port, bytes, { thenEnd = false } = {}) {
    const answer = new Promise((resolve, reject) => {
        const socket = net.connect(port, '127.0.0.1', () => {
            socket.write(bytes);
            if (thenEnd)
                socket.end();
        });
        const chunks = [];
        socket.on('data', (chunk) => chunks.push(chunk));
        socket.on('error', (error) => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? null : reject(error)));
        socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    });
    return within(answer, 'the end of the connection');
}

/** The parts of one answer as it came. */
export function parseAnswer(text) {
    const headEnd = text.indexOf('\r\n\r\n');
    const [statusLine, ...lines] = text.slice(0, headEnd).split('\r\n');
    const headers = {};
    for (const line of lines)
        headers[line.slice(0, line.indexOf(':')).toLowerCase()] = line.slice(line.indexOf(':') + 1).trim();
    return { status: Number(statusLine.split(' ')[1]), headers, body: text.slice(headEnd + 4) };
}

export const upgradeHeaders = {
    Host: 'localhost',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** The bytes of a request head. A header whose value is undefined is left out. */
export function requestHead(line, headers) {
    const lines = Object.entries(headers).filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${name}: ${value}`);
    return [line, ...lines, '', ''].join('\r\n');
}
