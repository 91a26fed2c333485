// SPDX-License-Identifier: MIT
#include "core/simulator/livecall.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr int hangUpMs = 2000;

} // namespace

LiveCall::LiveCall(
    std::shared_ptr<const Speech> speech, std::shared_ptr<LiveSessions> sessions, const Options &options)
    : m_speech(std::move(speech))
    , m_sessions(std::move(sessions))
    , m_options(options)
    , m_writer(options.seed)
{
}

LiveCall::~LiveCall()
{
    if (!m_own)
        return;
    m_own->disconnect(this);
    m_own->end(u"connection_lost"_s); // sidebands are told
    m_sessions->remove(*m_own);
}

void LiveCall::start()
{
    if (m_options.door != LiveDoor::Sideband)
        return;
    if (LiveSession *session = m_sessions->running(m_options.sessionId))
        join(*session);
    else
        hangUp(false); // it has ended since the handshake
}

void LiveCall::receive(const QByteArray &message)
{
    if (m_over)
        return;
    QJsonParseError parsing;
    const QJsonDocument document = QJsonDocument::fromJson(message, &parsing);
    std::optional<ApiError> failure;
    const QJsonObject event = document.object();
    if (!document.isObject()) {
        failure = ApiError{u"invalid_json"_s,
            u"We could not parse the JSON body of your event: %1."_s.arg(
                parsing.error ? parsing.errorString() : u"it is not an object"_s)};
    } else {
        failure = checkLiveEvent(event, m_options.door);
    }
    if (!failure && event[u"type"_s] == "session.start"_L1)
        failure = begin(event);
    else if (!failure && !m_session)
        failure = ApiError{
            u"session_not_started"_s, u"Send session.start, and wait for session.started, first."_s};
    else if (!failure)
        failure = m_session->handle(event);
    if (failure)
        Q_EMIT eventReady(liveError(m_writer, *failure, event[u"event_id"_s]));
}

std::optional<ApiError> LiveCall::begin(const QJsonObject &event)
{
    if (m_session)
        return ApiError{u"session_already_started"_s, u"The session has been started already."_s, u"type"_s};
    const QString id = m_writer.id("live_"_L1);
    const QJsonObject given = event[u"session"_s].toObject();
    std::optional<LiveSettings> settings;
    if (m_options.door == LiveDoor::Primary) {
        if (auto error = m_options.models.refusal(Surface::Live, given[u"model"_s].toString())) {
            error->param = u"session.model"_s;
            return error;
        }
        settings.emplace(id, m_options.expiresAt, given);
    } else if (const LiveSessions::Stored *stored = m_sessions->stored(m_options.sessionId)) {
        settings = stored->settings.forked(id, m_options.expiresAt);
        if (auto error = settings->update(given))
            return error;
    } else {
        return ApiError{u"session_not_found"_s, u"The stored session is gone."_s};
    }
    m_own = std::make_unique<LiveSession>(m_speech, *settings, m_options.faults, m_writer, m_agenda);
    m_sessions->add(*m_own);
    connect(m_own.get(), &LiveSession::audioReady, this, &LiveCall::eventReady);
    connect(m_own.get(), &LiveSession::planned, this, &LiveCall::planned);
    join(*m_own);
    m_own->start(event[u"event_id"_s]);
    return {};
}

void LiveCall::join(LiveSession &session)
{
    m_session = &session;
    connect(&session, &LiveSession::eventReady, this, &LiveCall::eventReady);
    if (m_options.door == LiveDoor::Sideband)
        connect(&session, &LiveSession::mirrored, this, &LiveCall::eventReady);
    connect(&session, &LiveSession::ended, this, &LiveCall::hangUp);
}

bool LiveCall::expire()
{
    if (m_own)
        m_own->end(u"expired"_s);
    return m_own || m_options.door == LiveDoor::Sideband; // which lasts as long as its session
}

void LiveCall::hangUp(bool told)
{
    m_over = true;
    if (m_own)
        m_sessions->remove(*m_own);
    const bool gracefully = told && m_options.gracefulClose;
    if (!gracefully)
        Q_EMIT fellSilent();
    m_agenda.plan(told ? hangUpMs : 0, Agenda::Subject::End,
        [this, gracefully] { Q_EMIT finished(gracefully ? 1000 : 0, {}); });
    Q_EMIT planned();
}

} // namespace rr
