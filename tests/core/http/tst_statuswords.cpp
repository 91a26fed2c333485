// SPDX-License-Identifier: MIT
#include "core/http/statuswords.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_StatusWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reasonPhrases_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("phrase");
        QTest::newRow("200") << 200 << "OK"_ba;
        QTest::newRow("400") << 400 << "Bad Request"_ba;
        QTest::newRow("401") << 401 << "Unauthorized"_ba;
        QTest::newRow("403") << 403 << "Forbidden"_ba;
        QTest::newRow("404") << 404 << "Not Found"_ba;
        QTest::newRow("426") << 426 << "Upgrade Required"_ba;
        QTest::newRow("429") << 429 << "Too Many Requests"_ba;
        QTest::newRow("500") << 500 << "Internal Server Error"_ba;
        QTest::newRow("502") << 502 << "Bad Gateway"_ba;
        QTest::newRow("503") << 503 << "Service Unavailable"_ba;
        QTest::newRow("of no use here") << 599 << QByteArray();
    }
    void reasonPhrases()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, phrase);
        QCOMPARE(reasonPhrase(status), phrase);
    }
};

RELAY_TEST(tst_StatusWords)
#include "tst_statuswords.moc"
