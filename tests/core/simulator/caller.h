// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/simulatedcall.h"
#include "tests/support/jsonschema.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

inline const JsonSchemas &schemas()
{
    static const auto loaded = JsonSchemas::load(QStringLiteral(RELAY_TEST_DATA "/realtime/schemas.json"));
    return *loaded;
}

inline const std::shared_ptr<const Speech> &speech()
{
    static const auto made = std::make_shared<const Speech>();
    return made;
}

inline QJsonObject parsed(const char *json)
{
    return QJsonDocument::fromJson(json).object();
}

/// A call and what it has said. Every event it says is checked against the schemas.
class Caller
{
public:
    explicit Caller(const SimulatedCall::Options &options = {})
        : call(speech(), options)
    {
        QObject::connect(&call, &SimulatedCall::eventReady, &call, [this](const QByteArray &json) {
            if (!json.startsWith("{\"type\":\""))
                problems.append(u"the type does not come first"_s);
            events.append(QJsonDocument::fromJson(json).object());
            problems += schemas().serverEventErrors(events.last());
        });
        call.start();
    }

    void send(const char *json) { call.receive(json); }
    void send(const QJsonObject &event) { call.receive(QJsonDocument(event).toJson()); }

    void say(const QByteArray &audio)
    {
        for (qsizetype at = 0; at < audio.size(); at += 4800) {
            send({{u"type"_s, u"input_audio_buffer.append"_s},
                {u"audio"_s, QString::fromLatin1(audio.mid(at, 4800).toBase64())}});
        }
    }
    void say() { say(speech()->pcm()); }
    void write(const QString &text)
    {
        const QJsonObject part{{u"type"_s, u"input_text"_s}, {u"text"_s, text}};
        send({{u"type"_s, u"conversation.item.create"_s},
            {u"item"_s,
                QJsonObject{
                    {u"type"_s, u"message"_s}, {u"role"_s, u"user"_s}, {u"content"_s, QJsonArray{part}}}}});
    }

    /// Does all that is planned.
    void run()
    {
        while (call.nextInMs() >= 0)
            call.runNext();
    }
    /// Does what is planned until an event of this type was said.
    void runUntil(const QString &type)
    {
        const qsizetype before = count(type);
        while (call.nextInMs() >= 0 && count(type) == before)
            call.runNext();
    }

    /// The types of all events since the last call of this, repetitions left out.
    QStringList types()
    {
        QStringList list;
        for (; m_read < events.size(); ++m_read) {
            const QString type = events[m_read][u"type"_s].toString();
            if (list.isEmpty() || list.last() != type)
                list.append(type);
        }
        return list;
    }
    QJsonObject last(const QString &type) const
    {
        for (qsizetype i = events.size() - 1; i >= 0; --i) {
            if (events[i][u"type"_s] == type)
                return events[i];
        }
        return {};
    }
    qsizetype count(const QString &type) const
    {
        return std::count_if(
            events.begin(), events.end(), [&](const auto &event) { return event[u"type"_s] == type; });
    }
    /// All deltas of this type, joined.
    QString joined(const QString &type) const
    {
        QString all;
        for (const QJsonObject &event : events) {
            if (event[u"type"_s] == type)
                all += event[u"delta"_s].toString();
        }
        return all;
    }

    SimulatedCall call;
    QList<QJsonObject> events;
    QStringList problems; ///< what is wrong with the events, by the schemas

private:
    qsizetype m_read = 0;
};

} // namespace rr
