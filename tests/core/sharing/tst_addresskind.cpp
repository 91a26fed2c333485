// SPDX-License-Identifier: MIT
#include "core/sharing/addresskind.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;

class tst_AddressKind : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void kinds_data()
    {
        QTest::addColumn<AddressKind>("kind");
        QTest::newRow("1.1.1.1") << AddressKind::Public;
        QTest::newRow("2606:4700::1111") << AddressKind::Public;
        QTest::newRow("198.17.255.255") << AddressKind::Public;
        QTest::newRow("198.18.0.1") << AddressKind::MadeUp;
        QTest::newRow("198.19.255.255") << AddressKind::MadeUp;
        QTest::newRow("::ffff:198.18.0.1") << AddressKind::MadeUp;
        QTest::newRow("100.63.255.255") << AddressKind::Public;
        QTest::newRow("100.64.0.1") << AddressKind::Tailnet;
        QTest::newRow("100.127.255.255") << AddressKind::Tailnet;
        QTest::newRow("100.128.0.0") << AddressKind::Public;
        QTest::newRow("10.1.2.3") << AddressKind::Private;
        QTest::newRow("172.31.0.1") << AddressKind::Private;
        QTest::newRow("172.32.0.1") << AddressKind::Public;
        QTest::newRow("192.168.1.1") << AddressKind::Private;
        QTest::newRow("169.254.1.1") << AddressKind::Private;
        QTest::newRow("fd7a:115c:a1e0::1") << AddressKind::Private;
        QTest::newRow("fe80::1") << AddressKind::Private;
        QTest::newRow("127.0.0.53") << AddressKind::Loopback;
        QTest::newRow("::1") << AddressKind::Loopback;
        QTest::newRow("::ffff:127.0.0.1") << AddressKind::Loopback;
    }
    void kinds()
    {
        QFETCH(AddressKind, kind);
        QCOMPARE(addressKindOf(QHostAddress(QString::fromLatin1(QTest::currentDataTag()))), kind);
    }
};

RELAY_TEST(tst_AddressKind)
#include "tst_addresskind.moc"
