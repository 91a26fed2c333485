// SPDX-License-Identifier: MIT
#include "core/realtime/eventtype.h"
#include "tests/support/relaytest.h"
#include "ui/calls/callcolumn.h"
#include "ui/calls/callwords.h"
#include "ui/control/displaytext.h"

#include <QSet>
#include <QTest>
#include <QTimeZone>

using namespace Qt::StringLiterals;
using rr::CallColumn;
using rr::CallRow;
using rr::CallSnapshot;
using rr::CallState;
using rr::EndedBy;

class TestCallColumn : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void everyColumnHasWords();
    void text_data();
    void text();
    void sorts_data();
    void sorts();
    void changes_data();
    void changes();
    void timeLeft_data();
    void timeLeft();
    void rate();
    void search();
    void everyKindHasAName();
    void whatTheClientIsNotTold();
};

namespace {

CallRow sample()
{
    CallRow row;
    row.call.number = 7;
    row.call.id = u"a1b2c3d4"_s;
    row.call.state = CallState::Open;
    row.call.clientAddress = u"192.168.1.20"_s;
    row.call.origin = u"https://app.example.org"_s;
    row.call.kind = rr::CallKind::Transcription;
    row.call.model = u"gpt-realtime"_s;
    row.call.durationMs = 65'300;
    row.call.up = {12, 3400, 100};
    row.call.down = {34, 56'000, 50};
    row.call.downstreamRttUs = 2345;
    row.call.upstreamRttUs = 45'678;
    row.call.lastEventType = rr::sniffEventType("{\"type\":\"response.done\"}");
    row.call.accessName = u"Demo"_s;
    row.call.usage.usage.audioIn = 1'500;
    row.call.usage.usage.textOut = 20;
    row.call.usage.cost = rr::Money::ofPico(12'345'678'000);
    row.bytesPerSecond = 12'300;
    row.leftMs = 3'534'700;
    return row;
}

QDateTime now()
{
    return QDateTime::fromSecsSinceEpoch(1'790'000'000).toUTC();
}

} // namespace

void TestCallColumn::everyColumnHasWords()
{
    for (int i = 0; i < rr::callColumnCount; ++i) {
        QVERIFY(!rr::columnTitle(CallColumn(i)).isEmpty());
        QVERIFY(!rr::columnName(CallColumn(i)).isEmpty());
    }
}

void TestCallColumn::text_data()
{
    QTest::addColumn<CallColumn>("column");
    QTest::addColumn<QString>("text");
    QTest::newRow("state") << CallColumn::State << "Open";
    QTest::newRow("client") << CallColumn::Client << "192.168.1.20";
    QTest::newRow("origin") << CallColumn::Origin << "https://app.example.org";
    QTest::newRow("kind") << CallColumn::Kind << "Transcription";
    QTest::newRow("model") << CallColumn::Model << "gpt-realtime";
    QTest::newRow("duration") << CallColumn::Duration << "1:05";
    QTest::newRow("left") << CallColumn::TimeLeft << "58:54";
    QTest::newRow("messages up") << CallColumn::MessagesUp << "12";
    QTest::newRow("messages down") << CallColumn::MessagesDown << "34";
    QTest::newRow("bytes up") << CallColumn::BytesUp << "3.4 kB";
    QTest::newRow("rate") << CallColumn::Rate << "12.3 kB/s";
    QTest::newRow("backlog") << CallColumn::Backlog << "150 bytes";
    QTest::newRow("rtt client") << CallColumn::RttClient << "2.3 ms";
    QTest::newRow("rtt upstream") << CallColumn::RttUpstream << "46 ms";
    QTest::newRow("last event") << CallColumn::LastEvent << "response.done";
    QTest::newRow("not ended") << CallColumn::EndedBy << "";
    QTest::newRow("no code") << CallColumn::CloseCode << "";
    QTest::newRow("id") << CallColumn::Id << "a1b2c3d4";
    QTest::newRow("access token") << CallColumn::Access << "Demo";
    QTest::newRow("cost") << CallColumn::Cost << "$0.0123";
    QTest::newRow("tokens in") << CallColumn::TokensIn << "1500";
    QTest::newRow("tokens out") << CallColumn::TokensOut << "20";
}

void TestCallColumn::text()
{
    QFETCH(CallColumn, column);
    QTEST(rr::cellText(sample(), column), "text");
}

void TestCallColumn::sorts_data()
{
    QTest::addColumn<CallColumn>("column");
    QTest::addColumn<CallRow>("less");
    QTest::addColumn<CallRow>("more");

    const auto add = [](const char *name, CallColumn column, auto change) {
        CallRow more = sample();
        more.call.number = 1; // older, so that only the column can put it behind
        change(more);
        QTest::newRow(name) << column << sample() << more;
    };
    add("state", CallColumn::State, [](CallRow &row) { row.call.state = CallState::Closed; });
    add("cost", CallColumn::Cost,
        [](CallRow &row) { row.call.usage.cost = rr::Money::ofPico(99'000'000'000); });
    add("cost of which more is unknown", CallColumn::Cost, [](CallRow &row) { row.call.usage.unpriced = 1; });
    add("tokens as numbers", CallColumn::TokensIn,
        [](CallRow &row) { row.call.usage.usage.audioIn = 10'000; });
    add("access token", CallColumn::Access, [](CallRow &row) { row.call.accessName = u"fair"_s; });
    add("kind", CallColumn::Kind, [](CallRow &row) { row.call.kind = rr::CallKind::Sideband; });
    add("bytes as numbers", CallColumn::BytesUp, [](CallRow &row) { row.call.up.bytes = 20'000; });
    add("messages as numbers", CallColumn::MessagesDown, [](CallRow &row) { row.call.down.messages = 100; });
    add("duration", CallColumn::Duration, [](CallRow &row) { row.call.durationMs = 3'600'000; });
    add("rate", CallColumn::Rate, [](CallRow &row) { row.bytesPerSecond = 100'000; });
    add("backlog of both ways", CallColumn::Backlog, [](CallRow &row) { row.call.down.backlogBytes = 60; });
    add("round trip", CallColumn::RttClient, [](CallRow &row) { row.call.downstreamRttUs = 10'000; });
    add("code", CallColumn::CloseCode, [](CallRow &row) { row.call.closeCode = 1000; });
    add("origin", CallColumn::Origin, [](CallRow &row) { row.call.origin = u"https://B.example.org"_s; });

    CallRow younger = sample();
    younger.call.number = 8;
    QTest::newRow("started") << CallColumn::Started << sample() << younger;
    QTest::newRow("equal: by age") << CallColumn::Model << sample() << younger;
}

void TestCallColumn::sorts()
{
    QFETCH(CallColumn, column);
    QFETCH(CallRow, less);
    QFETCH(CallRow, more);
    QVERIFY(rr::sortsBefore(less, more, column));
    QVERIFY(!rr::sortsBefore(more, less, column));
    QVERIFY(!rr::sortsBefore(less, less, column));
}

void TestCallColumn::changes_data()
{
    QTest::addColumn<CallRow>("after");
    QTest::addColumn<QList<CallColumn>>("columns");
    using Columns = QList<CallColumn>;

    QTest::newRow("nothing") << sample() << Columns{};
    CallRow row = sample();
    row.call.durationMs += 100;
    row.leftMs -= 100;
    QTest::newRow("less than a second") << row << Columns{};
    row = sample();
    row.call.durationMs += 1000;
    row.leftMs -= 1000;
    QTest::newRow("a second") << row << Columns{CallColumn::Duration, CallColumn::TimeLeft};
    row = sample();
    row.call.up = {13, 3500, 100};
    QTest::newRow("a message") << row << Columns{CallColumn::MessagesUp, CallColumn::BytesUp};
    row = sample();
    row.leftMs = -1;
    QTest::newRow("no time left is known") << row << Columns{CallColumn::TimeLeft};
    row = sample();
    row.call.askedModel = row.call.model;
    row.call.answeringModel = u"gpt-realtime-1.5"_s;
    QTest::newRow("another model answers") << row << Columns{CallColumn::Model};
    row = sample();
    row.call.state = CallState::Closed;
    row.call.endedBy = EndedBy::Client;
    row.call.closeCode = 1000;
    row.call.closeReason = "Closed by the client.";
    row.closeReason = rr::closeReasonText(row.call);
    row.leftMs = -1;
    row.bytesPerSecond = 0;
    QTest::newRow("the end") << row
                             << Columns{CallColumn::State, CallColumn::EndedBy, CallColumn::CloseCode,
                                    CallColumn::TimeLeft, CallColumn::Rate, CallColumn::CloseReason};
}

void TestCallColumn::changes()
{
    QFETCH(CallRow, after);
    QFETCH(QList<CallColumn>, columns);
    quint32 expected = 0;
    for (const CallColumn column : columns)
        expected |= 1u << int(column);
    QCOMPARE(rr::changedColumns(sample(), after), expected);
}

void TestCallColumn::timeLeft_data()
{
    QTest::addColumn<CallState>("state");
    QTest::addColumn<qint64>("expiresAt");
    QTest::addColumn<qint64>("durationMs");
    QTest::addColumn<qint64>("left");
    QTest::newRow("by the upstream's word")
        << CallState::Open << qint64(1'790'000'060) << qint64(0) << qint64(60'000);
    QTest::newRow("it has not said") << CallState::Open << qint64(0) << qint64(600'000) << qint64(-1);
    QTest::newRow("over") << CallState::Open << qint64(1'789'999'999) << qint64(0) << qint64(0);
    QTest::newRow("ended") << CallState::Closed << qint64(1'790'000'060) << qint64(0) << qint64(-1);
}

void TestCallColumn::timeLeft()
{
    QFETCH(CallState, state);
    QFETCH(qint64, expiresAt);
    QFETCH(qint64, durationMs);
    CallSnapshot call;
    call.state = state;
    call.expiresAt = expiresAt;
    call.durationMs = durationMs;
    QTEST(rr::timeLeftMs(call, now()), "left");
}

void TestCallColumn::rate()
{
    CallSnapshot before;
    CallSnapshot after;
    after.up.bytes = 1000;
    after.down.bytes = 500;
    QCOMPARE(rr::bytesPerSecond(before, after, 250), 6000.0);
    QCOMPARE(rr::bytesPerSecond(before, after, 0), 0.0);
    QCOMPARE(rr::bytesPerSecond(before, after, -5), 0.0);
    after.state = CallState::Closed;
    QCOMPARE(rr::bytesPerSecond(before, after, 250), 0.0);
}

void TestCallColumn::search()
{
    const QString text = rr::searchText(sample().call);
    for (const QString &word :
        {u"a1b2"_s, u"192.168"_s, u"app.example"_s, u"gpt"_s, u"transcription"_s, u"open"_s})
        QVERIFY(text.contains(word));
}

void TestCallColumn::everyKindHasAName()
{
    QSet<QString> names;
    for (size_t kind = 0; kind < rr::callKindNames.size(); ++kind)
        names.insert(rr::callKindName(rr::CallKind(kind)));
    QCOMPARE(size_t(names.size()), rr::callKindNames.size());
    QVERIFY(!names.contains(QString()));
}

void TestCallColumn::whatTheClientIsNotTold()
{
    CallSnapshot call;
    call.model = u"gpt-4o-realtime-preview"_s;
    QCOMPARE(rr::untoldText(call), QString());
    QCOMPARE(rr::modelText(call), call.model);
    call.temperatureIgnored = true;
    QVERIFY(rr::untoldText(call).contains(u"temperature"_s));
    call.askedModel = u"gpt-4o-mini-realtime-preview"_s; // in its session, where the query named none
    call.answeringModel = u"gpt-realtime-mini"_s;
    call.droppedEvents = 1234;
    QCOMPARE(rr::modelText(call), u"gpt-realtime-mini \u2190 gpt-4o-mini-realtime-preview"_s);
    const QStringList lines = rr::untoldText(call).split(u'\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines[0].contains(call.askedModel) && lines[0].contains(call.answeringModel));
    QVERIFY(lines[2].endsWith(rr::countText(1234)));
}

RELAY_TEST(TestCallColumn)
#include "tst_callcolumn.moc"
