// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/agenda.h"

#include <QJsonObject>
#include <QString>

#include <functional>
#include <utility>

namespace rr {

/// What the other end of a call hears whose audio goes another way than its events (WebRTC, SIP): the
/// output_audio_buffer.* events. Belongs to its call, and lives no longer than the agenda.
class Playback
{
public:
    using Send = std::function<void(QLatin1StringView type, const QJsonObject &body)>;

    Playback(Agenda &agenda, Send send)
        : m_agenda(agenda)
        , m_send(std::move(send))
    {
    }

    void play(const QString &responseId); ///< some of its audio
    void finish(); ///< all of it was made; it is heard a little longer
    /// At the client's wish. No more of that response is heard. Nothing is said where nothing is heard, for the event
    /// would have to name a response.
    void clear();

private:
    void end(QLatin1StringView type);

    Agenda &m_agenda;
    Send m_send;
    QString m_playingId; ///< response that is heard; empty: none
    QString m_silencedId; ///< response that was cleared
};

} // namespace rr
