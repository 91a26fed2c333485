// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/livecall.h"
#include "tests/support/jsonschema.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rr {

using namespace Qt::StringLiterals;

inline const JsonSchemas &liveSchemas()
{
    static const auto loaded
        = JsonSchemas::load(QStringLiteral(RELAY_TEST_DATA "/realtime/live-schemas.json"));
    return *loaded;
}

inline const std::shared_ptr<const Speech> &liveSpeech()
{
    static const auto made = std::make_shared<const Speech>();
    return made;
}

/// A loud tone, or silence, at this rate.
inline QList<qint16> sound(int ms, bool loud, int rate = 24000)
{
    QList<qint16> samples(ms * rate / 1000);
    if (loud) {
        for (qsizetype i = 0; i < samples.size(); ++i)
            samples[i] = qint16(std::lround(12000 * std::sin(2 * std::numbers::pi * 220 * double(i) / rate)));
    }
    return samples;
}

/// What a caller of any call has been told, each event checked against the schemas.
class Heard
{
public:
    /// `schema`: of the union of server events, in live-schemas.json.
    Heard(PlayedCall &call, const QString &schema)
    {
        QObject::connect(&call, &PlayedCall::eventReady, &call, [this, schema](const QByteArray &json) {
            if (!json.startsWith("{\"type\":\""))
                problems.append(u"the type does not come first"_s);
            events.append(QJsonDocument::fromJson(json).object());
            problems += liveSchemas().errors(events.last(), schema);
        });
        QObject::connect(&call, &PlayedCall::fellSilent, &call, [this] { silent = true; });
        QObject::connect(&call, &PlayedCall::finished, &call, [this](quint16 code) { finishedWith = code; });
    }

    QList<QJsonObject> ofType(const QString &type) const
    {
        QList<QJsonObject> list;
        std::copy_if(events.begin(), events.end(), std::back_inserter(list),
            [&](const auto &event) { return event[u"type"_s] == type; });
        return list;
    }
    qsizetype count(const QString &type) const { return ofType(type).size(); }
    QJsonObject last(const QString &type) const { return ofType(type).value(count(type) - 1); }
    /// All deltas of this type, joined.
    QString joined(const QString &type) const
    {
        QString all;
        for (const QJsonObject &event : ofType(type))
            all += event[u"delta"_s].toString();
        return all;
    }
    /// The types of Responses events within response.event, repetitions left out.
    QStringList nested() const
    {
        QStringList list;
        for (const QJsonObject &event : ofType(u"response.event"_s)) {
            const QString type = event[u"event"_s][u"type"_s].toString();
            if (list.isEmpty() || list.last() != type)
                list.append(type);
        }
        return list;
    }
    QJsonObject error() const { return last(u"error"_s)[u"error"_s].toObject(); }

    QList<QJsonObject> events;
    QStringList problems; ///< what is wrong with the events, by the schemas
    bool silent = false;
    int finishedWith = -1; ///< close code; 0: cut; -1: not finished
};

inline LiveCall::Options liveOptions()
{
    LiveCall::Options options;
    options.expiresAt = 1785217650;
    return options;
}

/// A connection of Live, and what it was told.
class LiveCaller
{
public:
    explicit LiveCaller(const LiveCall::Options &options = liveOptions(),
        std::shared_ptr<LiveSessions> known = std::make_shared<LiveSessions>())
        : sessions(std::move(known))
        , call(std::make_unique<LiveCall>(liveSpeech(), sessions, options))
        , heard(*call,
              options.door == LiveDoor::Sideband   ? u"LiveSidebandServerEvent"_s
                  : options.door == LiveDoor::Fork ? u"LiveForkServerEvent"_s
                                                   : u"LiveServerEvent"_s)
    {
        call->start();
    }

    void send(const QByteArray &json) { call->receive(json); }
    void send(const QJsonObject &event) { call->receive(QJsonDocument(event).toJson()); }
    /// session.start with these members beside the model.
    void open(QJsonObject session = {})
    {
        session[u"model"_s] = u"gpt-live-1"_s;
        send(QJsonObject{{u"type"_s, u"session.start"_s}, {u"session"_s, session}});
    }
    void append(const QByteArray &raw)
    {
        send(QJsonObject{
            {u"type"_s, u"session.input_audio.append"_s}, {u"audio"_s, QString::fromLatin1(raw.toBase64())}});
    }
    /// So much silence, or so much of a loud tone, PCM16 at 24 kHz.
    void quiet(int ms) { append(encodeAudio(sound(ms, false), AudioFormat::Pcm16)); }
    void talk(int ms) { append(encodeAudio(sound(ms, true), AudioFormat::Pcm16)); }
    /// Does all that is planned by the clock.
    void run()
    {
        while (call->nextInMs() >= 0)
            call->runNext();
    }
    QString sessionId() const { return heard.last(u"session.started"_s)[u"session"_s][u"id"_s].toString(); }

    std::shared_ptr<LiveSessions> sessions;
    std::unique_ptr<LiveCall> call;
    Heard heard;
};

} // namespace rr
