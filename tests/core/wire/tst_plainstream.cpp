// SPDX-License-Identifier: MIT
#include "core/wire/plainstream.h"
#include "tests/core/wire/pattern.h"
#include "tests/core/wire/streamowner.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <memory>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace rr;

namespace {

void makeNonBlocking(int descriptor)
{
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

/// A stream and the other end of its connection.
struct Pair
{
    explicit Pair(const QByteArray &early = {})
    {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
            qFatal("socketpair");
        open(ends[0], ends[1], early);
    }
    /// Over TCP, where a connection can be reset.
    struct Tcp
    {
    };
    explicit Pair(Tcp)
    {
        const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(listener, reinterpret_cast<sockaddr *>(&address), size);
        ::listen(listener, 1);
        ::getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size);
        const int mine = ::socket(AF_INET, SOCK_STREAM, 0);
        if (::connect(mine, reinterpret_cast<sockaddr *>(&address), size) != 0)
            qFatal("connect");
        open(mine, ::accept(listener, nullptr, nullptr), {});
        ::close(listener);
    }
    ~Pair() { closePeer(); }

    void open(int mine, int other, const QByteArray &early)
    {
        makeNonBlocking(mine);
        makeNonBlocking(other);
        peer = other;
        stream = std::make_unique<PlainStream>(mine, early);
        stream->setOwner(&owner);
        stream->setReading(early.isEmpty());
    }
    void closePeer()
    {
        if (peer >= 0)
            ::close(std::exchange(peer, -1));
    }
    void resetPeer()
    {
        const linger now{1, 0};
        ::setsockopt(peer, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        closePeer();
    }
    void say(const QByteArray &bytes)
    {
        QCOMPARE(::send(peer, bytes.constData(), size_t(bytes.size()), 0), bytes.size());
    }
    /// What the peer has been sent, and whether the end came behind it.
    QByteArray hear()
    {
        char bytes[65536];
        ssize_t n = 0;
        while ((n = ::recv(peer, bytes, sizeof bytes, 0)) > 0)
            heard.append(bytes, n);
        peerSawEnd = n == 0;
        return heard;
    }

    StreamOwner owner;
    std::unique_ptr<PlainStream> stream;
    int peer = -1;
    QByteArray heard;
    bool peerSawEnd = false;
};

} // namespace

class tst_PlainStream : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void takesBackWhatHasNotLeft()
    {
        Pair pair;
        const QByteArray much = pattern(4'000'000);
        pair.stream->write(much);
        const qint64 backlog = pair.stream->backlogBytes();
        QVERIFY(backlog > 0);
        QVERIFY(!pair.stream->takeBack(backlog + 1));
        QCOMPARE(pair.stream->backlogBytes(), backlog);
        QVERIFY(pair.stream->takeBack(100));
        QCOMPARE(pair.stream->backlogBytes(), backlog - 100);
        pair.stream->write("instead");
        QTRY_VERIFY(pair.hear().size() == much.size() - 100 + 7);
        QVERIFY(pair.heard == much.chopped(100) + "instead");

        pair.stream->write(much);
        QVERIFY(pair.stream->takeBack(pair.stream->backlogBytes()));
        QCOMPARE(pair.stream->backlogBytes(), 0);
        const int writtenCalls = pair.owner.writtenCalls;
        QTest::qWait(20);
        QCOMPARE(pair.owner.writtenCalls, writtenCalls); // there is nothing to write
        QVERIFY(!pair.stream->takeBack(1));
    }

#ifdef Q_OS_LINUX
    // Behind what nobody reads.
    void seesThatThePeerHasLeft_data()
    {
        QTest::addColumn<bool>("reset");
        QTest::newRow("closed") << false;
        QTest::newRow("reset") << true;
    }
    void seesThatThePeerHasLeft()
    {
        QFETCH(bool, reset);
        Pair pair((Pair::Tcp()));
        pair.stream->setReading(false);
        pair.say("unread");
        QVERIFY(!pair.stream->peerHasLeft());
        if (reset)
            pair.resetPeer();
        else
            pair.closePeer();
        QTRY_VERIFY(pair.stream->peerHasLeft());
        QCOMPARE(pair.owner.endedCalls, 0);
        pair.stream->abort();
        QVERIFY(!pair.stream->peerHasLeft());
    }
#endif

