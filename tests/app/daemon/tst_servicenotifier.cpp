// SPDX-License-Identifier: MIT
#include "app/daemon/servicenotifier.h"
#include "tests/support/relaytest.h"

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace rr;
using namespace std::chrono_literals;

namespace {

/// systemd's end: a datagram socket at this address, as NOTIFY_SOCKET writes it ("@name" for an abstract one).
class Systemd
{
public:
    explicit Systemd(const QByteArray &address)
        : m_socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0))
    {
        sockaddr_un bound = {};
        bound.sun_family = AF_UNIX;
        std::memcpy(bound.sun_path, address.constData(), size_t(address.size()));
        if (address.startsWith('@'))
            bound.sun_path[0] = '\0';
        const auto size = socklen_t(offsetof(sockaddr_un, sun_path) + size_t(address.size()));
        if (::bind(m_socket, reinterpret_cast<const sockaddr *>(&bound), size) != 0)
            qFatal("bind");
        qputenv("NOTIFY_SOCKET", address);
    }
    ~Systemd() { ::close(m_socket); }

    /// What was sent since the last time, one message an element.
    QByteArrayList heard()
    {
        QByteArrayList result;
        char message[4096];
        ssize_t size = 0;
        while ((size = ::recv(m_socket, message, sizeof message, 0)) >= 0)
            result.append(QByteArray(message, size));
        return result;
    }

private:
    int m_socket;
};

} // namespace

class tst_ServiceNotifier : public QObject
{
    Q_OBJECT
    QTemporaryDir m_dir;

    QByteArray path() const { return m_dir.filePath(QStringLiteral("notify")).toLocal8Bit(); }

private Q_SLOTS:
    void init()
    {
        for (const char *name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
            qunsetenv(name);
    }
    void cleanup() { QFile::remove(m_dir.filePath(QStringLiteral("notify"))); }

    void messages_data()
    {
        QTest::addColumn<QByteArray>("address");
        QTest::newRow("a path") << path();
        QTest::newRow("an abstract name")
            << "@relay-test-" + QByteArray::number(QCoreApplication::applicationPid());
    }
    void messages()
    {
        QFETCH(QByteArray, address);
        Systemd systemd(address);
        const ServiceNotifier service;
        QCOMPARE(systemd.heard(), {});
        service.ready();
        service.reloading();
        service.ready();
        service.stopping(30s);
        QCOMPARE(systemd.heard(),
            (QByteArrayList{
                "READY=1", "RELOADING=1", "READY=1", "STOPPING=1\nEXTEND_TIMEOUT_USEC=40000000"}));
    }

    void withoutSystemd()
    {
        const ServiceNotifier service;
        service.ready();
        qputenv("NOTIFY_SOCKET", "/nowhere/" + QByteArray(200, 'x')); // no such address can exist
        const ServiceNotifier other;
        other.ready();
    }

    // systemd kills a service that says nothing for the whole interval. A clock of that interval runs in the same
    // event loop, so that a slow machine is slow for both; each interval begins when the one before was looked at, for a
    // timer that repeats makes one shorter after another that was late.
    void watchdogIsAnsweredWithinEachInterval()
    {
        Systemd systemd(path());
        qputenv("WATCHDOG_USEC", "100000");
        qputenv("WATCHDOG_PID", QByteArray::number(QCoreApplication::applicationPid()));
        const ServiceNotifier service;
        QTimer interval;
        interval.setSingleShot(true);
        int intervals = 0;
        int answered = 0;
        connect(&interval, &QTimer::timeout, this, [&] {
            ++intervals;
            if (systemd.heard().contains("WATCHDOG=1"))
                ++answered;
            interval.start(100ms);
        });
        interval.start(100ms);
        QTRY_VERIFY(intervals >= 5);
        QCOMPARE(answered, intervals);
    }

    void watchdogOfNobodyElse_data()
    {
        QTest::addColumn<QByteArray>("usec");
        QTest::addColumn<QByteArray>("pid");
        QTest::newRow("not asked for") << QByteArray() << QByteArray();
        QTest::newRow("of another process") << QByteArray("1000") << QByteArray("1");
        QTest::newRow("no number") << QByteArray("often") << QByteArray();
    }
    void watchdogOfNobodyElse()
    {
        QFETCH(QByteArray, usec);
        QFETCH(QByteArray, pid);
        Systemd systemd(path());
        if (!usec.isEmpty())
            qputenv("WATCHDOG_USEC", usec);
        if (!pid.isEmpty())
            qputenv("WATCHDOG_PID", pid);
        const ServiceNotifier service;
        QTimer later;
        later.setSingleShot(true);
        later.start(50ms);
        QTRY_VERIFY(!later.isActive());
        QCOMPARE(systemd.heard(), {});
    }

    void speaksWhenDescriptorsRunOut()
    {
        Systemd systemd(path());
        const ServiceNotifier service;
        rlimit limit = {};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &limit), 0);
        rlimit none = limit;
        none.rlim_cur = 0;
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
        service.ready();
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &limit), 0);
        QCOMPARE(systemd.heard(), QByteArrayList{"READY=1"});
    }
};

RELAY_TEST(tst_ServiceNotifier)
#include "tst_servicenotifier.moc"
