// SPDX-License-Identifier: MIT
#include "ui/overview/portowner.h"

#include <QCoreApplication>
#include <QTcpServer>
#include <QTest>

using namespace rr;

class TestPortOwner : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void findsThisProgram()
    {
#if !defined(Q_OS_LINUX)
        QSKIP("Linux only.");
#endif
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        const QString owner = portOwner(server.serverPort());
        QVERIFY2(owner.startsWith(QLatin1String("tst_portowner")), qPrintable(owner));
        QVERIFY(owner.contains(QString::number(QCoreApplication::applicationPid())));
        const quint16 port = server.serverPort();
        server.close();
        QCOMPARE(portOwner(port), QString());
    }

    void nextPortIsFree()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        const quint16 port = nextFreePort(QHostAddress::LocalHost, server.serverPort());
        QVERIFY(port == 0 || port > server.serverPort());
        if (port > 0) {
            QTcpServer other;
            QVERIFY(other.listen(QHostAddress::LocalHost, port));
            QVERIFY(nextFreePort(QHostAddress::LocalHost, server.serverPort()) != port);
        }
    }

    void noneAboveTheLast()
    {
        QCOMPARE(nextFreePort(QHostAddress::LocalHost, 65535), quint16(0));
    }
};

QTEST_GUILESS_MAIN(TestPortOwner)
#include "tst_portowner.moc"
