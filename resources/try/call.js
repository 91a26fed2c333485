// SPDX-License-Identifier: MIT
// One call: what the microphone hears goes up, what comes down is played, and the page is told of it.

/** In the words of the API of today. */
const session = {
    type: 'realtime',
    output_modalities: ['audio'],
    instructions: 'Somebody tries whether the line works. Answer in one or two short sentences, in the language that you hear.',
    audio: {
        input: {
            format: { type: 'audio/pcm', rate: 24_000 },
            transcription: { model: 'gpt-4o-mini-transcribe' },
            turn_detection: { type: 'server_vad' },
        },
        output: { format: { type: 'audio/pcm', rate: 24_000 } },
    },
};

class Call {
    interruptions = 0;
    latencies = [];
    #tell;
    #ears = new Ears();
    #voice = new Voice();
    #leaving = new AbortController();
    #socket = null;
    #error = null;
    #stoppedSpeaking = null;
    #interrupted = null;

    /**
     * To be made in a click. `tell` has functions: phase(word) when something else is going on; turn(item, isMine) when
     * somebody begins to speak, added(item, text) and whole(item, text) with what is said, latency(item, ms) when
     * the answer to a turn is first heard, opened(times), warned(failure), and ended(failure), null: as was asked for.
     */
    constructor(tell) {
        this.#tell = tell;
    }

    get levels() {
        return { mine: this.#ears.level, its: this.#voice.level };
    }

    get figures() {
        return { sentMs: this.#ears.sentMs, playedMs: this.#voice.playedMs, loudest: this.#voice.loudest };
    }

    get isSpeaking() {
        return this.#voice.isSpeaking;
    }

    /** For five seconds not even what any room has: the microphone may be muted. */
    get hearsNothing() {
        return this.#ears.sentMs > 5000 && this.#ears.loudest < 0.005;
    }

    async run(key, model) {
        this.#tell.phase('askingMicrophone');
        try {
            await Promise.all([this.#ears.open(), this.#voice.resume()]);
        } catch (error) {
            this.#end({ ...whyNoMicrophone(error), check: 'microphone' });
            return;
        }
        if (this.#leaving.signal.aborted) { // while the browser asked
            this.#ears.close();
            return;
        }
        this.#tell.phase('connecting');
        try {
            const { socket, ...times } = await connect(key, model, this.#leaving.signal);
            this.#socket = socket;
            this.#tell.opened(times);
        } catch (failure) {
            this.#end(failure && { ...failure, check: 'webSocket' });
            return;
        }
        this.#socket.onmessage = ({ data }) => this.#received(JSON.parse(data));
        this.#socket.onclose = ({ code, reason }) => this.#end(whyClosed(code, reason, this.#error));
        this.#send({ type: 'session.update', session });
    }

    hangUp() {
        this.#end(null);
    }

    #end(failure) {
        this.#leaving.abort();
        if (this.#socket) {
            this.#socket.onclose = this.#socket.onmessage = null;
            this.#socket.close(1000);
        }
        this.#tell.ended(failure);
        this.#ears.close();
        this.#voice.close();
        this.#tell = new Proxy({}, { get: () => () => {} }); // nothing more
    }

    #send(event) {
        if (this.#socket.readyState === WebSocket.OPEN)
            this.#socket.send(JSON.stringify(event));
    }

    #received(event) {
        switch (event.type) {
        case 'session.updated':
            this.#ears.onAudio = (audio) => this.#send({ type: 'input_audio_buffer.append', audio });
            this.#tell.phase('listening');
            break;
        case 'input_audio_buffer.speech_started':
            this.#interrupt();
            this.#tell.turn(event.item_id, true);
            this.#tell.phase('hearing');
            break;
        case 'input_audio_buffer.speech_stopped':
            this.#stoppedSpeaking = performance.now();
            this.#tell.phase('waiting');
            break;
        case 'conversation.item.input_audio_transcription.delta':
            this.#tell.added(event.item_id, event.delta);
            break;
        case 'conversation.item.input_audio_transcription.completed':
            this.#tell.whole(event.item_id, event.transcript);
            break;
        case 'conversation.item.input_audio_transcription.failed':
            this.#tell.whole(event.item_id, '');
            break;
        case 'response.output_audio.delta':
            this.#speak(event);
            break;
        case 'response.output_audio_transcript.delta':
            this.#tell.turn(event.item_id, false);
            this.#tell.added(event.item_id, event.delta);
            break;
        case 'response.done':
            if (event.response.status === 'failed')
                this.#tell.warned({ word: 'answerFailed', quote: event.response.status_details?.error?.message ?? '' });
            break;
        case 'error':
            this.#error = event.error;
            this.#tell.warned({ word: 'serviceComplains', quote: event.error.message });
            break;
        }
    }

    #speak({ item_id: item, delta }) {
        if (item === this.#interrupted) // what was still on its way
            return;
        this.#tell.turn(item, false);
        this.#voice.play(item, delta);
        this.#tell.phase('speaking');
        if (this.#stoppedSpeaking === null)
            return;
        const ms = performance.now() - this.#stoppedSpeaking;
        this.#stoppedSpeaking = null;
        this.latencies.push(ms);
        this.#tell.latency(item, ms);
    }

    /** Who is interrupted has said no more than was heard. */
    #interrupt() {
        const heard = this.#voice.interrupt();
        if (!heard)
            return;
        ++this.interruptions;
        this.#interrupted = heard.item;
        this.#send({ type: 'conversation.item.truncate', item_id: heard.item, content_index: 0, audio_end_ms: heard.ms });
    }
}
