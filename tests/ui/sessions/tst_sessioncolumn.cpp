// SPDX-License-Identifier: MIT
#include "ui/sessions/sessioncolumn.h"

#include <QTest>
#include <QTimeZone>

using namespace Qt::StringLiterals;
using rr::EndedBy;
using rr::SessionColumn;
using rr::SessionRow;
using rr::SessionSnapshot;
using rr::SessionState;

class TestSessionColumn : public QObject
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
};

namespace {

SessionRow sample()
{
    SessionRow row;
    row.session.number = 7;
    row.session.id = u"a1b2c3d4"_s;
    row.session.state = SessionState::Open;
    row.session.clientAddress = u"192.168.1.20"_s;
    row.session.origin = u"https://app.example.org"_s;
    row.session.model = u"gpt-realtime"_s;
    row.session.durationMs = 65'300;
    row.session.up = {12, 3400, 100};
    row.session.down = {34, 56'000, 50};
    row.session.downstreamRttUs = 2345;
    row.session.upstreamRttUs = 45'678;
    row.session.lastEventType = "response.done";
    row.bytesPerSecond = 12'300;
    row.leftMs = 3'534'700;
    return row;
}

QDateTime now()
{
    return QDateTime::fromSecsSinceEpoch(1'790'000'000).toUTC();
}

} // namespace

void TestSessionColumn::everyColumnHasWords()
{
    for (int i = 0; i < rr::sessionColumnCount; ++i) {
        QVERIFY(!rr::columnTitle(SessionColumn(i)).isEmpty());
        QVERIFY(!rr::columnName(SessionColumn(i)).isEmpty());
    }
}

void TestSessionColumn::text_data()
{
    QTest::addColumn<SessionColumn>("column");
    QTest::addColumn<QString>("text");
    QTest::newRow("state") << SessionColumn::State << "Open";
    QTest::newRow("client") << SessionColumn::Client << "192.168.1.20";
    QTest::newRow("origin") << SessionColumn::Origin << "https://app.example.org";
    QTest::newRow("model") << SessionColumn::Model << "gpt-realtime";
    QTest::newRow("duration") << SessionColumn::Duration << "1:05";
    QTest::newRow("left") << SessionColumn::TimeLeft << "58:54";
    QTest::newRow("messages up") << SessionColumn::MessagesUp << "12";
    QTest::newRow("messages down") << SessionColumn::MessagesDown << "34";
    QTest::newRow("bytes up") << SessionColumn::BytesUp << "3.4 kB";
    QTest::newRow("rate") << SessionColumn::Rate << "12.3 kB/s";
    QTest::newRow("backlog") << SessionColumn::Backlog << "150 bytes";
    QTest::newRow("rtt client") << SessionColumn::RttClient << "2.3 ms";
    QTest::newRow("rtt upstream") << SessionColumn::RttUpstream << "46 ms";
    QTest::newRow("last event") << SessionColumn::LastEvent << "response.done";
    QTest::newRow("not ended") << SessionColumn::EndedBy << "";
    QTest::newRow("no code") << SessionColumn::CloseCode << "";
    QTest::newRow("id") << SessionColumn::Id << "a1b2c3d4";
}

void TestSessionColumn::text()
{
    QFETCH(SessionColumn, column);
    QTEST(rr::cellText(sample(), column), "text");
}

void TestSessionColumn::sorts_data()
{
    QTest::addColumn<SessionColumn>("column");
    QTest::addColumn<SessionRow>("less");
    QTest::addColumn<SessionRow>("more");

    const auto add = [](const char *name, SessionColumn column, auto change) {
        SessionRow more = sample();
        more.session.number = 1; // older, so that only the column can put it behind
        change(more);
        QTest::newRow(name) << column << sample() << more;
    };
    add("state", SessionColumn::State, [](SessionRow &row) { row.session.state = SessionState::Closed; });
    add("bytes as numbers", SessionColumn::BytesUp, [](SessionRow &row) { row.session.up.bytes = 20'000; });
    add("messages as numbers", SessionColumn::MessagesDown,
        [](SessionRow &row) { row.session.down.messages = 100; });
    add("duration", SessionColumn::Duration, [](SessionRow &row) { row.session.durationMs = 3'600'000; });
    add("rate", SessionColumn::Rate, [](SessionRow &row) { row.bytesPerSecond = 100'000; });
    add("backlog of both ways", SessionColumn::Backlog,
        [](SessionRow &row) { row.session.down.backlogBytes = 60; });
    add("round trip", SessionColumn::RttClient,
        [](SessionRow &row) { row.session.downstreamRttUs = 10'000; });
    add("code", SessionColumn::CloseCode, [](SessionRow &row) { row.session.closeCode = 1000; });
    add("origin", SessionColumn::Origin,
        [](SessionRow &row) { row.session.origin = u"https://B.example.org"_s; });

    SessionRow younger = sample();
    younger.session.number = 8;
    QTest::newRow("started") << SessionColumn::Started << sample() << younger;
    QTest::newRow("equal: by age") << SessionColumn::Model << sample() << younger;
}

void TestSessionColumn::sorts()
{
    QFETCH(SessionColumn, column);
    QFETCH(SessionRow, less);
    QFETCH(SessionRow, more);
    QVERIFY(rr::sortsBefore(less, more, column));
    QVERIFY(!rr::sortsBefore(more, less, column));
    QVERIFY(!rr::sortsBefore(less, less, column));
}

void TestSessionColumn::changes_data()
{
    QTest::addColumn<SessionRow>("after");
    QTest::addColumn<QList<SessionColumn>>("columns");
    using Columns = QList<SessionColumn>;

    QTest::newRow("nothing") << sample() << Columns{};
    SessionRow row = sample();
    row.session.durationMs += 100;
    row.leftMs -= 100;
    QTest::newRow("less than a second") << row << Columns{};
    row = sample();
    row.session.durationMs += 1000;
    row.leftMs -= 1000;
    QTest::newRow("a second") << row << Columns{SessionColumn::Duration, SessionColumn::TimeLeft};
    row = sample();
    row.session.up = {13, 3500, 100};
    QTest::newRow("a message") << row << Columns{SessionColumn::MessagesUp, SessionColumn::BytesUp};
    row = sample();
    row.session.state = SessionState::Closed;
    row.session.endedBy = EndedBy::Client;
    row.session.closeCode = 1000;
    row.session.closeReason = u"Closed by the client."_s;
    row.leftMs = -1;
    row.bytesPerSecond = 0;
    QTest::newRow("the end") << row
                             << Columns{SessionColumn::State, SessionColumn::EndedBy,
                                    SessionColumn::CloseCode, SessionColumn::TimeLeft, SessionColumn::Rate,
                                    SessionColumn::CloseReason};
}

void TestSessionColumn::changes()
{
    QFETCH(SessionRow, after);
    QFETCH(QList<SessionColumn>, columns);
    quint32 expected = 0;
    for (const SessionColumn column : columns)
        expected |= 1u << int(column);
    QCOMPARE(rr::changedColumns(sample(), after), expected);
}

void TestSessionColumn::timeLeft_data()
{
    QTest::addColumn<SessionState>("state");
    QTest::addColumn<qint64>("expiresAt");
    QTest::addColumn<qint64>("durationMs");
    QTest::addColumn<qint64>("left");
    QTest::newRow("by OpenAI's word")
        << SessionState::Open << qint64(1'790'000'060) << qint64(0) << qint64(60'000);
    QTest::newRow("unknown: of 60 minutes")
        << SessionState::Open << qint64(0) << qint64(600'000) << qint64(3'000'000);
    QTest::newRow("over") << SessionState::Open << qint64(1'789'999'999) << qint64(0) << qint64(0);
    QTest::newRow("ended") << SessionState::Closed << qint64(1'790'000'060) << qint64(0) << qint64(-1);
}

void TestSessionColumn::timeLeft()
{
    QFETCH(SessionState, state);
    QFETCH(qint64, expiresAt);
    QFETCH(qint64, durationMs);
    SessionSnapshot session;
    session.state = state;
    session.expiresAt = expiresAt;
    session.durationMs = durationMs;
    QTEST(rr::timeLeftMs(session, now()), "left");
}

void TestSessionColumn::rate()
{
    SessionSnapshot before;
    SessionSnapshot after;
    after.up.bytes = 1000;
    after.down.bytes = 500;
    QCOMPARE(rr::bytesPerSecond(before, after, 250), 6000.0);
    QCOMPARE(rr::bytesPerSecond(before, after, 0), 0.0);
    QCOMPARE(rr::bytesPerSecond(before, after, -5), 0.0);
    after.state = SessionState::Closed;
    QCOMPARE(rr::bytesPerSecond(before, after, 250), 0.0);
}

void TestSessionColumn::search()
{
    const QString text = rr::searchText(sample().session);
    for (const QString &word : {u"a1b2"_s, u"192.168"_s, u"app.example"_s, u"gpt"_s, u"open"_s})
        QVERIFY(text.contains(word));
}

QTEST_MAIN(TestSessionColumn)
#include "tst_sessioncolumn.moc"
