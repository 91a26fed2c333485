// SPDX-License-Identifier: MIT
#include "core/realtime/beta/serverevents.h"

#include "core/realtime/beta/items.h"
#include "core/realtime/jsontext.h"

#include <algorithm>
#include <iterator>

namespace rr {

namespace {

QByteArrayView orNull(QByteArrayView value)
{
    return value.isEmpty() ? QByteArrayView("null") : value;
}

/// The beta's word for a format; always a string, for clients ask it for its beginning.
QByteArrayView formatName(QByteArrayView format)
{
    const QByteArrayView type = jsonMemberValue(format, "type");
    if (isJsonString(type, "audio/pcmu"))
        return "\"g711_ulaw\"";
    if (isJsonString(type, "audio/pcma"))
        return "\"g711_alaw\"";
    return isJsonString(type) && !isJsonString(type, "audio/pcm") ? type : QByteArrayView("\"pcm16\"");
}

/// Whether the session or response is of text alone.
bool isWritten(QByteArrayView sessionOrResponse)
{
    const QByteArrayView modalities = jsonMemberValue(sessionOrResponse, "output_modalities");
    for (JsonParts each(modalities); each.next();) {
        if (isJsonString(each.value(), "audio"))
            return false;
    }
    return !modalities.isEmpty();
}

void learn(QByteArrayView session, QByteArrayView input, BetaMemory &memory)
{
    memory.isTranscription = isJsonString(jsonMemberValue(session, "type"), "transcription");
    const QByteArrayView type = jsonMemberValue(jsonMemberValue(input, "turn_detection"), "type");
    if (isJsonString(type) && type.size() <= BetaMemory::longest)
        memory.turnDetectionType = type.toByteArray();
}

void writeFlatSession(JsonOut &out, QByteArrayView session, BetaMemory &memory)
{
    const QByteArrayView audio = jsonMemberValue(session, "audio");
    const QByteArrayView input = jsonMemberValue(audio, "input");
    const QByteArrayView output = jsonMemberValue(audio, "output");
    learn(session, input, memory);
    JsonWriter to(out);
    for (JsonParts each(session); each.next();) {
        if (!isOneOf(each.name(),
                {"type", "object", "audio", "output_modalities", "max_output_tokens", "reasoning",
                    "parallel_tool_calls"}))
            to.member(each.name(), each.value());
    }
    to.member("input_audio_format", formatName(jsonMemberValue(input, "format")));
    to.member("input_audio_transcription", orNull(jsonMemberValue(input, "transcription")));
    to.member("input_audio_noise_reduction", orNull(jsonMemberValue(input, "noise_reduction")));
    to.member("turn_detection", orNull(jsonMemberValue(input, "turn_detection")));
    to.member("client_secret", "null");
    if (memory.isTranscription) {
        to.member("object", "\"realtime.transcription_session\"");
    } else {
        to.member("object", "\"realtime.session\"");
        to.member("modalities", isWritten(session) ? "[\"text\"]" : "[\"audio\",\"text\"]");
        to.memberIf("voice", jsonMemberValue(output, "voice"));
        to.memberIf("speed", jsonMemberValue(output, "speed"));
        to.member("output_audio_format", formatName(jsonMemberValue(output, "format")));
        to.member("temperature", memory.temperature);
        to.memberIf("max_response_output_tokens", jsonMemberValue(session, "max_output_tokens"));
    }
    to.close();
}

void writeFlatResponse(JsonOut &out, QByteArrayView response, const BetaMemory &memory)
{
    const QByteArrayView output = jsonMemberValue(jsonMemberValue(response, "audio"), "output");
    JsonWriter to(out);
    for (JsonParts each(response); each.next();) {
        if (!isOneOf(each.name(), {"audio", "output", "output_modalities"}))
            to.member(each.name(), each.value());
    }
    writeItemsForBeta(to.member("output"), jsonMemberValue(response, "output"));
    to.member("modalities", isWritten(response) ? "[\"text\"]" : "[\"text\",\"audio\"]");
    to.memberIf("voice", jsonMemberValue(output, "voice"));
    to.member("output_audio_format", formatName(jsonMemberValue(output, "format")));
    to.member("temperature", memory.temperature);
    to.close();
}

struct Param
{
    QByteArrayView today;
    QByteArrayView beta;
};
constexpr Param params[] = {
    {"session.audio.input.format", "session.input_audio_format"},
    {"session.audio.input.transcription", "session.input_audio_transcription"},
    {"session.audio.input.noise_reduction", "session.input_audio_noise_reduction"},
    {"session.audio.input.turn_detection", "session.turn_detection"},
    {"session.audio.output.format", "session.output_audio_format"},
    {"session.audio.output.voice", "session.voice"},
    {"session.audio.output.speed", "session.speed"},
    {"session.output_modalities", "session.modalities"},
    {"session.max_output_tokens", "session.max_response_output_tokens"},
    {"response.audio.output.voice", "response.voice"},
    {"response.audio.output.format", "response.output_audio_format"},
    {"response.output_modalities", "response.modalities"},
};

/// A string; what follows the name in it (".threshold", "[0]") stays. No name is the beginning of another.
QByteArray paramForBeta(QByteArrayView param)
{
    const auto *const found = std::find_if(std::begin(params), std::end(params), [param](const Param &each) {
        const QByteArrayView from = param.sliced(1);
        return from.startsWith(each.today) && QByteArrayView(".[\"").contains(from[each.today.size()]);
    });
    if (found == std::end(params))
        return param.toByteArray();
    return '"' + found->beta.toByteArray() + param.sliced(1 + found->today.size()).toByteArray();
}

} // namespace

QByteArray sessionForBeta(const QByteArray &event, BetaMemory &memory)
{
    const QByteArrayView session = jsonMemberValue(event, "session");
    if (jsonMemberValue(session, "type").isEmpty())
        return event; // it is none of today's
    const bool isTranscription = isJsonString(jsonMemberValue(session, "type"), "transcription");
    return rewrittenJson(
        event, memory.mostBytes, [&](JsonWriter &to, QByteArrayView name, QByteArrayView value) {
            if (name == "type" && isTranscription)
                to.member(name).append("\"transcription_").append(value.sliced(1));
            else if (name == "session")
                writeFlatSession(to.member(name), value, memory);
            else
                to.member(name, value);
        });
}

QByteArray responseForBeta(const QByteArray &event, const BetaMemory &memory)
{
    return rewrittenJson(
        event, memory.mostBytes, [&memory](JsonWriter &to, QByteArrayView name, QByteArrayView value) {
            if (name == "response" && isJsonObject(value))
                writeFlatResponse(to.member(name), value, memory);
            else
                to.member(name, value);
        });
}

QByteArray itemEventForBeta(const QByteArray &event, QByteArrayView type, const BetaMemory &memory)
{
    return rewrittenJson(
        event, memory.mostBytes, [type](JsonWriter &to, QByteArrayView name, QByteArrayView value) {
            if (name == "type")
                to.member(name).append('"').append(type).append('"');
            else if (name == "item")
                writeItemForBeta(to.member(name), value);
            else
                to.member(name, value);
        });
}

QByteArray partEventForBeta(const QByteArray &event, const BetaMemory &memory)
{
    return rewrittenJson(
        event, memory.mostBytes, [](JsonWriter &to, QByteArrayView name, QByteArrayView value) {
            if (name == "part")
                writePartForBeta(to.member(name), value);
            else
                to.member(name, value);
        });
}

QByteArray errorForBeta(const QByteArray &event, const BetaMemory &memory)
{
    return rewrittenJson(
        event, memory.mostBytes, [](JsonWriter &to, QByteArrayView name, QByteArrayView value) {
            if (name != "error" || !isJsonObject(value)) {
                to.member(name, value);
                return;
            }
            JsonWriter error(to.member(name));
            for (JsonParts each(value); each.next();) {
                if (each.name() == "param" && isJsonString(each.value()))
                    error.member("param", paramForBeta(each.value()));
                else
                    error.member(each.name(), each.value());
            }
            error.close();
        });
}

} // namespace rr
