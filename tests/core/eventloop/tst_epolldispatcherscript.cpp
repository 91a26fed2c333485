// SPDX-License-Identifier: MIT
#include "tests/core/eventloop/bothdispatchers.h"
#include "tests/support/relaytest.h"

#include <QCryptographicHash>
#include <QRandomGenerator>
#include <QSocketNotifier>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

namespace {

/// A random but repeatable run of everything that may happen to a loop between and within turns. What one
/// descriptor does in its callbacks depends on that descriptor alone, for poll and epoll report them in
/// orders of their own.
class Script
{
public:
    explicit Script(quint32 seed)
        : m_random(seed)
    {
        for (quint32 i = 0; i < Count; ++i) {
            m_actors.push_back(std::make_unique<Actor>(*this, int(i), seed * 1000 + i));
            m_actors.back()->reopen();
        }
    }

    QStringList run(int turns)
    {
        auto *const dispatcher = QAbstractEventDispatcher::instance();
        QObject::connect(
            dispatcher, &QAbstractEventDispatcher::awake, &m_context, [this] { note(u"awake"); });
        QObject::connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, &m_context, [this, dispatcher] {
            note(u"block");
            dispatcher->wakeUp(); // the script must not hang
        });
        QTimer far; // never fires, but takes part
        far.start(3'600'000);
        for (int i = 0; i < turns; ++i) {
            for (quint32 n = m_random.bounded(6u); n > 0; --n)
                step();
            QEventLoop::ProcessEventsFlags flags = QEventLoop::AllEvents;
            if (m_random.bounded(8u) == 0)
                flags |= QEventLoop::ExcludeSocketNotifiers;
            if (m_random.bounded(8u) == 0)
                flags |= QEventLoop::X11ExcludeTimers;
            if (m_random.bounded(4u) == 0)
                flags |= QEventLoop::WaitForMoreEvents;
            const bool handled = turn(flags);
            flushSocketNotes();
            m_trace << QStringLiteral("turn %1: %2").arg(i).arg(handled);
        }
        return m_trace;
    }

private:
    static constexpr quint32 Count = 24;

    struct Actor
    {
        Actor(Script &owner, int number, quint32 seed)
            : script(owner)
            , name(number)
            , random(seed)
        {
        }

        void reopen()
        {
            reader.reset();
            writer.reset();
            pair.reset();
            pair = std::make_unique<SocketPair>();
            makeReader();
            makeWriter();
            writer->setEnabled(random.bounded(4u) == 0);
        }
        void makeReader()
        {
            reader = std::make_unique<QSocketNotifier>(pair->near(), QSocketNotifier::Read);
            QObject::connect(
                reader.get(), &QSocketNotifier::activated, reader.get(), [this] { activated(true); });
        }
        void makeWriter()
        {
            writer = std::make_unique<QSocketNotifier>(pair->near(), QSocketNotifier::Write);
            QObject::connect(
                writer.get(), &QSocketNotifier::activated, writer.get(), [this] { activated(false); });
        }
        void activated(bool read)
        {
            script.m_socketNotes << QStringLiteral("%1 %2").arg(name).arg(read ? u"read" : u"write");
            char byte;
            switch (random.bounded(read ? 12u : 8u)) {
            case 0:
                reader->setEnabled(false);
                break;
            case 1:
                writer->setEnabled(!writer->isEnabled());
                break;
            case 2:
                writer->setEnabled(false);
                break;
            case 3:
                writer->setEnabled(false);
                writer->setEnabled(true);
                break;
            case 4:
                SocketPair::fill(pair->near());
                break;
            case 5: {
                QSocketNotifier *const gone = (read ? reader : writer).release();
                gone->setEnabled(false);
                gone->deleteLater();
                break;
            }
            case 6:
                reopen();
                return;
            case 7:
                break;
            case 8:
                if (::read(pair->near(), &byte, 1) != 1)
                    break; // nothing there
                break;
            default:
                SocketPair::drain(pair->near());
            }
            if (!reader)
                makeReader(); // a second one while the first is not gone yet would be an error: it is
                    // disabled
            if (!writer)
                makeWriter();
        }

