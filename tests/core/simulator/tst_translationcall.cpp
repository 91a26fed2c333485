// SPDX-License-Identifier: MIT
#include "core/simulator/translationcall.h"
#include "tests/core/simulator/livecaller.h"
#include "tests/support/relaytest.h"

#include <QSet>
#include <QTest>

using namespace rr;

namespace {

/// An interpreter, and what it said.
struct Listening
{
    explicit Listening(const QString &model = u"gpt-realtime-translate"_s)
        : call(liveSpeech(), {.model = model, .expiresAt = 1785217650})
        , heard(call, u"RealtimeTranslationServerEvent"_s)
    {
        call.start();
    }

    void send(const QByteArray &json) { call.receive(json); }
    void append(int ms, bool loud)
    {
        call.receive("{\"type\":\"session.input_audio_buffer.append\",\"audio\":\""
            + encodeAudio(sound(ms, loud), AudioFormat::Pcm16).toBase64() + "\"}");
    }
    void run()
    {
        while (call.nextInMs() >= 0)
            call.runNext();
    }

    TranslationCall call;
    Heard heard;
};

const QString inputDelta = u"session.input_transcript.delta"_s;
const QString outputDelta = u"session.output_transcript.delta"_s;
const QString translatedDelta = u"session.output_audio.delta"_s;
constexpr auto askForTranscription
    = R"({"type":"session.update","session":{"audio":{"input":{"transcription":{"model":"gpt-live-transcribe"}},
    "output":{"language":"de"}}}})";

} // namespace

