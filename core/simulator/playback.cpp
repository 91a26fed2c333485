// SPDX-License-Identifier: MIT
#include "core/simulator/playback.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr int tailMs = 200; // what is on its way when the last of it was made

} // namespace

void Playback::play(const QString &responseId)
{
    if (m_playingId == responseId || m_silencedId == responseId)
        return;
    if (!m_playingId.isEmpty())
        end("output_audio_buffer.stopped"_L1); // the tail of the one before
    m_playingId = responseId;
    m_send("output_audio_buffer.started"_L1, {{u"response_id"_s, responseId}});
}

void Playback::finish()
{
    if (!m_playingId.isEmpty())
        m_agenda.plan(tailMs, Agenda::Subject::Playback, [this] { end("output_audio_buffer.stopped"_L1); });
}

void Playback::clear()
{
    if (m_playingId.isEmpty())
        return;
    m_silencedId = m_playingId;
    end("output_audio_buffer.cleared"_L1);
}

void Playback::end(QLatin1StringView type)
{
    m_agenda.drop(Agenda::Subject::Playback);
    m_send(type, {{u"response_id"_s, std::exchange(m_playingId, {})}});
}

} // namespace rr
