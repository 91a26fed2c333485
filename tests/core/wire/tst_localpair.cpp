// SPDX-License-Identifier: MIT
#include "core/wire/localpair.h"
#include "tests/core/wire/streamowner.h"
#include "tests/support/relaytest.h"

#include <QTcpSocket>
#include <QTest>

using namespace rr;

class tst_LocalPair : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void connects_data()
    {
        QTest::addColumn<bool>("loopback");
        QTest::newRow("as this system can") << false;
        QTest::newRow("over the loopback interface") << true;
    }
    void connects()
    {
        QFETCH(bool, loopback);
        QTcpSocket socket;
        const auto stream = loopback ? connectOverLoopback(socket) : connectLocally(socket);
        QVERIFY(stream);
        QCOMPARE(socket.state(), QAbstractSocket::ConnectedState);
        StreamOwner owner;
        stream->setOwner(&owner);
        stream->setReading(true);
        stream->write("one way");
        QByteArray heard;
        QTRY_COMPARE((heard += socket.readAll(), heard), "one way");
        socket.write("and the other");
        QTRY_COMPARE(owner.received, "and the other");
        socket.disconnectFromHost();
        QTRY_COMPARE(owner.endedCalls, 1);
    }

    void theOtherEndEnds()
    {
        for (const bool loopback : {false, true}) {
            QTcpSocket socket;
            auto stream = loopback ? connectOverLoopback(socket) : connectLocally(socket);
            QVERIFY(stream);
            stream.reset();
            QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
        }
    }
};

RELAY_TEST(tst_LocalPair)
#include "tst_localpair.moc"