class TestTranslationCall : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void createsTheSession()
    {
        Listening client;
        const QJsonValue session = client.heard.last(u"session.created"_s)[u"session"_s];
        QCOMPARE(session[u"type"_s].toString(), u"translation"_s);
        QCOMPARE(session[u"model"_s].toString(), u"gpt-realtime-translate"_s);
        QCOMPARE(session[u"expires_at"_s].toInteger(), 1785217650);
        QCOMPARE(client.heard.problems, QStringList());
    }

    void isWhatItsSecretSays()
    {
        TranslationCall call(liveSpeech(),
            {.configuration
                = {{u"audio"_s, QJsonObject{{u"output"_s, QJsonObject{{u"language"_s, u"de"_s}}}}}}});
        Heard heard(call, u"RealtimeTranslationServerEvent"_s);
        call.start();
        const QJsonValue session = heard.last(u"session.created"_s)[u"session"_s];
        QCOMPARE(session[u"audio"_s][u"output"_s][u"language"_s].toString(), u"de"_s);
        QCOMPARE(session[u"model"_s].toString(), u"gpt-realtime-translate"_s);
        QCOMPARE(heard.problems, QStringList());
    }

    void updates_data()
    {
        QTest::addColumn<QByteArray>("session");
        QTest::addColumn<QString>("param"); // of the error; empty: none
        QTest::newRow("language") << R"({"audio":{"output":{"language":"de"}}})"_ba << QString();
        QTest::newRow("transcription off") << R"({"audio":{"input":{"transcription":null}}})"_ba << QString();
        QTest::newRow("noise") << R"({"audio":{"input":{"noise_reduction":{"type":"near_field"}}}})"_ba
                               << QString();
        QTest::newRow("type") << R"({"type":"translation"})"_ba << u"session.type"_s;
        QTest::newRow("voice") << R"({"audio":{"output":{"voice":"marin"}}})"_ba
                               << u"session.audio.output.voice"_s;
        QTest::newRow("instructions") << R"({"instructions":"x"})"_ba << u"session.instructions"_s;
        QTest::newRow("no model") << R"({"audio":{"input":{"transcription":{}}}})"_ba
                                  << u"session.audio.input.transcription.model"_s;
    }

    void updates()
    {
        QFETCH(QByteArray, session);
        QFETCH(QString, param);
        Listening client;
        client.send("{\"type\":\"session.update\",\"event_id\":\"mine\",\"session\":" + session + '}');
        QCOMPARE(client.heard.count(u"session.updated"_s), param.isEmpty() ? 1 : 0);
        if (!param.isEmpty()) {
            QCOMPARE(client.heard.error()[u"param"_s].toString(), param);
            QCOMPARE(client.heard.error()[u"event_id"_s].toString(), u"mine"_s);
        }
        QCOMPARE(client.heard.problems, QStringList());
    }

    void refusesWhatItDoesNotKnow()
    {
        Listening client;
        for (const char *json :
            {R"({"type":"input_audio_buffer.append","audio":"AAAA"})", R"({"type":"response.create"})",
                R"({"type":"session.input_audio_buffer.append","audio":"AAEC"})",
                R"({"type":"session.input_audio_buffer.append"})", "[]"})
            client.send(json);
        QCOMPARE(client.heard.count(u"error"_s), 5);
        QCOMPARE(client.heard.problems, QStringList());
    }

    /// It speaks while it is spoken to.
    void interprets()
    {
        Listening client;
        client.send(askForTranscription);
        client.append(1000, false);
        QCOMPARE(client.heard.count(translatedDelta), 0);
        client.append(3000, true);
        QVERIFY(client.heard.count(translatedDelta) > 0);
        QVERIFY(client.heard.count(inputDelta) > 0);
        client.append(6000, false);
        QVERIFY(!client.heard.joined(inputDelta).isEmpty());
        QCOMPARE(client.heard.joined(outputDelta), client.heard.joined(inputDelta));
        QSet<qsizetype> lengths;
        qint64 lastMs = 0;
        for (const QJsonObject &event : client.heard.ofType(translatedDelta)) {
            lengths.insert(QByteArray::fromBase64(event[u"delta"_s].toString().toLatin1()).size());
            QCOMPARE(event[u"sample_rate"_s].toInt(), 24000);
            QCOMPARE(event[u"channels"_s].toInt(), 1);
            QCOMPARE(event[u"format"_s].toString(), u"pcm16"_s);
            QVERIFY(event[u"elapsed_ms"_s].toInteger() > lastMs);
            lastMs = event[u"elapsed_ms"_s].toInteger();
        }
        QVERIFY(lengths.size() >= 3);
        QCOMPARE(client.heard.problems, QStringList());
    }

    /// What was heard is said to its end, though the caller goes on speaking.
    void isNotInterrupted()
    {
        Listening client;
        client.send(askForTranscription);
        for (int turn = 0; turn < 3; ++turn) {
            client.append(2000, true);
            client.append(500, false);
        }
        client.append(8000, false);
        QCOMPARE(client.heard.joined(outputDelta), client.heard.joined(inputDelta));
    }

    void transcribesOnRequestOnly()
    {
        Listening client;
        client.append(2000, true);
        client.append(4000, false);
        QCOMPARE(client.heard.count(inputDelta), 0);
        QVERIFY(client.heard.count(outputDelta) > 0);
    }

    void flushesAtTheEnd()
    {
        Listening client;
        client.send(askForTranscription);
        client.append(2000, true);
        client.send(R"({"type":"session.close"})");
        QCOMPARE(client.heard.count(u"session.closed"_s), 0);
        const qsizetype before = client.heard.count(translatedDelta);
        while (client.heard.count(u"session.closed"_s) == 0 && client.call.nextInMs() >= 0)
            client.call.runNext();
        QCOMPARE(client.heard.events.last()[u"type"_s].toString(), u"session.closed"_s);
        QVERIFY(client.heard.count(translatedDelta) > before);
        QVERIFY(client.heard.joined(inputDelta).endsWith(u'?')); // the whole sentence
        QCOMPARE(client.heard.joined(outputDelta), client.heard.joined(inputDelta));
        const qsizetype told = client.heard.events.size();
        client.append(2000, true);
        QCOMPARE(client.heard.events.size(), told);
        QCOMPARE(client.heard.finishedWith, -1);
        client.run();
        QCOMPARE(client.heard.finishedWith, 1000);
        QCOMPARE(client.heard.problems, QStringList());
    }
};

RELAY_TEST(TestTranslationCall)
#include "tst_translationcall.moc"
