// SPDX-License-Identifier: MIT
#include "core/simulator/livesession.h"

#include "core/simulator/liveevents.h"

#include <QJsonDocument>
#include <QMetaMethod>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr int usageEverySeconds = 15;
constexpr qint64 stallMs = 20'000; ///< until the connection breaks
constexpr qint64 contextWindowSeconds = 3600; // what the usage ratio is of; OpenAI names no number
constexpr qint64 longestFixtureSamples = 30LL * LiveVoice::rate;

QJsonObject withClientEvent(QJsonObject body, const QJsonValue &clientEventId)
{
    if (clientEventId.isString())
        body[u"client_event_id"_s] = clientEventId;
    return body;
}

} // namespace

QByteArray liveError(EventWriter &writer, const ApiError &error, const QJsonValue &clientEventId)
{
    QJsonObject json{{u"type"_s, error.type}, {u"code"_s, error.code}, {u"message"_s, error.message}};
    if (!error.param.isNull())
        json[u"param"_s] = error.param;
    return writer.event(
        "error"_L1, withClientEvent({{u"error"_s, withClientEvent(json, clientEventId)}}, clientEventId));
}

LiveSession::LiveSession(std::shared_ptr<const Speech> speech, const LiveSettings &settings,
    const Faults &faults, EventWriter &writer, Agenda &agenda)
    : m_settings(settings)
    , m_faults(faults)
    , m_writer(writer)
    , m_agenda(agenda)
    , m_format(settings.format())
    , m_voice(std::move(speech), m_format.rate,
          {[this](const auto &heard, const auto &said) { step(heard, said); },
              [this](const LiveVoice::Transcript &transcript) {
                  if (m_stalledMs < 0) {
                      send(transcript.ofCaller ? "session.input_transcript.delta"_L1
                                               : "session.output_transcript.delta"_L1,
                          {{u"delta"_s, transcript.text}, {u"start_ms"_s, transcript.startMs},
                              {u"end_ms"_s, transcript.endMs}},
                          {});
                  }
              },
              [this](const QString &text, qint64 lengthMs) { answer(text, lengthMs); },
              [this] { send("session.output_audio.fixture.played"_L1, {}, m_fixtureEventId); }})
    , m_backend({writer, agenda, [this](const QByteArray &json) { Q_EMIT eventReady(json); },
          [this](const QString &text) { m_voice.say(text); }})
{
}

LiveSession::~LiveSession() = default;

void LiveSession::send(QLatin1StringView type, QJsonObject body, const QJsonValue &clientEventId)
{
    if (!m_over)
        Q_EMIT eventReady(m_writer.event(type, withClientEvent(std::move(body), clientEventId)));
}

/// With the session first: what follows it may be far behind.
void LiveSession::sendSession(
    QLatin1StringView type, const QJsonObject &rest, const QJsonValue &clientEventId)
{
    QByteArray event = m_writer.event(type).chopped(1) + ",\"session\":" + m_settings.json();
    const QByteArray members
        = QJsonDocument(withClientEvent(rest, clientEventId)).toJson(QJsonDocument::Compact);
    if (members != "{}")
        event += ',' + members.mid(1).chopped(1);
    Q_EMIT eventReady(event + '}');
}

void LiveSession::start(const QJsonValue &clientEventId)
{
    sendSession("session.started"_L1, {}, clientEventId);
}

std::optional<ApiError> LiveSession::handle(const QJsonObject &event)
{
    const QString type = event[u"type"_s].toString();
    const QJsonValue eventId = event[u"event_id"_s];
    if (type == "session.input_audio.append"_L1)
        return append(event);
    if (type == "session.close"_L1) {
        end(u"close_requested"_s, eventId);
        return {};
    }
    if (type == "session.update"_L1) {
        if (auto error = m_settings.update(event[u"session"_s].toObject()))
            return error;
        sendSession("session.updated"_L1, {}, eventId);
        return {};
    }
    if (type == "session.input_audio.mute"_L1 || type == "session.input_audio.unmute"_L1) {
        const bool muted = type == "session.input_audio.mute"_L1;
        m_voice.setMuted(muted);
        send(muted ? "session.input_audio.muted"_L1 : "session.input_audio.unmuted"_L1, {}, eventId);
        return {};
    }
    if (type == "session.output_audio.fixture.play"_L1)
        return playFixture(event);
    if (type == "response.item.create"_L1 || type == "response.create"_L1)
        return useBackend(event);
    if (type == "transport.dtmf.send"_L1)
        return ApiError{
            u"invalid_value"_s, u"'%1' is for sessions of SIP calls only."_s.arg(type), u"type"_s};
    return addContext(type, event);
}

