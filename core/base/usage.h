// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace rr {

/// What a model has read, heard, seen and said, as OpenAI counts it for its bill: in tokens, and where it bills time, in
/// milliseconds. What was in its cache is counted apart, and not among the others. A plain value.
struct Usage
{
    // Tokens
    qint64 textIn = 0;
    qint64 audioIn = 0;
    qint64 imageIn = 0;
    qint64 textCached = 0; ///< of the input
    qint64 audioCached = 0;
    qint64 imageCached = 0;
    qint64 textOut = 0;
    qint64 audioOut = 0;

    qint64 ms = 0; ///< of speech: Live, translation, and transcription that is billed by time

    qint64 tokensIn() const { return textIn + audioIn + imageIn + textCached + audioCached + imageCached; }
    qint64 tokensOut() const { return textOut + audioOut; }
    bool isEmpty() const { return *this == Usage(); }

    Usage &operator+=(const Usage &other)
    {
        textIn += other.textIn;
        audioIn += other.audioIn;
        imageIn += other.imageIn;
        textCached += other.textCached;
        audioCached += other.audioCached;
        imageCached += other.imageCached;
        textOut += other.textOut;
        audioOut += other.audioOut;
        ms += other.ms;
        return *this;
    }
    bool operator==(const Usage &) const = default;
};

} // namespace rr
