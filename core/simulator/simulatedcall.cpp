// SPDX-License-Identifier: MIT
#include "core/simulator/simulatedcall.h"

#include "core/simulator/parameters.h"
#include "core/simulator/response.h"

#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr qint64 shortestCommitMs = 100;
constexpr int transcriptionDelayMs = 120;
constexpr int transcriptionTokenMs = 40;

QJsonValue idOrNull(const QString &id)
{
    return id.isNull() ? QJsonValue() : QJsonValue(id);
}

ApiError noSuchItem(const QString &id, const QString &verb)
{
    return {u"item_%1_invalid_item_id"_s.arg(verb),
        u"Cannot %1 item: the item with id '%2' does not exist."_s.arg(verb, id), u"item_id"_s};
}

} // namespace

SimulatedCall::SimulatedCall(std::shared_ptr<const Speech> speech, const Options &options, QObject *parent)
    : QObject(parent)
    , m_speech(std::move(speech))
    , m_writer(options.seed)
    , m_settings(options.kind, m_writer.id("sess_"_L1), options.model, options.expiresAt)
    , m_conversationId(m_writer.id("conv_"_L1))
    , m_vad(sampleRate(AudioFormat::Pcm16))
{
}

SimulatedCall::~SimulatedCall() = default;

void SimulatedCall::start()
{
    send("session.created"_L1, {{u"session"_s, m_settings.json()}});
}

void SimulatedCall::send(QLatin1StringView type, const QJsonObject &body)
{
    Q_EMIT eventReady(m_writer.event(type, body));
}

void SimulatedCall::sendError(const ApiError &error, const QJsonValue &eventId)
{
    QJsonObject json = error.toJson();
    json[u"event_id"_s] = eventId.isString() ? eventId : QJsonValue();
    send("error"_L1, {{u"error"_s, json}});
}

void SimulatedCall::receive(const QByteArray &message)
{
    QJsonParseError parsing;
    const QJsonDocument document = QJsonDocument::fromJson(message, &parsing);
    if (!document.isObject()) {
        sendError({u"invalid_json"_s,
                      u"We could not parse the JSON body of your event: %1."_s.arg(
                          parsing.error ? parsing.errorString() : u"it is not an object"_s)},
            {});
        return;
    }
    const QJsonObject event = document.object();
    Failure failure = checkClientEvent(event);
    if (!failure)
        failure = handle(event[u"type"_s].toString(), event);
    if (failure)
        sendError(*failure, event[u"event_id"_s]);
    Q_EMIT planned();
}

SimulatedCall::Failure SimulatedCall::handle(const QString &type, const QJsonObject &event)
{
    if (type == "input_audio_buffer.append"_L1)
        return appendAudio(event);
    if (type == "session.update"_L1)
        return updateSession(event);
    if (type == "input_audio_buffer.commit"_L1)
        return commitAudio();
    if (type == "conversation.item.create"_L1)
        return createItem(event);
    if (type == "conversation.item.delete"_L1)
        return deleteItem(event);
    if (type == "conversation.item.retrieve"_L1)
        return retrieveItem(event);
    if (type == "conversation.item.truncate"_L1)
        return truncateItem(event);
    if (type == "response.create"_L1)
        return createResponse(event[u"response"_s].toObject());
    if (type == "response.cancel"_L1)
        return cancelResponse(event);
    if (type == "input_audio_buffer.clear"_L1) {
        clearAudio();
        send("input_audio_buffer.cleared"_L1);
        return {};
    }
    return ApiError{u"invalid_value"_s, u"'%1' is for WebRTC and SIP sessions only."_s.arg(type), u"type"_s};
}

SimulatedCall::Failure SimulatedCall::updateSession(const QJsonObject &event)
{
    const AudioFormat oldFormat = m_settings.inputFormat();
    if (auto error = m_settings.update(event[u"session"_s].toObject(), m_audioWasSent))
        return error;
    if (m_settings.inputFormat() != oldFormat) {
        clearAudio();
        m_vad = Vad(sampleRate(m_settings.inputFormat()));
    }
    if (const auto vad = m_settings.vad())
        m_vad.setSettings(*vad);
    else
        m_vad.reset();
    send("session.updated"_L1, {{u"session"_s, m_settings.json()}});
    return {};
}

