// SPDX-License-Identifier: MIT
#include "core/sharing/portowner.h"
#include "tests/support/relaytest.h"

#include <QCoreApplication>
#include <QTcpServer>
#include <QTcpSocket>
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
        const QString owner = portOwner(QHostAddress::LocalHost, server.serverPort());
        QVERIFY2(owner.startsWith(QCoreApplication::applicationName().left(15)), qPrintable(owner));
        QVERIFY(owner.contains(QString::number(QCoreApplication::applicationPid())));
        const quint16 port = server.serverPort();
        server.close();
        QCOMPARE(portOwner(QHostAddress::LocalHost, port), QString());
    }

    void findsOnlyWhatIsInTheWay_data()
    {
        QTest::addColumn<QString>("taken");
        QTest::addColumn<QString>("wanted");
        QTest::addColumn<bool>("found");
        const auto row = [](const char *taken, const char *wanted, bool found) {
            QTest::addRow("%s, %s", taken, wanted)
                << QString::fromLatin1(taken) << QString::fromLatin1(wanted) << found;
        };
        row("127.0.0.1", "127.0.0.1", true);
        row("127.0.0.1", "127.0.0.2", false);
        row("127.0.0.1", "0.0.0.0", true);
        row("127.0.0.1", "::", true);
        row("127.0.0.1", "::1", false);
        row("0.0.0.0", "127.0.0.1", true);
        row("::1", "::1", true);
        row("::1", "127.0.0.1", false);
        row("::1", "::", true);
    }
    void findsOnlyWhatIsInTheWay()
    {
#if !defined(Q_OS_LINUX)
        QSKIP("Linux only.");
#endif
        QFETCH(QString, taken);
        QFETCH(QString, wanted);
        QFETCH(bool, found);
        QTcpServer server;
        QTcpSocket other;
        do { // nor may another program listen at the port where it is not in the way
            server.close();
            if (!server.listen(QHostAddress(taken)))
                QSKIP("This machine does not have the address.");
        } while (!found
            && !other.bind(QHostAddress(wanted), server.serverPort(), QAbstractSocket::DontShareAddress)
            && other.error() == QAbstractSocket::AddressInUseError);
        QTEST(!portOwner(QHostAddress(wanted), server.serverPort()).isEmpty(), "found");
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

RELAY_TEST(TestPortOwner)
#include "tst_portowner.moc"
