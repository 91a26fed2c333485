// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/usage.h"
#include "core/realtime/eventtype.h"

#include <QtGlobal>

#include <algorithm>

namespace rr {

/// What a Realtime or transcription call has used and is yet to be told: of responses that are under way, and of speech that is being
/// written down. An estimate by how much has passed, rather too high than too low, for who leaves before he is told must not have
/// had it for nothing. What the upstream says counts for more than what the client says, which may be made to be misread. One thread.
class UntoldUsage
{
public:
    /// No model of OpenAI's reads more in a response (tokens), and none reads less.
    static constexpr qint64 mostRead = 128'000;
    static constexpr qint64 leastRead = 100;
    /// A response that was asked for and has not begun by then was refused.
    static constexpr qint64 askedForNs = 5'000'000'000;

    /// Of a session that has told its formats: bytes of audio a millisecond.
    void setFormats(int heardBytesPerMs, int spokenBytesPerMs);
    /// A response that has begun has another: the cheapest of those under way is what counts.
    void setSpoken(int bytesPerMs) { m_spokenPerMs = std::min(m_spokenPerMs, bytesPerMs); }

    /// A whole message of the client, and whether it may append audio, or ask for a response.
    void clientSaid(bool appendsAudio, bool asks, qint64 bytes, qint64 nowNs);
    /// A whole message of the upstream. `around`: bytes of it that are no text or audio. `isTranscribed`: the session has what the
    /// client says written down.
    void upstreamSaid(EventType type, qint64 bytes, qint64 around, bool isTranscribed);
    /// Of a response, or a transcript, that is at its end: what it was. Behind upstreamSaid().
    void responseTold(const Usage &usage);
    void transcriptTold(const Usage &usage);
    /// What has passed of responses is counted.
    void forgetOutput() { m_spokenBytes = m_writtenTokens = 0; }
    void tick(qint64 nowNs);

    int responses() const { return m_responses; } ///< under way
    int asked() const { return m_asked; } ///< and have not begun
    qint64 ended() const { return m_ended; } ///< since the beginning

    /// What has passed of responses, and what so many of them have read.
    Usage ofResponses(int responses) const;
    /// Those that are under way or are asked for.
    Usage ofResponses() const { return ofResponses(m_responses + m_asked); }
    bool hasOutput() const { return m_spokenBytes > 0 || m_writtenTokens > 0; }

    /// Of speech that is written down. `withAll`: what the upstream has not taken yet as well.
    qint64 transcribedMs(bool withAll) const;
    qint64 transcriptTokens() const { return m_transcriptTokens; }

private:
    void takeOffAsked();
    Usage readByOne() const;
    qint64 heardMs(qint64 base64) const { return base64 / 4 * 3 / m_heardPerMs; }

    int m_responses = 0;
    int m_asked = 0;
    qint64 m_ended = 0;
    qint64 m_askedNs = 0;
    // Of what responses have said: base64 of audio, and tokens.
    int m_sessionSpokenPerMs = 48;
    int m_spokenPerMs = 48;
    qint64 m_spokenBytes = 0;
    qint64 m_writtenTokens = 0;
    // Of what they have read.
    Usage m_known; ///< the most that one has told
    qint64 m_saidBytes = 0; ///< by the client since
    qint64 m_saidBefore = 0; ///< of that, before the response began that is under way
    qint64 m_addedBytes = 0; ///< to the conversation since, as the upstream says
    qint64 m_sessionBytes = 0; ///< the session as it was told last, since
    qint64 m_heardBytes = 0; ///< base64 of audio, that was taken into the conversation since
    // Of audio.
    int m_heardPerMs = 48;
    qint64 m_appendedBytes = 0; ///< base64, not taken yet
    qint64 m_transcribedBytes = 0; ///< likewise, taken and not written down to its end
    int m_transcripts = 0; ///< that are not at their end
    qint64 m_transcriptTokens = 0;
    bool m_isWrittenAtOnce = false; ///< before it is taken
};

} // namespace rr
