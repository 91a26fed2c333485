// SPDX-License-Identifier: MIT
#include "core/eventloop/patientnotifier.h"
#include "tests/core/eventloop/bothdispatchers.h"
#include "tests/support/relaytest.h"

#include <QPointer>
#include <QSocketNotifier>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryFile>
#include <QTimer>

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

/// A notifier that counts, and does something.
class Notifier : public QSocketNotifier
{
public:
    Notifier(int fd, Type type, std::function<void(Notifier &)> onActivated = {})
        : QSocketNotifier(fd, type)
        , m_action(std::move(onActivated))
    {
        connect(this, &QSocketNotifier::activated, this, [this] {
            ++count;
            if (const auto action = m_action)
                action(*this);
        });
    }
    int count = 0;

private:
    std::function<void(Notifier &)> m_action;
};

/// A patient one, which takes all the time that its kind has in a turn.
class SlowPatientNotifier final : public rr::PatientNotifier
{
public:
    SlowPatientNotifier(int fd, const std::function<void()> &onActivated)
        : PatientNotifier(fd, Read)
    {
        connect(this, &QSocketNotifier::activated, this, [onActivated] {
            onActivated();
            const QDeadlineTimer spent(rr::SocketWatch::patientTime, Qt::PreciseTimer);
            while (!spent.hasExpired()) { }
        });
        setEnabled(true);
    }
};

/// Runs the loop for a while and returns how many turns that took.
int turnsIn(std::chrono::milliseconds time)
{
    QEventLoop loop;
    int turns = 0;
    QObject::connect(
        QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::awake, &loop, [&] { ++turns; });
    QTimer::singleShot(time, Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
    turn(); // takes the wake-up of quit()
    return turns;
}

} // namespace

