// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/liveevents.h"
#include "core/simulator/livesession.h"
#include "core/simulator/livesessions.h"
#include "core/simulator/models.h"
#include "core/simulator/playedcall.h"

#include <QPointer>

namespace rr {

/// One connection of GPT-Live. The primary one and a fork's have a session of their own, from session.start on; a
/// sideband is joined to one that goes on. Behind session.closed the server says nothing more, answers no close frame,
/// and cuts the connection 2 s later, unless it was asked to end gracefully.
class LiveCall : public PlayedCall
{
    Q_OBJECT
public:
    struct Options
    {
        LiveDoor door = LiveDoor::Primary;
        QString sessionId{}; ///< in the path of a fork or a sideband
        qint64 expiresAt = 0; ///< seconds since 1970
        Models models{};
        Faults faults{};
        bool gracefulClose = false;
        quint64 seed = 1; ///< of the ids
    };

    LiveCall(
        std::shared_ptr<const Speech> speech, std::shared_ptr<LiveSessions> sessions, const Options &options);
    ~LiveCall() override;

    void start() override; ///< joins a sideband to its session
    void receive(const QByteArray &message) override;
    bool expire() override;

private:
    std::optional<ApiError> begin(const QJsonObject &event);
    void join(LiveSession &session);
    void hangUp(bool told);

    std::shared_ptr<const Speech> m_speech;
    std::shared_ptr<LiveSessions> m_sessions;
    Options m_options;
    EventWriter m_writer;
    std::unique_ptr<LiveSession> m_own;
    QPointer<LiveSession> m_session; ///< null before session.start
    bool m_over = false;
};

} // namespace rr
