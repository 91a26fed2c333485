// SPDX-License-Identifier: MIT
#include "core/relay/listener.h"

#include <QTcpSocket>
#include <QTest>

using namespace rr;

class tst_Listener : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void givesDescriptorsAway_data()
    {
        QTest::addColumn<QString>("host");
        QTest::newRow("an address") << QStringLiteral("127.0.0.1");
        QTest::newRow("all") << QStringLiteral("0.0.0.0");
        QTest::newRow("a name") << QStringLiteral("localhost");
    }
    void givesDescriptorsAway()
    {
        QFETCH(QString, host);
        QList<qintptr> taken;
        Listener listener([&taken](qintptr descriptor) { taken.append(descriptor); });
        QVERIFY(!listener.listenOn(host, 0));
        QVERIFY(listener.serverPort() > 0);
        QTcpSocket client;
        client.connectToHost(
            host == QLatin1String("0.0.0.0") ? QStringLiteral("127.0.0.1") : host, listener.serverPort());
        client.write("hello");
        QTRY_COMPARE(taken.size(), 1);
        QTcpSocket socket; // it is ours, and untouched
        QVERIFY(socket.setSocketDescriptor(taken[0]));
        QTRY_COMPARE(socket.bytesAvailable(), 5);
    }

    void errors_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("setting");
        QTest::newRow("taken") << QStringLiteral("127.0.0.1") << QByteArray("port_in_use")
                               << QByteArray("port");
        // RFC 5737: for documentation, nobody's own
        QTest::newRow("not ours") << QStringLiteral("192.0.2.1") << QByteArray("address_not_available")
                                  << QByteArray("host");
        QTest::newRow("no such name")
            << QStringLiteral("nowhere.invalid") << QByteArray("address_not_available") << QByteArray("host");
    }
    void errors()
    {
        QFETCH(QString, host);
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, setting);
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        Listener listener([](qintptr) {});
        const auto error = listener.listenOn(host, other.serverPort());
        QVERIFY(error);
        QCOMPARE(error->code, code);
        QCOMPARE(error->setting, setting);
        QVERIFY(error->detail.contains(setting == "port" ? QString::number(other.serverPort()) : host));
        QVERIFY(!listener.isListening());
        QVERIFY(!listener.listenOn(QStringLiteral("127.0.0.1"), 0)); // and can be used afterwards
    }
};

QTEST_GUILESS_MAIN(tst_Listener)
#include "tst_listener.moc"
