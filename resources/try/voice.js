// SPDX-License-Identifier: MIT
// The answers' voice: pieces of PCM of 16 bits at 24 kHz, played one behind the other.
class Voice {
    /** The loudest that was played, 0 to 1. */
    loudest = 0;
    #context = new AudioContext({ sampleRate: 24_000 });
    #analyser = this.#context.createAnalyser();
    #samples = new Float32Array(this.#analyser.fftSize);
    #pieces = []; // { item, begin, end, source }, in seconds of the context
    #doneMs = 0;

    constructor() {
        this.#analyser.connect(this.#context.destination);
    }

    resume() {
        return this.#context.resume();
    }

    get #now() {
        return this.#context.currentTime;
    }

    get isSpeaking() {
        return (this.#pieces.at(-1)?.end ?? 0) > this.#now;
    }

    get playedMs() {
        return this.#doneMs + this.#pieces.reduce((sum, piece) => sum + this.#playedOf(piece), 0);
    }

    #playedOf({ begin, end }) {
        return Math.max(0, Math.min(this.#now, end) - begin) * 1000;
    }

    /** `item`: of the conversation. */
    play(item, base64) {
        const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
        const samples = new Int16Array(bytes.buffer, 0, bytes.length >> 1);
        if (samples.length === 0)
            return;
        const buffer = this.#context.createBuffer(1, samples.length, 24_000);
        buffer.copyToChannel(Float32Array.from(samples, (each) => each / 32_768), 0);
        const source = this.#context.createBufferSource();
        source.buffer = buffer;
        source.connect(this.#analyser);
        // A little later, where nothing is playing, so that the next piece comes in time.
        const begin = this.isSpeaking ? this.#pieces.at(-1).end : this.#now + 0.06;
        source.start(begin);
        this.#forgetOthers(item);
        this.#pieces.push({ item, begin, end: begin + buffer.duration, source });
    }

    /** Those of another item that are over. */
    #forgetOthers(item) {
        const isOver = (piece) => piece.item !== item && piece.end <= this.#now;
        this.#doneMs += this.#pieces.filter(isOver).reduce((sum, piece) => sum + this.#playedOf(piece), 0);
        this.#pieces = this.#pieces.filter((piece) => !isOver(piece));
    }

    /** Falls silent. Returns what it was saying, with how much of that was heard; null: it was silent. */
    interrupt() {
        if (!this.isSpeaking)
            return null;
        const { item } = this.#pieces.find((piece) => piece.end > this.#now);
        const ms = this.#pieces.filter((piece) => piece.item === item)
            .reduce((sum, piece) => sum + this.#playedOf(piece), 0);
        this.#doneMs = this.playedMs;
        this.#pieces.forEach(({ source }) => source.stop());
        this.#pieces = [];
        return { item, ms: Math.floor(ms) };
    }

    get level() {
        this.#analyser.getFloatTimeDomainData(this.#samples);
        const level = this.#samples.reduce((loudest, value) => Math.max(loudest, Math.abs(value)), 0);
        this.loudest = Math.max(this.loudest, level);
        return level;
    }

    close() {
        this.interrupt();
        this.#context.close();
    }
}
