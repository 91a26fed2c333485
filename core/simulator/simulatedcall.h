// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/agenda.h"
#include "core/simulator/conversation.h"
#include "core/simulator/eventwriter.h"
#include "core/simulator/sessionsettings.h"
#include "core/simulator/speech.h"

#include <QObject>

#include <memory>

namespace rr {

class Response;

/// One call of the Realtime API, played: takes client events in, gives server events out, knows nothing of
/// sockets or clocks. What it does by and by (a response, a transcription) is planned, and done when its
/// owner says so: after nextInMs() of call time, at whatever speed. Used in one thread, the owner's.
class SimulatedCall : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        SessionSettings::Kind kind = SessionSettings::Kind::Realtime;
        QString model = QStringLiteral("gpt-realtime");
        qint64 expiresAt = 0; ///< seconds since 1970
        quint64 seed = 1; ///< of the ids
    };

    SimulatedCall(std::shared_ptr<const Speech> speech, const Options &options, QObject *parent = nullptr);
    ~SimulatedCall() override;

    void start(); ///< session.created
    /// One client event as JSON. What is wrong with it is answered with an `error` event.
    void receive(const QByteArray &message);

    qint64 nextInMs() const { return m_agenda.nextInMs(); } ///< -1 when nothing is planned
    void runNext() { m_agenda.runNext(); }

Q_SIGNALS:
    void eventReady(const QByteArray &json); ///< a whole server event, to be sent as one message
    void planned(); ///< nextInMs() may have changed

private:
    using Failure = std::optional<ApiError>;
    Failure handle(const QString &type, const QJsonObject &event);
    Failure updateSession(const QJsonObject &event);
    Failure appendAudio(const QJsonObject &event);
    Failure commitAudio();
    Failure createItem(const QJsonObject &event);
    Failure deleteItem(const QJsonObject &event);
    Failure retrieveItem(const QJsonObject &event);
    Failure truncateItem(const QJsonObject &event);
    Failure createResponse(const QJsonObject &parameters);
    Failure cancelResponse(const QJsonObject &event);

    void clearAudio();
    void listen(const QList<qint16> &samples);
    void commitTurn(qint64 audioMs);
    void transcribe(const QString &itemId, qint64 audioMs);
    void announce(const ConversationItem &item);
    ConversationItem madeItem(const QJsonObject &given);
    void send(QLatin1StringView type, const QJsonObject &body = {});
    void sendError(const ApiError &error, const QJsonValue &eventId);
    qint64 bufferedMs() const;

    std::shared_ptr<const Speech> m_speech;
    EventWriter m_writer;
    SessionSettings m_settings;
    QString m_conversationId;
    Conversation m_conversation;
    Agenda m_agenda;
    Vad m_vad;
    qint64 m_bufferedSamples = 0; ///< in the input audio buffer
    QString m_turnId; ///< item that the speech going on will become
    qint64 m_turnStartMs = 0;
    int m_turns = 0;
    bool m_audioWasSent = false;
    Conversation::Tokens m_seen; ///< what earlier responses have read
    std::unique_ptr<Response> m_response;
};

} // namespace rr
