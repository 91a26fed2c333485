// SPDX-License-Identifier: MIT
#include "core/simulator/recording.h"
#include "tests/core/simulator/caller.h"
#include "tests/support/relaytest.h"

#include <QTemporaryFile>
#include <QTest>

using namespace rr;

class TestRecording : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void recordingsFitTheSchemas_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name : {"speech-turn", "text-in-audio-out", "tool-call"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }

    void recordingsFitTheSchemas()
    {
        QFETCH(QString, name);
        QString error;
        const auto recording = Recording::load(
            QStringLiteral(RELAY_TEST_DATA "/realtime/recordings/%1.jsonl").arg(name), error);
        QVERIFY2(recording, qPrintable(error));
        QVERIFY(recording->events().size() > 20);
        for (const Recording::Event &event : recording->events()) {
            const QJsonObject json = QJsonDocument::fromJson(event.json).object();
            QCOMPARE(json[u"type"_s].toString(), event.type);
            if (event.fromServer)
                QCOMPARE(schemas().serverEventErrors(json), QStringList());
            else
                QCOMPARE(schemas().errors(json, u"RealtimeClientEvent"_s), QStringList());
        }
    }

    /// The schemas would notice.
    void wrongEventsDoNotFit_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("unknown type") << R"({"type":"nosuch","event_id":"e"})"_ba;
        QTest::newRow("missing member") << R"({"type":"input_audio_buffer.cleared"})"_ba;
        QTest::newRow("wrong type") << R"({"type":"input_audio_buffer.cleared","event_id":1})"_ba;
        QTest::newRow("null where none may be")
            << R"({"type":"conversation.item.deleted","event_id":"e","item_id":null})"_ba;
        QTest::newRow("inside a choice")
            << R"({"type":"session.created","event_id":"e","session":{"type":"realtime","id":"s",
                   "object":"realtime.session","audio":{"output":{"speed":2}}}})"_ba;
        QTest::newRow("enumeration in an array")
            << R"({"type":"session.created","event_id":"e","session":{"type":"realtime","id":"s",
                   "object":"realtime.session","output_modalities":["smell"]}})"_ba;
        QTest::newRow("item of no kind")
            << R"({"type":"conversation.item.done","event_id":"e","item":{"type":"message","role":"user",
                   "content":[{"type":"output_text","text":"x"}]}})"_ba;
    }

    void wrongEventsDoNotFit()
    {
        QFETCH(QByteArray, json);
        QVERIFY(!schemas().serverEventErrors(parsed(json)).isEmpty());
    }

    void namesTheLineThatIsWrong()
    {
        QTemporaryFile file;
        QVERIFY(file.open());
        file.write(
            "{\"from\": \"client\", \"event\": {\"type\": \"response.create\"}}\n{\"from\": \"nobody\"}\n");
        file.close();
        QString error;
        QVERIFY(!Recording::load(file.fileName(), error));
        QVERIFY2(error.startsWith(u"Line 2 "_s), qPrintable(error));
        QVERIFY(!Recording::load(u"/nosuch.jsonl"_s, error));
        QVERIFY(error.contains(u"/nosuch.jsonl"_s));
    }
};

RELAY_TEST(TestRecording)
#include "tst_recording.moc"