        Script &script;
        int name;
        QRandomGenerator random;
        std::unique_ptr<SocketPair> pair;
        std::unique_ptr<QSocketNotifier> reader;
        std::unique_ptr<QSocketNotifier> writer;
    };

    void note(QStringView what)
    {
        flushSocketNotes();
        m_trace << what.toString();
    }
    void flushSocketNotes()
    {
        m_socketNotes.sort();
        m_trace << std::exchange(m_socketNotes, {});
    }

    void step()
    {
        Actor &actor = *m_actors[m_random.bounded(Count)];
        const int number = ++m_number;
        switch (m_random.bounded(15u)) {
        case 0:
        case 1:
        case 2:
            actor.pair->say(QByteArray(int(1 + m_random.bounded(3u)), 'x'));
            break;
        case 3:
            actor.reader->setEnabled(!actor.reader->isEnabled());
            break;
        case 4:
        case 5:
            actor.writer->setEnabled(!actor.writer->isEnabled());
            break;
        case 6:
            SocketPair::fill(actor.pair->near());
            break;
        case 7:
            SocketPair::drain(actor.pair->far());
            break;
        case 8:
            actor.reopen();
            break;
        case 9:
            shutdown(actor.pair->far(), SHUT_WR);
            break;
        case 10:
            shutdown(actor.pair->near(), SHUT_RDWR);
            break;
        case 11:
            QMetaObject::invokeMethod(
                &m_context, [this, number] { note(QStringLiteral("posted %1").arg(number)); },
                Qt::QueuedConnection);
            break;
        case 12:
            QTimer::singleShot(
                0, &m_context, [this, number] { note(QStringLiteral("timer %1").arg(number)); });
            break;
        case 13:
            QTimer::singleShot(0, Qt::PreciseTimer, &m_context, [this, number] {
                note(QStringLiteral("nested %1").arg(number));
                const bool handled = turn();
                note(QStringLiteral("nested %1: %2").arg(number).arg(handled));
            });
            break;
        case 14:
            QMetaObject::invokeMethod(
                &m_context, [this] { QAbstractEventDispatcher::instance()->interrupt(); },
                Qt::QueuedConnection);
            break;
        }
    }

    QRandomGenerator m_random;
    QObject m_context;
    std::vector<std::unique_ptr<Actor>> m_actors;
    QStringList m_socketNotes;
    QStringList m_trace;
    int m_number = 0;
};

/// Echoes, and reads no more while too much is waiting to be written.
class EchoServer : public QTcpServer
{
public:
    EchoServer()
    {
        connect(this, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket *const socket = nextPendingConnection()) {
                socket->setReadBufferSize(64 * 1024);
                const auto passage = [socket] {
                    while (socket->bytesAvailable() > 0 && socket->bytesToWrite() < 128 * 1024)
                        socket->write(socket->read(32 * 1024));
                    if (socket->bytesAvailable() == 0 && socket->state() == QAbstractSocket::UnconnectedState)
                        socket->deleteLater();
                };
                connect(socket, &QTcpSocket::readyRead, socket, passage);
                connect(socket, &QTcpSocket::bytesWritten, socket, passage);
                connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            }
        });
    }
};

