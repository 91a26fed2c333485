// SPDX-License-Identifier: MIT
#include "core/simulator/sessionsettings.h"
#include "tests/support/relaytest.h"

#include <QJsonDocument>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

QJsonObject parsed(const QByteArray &json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    if (!document.isObject())
        qFatal("no object: %s", json.constData());
    return document.object();
}

SessionSettings realtime()
{
    return {SessionSettings::Kind::Realtime, u"sess_1"_s, u"gpt-realtime"_s, 1'800'000'000};
}

/// A change of the session with this `audio`.
QJsonObject audio(const QJsonObject &changed)
{
    return {{u"type"_s, u"realtime"_s}, {u"audio"_s, changed}};
}

/// A change of the session with this `turn_detection`.
QJsonObject detection(const QJsonValue &changed)
{
    return audio({{u"input"_s, QJsonObject{{u"turn_detection"_s, changed}}}});
}

} // namespace

class TestSessionSettings : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void merges_data()
    {
        QTest::addColumn<QByteArray>("base");
        QTest::addColumn<QByteArray>("change");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("nothing") << R"({"a":1})"_ba
                                 << "{}"_ba
                                 << R"({"a":1})"_ba;
        QTest::newRow("members") << R"({"a":1,"b":2})"_ba
                                 << R"({"b":3,"c":4})"_ba
                                 << R"({"a":1,"b":3,"c":4})"_ba;
        QTest::newRow("in depth") << R"({"a":{"b":{"x":1,"y":2}}})"_ba
                                  << R"({"a":{"b":{"y":3}}})"_ba
                                  << R"({"a":{"b":{"x":1,"y":3}}})"_ba;
        QTest::newRow("the same type") << R"({"a":{"type":"t","x":1}})"_ba
                                       << R"({"a":{"type":"t","y":2}})"_ba
                                       << R"({"a":{"type":"t","x":1,"y":2}})"_ba;
        QTest::newRow("another type") << R"({"a":{"type":"t","x":1}})"_ba
                                      << R"({"a":{"type":"u","y":2}})"_ba
                                      << R"({"a":{"type":"u","y":2}})"_ba;
        QTest::newRow("null over an object") << R"({"a":{"x":1}})"_ba
                                             << R"({"a":null})"_ba
                                             << R"({"a":null})"_ba;
        QTest::newRow("an object over null") << R"({"a":null})"_ba
                                             << R"({"a":{"x":1}})"_ba
                                             << R"({"a":{"x":1}})"_ba;
        QTest::newRow("lists") << R"({"a":[1,2]})"_ba
                               << R"({"a":[3]})"_ba
                               << R"({"a":[3]})"_ba;
    }
    void merges()
    {
        QFETCH(QByteArray, base);
        QFETCH(QByteArray, change);
        QFETCH(QByteArray, expected);
        QCOMPARE(merged(parsed(base), parsed(change)), parsed(expected));
    }

    void realtimeSession()
    {
        const SessionSettings settings = realtime();
        QCOMPARE(int(settings.kind()), int(SessionSettings::Kind::Realtime));
        const QJsonObject &json = settings.json();
        QCOMPARE(json[u"type"_s].toString(), u"realtime"_s);
        QCOMPARE(json[u"id"_s].toString(), u"sess_1"_s);
        QCOMPARE(json[u"model"_s].toString(), u"gpt-realtime"_s);
        QCOMPARE(json[u"expires_at"_s].toInteger(), 1'800'000'000);
        QCOMPARE(int(settings.inputFormat()), int(AudioFormat::Pcm16));
        QVERIFY(!settings.transcribes());
        QVERIFY(settings.vad() == VadSettings());
        QVERIFY(settings.createsResponses());
        QVERIFY(settings.interruptsResponses());
    }

    void transcriptionSession()
    {
        SessionSettings settings(
            SessionSettings::Kind::Transcription, u"sess_1"_s, u"gpt-realtime"_s, 1'800'000'000);
        QCOMPARE(int(settings.kind()), int(SessionSettings::Kind::Transcription));
        const QJsonObject &json = settings.json();
        QCOMPARE(json[u"type"_s].toString(), u"transcription"_s);
        QCOMPARE(json[u"id"_s].toString(), u"sess_1"_s);
        QCOMPARE(json[u"expires_at"_s].toInteger(), 1'800'000'000);
        QVERIFY(!json.contains(u"model"_s)); // it answers nothing
        QVERIFY(!json[u"audio"_s].toObject().contains(u"output"_s));
        QVERIFY(!settings.createsResponses());
        QJsonObject change = detection(parsed(R"({"type":"server_vad","create_response":true})"));
        change[u"type"_s] = u"transcription"_s;
        QVERIFY(!settings.update(change, false));
        QVERIFY(!settings.createsResponses());
    }

    void otherTypeIsRefused()
    {
        SessionSettings settings = realtime();
        const QJsonObject before = settings.json();
        const auto error = settings.update(parsed(R"({"type":"transcription","instructions":"new"})"), false);
        QVERIFY(error);
        QCOMPARE(error->param, u"session.type"_s);
        QCOMPARE(settings.json(), before);
    }

    void changesWhatIsNamed()
    {
        SessionSettings settings = realtime();
        QJsonObject expected = settings.json();
        expected[u"instructions"_s] = u"new"_s;
        expected[u"tools"_s] = QJsonArray{QJsonObject{{u"type"_s, u"function"_s}, {u"name"_s, u"f"_s}}};
        QVERIFY(!settings.update(
            parsed(R"({"type":"realtime","instructions":"new","tools":[{"type":"function","name":"f"}]})"),
            true));
        QCOMPARE(settings.json(), expected);
    }

    void formats()
    {
        SessionSettings settings = realtime();
        const auto format = [&settings](const QString &way) {
            return settings.json()[u"audio"_s][way][u"format"_s].toObject();
        };
        QVERIFY(!settings.update(audio(parsed(R"({"output":{"format":{"type":"audio/pcmu"}}})")), true));
        QCOMPARE(int(settings.inputFormat()), int(AudioFormat::Pcm16));
        QCOMPARE(format(u"output"_s), parsed(R"({"type":"audio/pcmu"})")); // it has one rate only
        QVERIFY(!settings.update(audio(parsed(R"({"input":{"format":{"type":"audio/pcma"}}})")), true));
        QCOMPARE(int(settings.inputFormat()), int(AudioFormat::ALaw));
        QCOMPARE(format(u"output"_s), parsed(R"({"type":"audio/pcmu"})"));
        QVERIFY(!settings.update(audio(parsed(R"({"output":{"format":{"type":"audio/pcm"}}})")), true));
        QCOMPARE(format(u"output"_s), parsed(R"({"type":"audio/pcm","rate":24000})"));
        QCOMPARE(settings.json()[u"audio"_s][u"output"_s][u"voice"_s].toString(), u"alloy"_s); // still
    }

    void voice_data()
    {
        QTest::addColumn<QJsonValue>("voice");
        QTest::addColumn<bool>("audioWasSent");
        QTest::addColumn<bool>("refused");
        QTest::newRow("another, before any audio") << QJsonValue(u"marin"_s) << false << false;
        QTest::newRow("another, after audio") << QJsonValue(u"marin"_s) << true << true;
        QTest::newRow("the same, after audio") << QJsonValue(u"alloy"_s) << true << false;
        QTest::newRow("an object, after audio")
            << QJsonValue(QJsonObject{{u"id"_s, u"voice_1"_s}}) << true << true;
    }
    void voice()
    {
        QFETCH(QJsonValue, voice);
        QFETCH(bool, audioWasSent);
        QFETCH(bool, refused);
        SessionSettings settings = realtime();
        const QJsonObject before = settings.json();
        QJsonObject change = audio({{u"output"_s, QJsonObject{{u"speed"_s, 1.5}, {u"voice"_s, voice}}}});
        change[u"instructions"_s] = u"new"_s;
        const auto error = settings.update(change, audioWasSent);
        QCOMPARE(error.has_value(), refused);
        if (refused) {
            QCOMPARE(error->code, u"cannot_update_voice"_s);
            QCOMPARE(error->param, u"session.audio.output.voice"_s);
            QCOMPARE(settings.json(), before); // nothing of it
        } else {
            const QJsonValue output = settings.json()[u"audio"_s][u"output"_s];
            QCOMPARE(output[u"voice"_s], voice);
            QCOMPARE(output[u"speed"_s].toDouble(), 1.5);
            QCOMPARE(settings.json()[u"instructions"_s].toString(), u"new"_s);
        }
    }

    void turnDetectionOffAndOn()
    {
        SessionSettings settings = realtime();
        const QJsonObject before = settings.json();
        QVERIFY(!settings.update(detection(QJsonValue::Null), false));
        QVERIFY(!settings.vad());
        QVERIFY(settings.json()[u"audio"_s][u"input"_s][u"turn_detection"_s].isNull());
        QVERIFY(!settings.update(detection(parsed(R"({"type":"server_vad"})")), false));
        QCOMPARE(settings.json(), before); // with its defaults
    }

    void serverVad()
    {
        SessionSettings settings = realtime();
        QVERIFY(!settings.update(detection(parsed(R"({"type":"server_vad","threshold":0.8})")), false));
        QVERIFY(
            !settings.update(detection(parsed(R"({"type":"server_vad","silence_duration_ms":900})")), false));
        QVERIFY(settings.vad() == (VadSettings{0.8, 300, 900}));
        QVERIFY(!settings.update(detection(parsed(R"({"type":"server_vad","prefix_padding_ms":0})")), false));
        QVERIFY(settings.vad() == (VadSettings{0.8, 0, 900}));
    }

    void semanticVad()
    {
        SessionSettings settings = realtime();
        const auto silence = [&settings](const QString &eagerness) {
            const QJsonObject semantic{{u"type"_s, u"semantic_vad"_s}, {u"eagerness"_s, eagerness}};
            if (settings.update(detection(semantic), false))
                return -1;
            return settings.vad() ? settings.vad()->silenceDurationMs : -1;
        };
        const int low = silence(u"low"_s), medium = silence(u"medium"_s), high = silence(u"high"_s);
        QVERIFY(high > 0);
        QVERIFY(medium > high);
        QVERIFY(low > medium);
        QCOMPARE(silence(u"auto"_s), medium);
        const QJsonValue now = settings.json()[u"audio"_s][u"input"_s][u"turn_detection"_s];
        QVERIFY(now[u"threshold"_s].isUndefined()); // of the other kind
        QVERIFY(settings.createsResponses()); // by default
    }

    void responses_data()
    {
        QTest::addColumn<bool>("creates");
        QTest::addColumn<bool>("interrupts");
        QTest::newRow("neither") << false << false;
        QTest::newRow("creates") << true << false;
        QTest::newRow("interrupts") << false << true;
    }
    void responses()
    {
        QFETCH(bool, creates);
        QFETCH(bool, interrupts);
        SessionSettings settings = realtime();
        const QJsonObject change{{u"type"_s, u"server_vad"_s}, {u"create_response"_s, creates},
            {u"interrupt_response"_s, interrupts}};
        QVERIFY(!settings.update(detection(change), false));
        QCOMPARE(settings.createsResponses(), creates);
        QCOMPARE(settings.interruptsResponses(), interrupts);
    }

    void transcription()
    {
        SessionSettings settings = realtime();
        QVERIFY(
            !settings.update(audio(parsed(R"({"input":{"transcription":{"model":"whisper-1"}}})")), false));
        QVERIFY(settings.transcribes());
        QVERIFY(!settings.update(audio(parsed(R"({"input":{"transcription":{"language":"de"}}})")), false));
        QCOMPARE(settings.json()[u"audio"_s][u"input"_s][u"transcription"_s].toObject(),
            parsed(R"({"model":"whisper-1","language":"de","prompt":null})"));
        QVERIFY(!settings.update(audio(parsed(R"({"input":{"transcription":null}})")), false));
        QVERIFY(!settings.transcribes());
    }

    // These two are given whole.
    void replacedNotMerged_data()
    {
        QTest::addColumn<QString>("member");
        QTest::newRow("prompt") << u"prompt"_s;
        QTest::newRow("tracing") << u"tracing"_s;
    }
    void replacedNotMerged()
    {
        QFETCH(QString, member);
        SessionSettings settings = realtime();
        for (const QByteArray &value : {R"({"a":"1","b":"2"})"_ba, R"({"a":"3"})"_ba}) {
            QVERIFY(!settings.update({{u"type"_s, u"realtime"_s}, {member, parsed(value)}}, false));
            QCOMPARE(settings.json()[member].toObject(), parsed(value));
        }
    }
};

RELAY_TEST(TestSessionSettings)
#include "tst_sessionsettings.moc"