qint64 SimulatedCall::bufferedMs() const
{
    return m_bufferedSamples * 1000 / sampleRate(m_settings.inputFormat());
}

void SimulatedCall::clearAudio()
{
    m_bufferedSamples = 0;
    m_turnId.clear();
    m_vad.reset();
}

SimulatedCall::Failure SimulatedCall::appendAudio(const QJsonObject &event)
{
    const auto audio = QByteArray::fromBase64Encoding(
        event[u"audio"_s].toString().toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
    if (!audio) {
        return ApiError{u"invalid_value"_s,
            u"Invalid 'audio'. Expected base64-encoded audio bytes, but got an invalid value."_s, u"audio"_s};
    }
    listen(decodeAudio(*audio, m_settings.inputFormat()));
    return {};
}

void SimulatedCall::listen(const QList<qint16> &samples)
{
    m_bufferedSamples += samples.size();
    if (!m_settings.vad())
        return;
    for (const Vad::Change &change : m_vad.feed(samples)) {
        if (change.speaking) {
            m_turnId = m_writer.id("item_"_L1);
            m_turnStartMs = change.atMs;
            send("input_audio_buffer.speech_started"_L1,
                {{u"audio_start_ms"_s, change.atMs}, {u"item_id"_s, m_turnId}});
            if (m_response && m_settings.interruptsResponses())
                m_response->cancel(u"turn_detected"_s);
            continue;
        }
        send("input_audio_buffer.speech_stopped"_L1,
            {{u"audio_end_ms"_s, change.atMs}, {u"item_id"_s, m_turnId}});
        commitTurn(change.atMs - m_turnStartMs);
        if (m_settings.createsResponses()) {
            if (const Failure failure = createResponse({}))
                sendError(*failure, {});
        }
    }
}

SimulatedCall::Failure SimulatedCall::commitAudio()
{
    const qint64 buffered = bufferedMs();
    if (buffered < shortestCommitMs) {
        return ApiError{u"input_audio_buffer_commit_empty"_s,
            u"Error committing input audio buffer: buffer too small. Expected at least %1ms of audio, "
            "but buffer only has %2ms of audio."_s.arg(shortestCommitMs)
                .arg(buffered)};
    }
    commitTurn(buffered);
    m_vad.reset();
    return {};
}

/// The input audio buffer becomes an item of the user.
void SimulatedCall::commitTurn(qint64 audioMs)
{
    const QString id = m_turnId.isEmpty() ? m_writer.id("item_"_L1) : m_turnId;
    m_turnId.clear();
    m_bufferedSamples = 0;
    send("input_audio_buffer.committed"_L1,
        {{u"previous_item_id"_s, idOrNull(m_conversation.lastId())}, {u"item_id"_s, id}});
    const QJsonObject part{{u"type"_s, u"input_audio"_s}, {u"transcript"_s, QJsonValue::Null}};
    const ConversationItem item{{{u"id"_s, id}, {u"type"_s, u"message"_s}, {u"status"_s, u"completed"_s},
                                    {u"role"_s, u"user"_s}, {u"content"_s, QJsonArray{part}}},
        audioMs};
    m_conversation.append(item);
    announce(item);
    if (m_settings.transcribes())
        transcribe(id, audioMs);
}

void SimulatedCall::announce(const ConversationItem &item)
{
    const QJsonObject body{
        {u"previous_item_id"_s, idOrNull(m_conversation.idBefore(item.id()))}, {u"item"_s, item.json}};
    send("conversation.item.added"_L1, body);
    send("conversation.item.done"_L1, body);
}

void SimulatedCall::transcribe(const QString &itemId, qint64 audioMs)
{
    const QString transcript = heardTranscript(m_turns++);
    const QStringList tokens = splitIntoTokens(transcript);
    const QJsonObject position{{u"item_id"_s, itemId}, {u"content_index"_s, 0}};
    qint64 at = transcriptionDelayMs;
    for (const QString &token : tokens) {
        m_agenda.plan(at += transcriptionTokenMs, Agenda::Subject::Transcription, [this, position, token] {
            Q_EMIT eventReady(
                m_writer.textDelta("conversation.item.input_audio_transcription.delta"_L1, position, token));
        });
    }
    const QString model
        = m_settings.json()[u"audio"_s][u"input"_s][u"transcription"_s][u"model"_s].toString();
    QJsonObject usage{{u"type"_s, u"duration"_s}, {u"seconds"_s, (audioMs + 999) / 1000}};
    if (model.startsWith("gpt-4o"_L1)) {
        const qint64 heard = audioMs / 100;
        usage = {{u"type"_s, u"tokens"_s}, {u"input_tokens"_s, heard},
            {u"input_token_details"_s, QJsonObject{{u"text_tokens"_s, 0}, {u"audio_tokens"_s, heard}}},
            {u"output_tokens"_s, tokens.size()}, {u"total_tokens"_s, heard + tokens.size()}};
    }
    m_agenda.plan(
        at + transcriptionTokenMs, Agenda::Subject::Transcription, [this, position, transcript, usage] {
            if (ConversationItem *item = m_conversation.find(position[u"item_id"_s].toString())) {
                item->json[u"content"_s]
                    = QJsonArray{QJsonObject{{u"type"_s, u"input_audio"_s}, {u"transcript"_s, transcript}}};
            }
            QJsonObject body = position;
            body[u"transcript"_s] = transcript;
            body[u"usage"_s] = usage;
            send("conversation.item.input_audio_transcription.completed"_L1, body);
        });
}

/// The item as the server keeps it: with an id, and without its audio.
ConversationItem SimulatedCall::madeItem(const QJsonObject &given)
{
    if (given[u"type"_s] == "item_reference"_L1) {
        const ConversationItem *item = m_conversation.find(given[u"id"_s].toString());
        return item ? *item : ConversationItem();
    }
    ConversationItem item{given};
    if (given[u"id"_s].toString().isEmpty())
        item.json[u"id"_s] = m_writer.id("item_"_L1);
    if (given[u"type"_s] != "function_call_output"_L1)
        item.json[u"status"_s] = u"completed"_s;
    QJsonArray content = given[u"content"_s].toArray();
    for (QJsonValueRef value : content) {
        QJsonObject part = value.toObject();
        if (part.contains(u"audio"_s)) {
            const AudioFormat format = m_settings.inputFormat();
            const QByteArray audio = QByteArray::fromBase64(part.take(u"audio"_s).toString().toLatin1());
            item.audioMs += audio.size() / bytesPerSample(format) * 1000 / sampleRate(format);
            if (!part.contains(u"transcript"_s))
                part[u"transcript"_s] = QJsonValue::Null;
            value = part;
        }
    }
    if (given.contains(u"content"_s))
        item.json[u"content"_s] = content;
    return item;
}

SimulatedCall::Failure SimulatedCall::createItem(const QJsonObject &event)
{
    const QJsonObject given = event[u"item"_s].toObject();
    if (given[u"type"_s] == "function_call_output"_L1) {
        const QString callId = given[u"call_id"_s].toString();
        if (!m_conversation.hasCall(callId)) {
            return ApiError{u"invalid_tool_call_id"_s,
                u"Tool call ID '%1' not found in conversation."_s.arg(callId), u"item.call_id"_s};
        }
    }
    const ConversationItem item = madeItem(given);
    if (m_conversation.find(item.id())) {
        return ApiError{u"item_create_duplicate_item_id"_s,
            u"Error adding item: an item with id '%1' already exists in the conversation."_s.arg(item.id()),
            u"item.id"_s};
    }
    const QString previous = event[u"previous_item_id"_s].toString();
    if (previous.isEmpty()) {
        m_conversation.append(item);
    } else if (!m_conversation.insertAfter(previous, item)) {
        return ApiError{u"item_create_invalid_previous_item_id"_s,
            u"Error adding item: the previous item with id '%1' does not exist."_s.arg(previous),
            u"previous_item_id"_s};
    }
    announce(item);
    return {};
}

SimulatedCall::Failure SimulatedCall::deleteItem(const QJsonObject &event)
{
    const QString id = event[u"item_id"_s].toString();
    if (!m_conversation.remove(id))
        return noSuchItem(id, u"delete"_s);
    send("conversation.item.deleted"_L1, {{u"item_id"_s, id}});
    return {};
}

SimulatedCall::Failure SimulatedCall::retrieveItem(const QJsonObject &event)
{
    const QString id = event[u"item_id"_s].toString();
    const ConversationItem *item = m_conversation.find(id);
    if (!item)
        return noSuchItem(id, u"retrieve"_s);
    send("conversation.item.retrieved"_L1, {{u"item"_s, item->json}});
    return {};
}

SimulatedCall::Failure SimulatedCall::truncateItem(const QJsonObject &event)
{
    const QString id = event[u"item_id"_s].toString();
    ConversationItem *item = m_conversation.find(id);
    if (!item)
        return noSuchItem(id, u"truncate"_s);
    if (!item->is(u"message", u"assistant") || item->audioMs == 0 || event[u"content_index"_s].toInt() != 0) {
        return ApiError{u"invalid_value"_s, u"Only the audio of an assistant's message can be truncated."_s,
            u"item_id"_s};
    }
    const qint64 end = event[u"audio_end_ms"_s].toInteger();
    if (end > item->audioMs) {
        return ApiError{u"invalid_value"_s,
            u"Audio content of %1ms is already shorter than %2ms"_s.arg(item->audioMs).arg(end),
            u"audio_end_ms"_s};
    }
    item->audioMs = end;
    item->json[u"content"_s] = QJsonArray{QJsonObject{{u"type"_s, u"output_audio"_s}}};
    send("conversation.item.truncated"_L1,
        {{u"item_id"_s, id}, {u"content_index"_s, 0}, {u"audio_end_ms"_s, end}});
    return {};
}

SimulatedCall::Failure SimulatedCall::createResponse(const QJsonObject &parameters)
{
    if (m_settings.kind() == SessionSettings::Kind::Transcription) {
        return ApiError{u"invalid_value"_s, u"A transcription session does not give responses."_s, u"type"_s};
    }
    if (m_response) {
        return ApiError{u"conversation_already_has_active_response"_s,
            u"Conversation already has an active response in progress: %1. Wait until the response is "
            "finished before creating a new one."_s.arg(m_response->id())};
    }
    Conversation reading = m_conversation;
    const QJsonArray input = parameters[u"input"_s].toArray();
    if (parameters.contains(u"input"_s))
        reading = {};
    for (const QJsonValue &value : input) {
        const ConversationItem item = madeItem(value.toObject());
        if (item.json.isEmpty())
            return noSuchItem(value[u"id"_s].toString(), u"reference"_s);
        reading.append(item);
    }
    Response::Settings settings{
        merged(m_settings.json(), parameters), m_conversationId, reading.tokens(), {}};
    if (parameters[u"conversation"_s] == "none"_L1)
        settings.conversationId = QString();
    settings.input.text += int(settings.session[u"instructions"_s].toString().size() / 4);
    settings.cached = {std::min(m_seen.text, settings.input.text) / 64 * 64,
        std::min(m_seen.audio, settings.input.audio) / 64 * 64}; // whole blocks only, as upstream
    m_seen = settings.input;
    const Reply reply
        = chooseReply(reading, settings.session[u"tools"_s].toArray(), settings.session[u"tool_choice"_s]);
    m_audioWasSent = m_audioWasSent
        || (reply.tool.isEmpty() && settings.session[u"output_modalities"_s].toArray().contains(u"audio"_s));
    m_response = std::make_unique<Response>(ResponseStage{m_writer, m_agenda, m_conversation, *m_speech,
                                                [this](const QByteArray &json) { Q_EMIT eventReady(json); }},
        settings, reply, [this] { m_response.reset(); });
    m_response->start();
    return {};
}

SimulatedCall::Failure SimulatedCall::cancelResponse(const QJsonObject &event)
{
    const QString id = event[u"response_id"_s].toString();
    if (!m_response || (!id.isEmpty() && id != m_response->id()))
        return ApiError{u"response_cancel_not_active"_s, u"Cancellation failed: no active response found"_s};
    m_response->cancel(u"client_cancelled"_s);
    return {};
}

} // namespace rr
