// SPDX-License-Identifier: MIT
#include "ui/overview/tlshint.h"

#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestTlsHint : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void pages_data()
    {
        QTest::addColumn<QStringList>("allowed");
        QTest::addColumn<QString>("offered");
        QTest::addColumn<QString>("page");
        const QString lan = u"ws://192.168.1.5:8080/realtime"_s;
        const QString app = u"https://app.example.org"_s;
        QTest::newRow("an https page and ws") << QStringList{u"http://localhost:*"_s, app} << lan << app;
        QTest::newRow("wss") << QStringList{app} << u"wss://192.168.1.5:8080/realtime"_s << QString();
        QTest::newRow("this machine") << QStringList{app} << u"ws://127.0.0.1:8080/realtime"_s << QString();
        QTest::newRow("an http page") << QStringList{u"http://app.example.org"_s} << lan << QString();
        QTest::newRow("pages of this machine") << QStringList{u"https://localhost:*"_s} << lan << QString();
        QTest::newRow("nothing is offered") << QStringList{app} << QString() << QString();
        QTest::newRow("pages of many names")
            << QStringList{u"https://*.example.org"_s} << lan << u"https://*.example.org"_s;
    }
    void pages()
    {
        QFETCH(QStringList, allowed);
        QFETCH(QString, offered);
        QTEST(pageInNeedOfTls(allowed, QUrl(offered)), "page");
    }
};

RELAY_TEST(TestTlsHint)
#include "tst_tlshint.moc"
