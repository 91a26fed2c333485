// SPDX-License-Identifier: MIT
#include "core/call/untoldusage.h"

namespace rr {

namespace {

/// What a voice model says in a second, and hears (OpenAI's guide to costs of Realtime: one token for 50 ms, and for 100 ms).
constexpr qint64 spokenTokensASecond = 20;
constexpr qint64 heardTokensASecond = 10;
/// Text that is written has more bytes for a token, and what is read has more around it.
constexpr qint64 writtenBytesAToken = 3;
constexpr qint64 readBytesAToken = 4;
/// Around the audio in {"type":"input_audio_buffer.append","audio":"…"}.
constexpr qint64 aroundAppended = 48;
/// What was appended when the upstream tells that speech has begun, and is part of it.
constexpr qint64 speechBeforeMs = 2000;

qint64 tokensOf(qint64 ms, qint64 aSecond)
{
    return (ms * aSecond + 999) / 1000;
}

/// Base64 of so much audio.
qint64 base64Of(qint64 ms, qint64 bytesPerMs)
{
    return ms * bytesPerMs / 3 * 4;
}

void takeOff(qint64 &from, qint64 much)
{
    from = std::max<qint64>(0, from - much);
}

} // namespace

void UntoldUsage::setFormats(int heardBytesPerMs, int spokenBytesPerMs)
{
    m_heardPerMs = heardBytesPerMs;
    m_sessionSpokenPerMs = spokenBytesPerMs;
    m_spokenPerMs = m_responses > 0 ? std::min(m_spokenPerMs, spokenBytesPerMs) : spokenBytesPerMs;
}

void UntoldUsage::clientSaid(bool appendsAudio, bool asks, qint64 bytes, qint64 nowNs)
{
    if (appendsAudio)
        m_appendedBytes += std::max<qint64>(0, bytes - aroundAppended);
    else
        m_saidBytes += bytes;
    if (!asks)
        return;
    ++m_asked;
    m_askedNs = nowNs;
}

void UntoldUsage::upstreamSaid(EventType type, qint64 bytes, qint64 around, bool isTranscribed)
{
    if (isAudioFromUpstream(type)) {
        m_spokenBytes += std::max<qint64>(0, bytes - around);
    } else if (isWrittenByResponse(type)) {
        m_writtenTokens += std::max<qint64>(1, (bytes - around) / writtenBytesAToken);
    } else if (beginsResponse(type)) {
        if (m_responses++ == 0) {
            m_spokenPerMs = m_sessionSpokenPerMs;
            m_saidBefore = m_saidBytes;
        }
        takeOffAsked();
    } else if (endsResponse(type)) {
        m_responses = std::max(0, m_responses - 1);
        ++m_ended;
    } else if (isError(type)) {
        takeOffAsked();
    } else if (addsToConversation(type)) {
        m_addedBytes += bytes;
    } else if (tellsSession(type)) {
        m_sessionBytes = bytes;
    } else if (startsSpeech(type)) {
        m_appendedBytes = std::min(m_appendedBytes, base64Of(speechBeforeMs, m_heardPerMs));
    } else if (takesAudio(type)) {
        m_heardBytes += m_appendedBytes;
        if (isTranscribed) {
            ++m_transcripts;
            m_transcribedBytes += m_appendedBytes;
        }
        m_appendedBytes = 0;
    } else if (isTranscriptDelta(type)) {
        m_transcriptTokens += std::max<qint64>(1, (bytes - around) / writtenBytesAToken);
        m_isWrittenAtOnce = m_isWrittenAtOnce || m_transcripts == 0;
    } else if (endsTranscript(type)) {
        m_transcripts = std::max(0, m_transcripts - 1);
        if (!carriesUsage(type))
            transcriptTold({});
    }
}

void UntoldUsage::takeOffAsked()
{
    m_asked = std::max(0, m_asked - 1);
}

void UntoldUsage::tick(qint64 nowNs)
{
    if (nowNs - m_askedNs > askedForNs)
        m_asked = 0;
}

/// Only as much of the estimate goes as was told, for a response may have read little of what there is, or nothing.
void UntoldUsage::responseTold(const Usage &usage)
{
    // The bytes of a picture have nothing to do with what it costs: what was said with one is known when it has been read.
    if (usage.imageIn + usage.imageCached > m_known.imageIn + m_known.imageCached)
        takeOff(m_saidBytes, m_saidBefore);
    if (usage.tokensIn() > m_known.tokensIn())
        m_known = usage;
    const qint64 text
        = (usage.textIn + usage.textCached + usage.imageIn + usage.imageCached) * readBytesAToken;
    takeOff(m_saidBytes, text);
    takeOff(m_addedBytes, text);
    takeOff(m_sessionBytes, text);
    takeOff(m_heardBytes,
        base64Of((usage.audioIn + usage.audioCached) * 1000 / heardTokensASecond, m_heardPerMs));
    if (m_responses == 0) {
        forgetOutput();
        return;
    }
    takeOff(m_spokenBytes, base64Of(usage.audioOut * 1000 / spokenTokensASecond, m_spokenPerMs));
    takeOff(m_writtenTokens, usage.textOut);
}

void UntoldUsage::transcriptTold(const Usage &usage)
{
    m_isWrittenAtOnce = false;
    if (m_transcripts == 0) {
        m_transcribedBytes = m_transcriptTokens = 0;
        return;
    }
    const qint64 ms = usage.ms > 0 ? usage.ms : usage.audioIn * 1000 / heardTokensASecond;
    takeOff(m_transcribedBytes, base64Of(ms, m_heardPerMs));
    takeOff(m_transcriptTokens, usage.textOut);
}

/// As if nothing of it were in a cache, for that is not known, and what changes the session's beginning empties it.
Usage UntoldUsage::readByOne() const
{
    Usage read;
    read.textIn = m_known.textIn + m_known.textCached
        + std::min(mostRead, std::max(m_saidBytes, m_addedBytes + m_sessionBytes) / readBytesAToken);
    read.audioIn = m_known.audioIn + m_known.audioCached
        + std::min(mostRead, tokensOf(heardMs(m_heardBytes), heardTokensASecond));
    read.imageIn = m_known.imageIn + m_known.imageCached;
    read.textIn += std::max<qint64>(0, leastRead - read.tokensIn());
    read.textIn -= std::clamp<qint64>(read.tokensIn() - mostRead, 0, read.textIn);
    return read;
}

Usage UntoldUsage::ofResponses(int responses) const
{
    Usage usage = readByOne();
    usage.textIn *= responses;
    usage.audioIn *= responses;
    usage.imageIn *= responses;
    usage.audioOut = tokensOf(m_spokenBytes / 4 * 3 / m_spokenPerMs, spokenTokensASecond);
    usage.textOut = m_writtenTokens;
    return usage;
}

qint64 UntoldUsage::transcribedMs(bool withAll) const
{
    return heardMs(m_transcribedBytes + (withAll || m_isWrittenAtOnce ? m_appendedBytes : 0));
}

} // namespace rr
