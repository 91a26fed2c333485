// SPDX-License-Identifier: MIT
#include "tests/core/simulator/caller.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestPlayback : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sidebandsSeeNoAudio()
    {
        Caller caller(sideband());
        caller.write(u"Hello"_s);
        caller.send(R"({"type":"response.create"})");
        caller.run();
        const QStringList types = caller.types();
        QCOMPARE(types.first(), u"session.created"_s);
        QCOMPARE(types.last(), u"output_audio_buffer.stopped"_s);
        QVERIFY(types.indexOf(u"output_audio_buffer.started"_s)
            > types.indexOf(u"response.content_part.added"_s));
        QVERIFY(
            types.indexOf(u"output_audio_buffer.started"_s) < types.indexOf(u"response.output_audio.done"_s));
        QVERIFY(types.contains(u"response.output_audio_transcript.delta"_s));
        QCOMPARE(caller.count(u"response.output_audio.delta"_s), 0);
        QCOMPARE(caller.count(u"output_audio_buffer.started"_s), 1);
        const QJsonValue id = caller.last(u"response.done"_s)[u"response"_s][u"id"_s];
        QCOMPARE(caller.last(u"output_audio_buffer.started"_s)[u"response_id"_s], id);
        QCOMPARE(caller.last(u"output_audio_buffer.stopped"_s)[u"response_id"_s], id);
        for (const char *input : {R"({"type":"input_audio_buffer.append","audio":"AAAA"})",
                 R"({"type":"input_audio_buffer.commit"})", R"({"type":"input_audio_buffer.clear"})"}) {
            caller.send(input);
            QCOMPARE(caller.types(), QStringList{u"error"_s});
        }
        QCOMPARE(caller.problems, QStringList());
    }

    void sidebandsSilenceAnAnswer()
    {
        Caller caller(sideband());
        caller.send(R"({"type":"output_audio_buffer.clear"})"); // nothing is heard yet
        QCOMPARE(caller.types(), QStringList{u"session.created"_s});
        caller.send(R"({"type":"response.create"})");
        caller.runUntil(u"output_audio_buffer.started"_s);
        caller.types();
        caller.send(R"({"type":"output_audio_buffer.clear"})");
        QCOMPARE(caller.types(), QStringList{u"output_audio_buffer.cleared"_s});
        caller.run();
        QCOMPARE(caller.count(u"output_audio_buffer.started"_s), 1); // for good
        QCOMPARE(caller.count(u"output_audio_buffer.stopped"_s), 0);
        QCOMPARE(caller.count(u"response.done"_s), 1);

        caller.send(R"({"type":"response.create"})"); // and the next is heard
        caller.run();
        QCOMPARE(caller.count(u"output_audio_buffer.started"_s), 2);
        QCOMPARE(caller.count(u"output_audio_buffer.stopped"_s), 1);
        QCOMPARE(caller.problems, QStringList());
    }

    void sidebandsHearOneAnswerAtATime()
    {
        Caller caller(sideband());
        caller.send(R"({"type":"response.create"})");
        caller.runUntil(u"response.done"_s);
        caller.send(R"({"type":"response.create"})"); // while the end of the first is still heard
        caller.run();
        QStringList heard;
        for (const QJsonObject &event : caller.events) {
            const QString type = event[u"type"_s].toString();
            if (type.startsWith("output_audio_buffer."_L1))
                heard.append(type.section(u'.', 1));
        }
        QCOMPARE(heard, (QStringList{u"started"_s, u"stopped"_s, u"started"_s, u"stopped"_s}));
        QCOMPARE(caller.problems, QStringList());
    }

private:
    static SimulatedCall::Options sideband()
    {
        SimulatedCall::Options options;
        options.isSideband = true;
        return options;
    }
};

RELAY_TEST(TestPlayback)
#include "tst_playback.moc"
