// SPDX-License-Identifier: MIT
#include "core/realtime/beta/clientevents.h"

#include "core/realtime/beta/items.h"
#include "core/realtime/jsontext.h"
#include "core/realtime/modelaliases.h"

#include <algorithm>
#include <span>

namespace rr {

namespace {

/// What a name is replaced by, where it is asked for; the same JSON where it has no other.
QByteArray answering(QByteArrayView model, const BetaMemory &memory)
{
    if (!isJsonString(model) || model.size() > BetaMemory::longest)
        return model.toByteArray();
    return '"' + answeringModel(model.sliced(1, model.size() - 2).toByteArray(), memory.modelAliases) + '"';
}

/// An object with this type before its members.
void writeTyped(JsonOut &out, QByteArrayView type, QByteArrayView object)
{
    JsonWriter to(out);
    to.member("type", type);
    for (JsonParts each(object); each.next();)
        to.member(each.name(), each.value());
    to.close();
}

void writeUnchanged(JsonOut &out, QByteArrayView value, const BetaMemory &)
{
    out += value;
}

void writeFormat(JsonOut &out, QByteArrayView value, const BetaMemory &)
{
    if (isJsonString(value, "pcm16"))
        out += "{\"type\":\"audio/pcm\",\"rate\":24000}";
    else if (isJsonString(value, "g711_ulaw"))
        out += "{\"type\":\"audio/pcmu\"}";
    else if (isJsonString(value, "g711_alaw"))
        out += "{\"type\":\"audio/pcma\"}";
    else if (isJsonString(value))
        out.append("{\"type\":").append(value).append('}');
    else
        out += value;
}

void writeTranscription(JsonOut &out, QByteArrayView value, const BetaMemory &memory)
{
    if (!isJsonObject(value)) {
        out += value;
        return;
    }
    JsonWriter to(out);
    for (JsonParts each(value); each.next();) {
        if (each.name() == "model")
            to.member("model", answering(each.value(), memory));
        else
            to.member(each.name(), each.value());
    }
    to.close();
}

void writeTurnDetection(JsonOut &out, QByteArrayView value, const BetaMemory &memory)
{
    const QByteArrayView type = jsonMemberValue(value, "type");
    if (isJsonString(type, "none")) // Microsoft's word
        out += "null";
    else if (isJsonObject(value) && type.isEmpty())
        writeTyped(out, memory.turnDetectionType, value);
    else
        out += value;
}

/// A member of the beta that has its place in a half of today's `audio`.
struct Moved
{
    QByteArrayView beta;
    QByteArrayView today;
    void (*write)(JsonOut &out, QByteArrayView value, const BetaMemory &memory);
};
constexpr Moved toInput[] = {
    {"input_audio_format", "format", writeFormat},
    {"input_audio_transcription", "transcription", writeTranscription},
    {"input_audio_noise_reduction", "noise_reduction", writeUnchanged},
    {"turn_detection", "turn_detection", writeTurnDetection},
};
constexpr Moved toOutput[] = {
    {"output_audio_format", "format", writeFormat},
    {"voice", "voice", writeUnchanged},
    {"speed", "speed", writeUnchanged},
};
/// Which of them a session and a response have.
struct Shape
{
    std::span<const Moved> input;
    std::span<const Moved> output;
    bool speaks = true; ///< it has modalities
};
constexpr Shape ofSession{toInput, toOutput};
constexpr Shape ofTranscription{toInput, toOutput, false};
constexpr Shape ofResponse{{}, std::span(toOutput).first(2)};

bool isMoved(QByteArrayView name, std::span<const Moved> half)
{
    return std::any_of(half.begin(), half.end(), [name](const Moved &each) { return each.beta == name; });
}

bool hasSaid(QByteArrayView beta, std::span<const Moved> half)
{
    return std::any_of(half.begin(), half.end(),
        [beta](const Moved &each) { return !jsonMemberValue(beta, each.beta).isEmpty(); });
}

/// A half of today's `audio`: what the client has said of it by today's names, and then by the beta's.
void writeHalf(JsonOut &out, QByteArrayView today, QByteArrayView beta, std::span<const Moved> half,
    const BetaMemory &memory)
{
    if (!today.isEmpty() && !isJsonObject(today)) {
        out += today;
        return;
    }
    JsonWriter to(out);
    for (JsonParts each(today); each.next();)
        to.member(each.name(), each.value());
    for (const Moved &each : half) {
        const QByteArrayView value = jsonMemberValue(beta, each.beta);
        if (!value.isEmpty() && jsonMemberValue(today, each.today).isEmpty())
            each.write(to.member(each.today), value, memory);
    }
    to.close();
}

void writeAudio(JsonWriter &to, QByteArrayView beta, const Shape &shape, const BetaMemory &memory)
{
    const QByteArrayView today = jsonMemberValue(beta, "audio");
    const bool input = hasSaid(beta, shape.input);
    const bool output = hasSaid(beta, shape.output);
    if ((!today.isEmpty() && !isJsonObject(today)) || !(input || output)) {
        to.memberIf("audio", today);
        return;
    }
    JsonWriter audio(to.member("audio"));
    for (JsonParts each(today); each.next();) {
        if (!(input && each.name() == "input") && !(output && each.name() == "output"))
            audio.member(each.name(), each.value());
    }
    if (input)
        writeHalf(audio.member("input"), jsonMemberValue(today, "input"), beta, shape.input, memory);
    if (output)
        writeHalf(audio.member("output"), jsonMemberValue(today, "output"), beta, shape.output, memory);
    audio.close();
}

/// The beta wanted text with audio; today audio brings its transcript, and both at once are refused.
QByteArrayView modalities(QByteArrayView beta)
{
    for (JsonParts each(beta); each.next();) {
        if (isJsonString(each.value(), "audio"))
            return "[\"audio\"]";
    }
    return beta;
}

/// What a session and a response have alike, and is not written as it came: see isWrittenByCommon().
void writeCommon(JsonWriter &to, QByteArrayView beta, const Shape &shape, const BetaMemory &memory)
{
    if (shape.speaks && jsonMemberValue(beta, "output_modalities").isEmpty())
        to.memberIf("output_modalities", modalities(jsonMemberValue(beta, "modalities")));
    if (jsonMemberValue(beta, "max_output_tokens").isEmpty())
        to.memberIf("max_output_tokens", jsonMemberValue(beta, "max_response_output_tokens"));
    writeAudio(to, beta, shape, memory);
}

bool isWrittenByCommon(QByteArrayView name, const Shape &shape)
{
    return isOneOf(name, {"modalities", "max_response_output_tokens", "audio"}) || isMoved(name, shape.input)
        || isMoved(name, shape.output);
}

void writeTools(JsonOut &out, QByteArrayView tools)
{
    if (!tools.startsWith('[')) {
        out += tools;
        return;
    }
    JsonWriter to(out, JsonWriter::Array);
    for (JsonParts each(tools); each.next();) {
        const QByteArrayView tool = each.value();
        if (!jsonMemberValue(tool, "name").isEmpty() && jsonMemberValue(tool, "type").isEmpty())
            writeTyped(to.element(), "\"function\"", tool);
        else
            to.element() += tool;
    }
    to.close();
}

void writeModel(JsonWriter &to, QByteArrayView model, BetaMemory &memory)
{
    if (memory.queryNamesModel)
        return; // which counts
    const QByteArray answers = answering(model, memory);
    if (answers != model) {
        memory.modelAsked = model.sliced(1, model.size() - 2).toByteArray();
        memory.modelAnswers = answers.sliced(1, answers.size() - 2);
    }
    to.member("model", answers);
}

void remember(QByteArrayView temperature, BetaMemory &memory)
{
    const char first = temperature.front();
    if ((first == '-' || (first >= '0' && first <= '9')) && temperature.size() <= BetaMemory::longest)
        memory.temperature = temperature.toByteArray();
}

void writeUpdate(JsonOut &out, QByteArrayView session, bool isTranscription, BetaMemory &memory)
{
    JsonWriter to(out);
    if (jsonMemberValue(session, "type").isEmpty())
        to.member("type", isTranscription ? "\"transcription\"" : "\"realtime\"");
    for (JsonParts each(session); each.next();) {
        const QByteArrayView name = each.name();
        if (name == "model") {
            writeModel(to, each.value(), memory);
        } else if (name == "tools") {
            writeTools(to.member(name), each.value());
        } else if (name == "temperature") {
            memory.temperatureAsked = true;
            remember(each.value(), memory);
        } else if (!isWrittenByCommon(name, ofSession)
            && !isOneOf(name, {"client_secret", "id", "object", "expires_at"})) {
            to.member(name, each.value());
        }
    }
    writeCommon(to, session, isTranscription ? ofTranscription : ofSession, memory);
    to.close();
}

void writeRequest(JsonOut &out, QByteArrayView response, BetaMemory &memory)
{
    JsonWriter to(out);
    for (JsonParts each(response); each.next();) {
        const QByteArrayView name = each.name();
        if (name == "input")
            writeItemsFromBeta(to.member(name), each.value());
        else if (name == "temperature")
            memory.temperatureAsked = true;
        else if (!isWrittenByCommon(name, ofResponse) && !isOneOf(name, {"commit", "cancel_previous"}))
            to.member(name, each.value());
    }
    writeCommon(to, response, ofResponse, memory);
    to.close();
}

} // namespace

QByteArray sessionUpdateFromBeta(const QByteArray &event, bool isTranscription, BetaMemory &memory)
{
    return rewrittenJson(
        event, memory.mostBytes, [&](JsonWriter &to, QByteArrayView name, QByteArrayView value) {
            if (name == "type")
                to.member(name, "\"session.update\"");
            else if (name == "session" && isJsonObject(value))
                writeUpdate(to.member(name), value, isTranscription || memory.isTranscription, memory);
            else
                to.member(name, value);
        });
}

QByteArray itemCreateFromBeta(const QByteArray &event, const BetaMemory &memory)
{
    return rewrittenJson(
        event, memory.mostBytes, [](JsonWriter &to, QByteArrayView name, QByteArrayView value) {
            if (name == "item")
                writeItemFromBeta(to.member(name), value);
            else if (name != "previous_item_id" || !isJsonNull(value))
                to.member(name, value);
        });
}

QByteArray responseCreateFromBeta(const QByteArray &event, BetaMemory &memory)
{
    return rewrittenJson(
        event, memory.mostBytes, [&memory](JsonWriter &to, QByteArrayView name, QByteArrayView value) {
            if (name == "response" && isJsonObject(value))
                writeRequest(to.member(name), value, memory);
            else if (name != "response" || !isJsonNull(value))
                to.member(name, value);
        });
}

} // namespace rr
