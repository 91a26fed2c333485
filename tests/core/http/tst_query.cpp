// SPDX-License-Identifier: MIT
#include "core/http/query.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

class TestQuery : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void value_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("expected"); ///< null: none
        const auto row = [](const char *query, const QByteArray &expected) {
            QTest::newRow(query) << QByteArray(query) << expected;
        };
        row("", {});
        row("a", QByteArray(""));
        row("a=", QByteArray(""));
        row("a=1", "1");
        row("b=2&a=1", "1");
        row("a=1&a=2", "1");
        row("&&a=1&", "1");
        row("%61=1", "1");
        row("a=%2B+%20", "++ ");
        row("a=b=c", "b=c");
        row("A=1", {});
        row("aa=1&ba=1&b=a", {});
        row("=1", {});
    }
    void value()
    {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, expected);
        const QByteArray value = queryValue(query, "a");
        QCOMPARE(value, expected);
        QCOMPARE(value.isNull(), expected.isNull());
    }

    void anyCase()
    {
        QCOMPARE(queryValue("API-Key=1", "api-key", Qt::CaseInsensitive), "1");
        QVERIFY(queryValue("API-Key=1", "api-key").isNull());
    }

    void allValues()
    {
        QCOMPARE(queryValues("a=1&b=2&%61=3&a&A=4", "a"), (QList<QByteArray>{"1", "3", ""}));
        QCOMPARE(queryValues("b=2", "a"), QList<QByteArray>());
        QCOMPARE(queryValues({}, "a"), QList<QByteArray>());
    }
};

RELAY_TEST(TestQuery)
#include "tst_query.moc"
