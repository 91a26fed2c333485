// SPDX-License-Identifier: MIT
#include "core/realtime/beta/serverevents.h"
#include "tests/core/realtime/beta/translated.h"
#include "tests/support/relaytest.h"

#include <QJsonArray>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_ServerEvents : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sessionsAndResponsesWithGaps()
    {
        QCOMPARE(*down(R"({"type":"session.created","session":{"id":"s"}})"),
            R"({"type":"session.created","session":{"id":"s"}})"); // not one of today's
        const QJsonObject session = readEvent(*down(
            R"({"type":"session.created","session":{"type":"realtime","audio":{"input":{"format":{"type":"audio/new"}}}}})"))
                                        [u"session"_s]
                                            .toObject();
        QCOMPARE(session[u"input_audio_format"_s], u"audio/new"_s);
        QCOMPARE(session[u"output_audio_format"_s], u"pcm16"_s);
        QVERIFY(session[u"turn_detection"_s].isNull());
        QVERIFY(!session.contains(u"voice"_s));
        const QJsonObject response = readEvent(
            *down(R"({"type":"response.created","response":{"output":null,"output_modalities":["text"]}})"))
                                         [u"response"_s]
                                             .toObject();
        QCOMPARE(response[u"output"_s], QJsonArray());
        QCOMPARE(response[u"modalities"_s], QJsonArray{u"text"_s});
    }

    void paramsKeepTheirEnds()
    {
        const auto param = [](const QByteArray &today) {
            return readEvent(
                *down("{\"type\":\"error\",\"error\":{\"param\":\"" + today + "\"}}"))[u"error"_s][u"param"_s]
                .toString();
        };
        QCOMPARE(param("session.audio.input.turn_detection[0].x"), u"session.turn_detection[0].x"_s);
        QCOMPARE(param("session.audio.output.voices"), u"session.audio.output.voices"_s);
        QCOMPARE(param("session.audio"), u"session.audio"_s);
        QCOMPARE(param(""), QString());
    }
};

RELAY_TEST(tst_ServerEvents)
#include "tst_serverevents.moc"
