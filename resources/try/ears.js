// SPDX-License-Identifier: MIT
// The microphone, as the API takes it: PCM of 16 bits at 24 kHz, 40 ms at a time.

/** Runs in the AudioWorklet, where nothing else of this page is. */
function earsProcessor() {
    registerProcessor('ears', class extends AudioWorkletProcessor {
        step = sampleRate / 24_000;
        position = 0;
        sum = 0;
        count = 0;
        samples = new Int16Array(960);
        filled = 0;

        process([[input = []]]) {
            for (const value of input) {
                this.sum += value;
                ++this.count;
                ++this.position;
                for (; this.position >= this.step; this.position -= this.step) {
                    this.put(this.count ? this.sum / this.count : value);
                    this.sum = this.count = 0;
                }
            }
            return true;
        }

        put(value) {
            this.samples[this.filled++] = Math.max(-1, Math.min(1, value)) * 32_767;
            if (this.filled === this.samples.length) {
                this.port.postMessage(this.samples.slice());
                this.filled = 0;
            }
        }
    });
}

class Ears {
    level = 0;
    loudest = 0;
    sentMs = 0;
    onAudio = () => {};
    /** To be made in a click, or browsers keep it silent. At the device's own rate, which not every browser converts. */
    #context = new AudioContext();
    #stream = null;

    /** Rejects as getUserMedia() does. */
    async open() {
        if (!navigator.mediaDevices)
            throw new Error('');
        this.#context.resume();
        this.#stream = await navigator.mediaDevices.getUserMedia(
            { audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
        const code = URL.createObjectURL(new Blob([`(${earsProcessor})()`], { type: 'text/javascript' }));
        await this.#context.audioWorklet.addModule(code);
        URL.revokeObjectURL(code);
        const node = new AudioWorkletNode(this.#context, 'ears');
        node.port.onmessage = ({ data }) => this.#heard(data);
        this.#context.createMediaStreamSource(this.#stream).connect(node).connect(this.#context.destination);
    }

    #heard(samples) {
        this.level = samples.reduce((loudest, value) => Math.max(loudest, Math.abs(value)), 0) / 32_768;
        this.loudest = Math.max(this.loudest, this.level);
        this.sentMs += samples.length / 24;
        this.onAudio(btoa(String.fromCharCode(...new Uint8Array(samples.buffer))));
    }

    close() {
        this.#stream?.getTracks().forEach((track) => track.stop());
        this.#context.close().catch(() => {}); // it was already, by who hung up while the browser asked
        this.level = 0;
    }
}
