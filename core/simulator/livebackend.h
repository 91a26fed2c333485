// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/agenda.h"
#include "core/simulator/apierror.h"
#include "core/simulator/conversation.h"
#include "core/simulator/eventwriter.h"
#include "core/simulator/reply.h"

#include <functional>
#include <optional>

namespace rr {

/// The Responses backend of a Live session: works on what the model delegates to it, calls the client's functions, and
/// tells of it in Responses streaming events, each within a response.event. Works by a clock, not by the audio.
class LiveBackend
{
public:
    /// What it needs of its session, which outlives it.
    struct Stage
    {
        EventWriter &writer;
        Agenda &agenda;
        std::function<void(const QByteArray &)> send;
        std::function<void(const QString &)> say; ///< what came of a delegation, for the model to speak
    };

    explicit LiveBackend(Stage stage);
    ~LiveBackend();

    /// A response is being made, or waits for what a function gives back.
    bool isBusy() const { return m_running || !m_waitingFor.isEmpty(); }
    /// Begins a response of this id to what the caller said. `responses` is the configuration of the delegation.
    void delegate(const QString &delegationId, const QString &responseId, const QString &heard,
        qint64 heardMs, const QJsonObject &responses);
    /// response.item.create and response.create. Each returns what is wrong with it.
    std::optional<ApiError> createItem(const QJsonObject &item);
    std::optional<ApiError> createResponse(const QJsonObject &responses);

private:
    void begin(const QString &responseId, const QJsonObject &responses);
    void plan(qint64 ms, std::function<void()> task);
    void send(QLatin1StringView type, QJsonObject body);
    QJsonObject response(QStringView status) const;
    QJsonObject item(QStringView status) const;
    QJsonObject position() const;
    void open();
    void write(const QString &token);
    void complete();

    Stage m_stage;
    Conversation m_conversation;
    QString m_delegationId; ///< null when nobody delegated
    bool m_running = false;
    QString m_waitingFor; ///< call_id of the function whose output is to come; empty for none
    QString m_id, m_itemId, m_callId; ///< of the response
    QString m_model;
    Reply m_reply;
    QString m_written; ///< until now, of the text or the arguments
    int m_inputTokens = 0, m_outputTokens = 0;
    int m_sequence = 0;
};

} // namespace rr