class TestSocketWatch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readIsLevelTriggered_data() { addDispatcherRows(); }
    void readIsLevelTriggered()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            const SocketPair pair;
            Notifier reader(pair.near(), QSocketNotifier::Read);
            QVERIFY(!turn());
            pair.say();
            QVERIFY(turn());
            QVERIFY(turn());
            QCOMPARE(reader.count, 2);
            SocketPair::drain(pair.near());
            QVERIFY(!turn());
            QCOMPARE(reader.count, 2);
        });
    }

    void writeIsNeverFalse_data() { addDispatcherRows(); }
    void writeIsNeverFalse()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            const SocketPair pair;
            SocketPair::fill(pair.near());
            Notifier writer(pair.near(), QSocketNotifier::Write);
            for (int i = 0; i < 3; ++i)
                QVERIFY(!turn());
            QVERIFY(turnsIn(std::chrono::milliseconds(20)) < 10);
            writer.setEnabled(false);
            writer.setEnabled(true);
            QVERIFY(!turn());
            QCOMPARE(writer.count, 0);
            SocketPair::drain(pair.far());
            for (int i = 1; i <= 3; ++i) {
                QVERIFY(turn());
                QCOMPARE(writer.count, i); // for as long as it is enabled
            }
            writer.setEnabled(false);
            QVERIFY(!turn());
            writer.setEnabled(true);
            QVERIFY(turn());
            QCOMPARE(writer.count, 4);
            SocketPair::fill(pair.near()); // between the turn that asked and the one that arms
            QVERIFY(!turn());
            SocketPair::drain(pair.far());
            QVERIFY(turn(QEventLoop::WaitForMoreEvents));
            QCOMPARE(writer.count, 5);
        });
    }

    void writeWakesABlockedLoop_data() { addDispatcherRows(); }
    void writeWakesABlockedLoop()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            const SocketPair pair;
            Notifier writer(pair.near(), QSocketNotifier::Write);
            QVERIFY(turn(QEventLoop::WaitForMoreEvents)); // new
            QVERIFY(turn(QEventLoop::WaitForMoreEvents)); // still enabled
            QCOMPARE(writer.count, 2);
        });
    }

    void readComesBeforeWrite_data() { addDispatcherRows(); }
    void readComesBeforeWrite()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            const SocketPair pair;
            QString order;
            Notifier writer(pair.near(), QSocketNotifier::Write, [&](auto &) { order += u'w'; });
            Notifier reader(pair.near(), QSocketNotifier::Read, [&](auto &) { order += u'r'; });
            pair.say();
            turn();
            turn();
            QCOMPARE(order, QStringLiteral("rwrw"));
        });
    }

    // The kernel says of a packet that nobody takes it, and goes on saying so until somebody has read that.
    void errorQueueIsRead()
    {
        runUnder(true, [] {
            // A port that no other program can have, and whose socket hears itself alone.
            const int deaf = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            sockaddr_in nobody{};
            nobody.sin_family = AF_INET;
            nobody.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            socklen_t length = sizeof nobody;
            QCOMPARE(::bind(deaf, reinterpret_cast<sockaddr *>(&nobody), length), 0);
            QCOMPARE(::getsockname(deaf, reinterpret_cast<sockaddr *>(&nobody), &length), 0);
            QCOMPARE(::connect(deaf, reinterpret_cast<sockaddr *>(&nobody), length), 0);
            const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
            const int on = 1;
            QCOMPARE(setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on), 0);
            QCOMPARE(::connect(fd, reinterpret_cast<sockaddr *>(&nobody), sizeof nobody), 0);
            int error = 0;
            {
                Notifier exception(fd, QSocketNotifier::Exception, [&](Notifier &) {
                    socklen_t size = sizeof error;
                    if (error == 0)
                        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
                });
                QCOMPARE(::send(fd, "x", 1, 0), 1);
                QTRY_VERIFY(exception.count > 0);
                QCOMPARE(error, ECONNREFUSED);
                QTRY_VERIFY(!turn()); // once the notifier had its turns
                QVERIFY(turnsIn(std::chrono::milliseconds(20)) < 10);
            }
            ::close(fd);
            ::close(deaf);
        });
    }

    void changesBetweenTurns_data() { addDispatcherRows(); }
    void changesBetweenTurns()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            const SocketPair pair;
            Notifier reader(pair.near(), QSocketNotifier::Read);
            pair.say();
            reader.setEnabled(false);
            QVERIFY(!turn());
            reader.setEnabled(true);
            reader.setEnabled(false);
            QVERIFY(!turn());
            reader.setEnabled(true);
            QVERIFY(turn());
            reader.setEnabled(false);
            reader.setEnabled(true);
            QVERIFY(turn());
            QCOMPARE(reader.count, 2);
            reader.setEnabled(false);
            const SocketPair other;
            reader.setSocket(other.near());
            reader.setEnabled(true);
            QVERIFY(!turn());
            other.say();
            QVERIFY(turn());
            QCOMPARE(reader.count, 3);
        });
    }

    void disabledInCallback_data() { addDispatcherRows(); }
    void disabledInCallback()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            const SocketPair pairs[2];
            std::array<Notifier *, 2> readers{};
            for (int i = 0; i < 2; ++i) {
                pairs[i].say();
                readers[i] = new Notifier(pairs[i].near(), QSocketNotifier::Read,
                    [&](Notifier &self) { readers[&self == readers[0] ? 1 : 0]->setEnabled(false); });
            }
            QVERIFY(turn()); // whichever is first silences the other
            QCOMPARE(readers[0]->count + readers[1]->count, 1);
            QVERIFY(turn());
            QCOMPARE(readers[0]->count + readers[1]->count, 2);
            qDeleteAll(readers);
        });
    }

    void enabledAgainInCallbackWaitsForTheNextTurn_data() { addDispatcherRows(); }
    void enabledAgainInCallbackWaitsForTheNextTurn()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            const SocketPair pairs[2];
            std::array<Notifier *, 2> readers{};
            for (int i = 0; i < 2; ++i) {
                pairs[i].say();
                readers[i] = new Notifier(pairs[i].near(), QSocketNotifier::Read, [&](Notifier &self) {
                    Notifier *const other = readers[&self == readers[0] ? 1 : 0];
                    other->setEnabled(false);
                    other->setEnabled(true);
                });
            }
            QVERIFY(turn());
            QCOMPARE(readers[0]->count + readers[1]->count, 1);
            QVERIFY(turn());
            QCOMPARE(readers[0]->count + readers[1]->count, 2);
            qDeleteAll(readers);
        });
    }

    void deletedInCallback_data() { addDispatcherRows(); }
    void deletedInCallback()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            const SocketPair pairs[3];
            std::vector<QPointer<Notifier>> readers(3);
            int activated = 0;
            for (size_t i = 0; i < 3; ++i) {
                pairs[i].say();
                readers[i] = new Notifier(pairs[i].near(), QSocketNotifier::Read, [&](Notifier &self) {
                    ++activated;
                    for (const auto &reader : readers) {
                        if (reader != &self)
                            delete reader;
                    }
                    delete &self;
                });
            }
            QVERIFY(turn());
            QCOMPARE(activated, 1);
            QVERIFY(!turn());
        });
    }

    void descriptorReusedWithinATurn_data() { addDispatcherRows(); }
    void descriptorReusedWithinATurn()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            SocketPair pairs[2];
            SocketPair replacement;
            std::unique_ptr<Notifier> readers[2];
            std::unique_ptr<Notifier> late;
            for (int i = 0; i < 2; ++i) {
                pairs[i].say();
                readers[i]
                    = std::make_unique<Notifier>(pairs[i].near(), QSocketNotifier::Read, [&, i](auto &) {
                          if (late)
                              return;
                          const int fd = pairs[1 - i].near();
                          readers[1 - i].reset();
                          pairs[1 - i].closeBoth();
                          QCOMPARE(dup2(replacement.near(), fd), fd); // the same number, another socket
                          late = std::make_unique<Notifier>(fd, QSocketNotifier::Read);
                          readers[i]->setEnabled(false);
                      });
            }
            QVERIFY(turn());
            QVERIFY(late);
            QCOMPARE(late->count, 0); // the old socket's event is not the new one's
            QVERIFY(!turn());
            replacement.say();
            QVERIFY(turn());
            QCOMPARE(late->count, 1);
            const int fd = int(late->socket());
            late.reset();
            ::close(fd);
        });
    }

    void descriptorReusedBetweenTurns_data() { addDispatcherRows(); }
    void descriptorReusedBetweenTurns()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            SocketPair replacement;
            for (const auto type : {QSocketNotifier::Read, QSocketNotifier::Write}) {
                auto pair = std::make_unique<SocketPair>();
                const int fd = pair->near();
                auto notifier = std::make_unique<Notifier>(fd, type);
                turn();
                turn(); // epoll knows it now
                notifier.reset();
                pair.reset();
                QCOMPARE(dup2(replacement.near(), fd), fd);
                notifier = std::make_unique<Notifier>(fd, type);
                replacement.say();
                QVERIFY(turn());
                QVERIFY(turn(QEventLoop::WaitForMoreEvents));
                QCOMPARE(notifier->count, 2);
                notifier.reset();
                ::close(fd);
                SocketPair::drain(replacement.near());
            }
        });
    }

    void replacedWhileEnabledIsFoundByTheNextChange_data() { addDispatcherRows(); }
    void replacedWhileEnabledIsFoundByTheNextChange()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            const SocketPair pair;
            const SocketPair replacement;
            Notifier reader(pair.near(), QSocketNotifier::Read);
            turn();
            QCOMPARE(dup2(replacement.near(), pair.near()), pair.near());
            Notifier other(pair.near(), QSocketNotifier::Exception);
            replacement.say();
            QVERIFY(turn());
            QCOMPARE(reader.count, 1);
        });
    }

    void duplicateLivesOn_data()
    {
        QTest::addColumn<bool>("ours");
        QTest::addColumn<bool>("closedFirst");
        QTest::addColumn<bool>("reused");
        for (int i = 0; i < 8; ++i) {
            QTest::addRow("%s%s%s", i & 1 ? "EpollDispatcher" : "QEventDispatcherUNIX",
                i & 2 ? ", closed before disabled" : "", i & 4 ? ", number reused" : "")
                << bool(i & 1) << bool(i & 2) << bool(i & 4);
        }
    }
    void duplicateLivesOn()
    {
        QFETCH(bool, ours);
        QFETCH(bool, closedFirst);
        QFETCH(bool, reused);
        runUnder(ours, [=] {
            SocketPair pair;
            const SocketPair bystander;
            const SocketPair silent;
            Notifier other(bystander.near(), QSocketNotifier::Read);
            auto reader = std::make_unique<Notifier>(pair.near(), QSocketNotifier::Read);
            QVERIFY(!turn());
            const int number = pair.near();
            const int duplicate = dup(number);
            if (!closedFirst)
                reader.reset();
            QCOMPARE(dup2(silent.near(), number), number); // closes it, and keeps the number
            reader.reset();
            if (reused)
                reader = std::make_unique<Notifier>(number, QSocketNotifier::Read);
            pair.ends[0] = duplicate;
            pair.say(); // epoll still reports this under the closed number
            QVERIFY(turnsIn(std::chrono::milliseconds(30)) < 20);
            QVERIFY(!reader || reader->count == 0);
            reader.reset();

            // The same file under the same number again, and the bystander: all as ever.
            QCOMPARE(dup2(duplicate, number), number);
            reader = std::make_unique<Notifier>(number, QSocketNotifier::Read);
            QVERIFY(turn());
            QCOMPARE(reader->count, 1);
            bystander.say();
            QVERIFY(turn());
            QCOMPARE(other.count, 1);
            SocketPair::drain(bystander.near());
            reader.reset();
            close(number);
        });
    }

    void filesOnDiskAreAlwaysReady_data() { addDispatcherRows(); }
    void filesOnDiskAreAlwaysReady()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            QTemporaryFile file;
            QVERIFY(file.open());
            Notifier reader(file.handle(), QSocketNotifier::Read);
            Notifier writer(file.handle(), QSocketNotifier::Write);
            for (int i = 1; i <= 3; ++i) {
                QVERIFY(turn(QEventLoop::WaitForMoreEvents));
                QCOMPARE(reader.count, i);
                QCOMPARE(writer.count, i);
            }
            writer.setEnabled(false);
            QVERIFY(turn());
            QCOMPARE(reader.count, 4);
            QCOMPARE(writer.count, 3);
            reader.setEnabled(false);
            QVERIFY(!turn());

            const SocketPair pair; // a socket under the file's number
            reader.setEnabled(true);
            QVERIFY(turn());
            reader.setEnabled(false);
            const int saved = dup(file.handle());
            dup2(pair.near(), file.handle());
            reader.setEnabled(true);
            QVERIFY(!turn());
            TestThread peer([&] {
                QThread::msleep(5); // most likely the loop sleeps by then
                pair.say();
            });
            peer.start();
            QVERIFY(turn(QEventLoop::WaitForMoreEvents));
            peer.wait();
            QCOMPARE(reader.count, 6);
            reader.setEnabled(false);
            dup2(saved, file.handle());
            close(saved);
        });
    }

    void hangUpAndErrorReachReadAndWrite_data() { addDispatcherRows(); }
    void hangUpAndErrorReachReadAndWrite()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            int pipes[2][2];
            QVERIFY(pipe2(pipes[0], O_NONBLOCK) == 0 && pipe2(pipes[1], O_NONBLOCK) == 0);
            Notifier reader(pipes[0][0], QSocketNotifier::Read);
            Notifier writer(pipes[1][1], QSocketNotifier::Write);
            while (write(pipes[1][1], "xxxxxxxxxxxxxxxx", 16) > 0) { }
            QVERIFY(!turn());
            close(pipes[0][1]); // POLLHUP, nothing to read
            close(pipes[1][0]); // POLLERR, no room to write
            QVERIFY(turn());
            QCOMPARE(reader.count, 1);
            QCOMPARE(writer.count, 1);

            const SocketPair pair;
            Notifier one(pair.near(), QSocketNotifier::Read);
            Notifier two(pair.near(), QSocketNotifier::Write);
            Notifier three(pair.near(), QSocketNotifier::Exception);
            shutdown(pair.near(), SHUT_RDWR);
            shutdown(pair.far(), SHUT_RDWR);
            QVERIFY(turn());
            QCOMPARE(one.count, 1);
            QCOMPARE(two.count, 1);
            QCOMPARE(three.count, 1);
            reader.setEnabled(false);
            writer.setEnabled(false);
            close(pipes[0][0]);
            close(pipes[1][1]);
        });
    }

    void hangUpWithoutNotifierDoesNotSpin_data() { addDispatcherRows(); }
    void hangUpWithoutNotifierDoesNotSpin()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            const SocketPair pair;
            Notifier reader(pair.near(), QSocketNotifier::Read);
            turn();
            reader.setEnabled(false);
            shutdown(pair.near(), SHUT_RDWR);
            shutdown(pair.far(), SHUT_RDWR);
            QVERIFY(turnsIn(std::chrono::milliseconds(20)) < 10);
            QCOMPARE(reader.count, 0);
        });
    }

    void exceptionMeansUrgentData_data() { addDispatcherRows(); }
    void exceptionMeansUrgentData()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            QTcpServer server;
            QVERIFY(server.listen(QHostAddress::LocalHost));
            QTcpSocket client;
            client.connectToHost(server.serverAddress(), server.serverPort());
            QTRY_VERIFY(server.hasPendingConnections());
            QTRY_COMPARE(client.state(), QAbstractSocket::ConnectedState);
            const int fd = dup(int(client.socketDescriptor()));
            Notifier urgent(fd, QSocketNotifier::Exception);
            QTcpSocket *const peer = server.nextPendingConnection();
            QVERIFY(peer->write("plain") == 5 && peer->waitForBytesWritten());
            QTRY_COMPARE(client.bytesAvailable(), 5);
            QCOMPARE(urgent.count, 0);
            QCOMPARE(send(int(peer->socketDescriptor()), "!", 1, MSG_OOB), 1);
            QTRY_VERIFY(urgent.count > 0);
            urgent.setEnabled(false);
            ::close(fd);
        });
    }

    void invalidDescriptorsAreDisabled_data()
    {
        QTest::addColumn<bool>("ours");
        QTest::addColumn<int>("type");
        QTest::addColumn<QByteArray>("name");
        for (const bool ours : {false, true}) {
            const char *const dispatcher = ours ? "EpollDispatcher" : "QEventDispatcherUNIX";
            QTest::addRow("%s, Read", dispatcher) << ours << int(QSocketNotifier::Read) << QByteArray("Read");
            QTest::addRow("%s, Write", dispatcher)
                << ours << int(QSocketNotifier::Write) << QByteArray("Write");
            QTest::addRow("%s, Exception", dispatcher)
                << ours << int(QSocketNotifier::Exception) << QByteArray("Exception");
        }
    }
    void invalidDescriptorsAreDisabled()
    {
        QFETCH(bool, ours);
        QFETCH(int, type);
        QFETCH(QByteArray, name);
        for (const int fd : {900, 2'000'000'000}) {
            const QByteArray warning = "QSocketNotifier: Invalid socket " + QByteArray::number(fd)
                + " with type " + name + ", disabling...";
            QTest::ignoreMessage(QtWarningMsg, warning.constData());
            runUnder(ours, [&] {
                Notifier notifier(fd, QSocketNotifier::Type(type));
                turn();
                QVERIFY(!notifier.isEnabled());
                QCOMPARE(notifier.count, 0);
                QVERIFY(!turn());
            });
        }
        runUnder(ours, [&] {
            Notifier never(-7, QSocketNotifier::Type(type));
            QVERIFY(!turn());
            QCOMPARE(never.count, 0);
        });
    }

    void secondNotifierTakesThePlace_data() { addDispatcherRows(); }
    void secondNotifierTakesThePlace()
    {
        QFETCH(bool, ours);
        QTest::ignoreMessage(
            QtWarningMsg, QRegularExpression(QStringLiteral("Multiple socket notifiers for same")));
        if (!ours) // again when the first is taken away
            QTest::ignoreMessage(
                QtWarningMsg, QRegularExpression(QStringLiteral("Multiple socket notifiers")));
        runUnder(ours, [] {
            const SocketPair pair;
            auto first = std::make_unique<Notifier>(pair.near(), QSocketNotifier::Read);
            turn();
            Notifier second(pair.near(), QSocketNotifier::Read);
            pair.say();
            QVERIFY(turn());
            QCOMPARE(first->count, 0);
            QCOMPARE(second.count, 1);
            first.reset();
            QVERIFY(turn());
            QCOMPARE(second.count, 2);
        });
    }

    void nestedLoopGoesOnWithTheRest_data() { addDispatcherRows(); }
    void nestedLoopGoesOnWithTheRest()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            const SocketPair pairs[4];
            std::vector<std::unique_ptr<Notifier>> readers;
            int depth = 0;
            int deepest = 0;
            for (const SocketPair &pair : pairs) {
                pair.say();
                readers.push_back(
                    std::make_unique<Notifier>(pair.near(), QSocketNotifier::Read, [&](Notifier &self) {
                        SocketPair::drain(int(self.socket()));
                        deepest = std::max(deepest, ++depth);
                        turn(QEventLoop::WaitForMoreEvents); // the outer turn's other notifiers are waiting
                        --depth;
                    }));
            }
            QTimer last; // lets the innermost turn end
            last.start(1);
            QVERIFY(turn());
            QCOMPARE(deepest, 4);
            for (const auto &reader : readers)
                QCOMPARE(reader->count, 1);
        });
    }

    void movesToAnotherThread_data() { addDispatcherRows(); }
    void movesToAnotherThread()
    {
        QFETCH(bool, ours);
        const SocketPair pair;
        auto *const reader = new Notifier(pair.near(), QSocketNotifier::Read); // enabled here
        std::atomic<bool> started = false;
        TestThread thread([&] {
            started = true;
            while (reader->count == 0)
                turn(QEventLoop::WaitForMoreEvents);
            delete reader;
        });
        if (ours)
            thread.setEventDispatcher(new rr::EpollDispatcher);
        reader->moveToThread(&thread);
        thread.start();
        QTRY_VERIFY(started);
        pair.say();
        QVERIFY(thread.wait(QDeadlineTimer(30'000)));
    }

    // Ours alone: what is ready all the time waits for its like, and what has just become ready does not.
    void constantlyReadyOnesTakeTurns()
    {
        runUnder(true, [] {
            using rr::SocketWatch;
            constexpr int count = 2 * SocketWatch::busyPerTurn + 5;
            std::vector<std::unique_ptr<SocketPair>> pairs;
            std::vector<std::unique_ptr<Notifier>> readers;
            std::vector<int> order;
            for (int i = 0; i < count; ++i) {
                pairs.push_back(std::make_unique<SocketPair>());
                pairs.back()->say();
                readers.push_back(std::make_unique<Notifier>(pairs.back()->near(), QSocketNotifier::Read,
                    [&order, i](Notifier &) { order.push_back(i); }));
            }
            for (int i = 1; i < SocketWatch::busyTurns; ++i) {
                order.clear();
                QVERIFY(turn());
                QCOMPARE(order.size(), size_t(count)); // not constantly yet
            }

            order.clear();
            for (int i = 0; i < count; ++i) {
                const size_t before = order.size();
                QVERIFY(turn(QEventLoop::WaitForMoreEvents));
                QCOMPARE(order.size() - before, size_t(SocketWatch::busyPerTurn));
            }
            for (int i = 0; i < count; ++i) // in one turn of three at the least
                QVERIFY(std::count(order.begin(), order.end(), i) >= count / 3);

            const SocketPair late;
            Notifier lateReader(late.near(), QSocketNotifier::Read, [&](Notifier &self) {
                order.push_back(-1);
                SocketPair::drain(int(self.socket()));
            });
            QVERIFY(turn());
            late.say();
            order.clear();
            QVERIFY(turn());
            QCOMPARE(order.size(), size_t(SocketWatch::busyPerTurn + 1));
            QCOMPARE(order.front(), -1);

            // Left over for the next turn, but read meanwhile.
            for (const auto &pair : pairs)
                SocketPair::drain(pair->near());
            order.clear();
            while (turn()) { }
            QVERIFY(order.empty());
            pairs.back()->say();
            QVERIFY(turn(QEventLoop::WaitForMoreEvents));
            QCOMPARE(order, std::vector<int>{count - 1});
        });
    }

    // Who carries a call comes before who wants to make one.
    void patientOnesComeBehindAllOthers()
    {
        runUnder(true, [] {
            constexpr int count = 5;
            std::vector<std::unique_ptr<SocketPair>> pairs;
            std::vector<std::unique_ptr<SlowPatientNotifier>> patient;
            std::vector<int> order;
            for (int i = 0; i < count; ++i) {
                pairs.push_back(std::make_unique<SocketPair>());
                pairs.back()->say();
                patient.push_back(std::make_unique<SlowPatientNotifier>(
                    pairs.back()->near(), [&order, i] { order.push_back(i); }));
            }
            const SocketPair live;
            live.say();
            Notifier liveReader(
                live.near(), QSocketNotifier::Read, [&order](Notifier &) { order.push_back(-1); });
            for (int i = 0; i < 2 * count; ++i) { // one a turn, all in their turn
                order.clear();
                QVERIFY(turn(QEventLoop::WaitForMoreEvents));
                QCOMPARE(order, (std::vector<int>{-1, i % count}));
            }

            // One that is disabled, and one that is patient no more.
            SocketPair::drain(live.near());
            patient[1]->setEnabled(false);
            patient[4]->setPatient(false);
            order.clear();
            for (int i = 0; i < 4; ++i)
                QVERIFY(turn());
            QCOMPARE(order, (std::vector<int>{4, 0, 4, 2, 4, 3, 4, 0}));
            patient[1]->setEnabled(true);
            patient[4]->setPatient(true);
            order.clear();
            for (int i = 0; i < 2 * count; ++i)
                QVERIFY(turn(QEventLoop::WaitForMoreEvents));
            for (int i = 0; i < count; ++i)
                QVERIFY(std::count(order.begin(), order.end(), i) > 0);
            for (const auto &pair : pairs)
                SocketPair::drain(pair->near());
            while (turn()) { } // what was left over
            order.clear();
            while (turn()) { }
            QVERIFY(order.empty());
        });
    }

    void patientOnesThatTakeNoTimeAreAllActivated()
    {
        runUnder(true, [] {
            std::vector<std::unique_ptr<SocketPair>> pairs;
            std::vector<std::unique_ptr<rr::PatientNotifier>> patient;
            int activated = 0;
            for (int i = 0; i < 3; ++i) {
                pairs.push_back(std::make_unique<SocketPair>());
                pairs.back()->say();
                patient.push_back(
                    std::make_unique<rr::PatientNotifier>(pairs.back()->near(), QSocketNotifier::Read));
                QObject::connect(patient.back().get(), &QSocketNotifier::activated, patient.back().get(),
                    [&activated, fd = pairs.back()->near()] {
                        SocketPair::drain(fd);
                        ++activated;
                    });
                QVERIFY(!patient.back()->isEnabled());
                patient.back()->setEnabled(true);
            }
            while (turn()) { }
            QCOMPARE(activated, 3);
        });
    }

    void thousandsOfSockets_data() { addDispatcherRows(); }
    void thousandsOfSockets()
    {
        QFETCH(bool, ours);
        rlimit limit{};
        QCOMPARE(getrlimit(RLIMIT_NOFILE, &limit), 0);
        const rlim_t wanted = 4200;
        if (limit.rlim_cur < wanted) {
            limit.rlim_cur = std::min(wanted, limit.rlim_max);
            QCOMPARE(setrlimit(RLIMIT_NOFILE, &limit), 0);
        }
        const size_t count = (std::min(wanted, limit.rlim_cur) - 200) / 2;
        runUnder(ours, [count] {
            std::vector<std::unique_ptr<SocketPair>> pairs;
            std::vector<std::unique_ptr<Notifier>> readers;
            for (size_t i = 0; i < count; ++i) {
                pairs.push_back(std::make_unique<SocketPair>());
                readers.push_back(std::make_unique<Notifier>(pairs.back()->near(), QSocketNotifier::Read,
                    [](Notifier &self) { SocketPair::drain(int(self.socket())); }));
            }
            QVERIFY(!turn());
            for (int round = 1; round <= 3; ++round) {
                for (const auto &pair : pairs)
                    pair->say();
                while (turn()) { }
                for (const auto &reader : readers)
                    QCOMPARE(reader->count, round);
            }
            pairs.back()->say();
            QVERIFY(turn(QEventLoop::WaitForMoreEvents));
            QCOMPARE(readers.back()->count, 4);
        });
    }
};

RELAY_TEST(TestSocketWatch)
#include "tst_socketwatch.moc"
