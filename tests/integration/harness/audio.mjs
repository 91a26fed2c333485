// SPDX-License-Identifier: MIT
// PCM16 at 24 kHz, as the Realtime API takes it.

const rate = 24_000;

/** So many milliseconds of a loud tone (or of silence) as base64 chunks of 100 ms. */
export function audioChunks(durationMs, amplitude) {
    const perChunk = rate / 10;
    const chunks = [];
    for (let chunk = 0; chunk < durationMs / 100; ++chunk) {
        const samples = Buffer.alloc(2 * perChunk);
        for (let i = 0; i < perChunk; ++i) {
            const phase = (2 * Math.PI * 220 * (chunk * perChunk + i)) / rate;
            samples.writeInt16LE(Math.round(amplitude * Math.sin(phase)), 2 * i);
        }
        chunks.push(samples.toString('base64'));
    }
    return chunks;
}

/** What a caller says and is then quiet after. */
export function spokenTurn() {
    return [...audioChunks(1000, 12_000), ...audioChunks(1200, 0)];
}

export const callSettings = {
    type: 'session.update',
    session: {
        type: 'realtime',
        output_modalities: ['audio'],
        audio: {
            input: {
                format: { type: 'audio/pcm', rate },
                turn_detection: { type: 'server_vad' },
                transcription: { model: 'gpt-4o-mini-transcribe' },
            },
            output: { format: { type: 'audio/pcm', rate }, voice: 'marin' },
        },
    },
};
