// SPDX-License-Identifier: MIT
#include "ui/sessions/sessionexport.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using rr::SessionColumn;
using rr::SessionRow;

class TestSessionExport : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void json();
    void csv();
    void csvIsNoFormula();
    void text();
};

namespace {

SessionRow sample()
{
    SessionRow row;
    row.session.id = u"a1b2c3d4"_s;
    row.session.state = rr::SessionState::Closed;
    row.session.startedAt = QDateTime::fromMSecsSinceEpoch(1'790'000'000'123).toLocalTime();
    row.session.origin = u"https://a.example.org"_s;
    row.session.up = {3, 1'234'567, 0};
    row.session.endedBy = rr::EndedBy::Upstream;
    row.session.endReason = "upstream_closed";
    row.session.closeCode = 1001;
    row.session.closeReason = u"He said \"enough\", and left."_s;
    return row;
}

} // namespace

void TestSessionExport::json()
{
    const QJsonArray array = QJsonDocument::fromJson(rr::sessionsJson({sample(), sample()})).array();
    QCOMPARE(array.size(), 2);
    const QJsonObject object = array[0].toObject();
    QCOMPARE(object["id"_L1], u"a1b2c3d4"_s);
    QCOMPARE(object["state"_L1], u"closed"_s);
    QCOMPARE(object["startedAt"_L1], u"2026-09-21T14:13:20.123Z"_s);
    QCOMPARE(object["bytesUp"_L1].toInteger(), 1'234'567);
    QCOMPARE(object["endedBy"_L1], u"upstream"_s);
    QCOMPARE(object["endReason"_L1], u"upstream_closed"_s);
    QCOMPARE(object["closeCode"_L1].toInt(), 1001);
    QCOMPARE(rr::sessionsJson({}).trimmed(), "[\n]");
}

void TestSessionExport::csv()
{
    const QByteArrayList lines = rr::sessionsCsv({sample()}).split('\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines[0].startsWith("id,state,startedAt,durationMs,clientAddress,origin"));
    QVERIFY(lines[0].endsWith("\r"));
    QVERIFY(lines[1].startsWith(
        "a1b2c3d4,closed,2026-09-21T14:13:20.123Z,0,,https://a.example.org,,3,0,1234567,"));
    QVERIFY2(lines[1].contains(",\"He said \"\"enough\"\", and left.\""), lines[1]);
}

void TestSessionExport::csvIsNoFormula()
{
    SessionRow row = sample();
    row.session.model = u"=HYPERLINK(\"http://evil\")"_s;
    QVERIFY(rr::sessionsCsv({row}).contains(",\"'=HYPERLINK("));
}

void TestSessionExport::text()
{
    QCOMPARE(rr::sessionsText({sample()}, {SessionColumn::CloseCode, SessionColumn::Origin}),
        u"Code\tOrigin\n1001\thttps://a.example.org\n"_s);
}

QTEST_MAIN(TestSessionExport)
#include "tst_sessionexport.moc"
