// SPDX-License-Identifier: MIT
// A program of its own, for NODE_EXTRA_CA_CERTS counts at a process's start: one voice call by OpenAI's official
// client. Arguments: the flavour (ws or native), the relay's https URL. The key is OPENAI_API_KEY. Prints what it
// saw as one line of JSON.
import OpenAI from 'openai';
import { WebSocket as NodesOwnWebSocket } from 'undici';
import { callSettings, spokenTurn } from './audio.mjs';

const [flavour, baseURL] = process.argv.slice(2);

globalThis.WebSocket ??= NodesOwnWebSocket; // what Node.js has built in from 22 on

async function connect(client) {
    if (flavour === 'ws') {
        const { OpenAIRealtimeWS } = await import('openai/realtime/ws');
        return new OpenAIRealtimeWS({ model: 'gpt-realtime' }, client);
    }
    const { OpenAIRealtimeWebSocket } = await import('openai/realtime/websocket');
    return new OpenAIRealtimeWebSocket({ model: 'gpt-realtime' }, client);
}

const client = new OpenAI({ baseURL, organization: 'org-test', project: 'proj_test' });
const call = await connect(client);
const seen = { types: [], errors: [], audioBytes: 0, transcript: '', usage: [] };

const finished = new Promise((resolve) => {
    call.socket.addEventListener('close', ({ code, reason }) => resolve({ code, reason }));
});
call.on('error', (error) => seen.errors.push(error.error ?? { message: error.message }));
call.on('event', (event) => seen.types.push(event.type));
call.on('session.created', () => call.send(callSettings));
call.on('session.updated', () => {
    for (const audio of spokenTurn())
        call.send({ type: 'input_audio_buffer.append', audio });
});
call.on('response.output_audio.delta', ({ delta }) => (seen.audioBytes += Buffer.from(delta, 'base64').length));
call.on('response.output_audio_transcript.delta', ({ delta }) => (seen.transcript += delta));
call.on('response.done', ({ response }) => {
    seen.usage.push(response.usage);
    if (seen.usage.length === 2) {
        call.close({ code: 1000, reason: 'bye' });
        return;
    }
    call.send({
        type: 'conversation.item.create',
        item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'And once more, please.' }] },
    });
    call.send({ type: 'response.create' });
});

seen.close = await finished;
console.log(JSON.stringify(seen));
