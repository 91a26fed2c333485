// SPDX-License-Identifier: MIT
#include "core/realtime/errorevent.h"

#include "core/realtime/eventtype.h"
#include "tests/support/relaytest.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestErrorEvent : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void shape_data()
    {
        QTest::addColumn<QString>("message");
        QTest::newRow("plain") << u"The relay is shutting down."_s;
        QTest::newRow("to be escaped") << u"a \"b\" \\ \n\u0001 ü 😀"_s;
        QTest::newRow("empty") << u""_s;
    }
    void shape()
    {
        QFETCH(QString, message);
        const QByteArray json = errorEvent("server_error", "relay_shutdown", message);
        QJsonParseError problem;
        const QJsonObject event = QJsonDocument::fromJson(json, &problem).object();
        QCOMPARE(problem.error, QJsonParseError::NoError);
        QCOMPARE(event.keys(), (QStringList{u"error"_s, u"event_id"_s, u"type"_s}));
        QCOMPARE(event[u"type"].toString(), u"error"_s);
        QVERIFY(event[u"event_id"].toString().startsWith(u"event_"));
        const QJsonObject error = event[u"error"].toObject();
        QCOMPARE(error.keys(), (QStringList{u"code"_s, u"event_id"_s, u"message"_s, u"param"_s, u"type"_s}));
        QCOMPARE(error[u"type"].toString(), u"server_error"_s);
        QCOMPARE(error[u"code"].toString(), u"relay_shutdown"_s);
        QCOMPARE(error[u"message"].toString(), message);
        QVERIFY(error[u"param"].isNull());
        QVERIFY(error[u"event_id"].isNull());
        QCOMPARE(eventTypeName(sniffEventType(json)).toByteArray(), "error"_ba);
    }

    void everyOneHasItsOwnId() { QVERIFY(errorEvent("t", "c", u"m"_s) != errorEvent("t", "c", u"m"_s)); }
};

RELAY_TEST(TestErrorEvent)
#include "tst_errorevent.moc"