LiveSession::Failure LiveSession::append(const QJsonObject &event)
{
    const auto raw = liveAudio(event[u"audio"_s], bytesPerSample(m_format.coding));
    if (!raw)
        return invalidLiveAudio(u"expected base64 of whole samples of %1, one or more."_s.arg(
            m_format.coding == AudioFormat::Pcm16 ? u"two bytes"_s : u"one byte"_s));
    m_voice.hear(decodeAudio(*raw, m_format.coding));
    return {};
}

LiveSession::Failure LiveSession::playFixture(const QJsonObject &event)
{
    const auto raw = liveAudio(event[u"audio"_s], 2);
    if (!raw || raw->size() / 2 > longestFixtureSamples)
        return invalidLiveAudio(u"expected base64 of PCM16 at 24 kHz, 30 seconds at most."_s);
    if (m_voice.isPlaying())
        return ApiError{u"fixture_already_active"_s, u"An audio fixture is being played already."_s};
    m_fixtureEventId = event[u"event_id"_s];
    m_voice.play(decodeAudio(*raw, AudioFormat::Pcm16));
    send("session.output_audio.fixture.playing"_L1, {}, m_fixtureEventId);
    return {};
}

/// session.instructions.append, session.thinking.append, session.commentary.append.
LiveSession::Failure LiveSession::addContext(const QString &type, const QJsonObject &event)
{
    const QJsonValue delegation = event[u"delegation_id"_s];
    if (m_voice.isPlaying())
        return ApiError{u"fixture_already_active"_s, u"An audio fixture is being played."_s};
    if (delegation.isString() && (m_delegationId.isEmpty() || delegation != m_delegationId)) {
        return ApiError{u"invalid_value"_s,
            u"There is no delegation to the client with id '%1'."_s.arg(delegation.toString()),
            u"delegation_id"_s};
    }
    const bool commentary = type == "session.commentary.append"_L1;
    const bool instructions = type == "session.instructions.append"_L1;
    if (!instructions)
        m_voice.agenda().drop(Agenda::Subject::Acknowledgement);
    send(commentary        ? "session.commentary.appended"_L1
            : instructions ? "session.instructions.appended"_L1
                           : "session.thinking.appended"_L1,
        {{u"start_ms"_s, m_voice.nowMs()}, {u"end_ms"_s, m_voice.nowMs()}}, event[u"event_id"_s]);
    if (commentary)
        m_voice.say(event[u"content"_s].toString());
    return {};
}

LiveSession::Failure LiveSession::useBackend(const QJsonObject &event)
{
    const QString type = event[u"type"_s].toString();
    if (m_settings.delegation() != LiveSettings::Delegation::Responses)
        return ApiError{u"invalid_value"_s, u"'%1' needs delegation to Responses."_s.arg(type), u"type"_s};
    if (type == "response.item.create"_L1)
        return m_backend.createItem(event[u"item"_s].toObject());
    auto failure = m_backend.createResponse(m_settings.responses());
    Q_EMIT planned();
    return failure;
}

/// 100 ms more have gone by.
void LiveSession::step(const QList<qint16> &heard, const QList<qint16> &said)
{
    if (m_over)
        return;
    const QList<qint16> narrow = resampled(said, LiveVoice::rate, m_format.rate);
    Q_EMIT audioReady("{\"type\":\"session.output_audio.delta\",\"delta\":\""
        + encodeAudio(narrow, m_format.coding).toBase64() + "\"}");
    mirror(resampled(heard, m_format.rate, LiveVoice::rate), said);
    const int every = m_faults.usageSeconds ? m_faults.usageSeconds : usageEverySeconds;
    if (m_voice.nowMs() % (every * 1000) == 0)
        tellUsage();
    runFaults();
}

