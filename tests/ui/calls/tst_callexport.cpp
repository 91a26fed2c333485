// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"
#include "ui/calls/callexport.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using rr::CallColumn;
using rr::CallRow;

class TestCallExport : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void json();
    void csv();
    void anUnknownCostIsNone();
    void csvIsNoFormula();
    void text();
};

namespace {

CallRow exported()
{
    CallRow row;
    row.call.id = u"a1b2c3d4"_s;
    row.call.state = rr::CallState::Closed;
    row.call.startedAt = QDateTime::fromMSecsSinceEpoch(1'790'000'000'123).toLocalTime();
    row.call.origin = u"https://a.example.org"_s;
    row.call.up = {3, 1'234'567, 0};
    row.call.endedBy = rr::EndedBy::Upstream;
    row.call.endReason = rr::EndReason::UpstreamClosed;
    row.call.closeCode = 1001;
    row.call.kind = rr::CallKind::Beta;
    row.call.door = rr::Door::Share;
    row.call.askedModel = u"gpt-4o-realtime-preview"_s;
    row.call.answeringModel = u"gpt-realtime-1.5"_s;
    row.call.temperatureIgnored = true;
    row.call.expiresAt = 1'790'003'600;
    row.call.accessName = u"Demo, at the fair"_s;
    row.call.usage.usage.audioIn = 1'500;
    row.call.usage.usage.textOut = 20;
    row.call.usage.cost = rr::Money::ofPico(12'345'678'000);
    row.call.usage.responses = 3;
    row.call.closeReason = "He said \"enough\", and left.";
    return row;
}

} // namespace

void TestCallExport::json()
{
    const QJsonArray array = QJsonDocument::fromJson(rr::callsJson({exported(), exported()})).array();
    QCOMPARE(array.size(), 2);
    const QJsonObject object = array[0].toObject();
    QCOMPARE(object["id"_L1], u"a1b2c3d4"_s);
    QCOMPARE(object["state"_L1], u"closed"_s);
    QCOMPARE(object["startedAt"_L1], u"2026-09-21T14:13:20.123Z"_s);
    QCOMPARE(object["bytesUp"_L1].toInteger(), 1'234'567);
    QCOMPARE(object["endedBy"_L1], u"upstream"_s);
    QCOMPARE(object["endReason"_L1], u"upstream_closed"_s);
    QCOMPARE(object["closeCode"_L1].toInt(), 1001);
    QCOMPARE(object["kind"_L1], u"beta"_s);
    QCOMPARE(object["door"_L1], u"share"_s);
    QCOMPARE(object["askedModel"_L1], u"gpt-4o-realtime-preview"_s);
    QCOMPARE(object["answeringModel"_L1], u"gpt-realtime-1.5"_s);
    QCOMPARE(object["temperatureIgnored"_L1], true);
    QCOMPARE(object["expiresAt"_L1], u"2026-09-21T15:13:20Z"_s);
    QCOMPARE(object["accessToken"_L1], u"Demo, at the fair"_s);
    QCOMPARE(object["audioTokensIn"_L1].toInteger(), 1'500);
    QCOMPARE(object["textTokensOut"_L1].toInteger(), 20);
    QCOMPARE(object["responses"_L1].toInteger(), 3);
    QCOMPARE(object["costUsd"_L1], u"0.012346"_s);
    const QJsonArray unknown = QJsonDocument::fromJson(rr::callsJson({CallRow()})).array();
    QCOMPARE(unknown[0].toObject()["expiresAt"_L1], QString());
    QCOMPARE(unknown[0].toObject()["door"_L1], u"public"_s);
    QCOMPARE(rr::callsJson({}).trimmed(), "[\n]");
}

void TestCallExport::csv()
{
    const QByteArrayList lines = rr::callsCsv({exported()}).split('\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines[0].startsWith("id,state,startedAt,durationMs,clientAddress,origin"));
    QVERIFY(lines[0].endsWith("\r"));
    QVERIFY(lines[1].startsWith(
        "a1b2c3d4,closed,2026-09-21T14:13:20.123Z,0,,https://a.example.org,,3,0,1234567,"));
    QVERIFY2(lines[1].contains(",beta,gpt-4o-realtime-preview,gpt-realtime-1.5,true,"), lines[1]);
    QVERIFY2(lines[0].contains(",accessToken,textTokensIn,"), lines[0]);
    QVERIFY2(lines[1].contains(",\"Demo, at the fair\",0,1500,"), lines[1]);
    QVERIFY2(lines[1].contains(",0.012346,0,0,false"), lines[1]);
    QVERIFY2(lines[1].contains(",\"He said \"\"enough\"\", and left.\""), lines[1]);
}

void TestCallExport::anUnknownCostIsNone()
{
    CallRow row = exported();
    row.call.usage.cost = {};
    row.call.usage.unpriced = 2;
    QVERIFY(QJsonDocument::fromJson(rr::callsJson({row})).array()[0].toObject()["costUsd"_L1].isNull());
    QVERIFY(rr::callsCsv({row}).contains(",,2,0,false"));
    row.call.usage.unpriced = 0;
    row.call.isUsageElsewhere = true;
    QVERIFY(QJsonDocument::fromJson(rr::callsJson({row})).array()[0].toObject()["costUsd"_L1].isNull());
}

void TestCallExport::csvIsNoFormula()
{
    CallRow row = exported();
    row.call.model = u"=HYPERLINK(\"http://evil\")"_s;
    QVERIFY(rr::callsCsv({row}).contains(",\"'=HYPERLINK("));
}

void TestCallExport::text()
{
    QCOMPARE(rr::callsText({exported()}, {CallColumn::CloseCode, CallColumn::Origin}),
        u"Code\tOrigin\n1001\thttps://a.example.org\n"_s);
}

RELAY_TEST(TestCallExport)
#include "tst_callexport.moc"