/// Sends its data in random pieces, reads the echo with random pauses.
class Client : public QTcpSocket
{
public:
    Client(quint16 port, quint32 seed, qsizetype size)
        : m_random(seed)
    {
        m_data.resize(size);
        m_random.fillRange(reinterpret_cast<quint32 *>(m_data.data()), size / qsizetype(sizeof(quint32)));
        setReadBufferSize(16 * 1024);
        connect(this, &QTcpSocket::connected, this, &Client::send);
        connect(this, &QTcpSocket::bytesWritten, this, &Client::send);
        connect(this, &QTcpSocket::readyRead, this, &Client::receive);
        connectToHost(QHostAddress::LocalHost, port);
    }
    bool complete() const { return m_received == m_data.size(); }
    bool intact() const
    {
        return m_hash.result() == QCryptographicHash::hash(m_data, QCryptographicHash::Sha256);
    }

private:
    void send()
    {
        if (bytesToWrite() < 64 * 1024)
            m_sent += write(m_data.constData() + m_sent,
                std::min<qint64>(m_data.size() - m_sent, m_random.bounded(1, 200'000)));
    }
    void receive()
    {
        if (m_paused)
            return;
        const QByteArray data = read(m_random.bounded(1, 64 * 1024));
        m_received += data.size();
        m_hash.addData(data);
        m_paused = true;
        QTimer::singleShot(m_random.bounded(10u) == 0 ? m_random.bounded(20) : 0, this, [this] {
            m_paused = false;
            if (bytesAvailable() > 0)
                receive();
        });
    }

    QRandomGenerator m_random;
    QByteArray m_data;
    qint64 m_sent = 0;
    qint64 m_received = 0;
    bool m_paused = false;
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
};

} // namespace

class TestEpollDispatcherScript : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sameScriptSameTrace_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 40; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }

    void sameScriptSameTrace()
    {
        QFETCH(quint32, seed);
        QStringList traces[2];
        for (const bool ours : {false, true})
            runUnder(ours, [&] { traces[ours] = Script(seed).run(150); });
        QVERIFY(traces[0].size() > 150);
        for (qsizetype i = 0; i < std::min(traces[0].size(), traces[1].size()); ++i) {
            if (traces[0][i] != traces[1][i])
                qInfo() << "before line" << i << traces[0].mid(std::max<qsizetype>(i - 12, 0), 12);
            QCOMPARE(traces[1][i], traces[0][i]);
        }
        QCOMPARE(traces[1].size(), traces[0].size());
    }

    void trafficArrivesIntact_data() { addDispatcherRows(); }
    void trafficArrivesIntact()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            EchoServer server;
            QVERIFY(server.listen(QHostAddress::LocalHost));
            std::vector<std::unique_ptr<Client>> clients;
            for (quint32 i = 0; i < 20; ++i)
                clients.push_back(std::make_unique<Client>(server.serverPort(), i, 400'000 + 4000 * i));
            for (const auto &client : clients) {
                QTRY_VERIFY_WITH_TIMEOUT(client->complete(), 60'000);
                QVERIFY(client->intact());
            }
        });
    }

    void connectionsComeAndGo_data() { addDispatcherRows(); }
    void connectionsComeAndGo()
    {
        QFETCH(bool, ours);
        runUnder(ours, [] {
            EchoServer server;
            QVERIFY(server.listen(QHostAddress::LocalHost));
            QRandomGenerator random(1);
            QEventLoop loop;
            int finished = 0;
            std::function<void()> dial = [&] {
                auto *const socket = new QTcpSocket(&loop);
                const int fate = random.bounded(4);
                QObject::connect(socket, &QTcpSocket::connected, socket, [socket, fate] {
                    socket->write("hello");
                    if (fate == 0)
                        socket->disconnectFromHost(); // what was written still leaves
                    else if (fate == 1)
                        socket->abort();
                });
                QObject::connect(socket, &QTcpSocket::readyRead, socket, [socket, fate] {
                    if (socket->bytesAvailable() == 5)
                        fate == 2 ? socket->abort() : socket->disconnectFromHost();
                });
                QObject::connect(socket, &QTcpSocket::disconnected, &loop, [&, socket] {
                    socket->deleteLater();
                    if (++finished == 400)
                        loop.quit();
                    else if (finished <= 380)
                        dial(); // its descriptor is most likely the one just closed
                });
                socket->connectToHost(QHostAddress::LocalHost, server.serverPort());
            };
            for (int i = 0; i < 20; ++i)
                dial();
            loop.exec();
            QCOMPARE(finished, 400);
        });
    }
};

RELAY_TEST(TestEpollDispatcherScript)
#include "tst_epolldispatcherscript.moc"
