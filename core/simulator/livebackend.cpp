// SPDX-License-Identifier: MIT
#include "core/simulator/livebackend.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr int delegateThinkingMs = 300;
constexpr int tokenMs = 20;

} // namespace

LiveBackend::LiveBackend(Stage stage)
    : m_stage(std::move(stage))
{
}

LiveBackend::~LiveBackend()
{
    m_stage.agenda.drop(Agenda::Subject::Response);
}

void LiveBackend::delegate(const QString &delegationId, const QString &responseId, const QString &heard,
    qint64 heardMs, const QJsonObject &responses)
{
    const QJsonObject part{{u"type"_s, u"input_text"_s}, {u"text"_s, heard}};
    m_conversation.append(
        {{{u"type"_s, u"message"_s}, {u"role"_s, u"user"_s}, {u"content"_s, QJsonArray{part}}}, heardMs});
    m_delegationId = delegationId;
    begin(responseId, responses);
}

std::optional<ApiError> LiveBackend::createItem(const QJsonObject &item)
{
    const QString type = item[u"type"_s].toString(u"message"_s);
    if (type == "function_call_output"_L1) {
        const QString callId = item[u"call_id"_s].toString();
        if (m_waitingFor.isEmpty() || callId != m_waitingFor) {
            return ApiError{u"invalid_value"_s,
                u"No tool call found for function call output with call_id '%1'."_s.arg(callId),
                u"item.call_id"_s};
        }
        m_waitingFor.clear();
    }
    m_conversation.append({item});
    return {};
}

std::optional<ApiError> LiveBackend::createResponse(const QJsonObject &responses)
{
    if (!m_waitingFor.isEmpty()) {
        return ApiError{
            u"invalid_value"_s, u"No tool output found for function call '%1'."_s.arg(m_waitingFor)};
    }
    if (m_running) {
        return ApiError{u"conversation_already_has_active_response"_s,
            u"The backend already has an active response in progress: %1."_s.arg(m_id)};
    }
    begin(m_stage.writer.id("resp_"_L1), responses);
    return {};
}

void LiveBackend::begin(const QString &responseId, const QJsonObject &responses)
{
    m_running = true;
    m_id = responseId;
    m_model = responses[u"model"_s].toString();
    m_reply = chooseReply(m_conversation, responses[u"tools"_s].toArray(), responses[u"tool_choice"_s]);
    const bool words = m_reply.tool.isEmpty();
    m_itemId = m_stage.writer.id(words ? "msg_"_L1 : "fc_"_L1);
    m_callId = m_stage.writer.id("call_"_L1);
    m_written.clear();
    m_sequence = 0;
    m_inputTokens = m_conversation.tokens().text + int(responses[u"instructions"_s].toString().size() / 4);
    const QStringList tokens = splitIntoTokens(words ? m_reply.text : m_reply.arguments);
    m_outputTokens = int(tokens.size());
    send("response.created"_L1, {{u"response"_s, response(u"in_progress")}});
    send("response.in_progress"_L1, {{u"response"_s, response(u"in_progress")}});
    qint64 at = delegateThinkingMs;
    plan(at, [this] { open(); });
    for (const QString &token : tokens)
        plan(at += tokenMs, [this, token] { write(token); });
    plan(at, [this] { complete(); });
}

void LiveBackend::plan(qint64 ms, std::function<void()> task)
{
    m_stage.agenda.plan(ms, Agenda::Subject::Response, std::move(task));
}

void LiveBackend::send(QLatin1StringView type, QJsonObject body)
{
    body.insert(u"type"_s, type);
    body.insert(u"sequence_number"_s, m_sequence++);
    m_stage.send(m_stage.writer.event("response.event"_L1,
        {{u"delegation_id"_s, m_delegationId.isNull() ? QJsonValue() : m_delegationId}, {u"event"_s, body}}));
}

/// A snapshot as Live sends them: emptied of input, tools and output.
QJsonObject LiveBackend::response(QStringView status) const
{
    QJsonValue usage;
    if (status == u"completed") {
        usage = QJsonObject{{u"input_tokens"_s, m_inputTokens},
            {u"input_tokens_details"_s, QJsonObject{{u"cached_tokens"_s, 0}, {u"cache_write_tokens"_s, 0}}},
            {u"output_tokens"_s, m_outputTokens},
            {u"output_tokens_details"_s, QJsonObject{{u"reasoning_tokens"_s, 0}}},
            {u"total_tokens"_s, m_inputTokens + m_outputTokens}};
    }
    return {{u"id"_s, m_id}, {u"object"_s, u"response"_s}, {u"status"_s, status.toString()},
        {u"model"_s, m_model}, {u"output"_s, QJsonArray()}, {u"tools"_s, QJsonArray()},
        {u"service_tier"_s, u"default"_s}, {u"usage"_s, usage}};
}

QJsonObject LiveBackend::item(QStringView status) const
{
    QJsonObject item{{u"id"_s, m_itemId}, {u"status"_s, status.toString()}};
    if (!m_reply.tool.isEmpty()) {
        item[u"type"_s] = u"function_call"_s;
        item[u"name"_s] = m_reply.tool;
        item[u"call_id"_s] = m_callId;
        item[u"arguments"_s] = m_written;
        return item;
    }
    item[u"type"_s] = u"message"_s;
    item[u"role"_s] = u"assistant"_s;
    item[u"content"_s] = m_written.isEmpty()
        ? QJsonArray()
        : QJsonArray{QJsonObject{{u"type"_s, u"output_text"_s}, {u"text"_s, m_written}}};
    return item;
}

QJsonObject LiveBackend::position() const
{
    QJsonObject body{{u"item_id"_s, m_itemId}, {u"output_index"_s, 0}};
    if (m_reply.tool.isEmpty())
        body.insert(u"content_index"_s, 0);
    return body;
}

void LiveBackend::open()
{
    send("response.output_item.added"_L1, {{u"output_index"_s, 0}, {u"item"_s, item(u"in_progress")}});
    if (!m_reply.tool.isEmpty())
        return;
    QJsonObject body = position();
    body[u"part"_s] = QJsonObject{{u"type"_s, u"output_text"_s}, {u"text"_s, QString()}};
    send("response.content_part.added"_L1, body);
}

void LiveBackend::write(const QString &token)
{
    m_written += token;
    QJsonObject body = position();
    body[u"delta"_s] = token;
    send(m_reply.tool.isEmpty() ? "response.output_text.delta"_L1
                                : "response.function_call_arguments.delta"_L1,
        body);
}

void LiveBackend::complete()
{
    QJsonObject body = position();
    const bool words = m_reply.tool.isEmpty();
    body[words ? u"text"_s : u"arguments"_s] = m_written;
    send(words ? "response.output_text.done"_L1 : "response.function_call_arguments.done"_L1, body);
    if (words) {
        body = position();
        body[u"part"_s] = QJsonObject{{u"type"_s, u"output_text"_s}, {u"text"_s, m_written}};
        send("response.content_part.done"_L1, body);
    }
    const QJsonObject done = item(u"completed");
    send("response.output_item.done"_L1, {{u"output_index"_s, 0}, {u"item"_s, done}});
    send("response.completed"_L1, {{u"response"_s, response(u"completed")}});
    m_conversation.append({done});
    m_running = false;
    if (!words) {
        m_waitingFor = m_callId;
        return;
    }
    // What nobody delegated is the client's own question: the voice stays silent.
    if (!std::exchange(m_delegationId, {}).isNull())
        m_stage.say(m_written);
}

} // namespace rr
