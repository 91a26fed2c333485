// SPDX-License-Identifier: MIT
#include "core/relay/turns.h"

#include "core/eventloop/workerdispatcher.h"
#include "tests/core/relay/mostinaturn.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <algorithm>
#include <memory>

#ifdef Q_OS_UNIX
#include <QSocketNotifier>

#include <sys/socket.h>
#include <unistd.h>
#endif

using namespace rr;

namespace {

/// Some who ask anew in every turn, until each had so many.
struct Askers
{
    Askers(Turns &of, int count, int each)
        : turns(of)
        , left(count, each)
    {
        for (int i = 0; i < count; ++i) {
            objects.push_back(std::make_unique<QObject>());
            ask(i);
        }
    }
    void ask(int which)
    {
        turns.ask(objects[size_t(which)].get(), [this, which] {
            had.append(which);
            if (--left[which] > 0)
                ask(which);
        });
    }

    Turns &turns;
    std::vector<std::unique_ptr<QObject>> objects;
    QList<int> left;
    QList<int> had; ///< in which order
};

} // namespace

class tst_Turns : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aFewInEachTurn()
    {
        Turns turns;
        Askers askers(turns, 10, 20);
        QCOMPARE(mostInATurn(200, [&] { return askers.had.size(); }), Turns::perTurn);
        for (int i = 0; i < 200; ++i)
            QCOMPARE(askers.had[i], i % 10);
    }

    void oneAloneGetsOneATurn()
    {
        Turns turns;
        Askers askers(turns, 1, 20);
        QCOMPARE(mostInATurn(20, [&] { return askers.had.size(); }), 1);
    }

#ifdef Q_OS_UNIX
    void socketsComeInBetween()
    {
        int ends[2];
        QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
        QCOMPARE(::write(ends[0], "x", 1), 1); // readable for good, for nobody reads it
        Turns turns;
        Askers askers(turns, 50, 20);
        QSocketNotifier notifier(ends[1], QSocketNotifier::Read);
        qsizetype seen = 0;
        qsizetype longest = 0;
        connect(&notifier, &QSocketNotifier::activated, this, [&] {
            longest = std::max(longest, askers.had.size() - seen);
            seen = askers.had.size();
        });
        QTRY_COMPARE(askers.had.size(), 1000);
        QVERIFY(seen > 0);
        QCOMPARE(longest, Turns::perTurn);
        notifier.setEnabled(false);
        ::close(ends[0]);
        ::close(ends[1]);
    }
#endif

    void whoIsGoneIsPassedOver()
    {
        Turns turns;
        Askers askers(turns, 3, 1);
        askers.objects[1].reset();
        QTRY_COMPARE(askers.had, (QList<int>{0, 2}));
    }

    void isIdleWhenNobodyWaits()
    {
        Turns turns;
        Askers askers(turns, 3, 2);
        QTRY_COMPARE(askers.had.size(), 6);
        for (const QTimer *timer : turns.findChildren<QTimer *>())
            QVERIFY(!timer->isActive());
    }
};

int main(int argc, char *argv[])
{
    if (auto dispatcher = makeWorkerDispatcher()) // as workers have it
        QCoreApplication::setEventDispatcher(dispatcher.release());
    QCoreApplication app(argc, argv);
    tst_Turns test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_turns.moc"
