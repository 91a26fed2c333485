// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/agenda.h"
#include "core/simulator/conversation.h"
#include "core/simulator/eventwriter.h"
#include "core/simulator/reply.h"
#include "core/simulator/speech.h"

namespace rr {

/// What a response needs of its call; the call owns it all and outlives the response.
struct ResponseStage
{
    EventWriter &writer;
    Agenda &agenda;
    Conversation &conversation;
    const Speech &speech;
    std::function<void(const QByteArray &)> send;
    /// Set where the audio goes another way than its events: called with the response's id for each chunk.
    std::function<void(const QString &)> playedElsewhere{};
};

/// One response being given: from response.created by way of deltas, planned on the agenda, to response.done.
class Response
{
public:
    struct Settings
    {
        QJsonObject session; ///< the session's settings with those of response.create laid over them
        QString conversationId; ///< null for a response outside the conversation
        Conversation::Tokens input; ///< what the model has to read
        Conversation::Tokens cached;
    };

    /// `done` is called once, last of all, and may destroy the response.
    Response(ResponseStage stage, const Settings &settings, const Reply &reply, std::function<void()> done);
    ~Response();

    const QString &id() const { return m_id; }
    void start();
    /// Ends it early; `reason` is "turn_detected" or "client_cancelled".
    void cancel(const QString &reason) { finish(u"cancelled", reason); }

private:
    QJsonObject json(QStringView status, const QString &reason) const;
    QJsonObject item(QStringView status) const;
    QJsonObject position() const;
    QJsonObject usage() const;
    void send(QLatin1StringView type, const QJsonObject &body);
    void plan(qint64 ms, std::function<void()> task);
    void open();
    void sayUpTo(qsizetype tokens);
    void play(int chunk);
    void finish(QStringView status, const QString &reason);
    void closeContent();

    ResponseStage m_stage;
    const Settings m_settings;
    Reply m_reply;
    std::function<void()> m_done;
    QString m_id, m_itemId, m_callId;
    QString m_previousId;
    QStringList m_tokens;
    bool m_audio = false; ///< words are spoken
    bool m_cutShort = false; ///< by max_output_tokens
    bool m_opened = false;
    qsizetype m_saidTokens = 0;
    QString m_said;
    int m_playedChunks = 0;
};

} // namespace rr
