// SPDX-License-Identifier: MIT
#include "core/simulator/liveevents.h"

#include "core/simulator/rules.h"

#include <QJsonArray>

#include <algorithm>
#include <array>
#include <vector>

using namespace Qt::StringLiterals;

namespace rr {

using namespace rules;

namespace {

constexpr Rule delegationRules[] = {
    {"session"_L1, Object | Required},
    {"session.delegation"_L1, Object | Null},
    {"session.delegation.type"_L1, String | Required, "client responses"_L1},
    {"session.delegation.acknowledgement_delay_ms"_L1, Integer, {}, 0},
    {"session.delegation.responses"_L1, Object},
    {"session.delegation.responses.model"_L1, String},
    {"session.delegation.responses.instructions"_L1, String | Null},
    {"session.delegation.responses.max_output_tokens"_L1, Integer | Null, {}, 1},
    {"session.delegation.responses.parallel_tool_calls"_L1, Boolean | Null},
    {"session.delegation.responses.reasoning"_L1, Open | Null},
    {"session.delegation.responses.service_tier"_L1, String | Null},
    {"session.delegation.responses.text"_L1, Open | Null},
    {"session.delegation.responses.tool_choice"_L1, String | Open},
    {"session.delegation.responses.tools"_L1, Array},
};
constexpr Rule formatRules[] = {
    {"session.audio"_L1, Object},
    {"session.audio.format"_L1, Object},
    {"session.audio.format.type"_L1, String | Required, "audio/pcm audio/pcmu audio/pcma"_L1},
    {"session.audio.format.rate"_L1, Integer | Required},
    {"session.client"_L1, Open},
    {"session.store"_L1, Boolean},
};
constexpr Rule startOnlyRules[] = {
    {"session.model"_L1, String | Required},
    {"session.instructions"_L1, String | Null},
    {"session.input"_L1, Array},
    {"session.audio.output"_L1, Object},
    {"session.audio.output.voice"_L1, String | Open},
    {"session.triggers"_L1, Array},
};
constexpr Rule triggerRules[] = {{"session.triggers"_L1, Array}};
constexpr auto startRules = joined(delegationRules, formatRules, startOnlyRules);
constexpr auto forkRules = joined(delegationRules, formatRules);
constexpr auto updateRules = joined(delegationRules, triggerRules);

constexpr Rule audioRules[] = {{"audio"_L1, String | Required}};
constexpr Rule contentRules[] = {
    {"content"_L1, String | Required},
    {"delegation_id"_L1, String | Null | Required},
};
constexpr Rule itemCreateRules[] = {{"item"_L1, Open | Required}};
constexpr Rule keyRules[] = {{"event"_L1, String | Required}};

/// What all doors take; the others add to it.
constexpr EventRules sidebandEvents[] = {
    {"session.update"_L1, updateRules},
    {"session.input_audio.mute"_L1, {}},
    {"session.input_audio.unmute"_L1, {}},
    {"session.output_audio.fixture.play"_L1, audioRules},
    {"session.instructions.append"_L1, contentRules},
    {"session.thinking.append"_L1, contentRules},
    {"session.commentary.append"_L1, contentRules},
    {"response.item.create"_L1, itemCreateRules},
    {"response.create"_L1, {}},
    {"session.close"_L1, {}},
    {"transport.dtmf.send"_L1, keyRules},
};

constexpr qsizetype mostInputMessages = 128;
constexpr qsizetype mostInstructionTokens = 16'384;
constexpr qsizetype mostContentTokens = 500;
constexpr qsizetype lettersPerToken = 4; // about what a model would count

std::optional<ApiError> tooLong(const QJsonValue &text, qsizetype mostTokens, const QString &path)
{
    const qsizetype tokens = text.toString().size() / lettersPerToken;
    if (tokens <= mostTokens)
        return {};
    return ApiError{u"string_above_max_length"_s,
        u"Invalid '%1': it is too long. Expected at most %2 tokens, but got %3."_s.arg(path)
            .arg(mostTokens)
            .arg(tokens),
        path};
}

std::optional<ApiError> checkFormat(const QJsonObject &format)
{
    const int rate = format[u"rate"_s].toInt();
    const bool pcm = format[u"type"_s] == "audio/pcm"_L1;
    if (format.isEmpty() || (pcm ? rate == 16000 || rate == 24000 : rate == 8000))
        return {};
    return unsupported(QString::number(rate),
        pcm ? QStringList{u"16000"_s, u"24000"_s} : QStringList{u"8000"_s}, u"session.audio.format.rate"_s);
}

std::optional<ApiError> checkDelegation(const QJsonObject &delegation, bool complete)
{
    const QString path = u"session.delegation.responses"_s;
    const bool hasResponses = delegation.contains(u"responses"_s);
    if (delegation[u"type"_s] == "client"_L1 && hasResponses)
        return ApiError{u"unknown_parameter"_s, u"Unknown parameter: '%1'."_s.arg(path), path};
    if (complete && delegation[u"type"_s] == "responses"_L1) {
        if (!hasResponses)
            return missing(path);
        if (!delegation[u"responses"_s].toObject().contains(u"model"_s))
            return missing(path + u".model"_s);
    }
    const QJsonArray tools = delegation[u"responses"_s][u"tools"_s].toArray();
    for (qsizetype i = 0; i < tools.size(); ++i) {
        const QString at = u"%1.tools[%2]"_s.arg(path).arg(i);
        if (tools[i][u"type"_s].toString().isEmpty())
            return missing(at + u".type"_s);
        if (tools[i][u"type"_s] == "function"_L1 && tools[i][u"name"_s].toString().isEmpty())
            return missing(at + u".name"_s);
    }
    return {};
}

std::optional<ApiError> checkInput(const QJsonArray &messages)
{
    if (messages.size() > mostInputMessages) {
        return ApiError{u"array_above_max_length"_s,
            u"Invalid 'session.input': expected at most %1 messages, but got %2."_s.arg(mostInputMessages)
                .arg(messages.size()),
            u"session.input"_s};
    }
    for (qsizetype i = 0; i < messages.size(); ++i) {
        const QString at = u"session.input[%1]"_s.arg(i);
        const QStringList roles{u"developer"_s, u"user"_s, u"assistant"_s};
        const QString role = messages[i][u"role"_s].toString();
        if (!roles.contains(role))
            return unsupported(role, roles, at + u".role"_s);
        const QJsonArray content = messages[i][u"content"_s].toArray();
        if (content.size() != 1 || !content[0][u"text"_s].isString())
            return missing(at + u".content[0].text"_s);
    }
    return {};
}

std::optional<ApiError> checkSession(const QJsonObject &session, bool complete)
{
    if (auto error = checkFormat(session[u"audio"_s][u"format"_s].toObject()))
        return error;
    if (auto error = checkDelegation(session[u"delegation"_s].toObject(), complete))
        return error;
    if (auto error = checkInput(session[u"input"_s].toArray()))
        return error;
    if (!session[u"triggers"_s].toArray().isEmpty()) {
        return ApiError{u"invalid_value"_s, u"This is the simulator: it does not play Decisions."_s,
            u"session.triggers"_s};
    }
    return tooLong(session[u"instructions"_s], mostInstructionTokens, u"session.instructions"_s);
}

} // namespace

std::optional<ApiError> checkLiveEvent(const QJsonObject &event, LiveDoor door)
{
    std::vector<EventRules> known(std::begin(sidebandEvents), std::end(sidebandEvents));
    if (door != LiveDoor::Sideband) {
        known.back() = {"session.input_audio.append"_L1, audioRules}; // instead of the keys of a telephone
        if (door == LiveDoor::Primary)
            known.push_back({"session.start"_L1, startRules});
        else
            known.push_back({"session.start"_L1, forkRules});
    }
    if (auto error = checkEvent(event, known))
        return error;
    const QString type = event[u"type"_s].toString();
    const bool complete = type == "session.start"_L1 && door == LiveDoor::Primary;
    const QJsonObject session = event[u"session"_s].toObject();
    if (auto error = checkSession(session, complete))
        return error;
    return tooLong(event[u"content"_s], mostContentTokens, u"content"_s);
}

std::optional<QByteArray> liveAudio(const QJsonValue &base64, int bytesPerSample)
{
    const auto raw = QByteArray::fromBase64Encoding(
        base64.toString().toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
    if (!raw || (*raw).isEmpty() || (*raw).size() % bytesPerSample != 0)
        return {};
    return *raw;
}

ApiError invalidLiveAudio(const QString &why)
{
    return {u"invalid_audio"_s, u"Invalid 'audio': %1"_s.arg(why), u"audio"_s};
}

} // namespace rr
