// SPDX-License-Identifier: MIT
#include "core/simulator/response.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr int thinkingMs = 300;
constexpr int textTokenMs = 20;
constexpr int spokenTokenMs = 260;
constexpr int audioTokensPerChunk = Speech::chunkMs / 50; // the model's count: one token for 50 ms it says
constexpr int tokenLimitPerMinute = 40000;

QJsonObject tokenDetails(const Conversation::Tokens &tokens)
{
    return {{u"text_tokens"_s, tokens.text}, {u"audio_tokens"_s, tokens.audio}, {u"image_tokens"_s, 0}};
}

} // namespace

Response::Response(
    ResponseStage stage, const Settings &settings, const Reply &reply, std::function<void()> done)
    : m_stage(std::move(stage))
    , m_settings(settings)
    , m_reply(reply)
    , m_done(std::move(done))
    , m_id(m_stage.writer.id("resp_"_L1))
    , m_itemId(m_stage.writer.id("item_"_L1))
    , m_callId(m_stage.writer.id("call_"_L1))
{
    const bool words = m_reply.tool.isEmpty();
    m_audio = words && m_settings.session[u"output_modalities"_s].toArray().contains(u"audio"_s);
    m_tokens = splitIntoTokens(words ? m_reply.text : m_reply.arguments);
    const int perToken = m_audio ? 1 + spokenTokenMs * audioTokensPerChunk / Speech::chunkMs : 1;
    const QJsonValue limit = m_settings.session[u"max_output_tokens"_s];
    if (limit.isDouble() && m_tokens.size() * perToken > limit.toInt()) {
        m_tokens = m_tokens.mid(0, std::max(1, limit.toInt() / perToken));
        m_cutShort = true;
    }
}

Response::~Response()
{
    m_stage.agenda.drop(Agenda::Subject::Response);
}

void Response::start()
{
    send("response.created"_L1, {{u"response"_s, json(u"in_progress", {})}});
    qint64 at = thinkingMs;
    plan(at, [this] { open(); });
    if (m_audio) {
        const auto chunks = int(std::max<qint64>(2, m_tokens.size() * spokenTokenMs / Speech::chunkMs));
        for (int chunk = 0; chunk < chunks; ++chunk, at += Speech::chunkMs) {
            // The words run ahead of the voice, as they do in a real session.
            const qsizetype words = (chunk + 2) * m_tokens.size() / chunks;
            plan(at, [this, chunk, words] {
                sayUpTo(words);
                play(chunk);
            });
        }
    } else {
        for (qsizetype token = 1; token <= m_tokens.size(); ++token)
            plan(at += textTokenMs, [this, token] { sayUpTo(token); });
    }
    plan(at + textTokenMs, [this] {
        if (m_cutShort)
            finish(u"incomplete", u"max_output_tokens"_s);
        else
            finish(u"completed", {});
    });
}

void Response::plan(qint64 ms, std::function<void()> task)
{
    m_stage.agenda.plan(ms, Agenda::Subject::Response, std::move(task));
}

void Response::send(QLatin1StringView type, const QJsonObject &body)
{
    m_stage.send(m_stage.writer.event(type, body));
}

QJsonObject Response::position() const
{
    QJsonObject body{{u"response_id"_s, m_id}, {u"item_id"_s, m_itemId}, {u"output_index"_s, 0}};
    if (m_reply.tool.isEmpty())
        body.insert(u"content_index"_s, 0);
    else
        body.insert(u"call_id"_s, m_callId);
    return body;
}

QJsonObject Response::item(QStringView status) const
{
    QJsonObject item{{u"id"_s, m_itemId}, {u"status"_s, status.toString()}};
    if (!m_reply.tool.isEmpty()) {
        item[u"type"_s] = u"function_call"_s;
        item[u"name"_s] = m_reply.tool;
        item[u"call_id"_s] = m_callId;
        item[u"arguments"_s] = m_said;
        return item;
    }
    item[u"type"_s] = u"message"_s;
    item[u"role"_s] = u"assistant"_s;
    QJsonArray content;
    if (status != u"in_progress") {
        content.append(m_audio ? QJsonObject{{u"type"_s, u"output_audio"_s}, {u"transcript"_s, m_said}}
                               : QJsonObject{{u"type"_s, u"output_text"_s}, {u"text"_s, m_said}});
    }
    item[u"content"_s] = content;
    return item;
}

QJsonObject Response::usage() const
{
    const Conversation::Tokens &input = m_settings.input;
    const Conversation::Tokens &cached = m_settings.cached;
    QJsonObject inputDetails = tokenDetails(input);
    inputDetails[u"cached_tokens"_s] = cached.text + cached.audio;
    inputDetails[u"cached_tokens_details"_s] = tokenDetails(cached);
    const int text = int(m_saidTokens), audio = m_playedChunks * audioTokensPerChunk;
    return {{u"total_tokens"_s, input.text + input.audio + text + audio},
        {u"input_tokens"_s, input.text + input.audio}, {u"output_tokens"_s, text + audio},
        {u"input_token_details"_s, inputDetails},
        {u"output_token_details"_s, QJsonObject{{u"text_tokens"_s, text}, {u"audio_tokens"_s, audio}}}};
}

