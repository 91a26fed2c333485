// SPDX-License-Identifier: MIT
#include "core/simulator/sessionsettings.h"

using namespace Qt::StringLiterals;

namespace rr {

namespace {

QJsonObject pcmFormat()
{
    return {{u"type"_s, u"audio/pcm"_s}, {u"rate"_s, 24000}};
}

QJsonObject defaultTurnDetection(const QString &type)
{
    QJsonObject detection{{u"type"_s, type}, {u"create_response"_s, true}, {u"interrupt_response"_s, true}};
    if (type == "semantic_vad"_L1)
        return merged(detection, {{u"eagerness"_s, u"auto"_s}});
    return merged(detection,
        {{u"threshold"_s, 0.5}, {u"prefix_padding_ms"_s, 300}, {u"silence_duration_ms"_s, 200},
            {u"idle_timeout_ms"_s, QJsonValue::Null}});
}

QJsonObject withoutRateUnlessPcm(const QJsonObject &format)
{
    return format[u"type"_s] == "audio/pcm"_L1 ? pcmFormat() : QJsonObject{{u"type"_s, format[u"type"_s]}};
}

/// Fills in what a client may leave out of the audio part.
QJsonObject completed(const QJsonObject &audio, const QJsonObject &current)
{
    QJsonObject complete = audio;
    const QJsonObject input = audio[u"input"_s].toObject();
    const QJsonObject output = audio[u"output"_s].toObject();
    QJsonObject completeInput = input;
    if (input.contains(u"format"_s))
        completeInput[u"format"_s] = withoutRateUnlessPcm(input[u"format"_s].toObject());
    if (input[u"transcription"_s].isObject() && !current[u"input"_s][u"transcription"_s].isObject()) {
        completeInput[u"transcription"_s]
            = merged({{u"language"_s, QJsonValue::Null}, {u"prompt"_s, QJsonValue::Null}},
                input[u"transcription"_s].toObject());
    }
    const QJsonObject detection = input[u"turn_detection"_s].toObject();
    const QString type = detection[u"type"_s].toString();
    if (!detection.isEmpty() && current[u"input"_s][u"turn_detection"_s][u"type"_s] != type)
        completeInput[u"turn_detection"_s] = merged(defaultTurnDetection(type), detection);
    if (!input.isEmpty())
        complete[u"input"_s] = completeInput;
    if (output.contains(u"format"_s)) {
        QJsonObject completeOutput = output;
        completeOutput[u"format"_s] = withoutRateUnlessPcm(output[u"format"_s].toObject());
        complete[u"output"_s] = completeOutput;
    }
    return complete;
}

} // namespace

QJsonObject merged(QJsonObject base, const QJsonObject &change)
{
    for (auto member = change.begin(); member != change.end(); ++member) {
        const QJsonObject old = base.value(member.key()).toObject();
        const QJsonObject given = member.value().toObject();
        const bool bothObjects = base.value(member.key()).isObject() && member.value().isObject();
        const bool sameKind = !given.contains(u"type"_s) || given[u"type"_s] == old[u"type"_s];
        base.insert(member.key(), bothObjects && sameKind ? QJsonValue(merged(old, given)) : member.value());
    }
    return base;
}

SessionSettings::SessionSettings(Kind kind, const QString &id, const QString &model, qint64 expiresAt)
    : m_kind(kind)
{
    const QJsonObject input{{u"format"_s, pcmFormat()}, {u"transcription"_s, QJsonValue::Null},
        {u"noise_reduction"_s, QJsonValue::Null},
        {u"turn_detection"_s, defaultTurnDetection(u"server_vad"_s)}};
    m_json = {{u"id"_s, id}, {u"expires_at"_s, expiresAt}, {u"include"_s, QJsonValue::Null}};
    if (kind == Kind::Transcription) {
        QJsonObject listening = input;
        listening[u"turn_detection"_s] = QJsonObject{{u"type"_s, u"server_vad"_s}, {u"threshold"_s, 0.5},
            {u"prefix_padding_ms"_s, 300}, {u"silence_duration_ms"_s, 200}};
        m_json = merged(m_json,
            {{u"type"_s, u"transcription"_s}, {u"object"_s, u"realtime.transcription_session"_s},
                {u"audio"_s, QJsonObject{{u"input"_s, listening}}}});
        return;
    }
    const QJsonObject output{{u"format"_s, pcmFormat()}, {u"voice"_s, u"alloy"_s}, {u"speed"_s, 1.0}};
    m_json = merged(m_json,
        {{u"type"_s, u"realtime"_s}, {u"object"_s, u"realtime.session"_s}, {u"model"_s, model},
            {u"output_modalities"_s, QJsonArray{u"audio"_s}},
            {u"instructions"_s, u"You are the voice of a simulator – clear, friendly, brief."_s},
            {u"tools"_s, QJsonArray()}, {u"tool_choice"_s, u"auto"_s}, {u"max_output_tokens"_s, u"inf"_s},
            {u"tracing"_s, QJsonValue::Null}, {u"truncation"_s, u"auto"_s}, {u"prompt"_s, QJsonValue::Null},
            {u"audio"_s, QJsonObject{{u"input"_s, input}, {u"output"_s, output}}}});
}

std::optional<ApiError> SessionSettings::update(const QJsonObject &change, bool audioWasSent)
{
    const QJsonObject &current = m_json;
    if (change[u"type"_s] != current[u"type"_s]) {
        return ApiError{u"invalid_value"_s,
            u"Passing a %1 session update event to a %2 session is not allowed."_s.arg(
                change[u"type"_s].toString(), current[u"type"_s].toString()),
            u"session.type"_s};
    }
    const QJsonValue voice = change[u"audio"_s][u"output"_s][u"voice"_s];
    if (audioWasSent && !voice.isUndefined() && voice != current[u"audio"_s][u"output"_s][u"voice"_s]) {
        return ApiError{u"cannot_update_voice"_s,
            u"Cannot update a conversation's voice if assistant audio is present."_s,
            u"session.audio.output.voice"_s};
    }
    QJsonObject complete = change;
    if (change.contains(u"audio"_s))
        complete[u"audio"_s] = completed(change[u"audio"_s].toObject(), current[u"audio"_s].toObject());
    for (const QString &whole : {u"prompt"_s, u"tracing"_s}) {
        if (complete.contains(whole))
            m_json.remove(whole); // replaced, not merged
    }
    m_json = merged(m_json, complete);
    return {};
}

AudioFormat SessionSettings::inputFormat() const
{
    return audioFormatFromType(m_json[u"audio"_s][u"input"_s][u"format"_s][u"type"_s].toString());
}

bool SessionSettings::transcribes() const
{
    return m_json[u"audio"_s][u"input"_s][u"transcription"_s].isObject();
}

QJsonObject SessionSettings::turnDetection() const
{
    return m_json[u"audio"_s][u"input"_s][u"turn_detection"_s].toObject();
}

std::optional<VadSettings> SessionSettings::vad() const
{
    const QJsonObject detection = turnDetection();
    if (detection.isEmpty())
        return {};
    VadSettings settings;
    if (detection[u"type"_s] == "semantic_vad"_L1) {
        const QString eagerness = detection[u"eagerness"_s].toString();
        settings.silenceDurationMs = eagerness == "low"_L1 ? 800 : eagerness == "high"_L1 ? 300 : 500;
        return settings;
    }
    settings.threshold = detection[u"threshold"_s].toDouble(settings.threshold);
    settings.prefixPaddingMs = detection[u"prefix_padding_ms"_s].toInt(settings.prefixPaddingMs);
    settings.silenceDurationMs = detection[u"silence_duration_ms"_s].toInt(settings.silenceDurationMs);
    return settings;
}

bool SessionSettings::createsResponses() const
{
    return m_kind == Kind::Realtime && turnDetection()[u"create_response"_s].toBool(true);
}

bool SessionSettings::interruptsResponses() const
{
    return turnDetection()[u"interrupt_response"_s].toBool(true);
}

} // namespace rr