void LiveSession::mirror(const QList<qint16> &heard, const QList<qint16> &said)
{
    if (m_settings.isStored())
        m_recording.append(heard, said);
    if (!isSignalConnected(QMetaMethod::fromSignal(&LiveSession::mirrored)))
        return;
    const auto base64
        = [](const auto &samples) { return encodeAudio(samples, AudioFormat::Pcm16).toBase64(); };
    if (!heard.isEmpty())
        Q_EMIT mirrored("{\"type\":\"session.input_audio.append\",\"audio\":\"" + base64(heard) + "\"}");
    Q_EMIT mirrored("{\"type\":\"session.output_audio.delta\",\"delta\":\"" + base64(said)
        + "\",\"start_ms\":" + QByteArray::number(m_voice.nowMs() - LiveVoice::stepMs)
        + ",\"end_ms\":" + QByteArray::number(m_voice.nowMs()) + '}');
}

void LiveSession::runFaults()
{
    const qint64 now = m_voice.nowMs();
    if (m_faults.liveContentSeconds && now >= m_faults.liveContentSeconds * 1000LL)
        end(u"content"_s);
    if (!m_faults.liveStallSeconds || now < m_faults.liveStallSeconds * 1000LL || m_over)
        return;
    if (m_stalledMs < 0)
        m_stalledMs = now;
    if (now >= m_stalledMs + stallMs)
        finish(false);
}

double LiveSession::usedSeconds() const
{
    return double(m_stalledMs < 0 ? m_voice.nowMs() : m_stalledMs) / 1000.0;
}

void LiveSession::tellUsage()
{
    send("session.usage.updated"_L1,
        {{u"usage"_s, QJsonObject{{u"seconds"_s, usedSeconds()}}},
            {u"context_window"_s,
                QJsonObject{{u"usage_ratio"_s, std::min(1.0, usedSeconds() / contextWindowSeconds)}}}},
        {});
}

/// The caller has said this, and is quiet.
void LiveSession::answer(const QString &heard, qint64 lengthMs)
{
    if (m_over)
        return;
    if (m_settings.delegation() != LiveSettings::Delegation::None && !m_backend.isBusy()) {
        delegate(heard, lengthMs);
        return;
    }
    Conversation conversation;
    conversation.append({{{u"type"_s, u"message"_s}, {u"role"_s, u"user"_s}}, lengthMs});
    m_voice.say(chooseReply(conversation, {}, {}).text);
}

void LiveSession::delegate(const QString &heard, qint64 lengthMs)
{
    const QString id = m_writer.id("dlg_"_L1);
    const bool toClient = m_settings.delegation() == LiveSettings::Delegation::Client;
    const QString responseId = toClient ? QString() : m_writer.id("resp_"_L1);
    QJsonObject delegation{
        {u"id"_s, id}, {u"type"_s, u"delegation"_s}, {u"target"_s, toClient ? u"client"_s : u"responses"_s}};
    if (!toClient)
        delegation[u"response_id"_s] = responseId;
    const QJsonObject created{{u"delegation"_s, delegation}, {u"offset_ms"_s, m_voice.nowMs()}};
    if (toClient)
        m_delegationId = id;
    if (!m_faults.liveEarlyResponse)
        send("session.delegation.created"_L1, created, {});
    if (!toClient)
        m_backend.delegate(id, responseId, heard, lengthMs, m_settings.responses());
    if (m_faults.liveEarlyResponse)
        send("session.delegation.created"_L1, created, {});
    m_voice.agenda().plan(m_settings.acknowledgementDelayMs(), Agenda::Subject::Acknowledgement,
        [this] { m_voice.say(u"One moment, please."_s); });
    Q_EMIT planned();
}

void LiveSession::end(const QString &reason, const QJsonValue &clientEventId)
{
    if (m_over)
        return;
    if (!m_faults.liveUnconfirmed) {
        sendSession("session.closed"_L1,
            {{u"reason"_s, reason}, {u"usage"_s, QJsonObject{{u"seconds"_s, usedSeconds()}}}}, clientEventId);
    }
    finish(!m_faults.liveUnconfirmed);
}

void LiveSession::finish(bool told)
{
    m_over = true;
    m_agenda.drop(Agenda::Subject::Response);
    Q_EMIT ended(told);
}

} // namespace rr
