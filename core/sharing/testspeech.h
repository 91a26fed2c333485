// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <chrono>

namespace rr {

/// How much of it one message carries, as browsers send it.
inline constexpr std::chrono::milliseconds testSpeechChunk{100};

/// Piece `number` of what a test call says, PCM16 at 24 kHz in base64: a voice of harmonics with four syllables a second,
/// which says nothing and is nobody's. The same bytes every time. A pure function.
QByteArray testSpeech(int number);

} // namespace rr
