// SPDX-License-Identifier: MIT
#include "core/simulator/translationcall.h"

#include "core/simulator/liveevents.h"
#include "core/simulator/rules.h"
#include "core/simulator/sessionsettings.h"
#include "core/simulator/translationrules.h"

#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {

using namespace rules;

namespace {

constexpr Rule audioRules[] = {{"audio"_L1, String | Required}};
constexpr EventRules translationEvents[] = {
    {"session.update"_L1, translationSession},
    {"session.input_audio_buffer.append"_L1, audioRules},
    {"session.close"_L1, {}},
};

QJsonObject firstSession(const QString &id, const TranslationCall::Options &options)
{
    const QJsonObject input{{u"transcription"_s, QJsonValue::Null}, {u"noise_reduction"_s, QJsonValue::Null}};
    const QJsonObject defaults{{u"model"_s, u"gpt-realtime-translate"_s},
        {u"audio"_s, QJsonObject{{u"input"_s, input}, {u"output"_s, QJsonObject{{u"language"_s, u"en"_s}}}}}};
    QJsonObject session = merged(defaults, options.configuration);
    if (!options.model.isEmpty())
        session[u"model"_s] = options.model;
    session[u"id"_s] = id;
    session[u"type"_s] = u"translation"_s;
    session[u"expires_at"_s] = options.expiresAt;
    return session;
}

} // namespace

TranslationCall::TranslationCall(std::shared_ptr<const Speech> speech, const Options &options)
    : m_writer(options.seed)
    , m_session(firstSession(m_writer.id("sess_"_L1), options))
    , m_voice(std::move(speech), LiveVoice::rate,
          {[this](const auto &, const auto &said) { say(said); },
              [this](const LiveVoice::Transcript &transcript) { hear(transcript); },
              [](const auto &, qint64) {}, [] {}})
{
    m_voice.setInterruptible(false);
}

void TranslationCall::start()
{
    send("session.created"_L1, {{u"session"_s, m_session}});
}

void TranslationCall::send(QLatin1StringView type, const QJsonObject &body)
{
    Q_EMIT eventReady(m_writer.event(type, body));
}

void TranslationCall::sendError(const ApiError &error, const QJsonValue &eventId)
{
    QJsonObject json = error.toJson();
    json[u"event_id"_s] = eventId.isString() ? eventId : QJsonValue();
    send("error"_L1, {{u"error"_s, json}});
}

void TranslationCall::receive(const QByteArray &message)
{
    if (m_closing)
        return;
    QJsonParseError parsing;
    const QJsonDocument document = QJsonDocument::fromJson(message, &parsing);
    const QJsonObject event = document.object();
    std::optional<ApiError> failure;
    if (!document.isObject()) {
        failure = ApiError{u"invalid_json"_s,
            u"We could not parse the JSON body of your event: %1."_s.arg(
                parsing.error ? parsing.errorString() : u"it is not an object"_s)};
    } else {
        failure = checkEvent(event, translationEvents);
    }
    if (!failure)
        failure = handle(event);
    if (failure)
        sendError(*failure, event[u"event_id"_s]);
}

std::optional<ApiError> TranslationCall::handle(const QJsonObject &event)
{
    if (event[u"type"_s] == "session.update"_L1) {
        m_session = merged(m_session, event[u"session"_s].toObject());
        send("session.updated"_L1, {{u"session"_s, m_session}});
        return {};
    }
    if (event[u"type"_s] == "session.close"_L1) {
        m_closing = true;
        flush();
        return {};
    }
    const auto raw = liveAudio(event[u"audio"_s], bytesPerSample(AudioFormat::Pcm16));
    if (!raw)
        return invalidLiveAudio(u"expected base64 of PCM16 at 24 kHz, whole samples."_s);
    m_voice.hear(decodeAudio(*raw, AudioFormat::Pcm16));
    return {};
}

void TranslationCall::hear(const LiveVoice::Transcript &transcript)
{
    const QJsonObject body{{u"delta"_s, transcript.text}, {u"elapsed_ms"_s, transcript.endMs}};
    if (!transcript.ofCaller) {
        send("session.output_transcript.delta"_L1, body);
        return;
    }
    if (m_session[u"audio"_s][u"input"_s][u"transcription"_s].isObject())
        send("session.input_transcript.delta"_L1, body);
    m_voice.say(transcript.text);
}

void TranslationCall::say(const QList<qint16> &said)
{
    const bool silent = std::all_of(said.begin(), said.end(), [](qint16 sample) { return sample == 0; });
    if (!silent)
        m_unsent += said;
    const qsizetype enough = said.size() * (1 + m_deltas % 3); // 100, 200, 300, 100, … ms
    if (!m_unsent.isEmpty() && (silent || m_unsent.size() >= enough))
        sendAudio();
}

void TranslationCall::sendAudio()
{
    ++m_deltas;
    send("session.output_audio.delta"_L1,
        {{u"delta"_s,
             QString::fromLatin1(encodeAudio(std::exchange(m_unsent, {}), AudioFormat::Pcm16).toBase64())},
            {u"sample_rate"_s, LiveVoice::rate}, {u"channels"_s, 1}, {u"format"_s, u"pcm16"_s},
            {u"elapsed_ms"_s, m_voice.nowMs()}});
}

/// Says the rest of what was heard, and then session.closed.
void TranslationCall::flush()
{
    if (m_voice.isIdle()) {
        if (!m_unsent.isEmpty())
            sendAudio();
        send("session.closed"_L1);
        // The client closes; if it does not, the server does.
        m_agenda.plan(2000, Agenda::Subject::End, [this] { Q_EMIT finished(1000, {}); });
    } else {
        m_agenda.plan(LiveVoice::stepMs, Agenda::Subject::Response, [this] {
            m_voice.hear(QList<qint16>(LiveVoice::rate / 1000 * LiveVoice::stepMs));
            flush();
        });
    }
    Q_EMIT planned();
}

} // namespace rr
