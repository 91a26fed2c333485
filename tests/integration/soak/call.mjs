// SPDX-License-Identifier: MIT
// One call of the soak from its birth to its end, of a kind that chance has chosen: both ends are played here.
import { setTimeout as sleep } from 'node:timers/promises';
import { requestHead } from '../harness/http.mjs';
import { connectRaw, connectTo } from '../harness/rawpeer.mjs';
import { until } from '../harness/waiting.mjs';
import { Ear, Voice } from './messages.mjs';

/** Of a hundred calls. */
const kinds = Object.entries({ clientCloses: 40, upstreamCloses: 36, upstreamResets: 8, clientResets: 8, refused: 4, vanishes: 4 });

function choose(random) {
    let left = random() * 100;
    return kinds.find(([, share]) => (left -= share) < 0)?.[0] ?? kinds[0][0];
}

class End {
    constructor(peer, random, tally) {
        this.peer = peer;
        this.voice = new Voice(peer, random);
        this.ear = new Ear(peer, tally);
    }

    /** Stops reading for a while, with much on its way to it. */
    async stopReading(other, ms) {
        this.peer.socket.pause();
        for (let i = 0; i < 300; ++i)
            other.voice.say(8000);
        await sleep(ms);
        this.peer.socket.resume();
    }

    async readSlowly(rounds) {
        for (let i = 0; i < rounds && !this.peer.socket.destroyed; ++i) {
            this.peer.socket.pause();
            await sleep(150);
            this.peer.socket.resume();
            await sleep(50);
        }
    }

    async hearsAll(other) {
        await until(() => this.ear.received === other.voice.sent || this.peer.socket.destroyed, 'all messages').catch(() => {});
        return other.voice.sent - this.ear.received;
    }
}

/**
 * `line`: { relay, upstream, ca, attempts }, where `upstream` gives a call's other end by its number. What becomes of the call is
 * counted in `tally`, and what must not be is a line of tally.failures.
 */
export async function oneCall(line, number, random, rate, tally) {
    const kind = choose(random);
    const fail = (what) => tally.failures.push(`call ${number} (${kind}): ${what}`);
    const options = { query: `model=soak&call=${number}&kind=${kind}`, ca: line.ca,
        localAddress: `127.2.${(number >> 8) & 255}.${number & 255}` }; // whose calls fail is told so a while later
    ++line.attempts;
    try {
        if (kind === 'refused')
            await refused(line, options);
        else if (kind === 'vanishes')
            await vanishes(line, options, number);
        else
            await spoken(line, options, number, kind, random, rate, tally, fail);
        ++tally[kind];
    } catch (error) {
        fail(error.message);
    }
}

async function refused(line, options) {
    const answer = await connectRaw(line.relay, options).then(() => '101', ({ message }) => message);
    if (!/HTTP\/1\.1 503 [^]*\nRetry-After: 7(\r|$)/i.test(answer))
        throw new Error(`the refusal was told as ${answer}`);
}

/** A client that goes while the upstream is still silent. */
async function vanishes({ relay, upstream, ca }, options, number) {
    const { socket, tcp } = connectTo(relay, { ...options, ca });
    socket.write(requestHead(`GET /v1/realtime?${options.query} HTTP/1.1`, {
        Host: 'localhost', Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', Authorization: 'Bearer sk-soak',
    }));
    const peer = await upstream.callee(number);
    peer.start(Buffer.alloc(0));
    peer.socket.resume();
    tcp.resetAndDestroy();
    socket.destroy();
    await peer.end();
}

async function spoken({ relay, upstream }, options, number, kind, random, rate, tally, fail) {
    const connected = connectRaw(relay, options);
    const callee = upstream.callee(number);
    await Promise.all([connected, callee]);
    const client = new End(await connected, random, tally);
    const peer = new End(await callee, random, tally);
    const [first, second] = /^client/.test(kind) ? [client, peer] : [peer, client]; // who ends it, who is told
    const ends = /Closes$/.test(kind);

    const rounds = 10 + Math.floor(random() * 50);
    const reader = random() < 0.5 ? client : peer;
    const other = reader === client ? peer : client;
    const manner = random();
    let aside = Promise.resolve();
    let rests = false;
    for (let i = 0; i < rounds || rests; ++i) { // who does not read is not silent, or it would be taken for gone
        client.voice.say();
        peer.voice.say();
        if (i === 5 && ends && manner < 0.15) {
            ++tally.stopped;
            aside = reader.stopReading(other, 1000 + random() * 3000).finally(() => (rests = false));
            rests = true;
        } else if (i === 5 && ends && manner < 0.25) {
            ++tally.slow;
            aside = reader.readSlowly((5 * rounds) / rate);
        }
        await sleep(1000 / rate);
    }
    await aside;

    const quiet = ends || random() < 0.5; // or it is reset with messages on their way
    let lost = quiet ? await first.hearsAll(second) : 0;
    if (ends) {
        const code = kind === 'clientCloses' ? 1000 : 4000 + (number % 1000);
        const reason = `bye ${number}`;
        await until(() => second.ear.pongs === second.voice.pings, 'all pongs');
        first.voice.say(); // and right behind it
        first.peer.close(code, reason);
        await second.ear.over;
        lost += first.voice.sent - second.ear.received;
        if (second.ear.close?.code !== code || second.ear.close?.reason !== reason)
            fail(`closed with ${code}, told as ${JSON.stringify(second.ear.close)}`);
        second.peer.close(code, reason);
        await first.ear.over;
        first.peer.socket.end();
        second.peer.socket.end();
        await Promise.all([first.peer.end(), second.peer.end()]);
    } else {
        if (quiet)
            lost += await second.hearsAll(first);
        first.peer.reset();
        await second.ear.over;
        checkReset(kind, quiet, second, fail);
        second.peer.socket.end();
        await second.peer.end();
    }
    tally.sent += client.voice.sent + peer.voice.sent;
    tally.lost += lost;
    if (lost)
        fail(`${lost} messages never came`);
}

function checkReset(kind, quiet, { ear, peer }, fail) {
    if (kind === 'clientResets') {
        if (ear.close)
            fail(`the upstream was told ${JSON.stringify(ear.close)}`);
        return;
    }
    if (ear.close)
        peer.close(ear.close.code);
    const told = ear.event?.code === 'upstream_disconnected' && ear.close?.code === 1011;
    // In the middle of a message there can be no event, in the middle of a frame not even a close.
    if (!told && (quiet || !(ear.hasHalfMessage && (ear.close?.code ?? 1011) === 1011)))
        fail(`the client was told ${JSON.stringify(ear.event)} and ${JSON.stringify(ear.close)}`);
}
