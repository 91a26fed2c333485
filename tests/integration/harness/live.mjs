// SPDX-License-Identifier: MIT
// OpenAI's official classes for GPT-Live and for translations, unmodified, and what a client of theirs does.
import OpenAI from 'openai';
import { LiveWS } from 'openai/resources/live/ws';
import { ForksWS } from 'openai/resources/live/forks/ws';
import { SidebandWS } from 'openai/resources/live/sideband/ws';
import { OpenAIRealtimeTranslationWS } from 'openai/realtime/translations/ws';
import { audioChunks } from './audio.mjs';
import { Queue } from './waiting.mjs';

/** A client of Live at a base address such as http://127.0.0.1:8090/v1. `options` go to its constructor. */
export function liveClient(baseURL, options = {}) {
    return new OpenAI({ baseURL, apiKey: 'sk-test-key', ...options });
}

/** One connection by an official class, and what has come by it. */
class LiveConnection {
    #events = new Queue();
    /** Every event, in order. */
    seen = [];
    /** What the class reported as an error that was no event. */
    failures = [];
    /** How often it dialled again. */
    reconnects = 0;

    constructor(ws) {
        this.ws = ws;
        ws.on('event', (event) => {
            this.seen.push(event);
            this.#events.push(event);
        });
        ws.on('error', (error) => {
            if (!error.error) // else it is an `error` event, which is among the others
                this.failures.push(error.message);
        });
        ws.on('reconnecting', () => ++this.reconnects);
        this.closed = new Promise((resolve) => {
            ws.on('close', (code, reason) => {
                this.#events.end(`the connection was closed with ${code} ${reason}`);
                resolve({ code, reason });
            });
        });
    }

    send(event) {
        this.ws.send(event);
    }

    /** The next event of this type; others are passed over. */
    async event(type) {
        for (;;) {
            const event = await this.#events.next(`the event ${type}`);
            if (event.type === type)
                return event;
        }
    }

    /** All deltas of this type until now, joined. */
    text(type) {
        return this.seen.filter((event) => event.type === type).map((event) => event.delta).join('');
    }

    /** Appends so many milliseconds of a loud tone or of silence, PCM16 at 24 kHz. */
    append(durationMs, loud = false) {
        for (const audio of audioChunks(durationMs, loud ? 12_000 : 0))
            this.send({ type: 'session.input_audio.append', audio });
    }
}

/** A primary connection whose session has started: { …, session }. `session`: what session.start has beside the model. */
export async function startLive(client, session = {}, options = {}) {
    const live = new LiveConnection(new LiveWS(client, options));
    live.send({ type: 'session.start', session: { model: 'gpt-live-1', ...session } });
    live.session = (await live.event('session.started')).session;
    return live;
}

/** A sideband of a session. `parameters`: of the query. */
export function attachTo(client, sessionId, parameters = {}) {
    return new LiveConnection(new SidebandWS(client, { session_id: sessionId, ...parameters }));
}

/** A fork of a stored session, started with these overrides. */
export async function forkOf(client, sessionId, overrides = {}) {
    const fork = new LiveConnection(new ForksWS(client, { session_id: sessionId }));
    fork.send({ type: 'session.start', session: overrides });
    fork.session = (await fork.event('session.started')).session;
    return fork;
}

/** An attempt at a primary connection that is expected to fail: { failures, close }. */
export async function refusedLive(client, options = {}) {
    const live = new LiveConnection(new LiveWS(client, options));
    const close = await live.closed;
    return { failures: live.failures, close };
}

/** An interpreter by the official class, and what has come by it. `options` go to `ws`, such as `ca`. */
export async function startTranslation(client, options = {}) {
    const ws = await OpenAIRealtimeTranslationWS.create(client, { model: 'gpt-realtime-translate', options });
    const events = new Queue();
    const translation = {
        ws,
        seen: [],
        errors: [],
        async event(type) {
            for (;;) {
                const event = await events.next(`the event ${type}`);
                if (event.type === type)
                    return event;
            }
        },
        append(durationMs, loud = false) {
            for (const audio of audioChunks(durationMs, loud ? 12_000 : 0))
                ws.send({ type: 'session.input_audio_buffer.append', audio });
        },
        text(type) {
            return this.seen.filter((event) => event.type === type).map((event) => event.delta).join('');
        },
    };
    ws.on('event', (event) => {
        translation.seen.push(event);
        events.push(event);
    });
    ws.on('error', (error) => {
        translation.errors.push(error.message);
        if (!error.error)
            events.end(error.message);
    });
    translation.session = (await translation.event('session.created')).session;
    return translation;
}
