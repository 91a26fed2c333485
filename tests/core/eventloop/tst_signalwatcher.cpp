// SPDX-License-Identifier: MIT
#include "core/eventloop/signalwatcher.h"
#include "tests/support/relaytest.h"

#include <QProcess>
#include <QSignalSpy>
#include <QTest>

#include <csignal>

#ifndef Q_OS_WIN
#include <unistd.h>
#endif

using rr::SignalWatcher;

class TestSignalWatcher : public QObject
{
    Q_OBJECT
#ifndef Q_OS_WIN
private Q_SLOTS:
    void tells_data()
    {
        QTest::addColumn<int>("signal");
        QTest::addColumn<int>("terminations");
        QTest::addColumn<int>("reloads");
        QTest::newRow("SIGINT") << SIGINT << 1 << 0;
        QTest::newRow("SIGTERM") << SIGTERM << 1 << 0;
        QTest::newRow("SIGHUP") << SIGHUP << 0 << 1;
    }

    void tells()
    {
        QFETCH(int, signal);
        QFETCH(int, terminations);
        QFETCH(int, reloads);
        SignalWatcher watcher;
        QSignalSpy terminate(&watcher, &SignalWatcher::terminate);
        QSignalSpy reload(&watcher, &SignalWatcher::reload);
        std::raise(signal);
        QVERIFY(terminate.isEmpty() && reload.isEmpty()); // from the event loop, not from the handler
        QTRY_COMPARE(terminate.size() + reload.size(), 1);
        QCOMPARE(terminate.size(), terminations);
        QCOMPARE(reload.size(), reloads);
    }

    void aReaderThatIsGoneEndsNothing()
    {
        std::signal(SIGPIPE, SIG_DFL); // of which one dies
        const SignalWatcher watcher;
        std::raise(SIGPIPE);
    }

    void tellsEachArrival()
    {
        SignalWatcher watcher;
        QStringList heard;
        connect(&watcher, &SignalWatcher::terminate, this, [&] { heard << QStringLiteral("terminate"); });
        connect(&watcher, &SignalWatcher::reload, this, [&] { heard << QStringLiteral("reload"); });
        std::raise(SIGTERM);
        std::raise(SIGHUP);
        std::raise(SIGTERM);
        QTRY_COMPARE(heard,
            QStringList(
                {QStringLiteral("terminate"), QStringLiteral("reload"), QStringLiteral("terminate")}));
    }

    void mayBeDeletedByWhoListens()
    {
        auto *const watcher = new SignalWatcher;
        int terminations = 0;
        connect(watcher, &SignalWatcher::terminate, this, [&] {
            ++terminations;
            delete watcher;
        });
        std::raise(SIGTERM);
        std::raise(SIGTERM);
        QTRY_COMPARE(terminations, 1);
        QCoreApplication::processEvents();
        QCOMPARE(terminations, 1);
    }

    /// Which has the watcher's handler until it is another program.
    void whatAChildIsSentIsItsOwn()
    {
#ifdef __SANITIZE_THREAD__
        QSKIP("ThreadSanitizer holds a signal back, here until the child is another program.");
#endif
        SignalWatcher watcher;
        QSignalSpy terminate(&watcher, &SignalWatcher::terminate);
        QProcess child;
        child.setProgram(QStringLiteral("sleep"));
        child.setArguments({QStringLiteral("600")});
        child.setChildProcessModifier([] { ::kill(::getpid(), SIGTERM); });
        child.start();
        QVERIFY(child.waitForFinished());
        QCOMPARE(child.exitStatus(), QProcess::CrashExit);
        QCoreApplication::processEvents();
        QVERIFY(terminate.isEmpty());
    }

    void whoAsksAgainAtTheEndIsIgnored()
    {
        {
            SignalWatcher watcher;
        }
        std::raise(SIGTERM); // would end this program
        std::raise(SIGINT);
        std::raise(SIGHUP);
    }
#endif
};

RELAY_TEST(TestSignalWatcher)
#include "tst_signalwatcher.moc"
