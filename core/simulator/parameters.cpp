// SPDX-License-Identifier: MIT
#include "core/simulator/parameters.h"

#include "core/simulator/rules.h"
#include "core/simulator/translationrules.h"

#include <QJsonArray>

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace rr {

using namespace rules;

namespace {

constexpr auto formats = "audio/pcm audio/pcmu audio/pcma"_L1;
constexpr auto modalities = "text audio"_L1;

constexpr Rule sessionUpdateRules[] = {
    {"session"_L1, Object | Required},
    {"session.type"_L1, String | Required, "realtime transcription"_L1},
    {"session.model"_L1, String},
    {"session.output_modalities"_L1, Array, modalities},
    {"session.instructions"_L1, String},
    {"session.tools"_L1, Array},
    {"session.tool_choice"_L1, String | Open},
    {"session.parallel_tool_calls"_L1, Boolean},
    {"session.reasoning"_L1, Open | Null},
    {"session.max_output_tokens"_L1, Integer | String, "inf"_L1, 1, 4096},
    {"session.tracing"_L1, String | Open | Null},
    {"session.truncation"_L1, String | Open},
    {"session.prompt"_L1, Open | Null},
    {"session.include"_L1, Array | Null, "item.input_audio_transcription.logprobs"_L1},
    {"session.audio"_L1, Object},
    {"session.audio.input"_L1, Object},
    {"session.audio.input.format"_L1, Object},
    {"session.audio.input.format.type"_L1, String | Required, formats},
    {"session.audio.input.format.rate"_L1, Integer, {}, 24000, 24000},
    {"session.audio.input.transcription"_L1, Object | Null},
    {"session.audio.input.transcription.model"_L1, String},
    {"session.audio.input.transcription.language"_L1, String | Null},
    {"session.audio.input.transcription.languages"_L1, Array},
    {"session.audio.input.transcription.keywords"_L1, Array},
    {"session.audio.input.transcription.prompt"_L1, String | Null},
    {"session.audio.input.transcription.delay"_L1, String, "minimal low medium high xhigh"_L1},
    {"session.audio.input.noise_reduction"_L1, Object | Null},
    {"session.audio.input.noise_reduction.type"_L1, String, "near_field far_field"_L1},
    {"session.audio.input.turn_detection"_L1, Object | Null},
    {"session.audio.input.turn_detection.type"_L1, String | Required, "server_vad semantic_vad"_L1},
    {"session.audio.input.turn_detection.threshold"_L1, Number, {}, 0, 1},
    {"session.audio.input.turn_detection.prefix_padding_ms"_L1, Integer, {}, 0, 5000},
    {"session.audio.input.turn_detection.silence_duration_ms"_L1, Integer, {}, 0, 10000},
    {"session.audio.input.turn_detection.create_response"_L1, Boolean},
    {"session.audio.input.turn_detection.interrupt_response"_L1, Boolean},
    {"session.audio.input.turn_detection.idle_timeout_ms"_L1, Integer | Null, {}, 5000, 30000},
    {"session.audio.input.turn_detection.eagerness"_L1, String, "low medium high auto"_L1},
    {"session.audio.output"_L1, Object},
    {"session.audio.output.format"_L1, Object},
    {"session.audio.output.format.type"_L1, String | Required, formats},
    {"session.audio.output.format.rate"_L1, Integer, {}, 24000, 24000},
    {"session.audio.output.voice"_L1, String | Open},
    {"session.audio.output.speed"_L1, Number, {}, 0.25, 1.5},
};

/// What a transcription session may hold of these.
constexpr QLatin1StringView transcriptionMembers[] = {"type"_L1, "include"_L1, "audio"_L1};

constexpr Rule expiryRules[] = {
    {"expires_after"_L1, Object},
    {"expires_after.anchor"_L1, String, "created_at"_L1},
    {"expires_after.seconds"_L1, Integer, {}, 10, 7200},
};

constexpr Rule modelRules[] = {{"session.model"_L1, String | Required}};
constexpr auto translationRules = joined(translationSession, modelRules);

constexpr Rule responseCreateRules[] = {
    {"response"_L1, Object | Null},
    {"response.output_modalities"_L1, Array, modalities},
    {"response.instructions"_L1, String},
    {"response.audio"_L1, Object},
    {"response.audio.output"_L1, Object},
    {"response.audio.output.format"_L1, Object},
    {"response.audio.output.format.type"_L1, String | Required, formats},
    {"response.audio.output.format.rate"_L1, Integer, {}, 24000, 24000},
    {"response.audio.output.voice"_L1, String | Open},
    {"response.tools"_L1, Array},
    {"response.tool_choice"_L1, String | Open},
    {"response.parallel_tool_calls"_L1, Boolean},
    {"response.reasoning"_L1, Open | Null},
    {"response.max_output_tokens"_L1, Integer | String, "inf"_L1, 1, 4096},
    {"response.conversation"_L1, String, "auto none"_L1},
    {"response.metadata"_L1, Open | Null},
    {"response.prompt"_L1, Open | Null},
    {"response.input"_L1, Array},
};

constexpr Rule appendRules[] = {{"audio"_L1, String | Required}};
constexpr Rule createRules[] = {{"previous_item_id"_L1, String | Null}, {"item"_L1, Open | Required}};
constexpr Rule itemRules[] = {{"item_id"_L1, String | Required}};
constexpr Rule truncateRules[] = {
    {"item_id"_L1, String | Required},
    {"content_index"_L1, Integer | Required, {}, 0},
    {"audio_end_ms"_L1, Integer | Required, {}, 0},
};
constexpr Rule cancelRules[] = {{"response_id"_L1, String | Null}};

constexpr EventRules eventRules[] = {
    {"session.update"_L1, sessionUpdateRules},
    {"input_audio_buffer.append"_L1, appendRules},
    {"input_audio_buffer.commit"_L1, {}},
    {"input_audio_buffer.clear"_L1, {}},
    {"output_audio_buffer.clear"_L1, {}},
    {"conversation.item.create"_L1, createRules},
    {"conversation.item.delete"_L1, itemRules},
    {"conversation.item.retrieve"_L1, itemRules},
    {"conversation.item.truncate"_L1, truncateRules},
    {"response.create"_L1, responseCreateRules},
    {"response.cancel"_L1, cancelRules},
};

std::optional<ApiError> checkTools(const QJsonArray &tools, const QString &path)
{
    for (qsizetype i = 0; i < tools.size(); ++i) {
        const QString at = u"%1[%2]"_s.arg(path).arg(i);
        const QJsonObject tool = tools[i].toObject();
        const QString type = tool[u"type"_s].toString();
        if (!tools[i].isObject())
            return wrongType(at, "an object"_L1, tools[i]);
        if (type.isEmpty())
            return missing(at + u".type"_s);
        if (type != "function"_L1 && type != "mcp"_L1)
            return unsupported(type, {u"function"_s, u"mcp"_s}, at + u".type"_s);
        const QString name = type == "mcp"_L1 ? u"server_label"_s : u"name"_s;
        if (tool[name].toString().isEmpty())
            return missing(at + u'.' + name);
    }
    return {};
}

std::optional<ApiError> checkContent(const QJsonObject &item, const QString &path)
{
    const QString role = item[u"role"_s].toString();
    QStringList allowed{u"input_text"_s};
    if (role == "user"_L1)
        allowed += {u"input_audio"_s, u"input_image"_s};
    else if (role == "assistant"_L1)
        allowed = {u"output_text"_s, u"output_audio"_s};
    const QJsonArray parts = item[u"content"_s].toArray();
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const QString at = u"%1.content[%2]"_s.arg(path).arg(i);
        const QJsonObject part = parts[i].toObject();
        const QString type = part[u"type"_s].toString();
        if (type.isEmpty())
            return missing(at + u".type"_s);
        if (!allowed.contains(type))
            return unsupported(type, allowed, at + u".type"_s);
        // An output_audio part gives its text: what was once spoken is told to the model in words.
        const QString member = type == "input_audio"_L1 ? u"audio"_s
            : type == "input_image"_L1                  ? u"image_url"_s
                                                        : u"text"_s;
        if (!part.contains(member))
            return missing(at + u'.' + member);
        if (!part[member].isString())
            return wrongType(at + u'.' + member, "a string"_L1, part[member]);
    }
    return {};
}

std::optional<ApiError> checkItem(const QJsonObject &item, const QString &path, bool mayBeReference)
{
    static constexpr Rule rules[] = {
        {"message.role"_L1, String | Required, "user assistant system"_L1},
        {"message.content"_L1, Array | Required},
        {"function_call.name"_L1, String | Required},
        {"function_call.arguments"_L1, String | Required},
        {"function_call_output.call_id"_L1, String | Required},
        {"function_call_output.output"_L1, String | Required},
        {"item_reference.id"_L1, String | Required},
    };
    const QString type = item[u"type"_s].toString();
    if (type.isEmpty())
        return missing(path + u".type"_s);
    QStringList types{u"message"_s, u"function_call"_s, u"function_call_output"_s};
    if (mayBeReference)
        types.append(u"item_reference"_s);
    if (!types.contains(type))
        return unsupported(type, types, path + u".type"_s);
    for (const Rule &rule : rules) {
        const QString name = QString(rule.path).section(u'.', 1);
        if (rule.path != QString(type + u'.' + name))
            continue;
        if (!item.contains(name))
            return missing(path + u'.' + name);
        if (auto error = checkValue(item[name], rule, path + u'.' + name))
            return error;
    }
    if (item.contains(u"id"_s) && !item[u"id"_s].isString())
        return wrongType(path + u".id"_s, "a string"_L1, item[u"id"_s]);
    return type == "message"_L1 ? checkContent(item, path) : std::nullopt;
}

/// Both at once were the beta's way to say audio.
std::optional<ApiError> checkModalities(const QJsonValue &given, const QString &path)
{
    const QJsonArray list = given.toArray();
    if (!given.isArray() || list.size() == 1)
        return {};
    QStringList words;
    for (const QJsonValue &modality : list)
        words.append(u'\'' + modality.toString() + u'\'');
    return ApiError{u"invalid_value"_s,
        u"Invalid modalities: [%1]. Supported combinations are: ['text'] and ['audio']."_s.arg(
            words.join(u", "_s)),
        path};
}

/// What the rules do not say of the `session` or `response` of an event.
std::optional<ApiError> checkConfiguration(const QJsonObject &event, const QString &owner)
{
    const QJsonObject configuration = event[owner].toObject();
    if (auto error = checkModalities(configuration[u"output_modalities"_s], owner + u".output_modalities"_s))
        return error;
    return checkTools(configuration[u"tools"_s].toArray(), owner + u".tools"_s);
}

std::optional<ApiError> checkTranscription(const QJsonObject &session)
{
    QString unknown;
    const QStringList members = session.keys();
    for (const QString &member : members) {
        if (std::find(std::begin(transcriptionMembers), std::end(transcriptionMembers), member)
            == std::end(transcriptionMembers))
            unknown = u"session."_s + member;
    }
    if (unknown.isEmpty() && session[u"audio"_s].toObject().contains(u"output"_s))
        unknown = u"session.audio.output"_s;
    if (unknown.isEmpty())
        return {};
    return ApiError{u"unknown_parameter"_s, u"Unknown parameter: '%1'."_s.arg(unknown), unknown};
}

std::optional<ApiError> checkSession(const QJsonObject &event)
{
    const QJsonObject session = event[u"session"_s].toObject();
    if (session[u"type"_s] == "transcription"_L1) {
        if (auto error = checkTranscription(session))
            return error;
    }
    return checkConfiguration(event, u"session"_s);
}

std::optional<ApiError> checkExpiry(const QJsonObject &body)
{
    QJsonObject expiry = body;
    expiry.remove(u"session"_s);
    return checkMembers(expiry, expiryRules);
}

/// The session of a body; {} where it has none.
QJsonObject sessionOf(const QJsonObject &body)
{
    return body.contains(u"session"_s) ? QJsonObject{{u"session"_s, body[u"session"_s]}} : QJsonObject();
}

} // namespace

std::optional<ApiError> checkClientEvent(const QJsonObject &event)
{
    if (auto error = checkEvent(event, eventRules))
        return error;
    if (auto error = checkSession(event))
        return error;
    if (auto error = checkConfiguration(event, u"response"_s))
        return error;
    const QJsonArray input = event[u"response"_s][u"input"_s].toArray();
    for (qsizetype i = 0; i < input.size(); ++i) {
        if (auto error = checkItem(input[i].toObject(), u"response.input[%1]"_s.arg(i), true))
            return error;
    }
    if (event[u"type"_s] == "conversation.item.create"_L1)
        return checkItem(event[u"item"_s].toObject(), u"item"_s, false);
    return {};
}

std::optional<ApiError> checkSecretRequest(const QJsonObject &body)
{
    if (auto error = checkExpiry(body))
        return error;
    const QJsonObject session = sessionOf(body);
    if (session.isEmpty())
        return {};
    if (auto error = checkMembers(session, sessionUpdateRules))
        return error;
    return checkSession(session);
}

std::optional<ApiError> checkTranslationSecretRequest(const QJsonObject &body)
{
    if (auto error = checkExpiry(body))
        return error;
    return checkMembers(sessionOf(body), translationRules);
}

} // namespace rr
