// SPDX-License-Identifier: MIT
#include "core/config/secret.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

class TestSecret : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void masked_data()
    {
        QTest::addColumn<QByteArray>("secret");
        QTest::addColumn<QString>("masked");
        QTest::newRow("empty") << QByteArray() << u"…"_s;
        QTest::newRow("eleven characters") << "sk-45678901"_ba << u"…"_s;
        QTest::newRow("twelve characters") << "sk-456789012"_ba << u"sk-…12"_s;
        QTest::newRow("long") << "sk-proj-" + QByteArray(150, 'x') + "f9" << u"sk-…f9"_s;
        QTest::newRow("control characters") << "\x1b[2Jabcdefgh\r\n"_ba << u"?[2…??"_s;
    }

    void masked()
    {
        QFETCH(QByteArray, secret);
        QTEST(Secret(secret).masked(), "masked");
        QCOMPARE(Secret(secret).reveal(), secret);
        QCOMPARE(Secret(secret).isEmpty(), secret.isEmpty());
    }
};

RELAY_TEST(TestSecret)
#include "tst_secret.moc"