QJsonObject Response::json(QStringView status, const QString &reason) const
{
    const bool running = status == u"in_progress";
    QJsonObject output = m_settings.session[u"audio"_s][u"output"_s].toObject();
    output.remove(u"speed"_s);
    QJsonObject response{
        {u"object"_s, u"realtime.response"_s},
        {u"id"_s, m_id},
        {u"status"_s, status.toString()},
        {u"status_details"_s,
            reason.isEmpty() ? QJsonValue()
                             : QJsonObject{{u"type"_s, status.toString()}, {u"reason"_s, reason}}},
        {u"output"_s,
            running || !m_opened ? QJsonArray()
                                 : QJsonArray{item(status == u"completed" ? u"completed" : u"incomplete")}},
        {u"output_modalities"_s, m_settings.session[u"output_modalities"_s]},
        {u"max_output_tokens"_s, m_settings.session[u"max_output_tokens"_s]},
        {u"audio"_s, QJsonObject{{u"output"_s, output}}},
        {u"usage"_s, running ? QJsonValue() : usage()},
        {u"metadata"_s,
            m_settings.session.contains(u"metadata"_s) ? m_settings.session[u"metadata"_s] : QJsonValue()},
    };
    if (!m_settings.conversationId.isNull())
        response[u"conversation_id"_s] = m_settings.conversationId;
    return response;
}

void Response::open()
{
    m_opened = true;
    const QJsonObject begun = item(u"in_progress");
    send("response.output_item.added"_L1,
        {{u"response_id"_s, m_id}, {u"output_index"_s, 0}, {u"item"_s, begun}});
    if (!m_settings.conversationId.isNull()) {
        m_previousId = m_stage.conversation.lastId();
        m_stage.conversation.append({begun});
        send("conversation.item.added"_L1,
            {{u"previous_item_id"_s, m_previousId.isNull() ? QJsonValue() : m_previousId},
                {u"item"_s, begun}});
    }
    if (m_reply.tool.isEmpty()) {
        QJsonObject body = position();
        body[u"part"_s] = m_audio ? QJsonObject{{u"type"_s, u"audio"_s}, {u"transcript"_s, QString(u""_s)}}
                                  : QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, QString(u""_s)}};
        send("response.content_part.added"_L1, body);
    }
}

void Response::sayUpTo(qsizetype tokens)
{
    const QLatin1StringView type = !m_reply.tool.isEmpty() ? "response.function_call_arguments.delta"_L1
        : m_audio                                          ? "response.output_audio_transcript.delta"_L1
                                                           : "response.output_text.delta"_L1;
    for (; m_saidTokens < std::min(tokens, m_tokens.size()); ++m_saidTokens) {
        m_said += m_tokens[m_saidTokens];
        m_stage.send(m_stage.writer.textDelta(type, position(), m_tokens[m_saidTokens]));
    }
}

void Response::play(int chunk)
{
    const AudioFormat format
        = audioFormatFromType(m_settings.session[u"audio"_s][u"output"_s][u"format"_s][u"type"_s].toString());
    ++m_playedChunks;
    if (ConversationItem *item = m_stage.conversation.find(m_itemId)) {
        item->audioMs += Speech::chunkMs;
        item->spoken = format;
    }
    if (m_stage.playedElsewhere)
        m_stage.playedElsewhere(m_id);
    else
        m_stage.send(m_stage.writer.audioDelta(m_id, m_itemId, m_stage.speech.chunk(format, chunk)));
}

void Response::closeContent()
{
    QJsonObject body = position();
    if (!m_reply.tool.isEmpty()) {
        body[u"name"_s] = m_reply.tool;
        body[u"arguments"_s] = m_said;
        send("response.function_call_arguments.done"_L1, body);
        return;
    }
    QJsonObject done = body;
    if (m_audio) {
        send("response.output_audio.done"_L1, body);
        done[u"transcript"_s] = m_said;
        send("response.output_audio_transcript.done"_L1, done);
        body[u"part"_s] = QJsonObject{{u"type"_s, u"audio"_s}, {u"transcript"_s, m_said}};
    } else {
        done[u"text"_s] = m_said;
        send("response.output_text.done"_L1, done);
        body[u"part"_s] = QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, m_said}};
    }
    send("response.content_part.done"_L1, body);
}

void Response::finish(QStringView status, const QString &reason)
{
    m_stage.agenda.drop(Agenda::Subject::Response);
    if (m_opened) {
        closeContent();
        const QJsonObject ended = item(status == u"completed" ? u"completed" : u"incomplete");
        if (ConversationItem *kept = m_stage.conversation.find(m_itemId)) {
            kept->json = ended;
            send("conversation.item.done"_L1,
                {{u"previous_item_id"_s, m_previousId.isNull() ? QJsonValue() : m_previousId},
                    {u"item"_s, ended}});
        }
        send("response.output_item.done"_L1,
            {{u"response_id"_s, m_id}, {u"output_index"_s, 0}, {u"item"_s, ended}});
    }
    send("response.done"_L1, {{u"response"_s, json(status, reason)}});
    const int used = usage()[u"total_tokens"_s].toInt();
    send("rate_limits.updated"_L1,
        {{u"rate_limits"_s,
            QJsonArray{QJsonObject{{u"name"_s, u"tokens"_s}, {u"limit"_s, tokenLimitPerMinute},
                {u"remaining"_s, std::max(0, tokenLimitPerMinute - used)},
                {u"reset_seconds"_s, 60.0 * used / tokenLimitPerMinute}}}}});
    const auto done = std::move(m_done);
    done();
}

} // namespace rr
