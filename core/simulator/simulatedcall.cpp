// SPDX-License-Identifier: MIT
#include "core/simulator/simulatedcall.h"

#include "core/simulator/parameters.h"
#include "core/simulator/response.h"

#include <QJsonDocument>

#include <algorithm>
#include <vector>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr qint64 shortestCommitMs = 100;
constexpr int transcriptionDelayMs = 120;
constexpr int transcriptionTokenMs = 40;
constexpr qint64 onsetMs = 500; // more than it takes to see that speech has begun

} // namespace

SimulatedCall::SimulatedCall(std::shared_ptr<const Speech> speech, const Options &options, QObject *parent)
    : PlayedCall(parent)
    , m_speech(std::move(speech))
    , m_writer(options.seed)
    , m_models(options.models)
    , m_modelIsSettled(!options.model.isEmpty())
    , m_settings(options.kind, m_writer.id("sess_"_L1), m_modelIsSettled ? options.model : defaultModel(),
          options.expiresAt)
    , m_conversationId(m_writer.id("conv_"_L1))
    , m_vad(sampleRate(AudioFormat::Pcm16))
    , m_audio(bytesPerMs(AudioFormat::Pcm16))
    , m_isSideband(options.isSideband)
    , m_editor(stage())
    , m_playback(m_agenda, [this](QLatin1StringView type, const QJsonObject &body) { send(type, body); })
{
    QJsonObject configuration = options.configuration;
    if (configuration.isEmpty())
        return;
    configuration.remove(u"model"_s); // what the client said counts
    m_settings.update(configuration, false); // which is of no use to a session of another type
    applySettings(AudioFormat::Pcm16);
}

SimulatedCall::~SimulatedCall() = default;

ResponseStage SimulatedCall::stage()
{
    ResponseStage stage{m_writer, m_agenda, m_conversation, *m_speech,
        [this](const QByteArray &json) { Q_EMIT eventReady(json); }};
    if (m_isSideband)
        stage.playedElsewhere = [this](const QString &responseId) { m_playback.play(responseId); };
    return stage;
}

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
        failure = refusedType(event[u"type"_s].toString());
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
        return m_editor.create(event, m_settings.inputFormat());
    if (type == "conversation.item.delete"_L1)
        return m_editor.remove(event);
    if (type == "conversation.item.retrieve"_L1)
        return m_editor.retrieve(event);
    if (type == "conversation.item.truncate"_L1)
        return m_editor.truncate(event);
    if (type == "response.create"_L1)
        return createResponse(event[u"response"_s].toObject());
    if (type == "response.cancel"_L1)
        return cancelResponse(event);
    if (type == "input_audio_buffer.clear"_L1) {
        clearAudio();
        send("input_audio_buffer.cleared"_L1);
        return {};
    }
    m_playback.clear();
    return {};
}

/// Types that are known, but not for this kind of call.
SimulatedCall::Failure SimulatedCall::refusedType(const QString &type) const
{
    const bool isInput = type.startsWith("input_audio_buffer."_L1);
    if (m_settings.kind() == SessionSettings::Kind::Transcription && !isInput
        && type != "session.update"_L1) {
        return ApiError{
            u"invalid_value"_s, u"'%1' is not for transcription sessions."_s.arg(type), u"type"_s};
    }
    if (m_isSideband && isInput) {
        return ApiError{u"invalid_value"_s,
            u"'%1' is not for a sideband: the call's audio goes another way."_s.arg(type), u"type"_s};
    }
    if (!m_isSideband && type == "output_audio_buffer.clear"_L1) {
        return ApiError{
            u"invalid_value"_s, u"'%1' is for WebRTC and SIP sessions only."_s.arg(type), u"type"_s};
    }
    return {};
}

