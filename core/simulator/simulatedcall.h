// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/conversationeditor.h"
#include "core/simulator/eventwriter.h"
#include "core/simulator/inputaudio.h"
#include "core/simulator/models.h"
#include "core/simulator/playback.h"
#include "core/simulator/playedcall.h"
#include "core/simulator/response.h"
#include "core/simulator/sessionsettings.h"
#include "core/simulator/speech.h"

#include <memory>

namespace rr {

/// A call of the Realtime API: a conversation, its transcription alone, or a conversation whose audio goes another way
/// (WebRTC, SIP) and which this connection only watches and steers.
class SimulatedCall : public PlayedCall
{
    Q_OBJECT
public:
    struct Options
    {
        SessionSettings::Kind kind = SessionSettings::Kind::Realtime;
        QString model{}; ///< empty: the default one, until a session.update names another
        Models models{}; ///< that it may name
        QJsonObject configuration{}; ///< to begin with; what checkClientEvent() has let pass
        bool isSideband = false;
        qint64 expiresAt = 0; ///< seconds since 1970
        quint64 seed = 1; ///< of the ids
    };

    SimulatedCall(std::shared_ptr<const Speech> speech, const Options &options, QObject *parent = nullptr);
    ~SimulatedCall() override;

    void start() override; ///< session.created
    void receive(const QByteArray &message) override;

private:
    using Failure = std::optional<ApiError>;
    ResponseStage stage();
    Failure handle(const QString &type, const QJsonObject &event);
    Failure updateSession(const QJsonObject &event);
    Failure appendAudio(const QJsonObject &event);
    Failure commitAudio();
    Failure createResponse(const QJsonObject &parameters);
    Failure cancelResponse(const QJsonObject &event);

    void applySettings(AudioFormat oldFormat);
    void clearAudio();
    void listen(const QList<qint16> &samples);
    void commitTurn(const QByteArray &audio, qint64 audioMs);
    Failure refusedType(const QString &type) const;
    void transcribe(const QString &itemId, qint64 audioMs);
    void send(QLatin1StringView type, const QJsonObject &body = {});
    void sendError(const ApiError &error, const QJsonValue &eventId);
    qint64 bufferedMs() const;

    std::shared_ptr<const Speech> m_speech;
    EventWriter m_writer;
    Models m_models;
    bool m_modelIsSettled;
    SessionSettings m_settings;
    QString m_conversationId;
    Conversation m_conversation;
    Vad m_vad;
    InputAudio m_audio;
    bool m_isSideband;
    ConversationEditor m_editor;
    Playback m_playback;
    qint64 m_bufferedSamples = 0; ///< in the input audio buffer
    QString m_turnId; ///< item that the speech going on will become
    qint64 m_turnStartMs = 0;
    int m_turns = 0;
    bool m_audioWasSent = false;
    Conversation::Tokens m_seen; ///< what earlier responses have read
    std::unique_ptr<Response> m_response;
};

} // namespace rr
