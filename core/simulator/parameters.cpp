// SPDX-License-Identifier: MIT
#include "core/simulator/parameters.h"

#include <QJsonArray>

#include <algorithm>
#include <limits>
#include <span>
#include <vector>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

enum Kind : unsigned {
    String = 1,
    Integer = 2,
    Number = 4,
    Boolean = 8,
    Object = 16, ///< its members have rules of their own
    Open = 32, ///< an object that may hold anything
    Array = 64,
    Null = 128,
    Required = 256,
};

constexpr double unbounded = std::numeric_limits<double>::infinity();

struct Rule
{
    QLatin1StringView path;
    unsigned kinds;
    QLatin1StringView values = {}; ///< allowed words, of a string or of an array's strings
    double minimum = -unbounded;
    double maximum = unbounded;
};

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

struct EventRules
{
    QLatin1StringView type;
    std::span<const Rule> rules;
};

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

ApiError missing(const QString &path)
{
    return {u"missing_required_parameter"_s, u"Missing required parameter: '%1'."_s.arg(path), path};
}

ApiError unsupported(const QString &value, const QStringList &allowed, const QString &path)
{
    QString list;
    for (qsizetype i = 0; i < allowed.size(); ++i)
        list += (i == 0                          ? QString()
                        : i + 1 < allowed.size() ? u", "_s
                                                 : u", and "_s)
            + u'\'' + allowed[i] + u'\'';
    return {u"invalid_value"_s, u"Invalid value: '%1'. Supported values are: %2."_s.arg(value, list), path};
}

ApiError wrongType(const QString &path, QLatin1StringView expected, const QJsonValue &value)
{
    static constexpr QLatin1StringView names[]
        = {"null"_L1, "a boolean"_L1, "a number"_L1, "a string"_L1, "an array"_L1, "an object"_L1};
    const auto got = value.type() <= QJsonValue::Object ? names[value.type()] : names[0];
    return {u"invalid_type"_s,
        u"Invalid type for '%1': expected %2, but got %3 instead."_s.arg(path, expected, got), path};
}

bool isInteger(const QJsonValue &value)
{
    return value.isDouble() && value.toDouble() == double(value.toInteger());
}

bool isOfKind(const QJsonValue &value, unsigned kinds)
{
    switch (value.type()) {
    case QJsonValue::String:
        return kinds & String;
    case QJsonValue::Bool:
        return kinds & Boolean;
    case QJsonValue::Double:
        return (kinds & Number) || ((kinds & Integer) && isInteger(value));
    case QJsonValue::Object:
        return kinds & (Object | Open);
    case QJsonValue::Array:
        return kinds & Array;
    default:
        return kinds & Null;
    }
}

QLatin1StringView kindName(unsigned kinds)
{
    if (kinds & (Object | Open))
        return "an object"_L1;
    if (kinds & Array)
        return "an array"_L1;
    if (kinds & Integer)
        return "an integer"_L1;
    if (kinds & Number)
        return "a decimal"_L1;
    return kinds & Boolean ? "a boolean"_L1 : "a string"_L1;
}

std::optional<ApiError> checkValue(const QJsonValue &value, const Rule &rule, const QString &path)
{
    if (!isOfKind(value, rule.kinds))
        return wrongType(path, kindName(rule.kinds), value);
    if (value.isDouble() && (value.toDouble() < rule.minimum || value.toDouble() > rule.maximum)) {
        const bool below = value.toDouble() < rule.minimum;
        const QString kind = rule.kinds & Integer ? u"integer"_s : u"decimal"_s;
        return ApiError{kind + (below ? u"_below_min_value"_s : u"_above_max_value"_s),
            u"Invalid '%1': %2 %3 value. Expected a value %4 %5, but got %6 instead."_s.arg(path, kind,
                below ? u"below minimum"_s : u"above maximum"_s, below ? u">="_s : u"<="_s,
                QString::number(below ? rule.minimum : rule.maximum), QString::number(value.toDouble())),
            path};
    }
    if (rule.values.isEmpty())
        return {};
    const QStringList allowed = QString(rule.values).split(u' ');
    const QJsonArray words = value.isArray() ? value.toArray()
        : value.isString()                   ? QJsonArray{value}
                                             : QJsonArray{};
    for (const QJsonValue &word : words) {
        if (!allowed.contains(word.toString()))
            return unsupported(word.toString(), allowed, path);
    }
    return {};
}

std::optional<ApiError> checkObject(
    const QJsonObject &object, std::span<const Rule> rules, const QString &prefix)
{
    for (const Rule &rule : rules) {
        const QString path(rule.path);
        if (rule.kinds & Required && path.startsWith(prefix) && path.indexOf(u'.', prefix.size()) < 0
            && !object.contains(path.mid(prefix.size())))
            return missing(path);
    }
    for (auto member = object.begin(); member != object.end(); ++member) {
        const QString path = prefix + member.key();
        const auto rule
            = std::find_if(rules.begin(), rules.end(), [&](const Rule &r) { return r.path == path; });
        if (rule == rules.end()) {
            if (prefix.isEmpty() && (path == "type"_L1 || path == "event_id"_L1))
                continue;
            return ApiError{u"unknown_parameter"_s, u"Unknown parameter: '%1'."_s.arg(path), path};
        }
        if (auto error = checkValue(member.value(), *rule, path))
            return error;
        if (rule->kinds & Object && member.value().isObject()) {
            if (auto error = checkObject(member.value().toObject(), rules, path + u'.'))
                return error;
        }
    }
    return {};
}

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
        const QString member = type.endsWith("_text"_L1) ? u"text"_s
            : type == "input_audio"_L1                   ? u"audio"_s
            : type == "input_image"_L1                   ? u"image_url"_s
                                                         : QString();
        if (member.isEmpty())
            continue;
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

} // namespace

std::optional<ApiError> checkClientEvent(const QJsonObject &event)
{
    if (!event.contains(u"type"_s))
        return missing(u"type"_s);
    const QString type = event[u"type"_s].toString();
    const auto known = std::find_if(std::begin(eventRules), std::end(eventRules),
        [&](const EventRules &rules) { return rules.type == type; });
    if (known == std::end(eventRules)) {
        QStringList types;
        for (const EventRules &rules : eventRules)
            types.append(rules.type);
        return unsupported(type, types, u"type"_s);
    }
    if (auto error = checkObject(event, known->rules, {}))
        return error;
    for (const QString &owner : {u"session"_s, u"response"_s}) {
        if (auto error = checkTools(event[owner][u"tools"_s].toArray(), owner + u".tools"_s))
            return error;
    }
    const QJsonArray input = event[u"response"_s][u"input"_s].toArray();
    for (qsizetype i = 0; i < input.size(); ++i) {
        if (auto error = checkItem(input[i].toObject(), u"response.input[%1]"_s.arg(i), true))
            return error;
    }
    if (type == "conversation.item.create"_L1)
        return checkItem(event[u"item"_s].toObject(), u"item"_s, false);
    return {};
}

} // namespace rr