SimulatedCall::Failure SimulatedCall::updateSession(const QJsonObject &event)
{
    QJsonObject change = event[u"session"_s].toObject();
    const QString model = change.value(u"model"_s).toString();
    if (m_modelIsSettled) {
        change.remove(u"model"_s); // another one is passed over in silence
    } else if (!model.isEmpty()) {
        if (auto error = m_models.refusal(Surface::Realtime, model)) {
            error->param = u"session.model"_s;
            return error;
        }
    }
    const AudioFormat oldFormat = m_settings.inputFormat();
    if (auto error = m_settings.update(change, m_audioWasSent))
        return error;
    m_modelIsSettled = m_modelIsSettled || !model.isEmpty();
    applySettings(oldFormat);
    send("session.updated"_L1, {{u"session"_s, m_settings.json()}});
    return {};
}

/// Has the ears follow the settings; `oldFormat`: of the input, so far.
void SimulatedCall::applySettings(AudioFormat oldFormat)
{
    if (m_settings.inputFormat() != oldFormat) {
        clearAudio();
        m_vad = Vad(sampleRate(m_settings.inputFormat()));
        m_audio = InputAudio(bytesPerMs(m_settings.inputFormat()));
    }
    if (const auto vad = m_settings.vad())
        m_vad.setSettings(*vad);
    else
        m_vad.reset();
}

qint64 SimulatedCall::bufferedMs() const
{
    return m_bufferedSamples * 1000 / sampleRate(m_settings.inputFormat());
}

void SimulatedCall::clearAudio()
{
    m_bufferedSamples = 0;
    m_turnId.clear();
    m_audio.keepLast(0);
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
    m_audio.append(*audio);
    listen(decodeAudio(*audio, m_settings.inputFormat()));
    if (m_settings.vad() && !m_vad.isSpeaking())
        m_audio.keepLast(m_vad.settings().prefixPaddingMs + onsetMs); // no later turn reaches back further
    return {};
}

void SimulatedCall::listen(const QList<qint16> &samples)
{
    m_bufferedSamples += samples.size();
    const std::vector<Vad::Change> changes = m_vad.feed(samples);
    if (!m_settings.vad()) {
        m_vad.reset(); // but the time has gone on
        return;
    }
    for (const Vad::Change &change : changes) {
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
        commitTurn(m_audio.between(m_turnStartMs, change.atMs), change.atMs - m_turnStartMs);
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
    commitTurn(m_audio.last(buffered), buffered);
    m_audio.keepLast(0);
    m_vad.reset();
    return {};
}

/// The input audio buffer becomes an item of the user.
void SimulatedCall::commitTurn(const QByteArray &audio, qint64 audioMs)
{
    const QString id = m_turnId.isEmpty() ? m_writer.id("item_"_L1) : m_turnId;
    m_turnId.clear();
    m_bufferedSamples = 0;
    const QString previous = m_conversation.lastId();
    send("input_audio_buffer.committed"_L1,
        {{u"previous_item_id"_s, previous.isNull() ? QJsonValue() : QJsonValue(previous)},
            {u"item_id"_s, id}});
    const QJsonObject part{{u"type"_s, u"input_audio"_s}, {u"transcript"_s, QJsonValue::Null}};
    const ConversationItem item{{{u"id"_s, id}, {u"type"_s, u"message"_s}, {u"status"_s, u"completed"_s},
                                    {u"role"_s, u"user"_s}, {u"content"_s, QJsonArray{part}}},
        audioMs, {{0, audio}}};
    m_conversation.append(item);
    m_editor.announce(item);
    if (m_settings.transcribes())
        transcribe(id, audioMs);
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

SimulatedCall::Failure SimulatedCall::createResponse(const QJsonObject &parameters)
{
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
        const ConversationItem item = m_editor.madeItem(value.toObject(), m_settings.inputFormat());
        if (item.json.isEmpty())
            return ConversationEditor::noSuchItem(value[u"id"_s].toString(), u"reference"_s);
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
    m_response = std::make_unique<Response>(stage(), settings, reply, [this] {
        m_response.reset();
        m_playback.finish();
    });
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
