// SPDX-License-Identifier: MIT
#include "core/eventloop/workerdispatcher.h"
#include "tests/support/relaytest.h"

#include <QAbstractEventDispatcher>
#include <QTest>
#include <QThread>
#include <QTimer>

#include <atomic>

class TestWorkerDispatcher : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isMadeOnLinuxOnly()
    {
#ifdef Q_OS_LINUX
        QVERIFY(rr::makeWorkerDispatcher());
#else
        QVERIFY(!rr::makeWorkerDispatcher());
#endif
    }

    void runsTheMainThread()
    {
        const auto fresh = rr::makeWorkerDispatcher();
        const auto *const running = QAbstractEventDispatcher::instance();
        QVERIFY(!fresh || running->metaObject() == fresh->metaObject());
        bool fired = false;
        QTimer::singleShot(1, this, [&] { fired = true; });
        QTRY_VERIFY(fired);
    }

    void runsAThread()
    {
        QThread thread;
        if (auto dispatcher = rr::makeWorkerDispatcher())
            thread.setEventDispatcher(dispatcher.release());
        std::atomic<bool> fired
            = false; // ThreadSanitizer does not see how QThread::wait() keeps the two apart
        connect(
            &thread, &QThread::started, &thread,
            [&] {
                QTimer::singleShot(1, QAbstractEventDispatcher::instance(), [&] {
                    fired = true;
                    thread.quit();
                });
            },
            Qt::DirectConnection); // in that thread
        thread.start();
        QVERIFY(thread.wait(QDeadlineTimer(30'000)));
        QVERIFY(fired);
    }
};

int main(int argc, char *argv[])
{
    if (auto dispatcher = rr::makeWorkerDispatcher()) // before there is an application, as programs do
        QCoreApplication::setEventDispatcher(dispatcher.release());
    QCoreApplication app(argc, argv);
    TestWorkerDispatcher test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_workerdispatcher.moc"