    void passesBothWays()
    {
        Pair pair;
        pair.say("hello");
        QTRY_COMPARE(pair.owner.received, "hello");
        pair.stream->write("wor");
        pair.stream->write("ld");
        QCOMPARE(pair.hear(), "world"); // at once, without an event loop
        QCOMPARE(pair.stream->backlogBytes(), 0);
        QCOMPARE(pair.stream->takenBytes(), 5u);
    }

    void backlogKeepsAllInOrder()
    {
        Pair pair;
        const QByteArray all = pattern(3'000'000);
        for (qsizetype at = 0; at < all.size(); at += 70'001)
            pair.stream->write(QByteArrayView(all).sliced(at, std::min<qsizetype>(70'001, all.size() - at)));
        QVERIFY(pair.stream->backlogBytes() > 0);
        QCOMPARE(qint64(pair.stream->takenBytes()) + pair.stream->backlogBytes(), all.size());
        const quint64 taken = pair.stream->takenBytes();
        QTest::qWait(0);
        QCOMPARE(pair.stream->takenBytes(), taken); // a peer that takes nothing
        QCOMPARE(pair.owner.writtenCalls, 0);
        QTRY_COMPARE_WITH_TIMEOUT(pair.hear().size(), all.size(), 20'000);
        QCOMPARE(pair.heard, all);
        QCOMPARE(pair.stream->backlogBytes(), 0);
        QCOMPARE(pair.stream->takenBytes(), quint64(all.size()));
        QVERIFY(pair.owner.writtenCalls > 0);
    }

    void notReadWhileReadingIsOff()
    {
        Pair pair;
        pair.stream->setReading(false);
        pair.say("wait");
        QTest::qWait(0);
        QCOMPARE(pair.owner.readableCalls, 0);
        QVERIFY(pair.stream->hasWaiting());
        pair.stream->setReading(true);
        QTRY_COMPARE(pair.owner.received, "wait");
        QVERIFY(!pair.stream->hasWaiting());
    }

    void earlyBytesComeFirst_data()
    {
        QTest::addColumn<int>("atOnce");
        QTest::newRow("in one go") << 8192;
        QTest::newRow("a few at a time") << 3;
    }
    void earlyBytesComeFirst()
    {
        QFETCH(int, atOnce);
        Pair pair(QByteArray("early birds "));
        pair.owner.most = atOnce;
        pair.stream->setReading(true); // although the system has nothing to say
        QTRY_COMPARE(pair.owner.received, "early birds ");
        pair.say("come first");
        QTRY_COMPARE(pair.owner.received, "early birds come first");
    }
    void earlyBytesWaitWhileReadingIsOff()
    {
        Pair pair(QByteArray("early"));
        pair.stream->setReading(true);
        pair.stream->setReading(false);
        QTest::qWait(0);
        QCOMPARE(pair.owner.readableCalls, 0);
        QVERIFY(pair.stream->hasWaiting());
    }

    void endComesAfterTheLastByte_data()
    {
        QTest::addColumn<bool>("early");
        QTest::newRow("sent") << false;
        QTest::newRow("early") << true;
    }
    void endComesAfterTheLastByte()
    {
        QFETCH(bool, early);
        Pair pair(early ? QByteArray("last words") : QByteArray());
        pair.owner.most = 4;
        if (!early)
            pair.say("last words");
        pair.closePeer();
        pair.stream->setReading(true);
        QTRY_COMPARE(pair.owner.endedCalls, 1);
        QCOMPARE(pair.owner.received, "last words");
        QVERIFY(pair.owner.overWhenEnded);
        QTest::qWait(0);
        QCOMPARE(pair.owner.endedCalls, 1);
    }

    void resetEndsIt()
    {
        Pair pair(Pair::Tcp{});
        pair.resetPeer();
        QTRY_COMPARE(pair.owner.endedCalls, 1);
        pair.stream->write("to nobody");
        QCOMPARE(pair.stream->backlogBytes(), 0);
    }
    void resetWithBacklogEndsIt()
    {
        Pair pair(Pair::Tcp{});
        pair.stream->write(pattern(20'000'000));
        QVERIFY(pair.stream->backlogBytes() > 0);
        pair.resetPeer();
        QTRY_COMPARE(pair.owner.endedCalls, 1);
        QCOMPARE(pair.stream->backlogBytes(), 0);
    }

    // A server says why it goes (a close frame), and closes: what is written to it meanwhile fails, but what it said
    // is still there.
    void failedWriteLosesNothingThatCame_data()
    {
        QTest::addColumn<bool>("tcp");
        QTest::newRow("TCP") << true;
        QTest::newRow("socket pair") << false;
    }
    void failedWriteLosesNothingThatCame()
    {
        QFETCH(bool, tcp);
        const auto pair = tcp ? std::make_unique<Pair>(Pair::Tcp{}) : std::make_unique<Pair>();
        pair->say("close 3000");
        pair->closePeer();
        for (int i = 0; i < 3; ++i) { // the first one makes the peer's system answer with a reset
            pair->stream->write("audio");
            QThread::msleep(5);
        }
        QTRY_COMPARE(pair->owner.endedCalls, 1);
        QCOMPARE(pair->owner.received, "close 3000");
    }

    void closeAfterWriting_data()
    {
        QTest::addColumn<int>("size");
        QTest::newRow("nothing waits") << 5;
        QTest::newRow("a backlog waits") << 3'000'000;
    }
    void closeAfterWriting()
    {
        QFETCH(int, size);
        Pair pair;
        const QByteArray all = pattern(size);
        pair.stream->write(all);
        pair.stream->closeAfterWriting();
        pair.stream->closeAfterWriting();
        QTRY_VERIFY_WITH_TIMEOUT((pair.hear(), pair.peerSawEnd), 20'000);
        QCOMPARE(pair.heard, all);
        QVERIFY(!pair.stream->isOver()); // the peer may go on
        pair.say("bye");
        QTRY_COMPARE(pair.owner.received, "bye");
        QCOMPARE(pair.owner.endedCalls, 0);
        pair.closePeer();
        QTRY_COMPARE(pair.owner.endedCalls, 1);
    }

    void writeAfterClose()
    {
        Pair pair;
        pair.stream->closeAfterWriting();
        pair.stream->write("too late");
        QCOMPARE(pair.hear(), "");
        QCOMPARE(pair.stream->backlogBytes(), 0);
        pair.say("still heard");
        QTRY_COMPARE(pair.owner.received, "still heard");
    }

    void abortIsSilent()
    {
        Pair pair;
        pair.say("unread");
        pair.stream->write(pattern(3'000'000));
        pair.stream->abort();
        pair.stream->abort();
        QVERIFY(pair.stream->isOver());
        QCOMPARE(pair.stream->backlogBytes(), 0);
        char byte;
        QCOMPARE(pair.stream->read(&byte, 1), 0);
        QTest::qWait(0);
        QCOMPARE(pair.owner.readableCalls + pair.owner.writtenCalls + pair.owner.endedCalls, 0);
        pair.hear();
        pair.hear();
        QVERIFY(pair.peerSawEnd);
    }

    void destructionClosesTheDescriptor()
    {
        Pair pair;
        pair.stream.reset();
        pair.hear();
        QVERIFY(pair.peerSawEnd);
    }
};

RELAY_TEST(tst_PlainStream)
#include "tst_plainstream.moc"
