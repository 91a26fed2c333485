// SPDX-License-Identifier: MIT
// A program of its own, for NODE_EXTRA_CA_CERTS counts at a process's start: a spoken and a written turn by an unmodified
// client of the Realtime API's beta. Arguments: which one, the relay's URL without a path. The key is OPENAI_API_KEY. Prints,
// as one line of JSON, what the client made of it, and every event that it got.
import { EventEmitter } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { WebSocket } from 'ws';
import { spokenTurn } from './audio.mjs';

const [which, base] = process.argv.slice(2);
const apiKey = process.env.OPENAI_API_KEY;
const written = 'And once more, please.';

// Each has a `ws` somewhere, one its own: what that gets is what the client gets.
const events = [];
const { emit } = EventEmitter.prototype;
EventEmitter.prototype.emit = function (name, data, isBinary) {
    if (name === 'message' && isBinary === false && this.constructor.name === 'WebSocket')
        events.push(JSON.parse(data.toString()));
    return Reflect.apply(emit, this, arguments); // eslint-disable-line prefer-rest-params
};

/** What a caller says, as bytes. */
const spoken = () => spokenTurn().map((chunk) => Buffer.from(chunk, 'base64'));
const arrayBuffer = (bytes) => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);

/** The console's client of 2024, as npm has it. In a page it offers subprotocols, else it sends a header. */
async function reference(inPage) {
    globalThis.WebSocket = inPage ? WebSocket : undefined;
    const { RealtimeClient } = await import('openai-realtime-api');
    const client = new RealtimeClient({ url: `${base}/v1/realtime`, apiKey,
        sessionConfig: { turn_detection: { type: 'server_vad' }, temperature: 0.7, instructions: '' } });
    const interrupted = [];
    client.on('conversation.interrupted', ({ type }) => interrupted.push(type));
    const answer = async () => {
        for (;;) {
            const item = await client.waitForNextCompletedItem();
            if (item.role === 'assistant')
                return;
        }
    };
    await client.connect();
    await client.waitForSessionCreated();
    let next = answer();
    for (const chunk of spoken())
        client.appendInputAudio(arrayBuffer(chunk));
    await next;
    next = answer();
    client.sendUserMessageContent([{ type: 'input_text', text: written }]);
    await next;
    const items = client.conversation.getItems().map(({ type, role, status, content, formatted }) => ({ type, role, status,
        parts: content.map((part) => part.type),
        audio: formatted.audio.length, text: formatted.text, transcript: formatted.transcript }));
    const responses = client.conversation.responses.map(({ output }) => output.length);
    client.disconnect();
    return { items, responses, interrupted };
}

/** Microsoft's: it goes to api.openai.com with wss, wherever that is. It ends its call at the first event it does not know. */
async function microsoft() {
    const { hostname, port, protocol } = new URL(base);
    const there = { host: hostname, port };
    const { connect } = tls;
    tls.connect = (options) => (protocol === 'wss:' ? connect({ ...options, ...there, servername: hostname }) : net.connect(there));
    const { RTClient } = await import('rt-client');
    const client = new RTClient({ key: apiKey }, { model: 'gpt-4o-realtime-preview-2024-12-17' });
    const session = await client.configure({ modalities: ['text', 'audio'], turn_detection: { type: 'none' }, voice: 'echo',
        temperature: 0.9, max_response_output_tokens: 2000 });
    const turns = [];
    async function turn() {
        const response = await client.generateResponse();
        const heard = { transcript: '', audio: 0 };
        for await (const item of response) {
            for await (const content of item) {
                await Promise.all([
                    (async () => { for await (const chunk of content.audioChunks()) heard.audio += chunk.length; })(),
                    (async () => { for await (const text of content.transcriptChunks()) heard.transcript += text; })(),
                ]);
            }
            heard.item = item.status;
        }
        turns.push({ ...heard, status: response.status, output: response.output, usage: response.usage });
    }
    for (const chunk of spoken())
        await client.sendAudio(chunk);
    const said = await client.commitAudio();
    await said.waitForCompletion();
    await turn();
    const item = await client.sendItem({ type: 'message', role: 'user', content: [{ type: 'input_text', text: written }] });
    await turn();
    await client.close();
    return { session, item, turns };
}

/** OpenAI's agents of the beta: what does not fit its shapes it passes over in silence. */
async function agents() {
    const { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession } = await import('@openai/agents-realtime');
    const transport = new OpenAIRealtimeWebSocket({ url: `${base}/v1/realtime?model=gpt-4o-mini-realtime-preview` });
    const agent = new RealtimeAgent({ name: 'Test', instructions: 'Be kind.' });
    const session = new RealtimeSession(agent, { transport, model: 'gpt-4o-mini-realtime-preview',
        config: { turnDetection: { type: 'server_vad' } } });
    const errors = [];
    session.on('error', ({ error }) => errors.push(error));
    let audio = 0;
    session.on('audio', ({ data }) => (audio += data.byteLength));
    let transcript = '';
    transport.on('audio_transcript_delta', ({ delta }) => (transcript += delta));
    const turnDone = () => new Promise((resolve) => transport.once('turn_done', resolve));
    const has = (fits) => new Promise((resolve) => {
        const look = () => fits(session.history) && resolve();
        session.on('history_updated', look);
        look();
    });
    await session.connect({ apiKey });
    let next = turnDone();
    for (const chunk of spoken())
        session.sendAudio(arrayBuffer(chunk));
    await next;
    next = turnDone();
    session.sendMessage(written);
    await next;
    await has((history) => history.length === 4
        && history.every(({ content }) => content.length === 1 && (content[0].text || content[0].transcript)));
    const history = session.history.map(({ type, role, status, content }) => ({ type, role, status,
        content: content.map(({ type, text, transcript }) => ({ type, text, transcript })) }));
    session.close();
    return { history, audio, transcript, errors };
}

const clients = { 'reference, header': () => reference(false), 'reference, page': () => reference(true), microsoft, agents };
const state = await clients[which]();
process.stdout.write(`${JSON.stringify({ state, events })}\n`, () => process.exit(0)); // whatever the client still waits for
