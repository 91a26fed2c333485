// SPDX-License-Identifier: MIT
#include "core/config/jsonoddities.h"
#include "tests/support/relaytest.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

class TestJsonOddities : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finds_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QStringList>("repeated");
        QTest::addColumn<int>("backslash");
        const auto row = [](const char *json, const QStringList &repeated, int backslash) {
            QTest::newRow(json) << QByteArray(json).replace('\'', '"') << repeated << backslash;
        };
        // With ' for ", which a moc of Qt 6.4 loses its way among.
        row("{}", {}, -1);
        row("[1, 2]", {}, -1);
        row("{'a': 1, 'b': 2}", {}, -1);
        row("{'a': 1, 'b': 2, 'a': 3, 'a': 4, 'b': 5}", {u"a"_s, u"b"_s}, -1);
        row("{'a': 1, '\\u0061': 2}", {u"a"_s}, -1);
        row("{'a': {'b': 1, 'b': 2}, 'c': [{'a': 1}], 'b': 3}", {}, -1);
        row("{'a': '\\'a\\': {[', 'b': 'x'}", {}, -1);
        row("{'a': '\\\\', 'a': 1}", {u"a"_s}, -1);
        row("{'a': '\\\\ \\/ \\b \\f \\n \\r \\t \\u00e9'}", {}, -1);
        row("{'a': 'C:\\Users'}", {}, 9);
        row("{'a': '\\\\', 'b': '\\x \\y'}", {}, 18);
    }

    void finds()
    {
        QFETCH(QByteArray, json);
        QFETCH(int, backslash);
        QVERIFY(!QJsonDocument::fromJson(json).isNull()); // or it is no oddity
        const JsonOddities oddities = jsonOddities(json);
        QTEST(oddities.repeatedKeys, "repeated");
        QCOMPARE(int(oddities.strayBackslash), backslash);
    }
};

RELAY_TEST(TestJsonOddities)
#include "tst_jsonoddities.moc"
