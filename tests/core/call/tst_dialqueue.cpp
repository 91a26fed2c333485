// SPDX-License-Identifier: MIT
#include "core/call/dialqueue.h"
#include "core/wire/dial.h"
#include "tests/core/wire/scriptedserver.h"
#include "tests/support/relaytest.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace rr;
using namespace std::chrono_literals;

class tst_DialQueue : public QObject
{
    Q_OBJECT

    static std::unique_ptr<Dial> dialTo(const ScriptedServer &server, std::chrono::milliseconds timeout = 1h)
    {
        Dial::Target target;
        target.host = QStringLiteral("127.0.0.1");
        target.port = server.serverPort();
        target.secure = false;
        target.request = {"x", "/", {}};
        target.timeout = timeout;
        return std::make_unique<Dial>(target);
    }

private Q_SLOTS:
    void soManyAtOnce()
    {
        ScriptedServer silent([](const QByteArray &) { return QByteArray(); });
        DialQueue queue;
        queue.setLimit(2);
        std::vector<std::unique_ptr<Dial>> dials;
        for (int i = 0; i < 5; ++i) {
            dials.push_back(dialTo(silent));
            queue.begin(*dials.back());
        }
        QTRY_COMPARE(silent.heads.size(), 2);
        dials[3].reset(); // while it waits
        QTest::qWait(20);
        QCOMPARE(silent.sockets.size(), 2);
        dials[0].reset();
        QTRY_COMPARE(silent.heads.size(), 3);
        dials[1].reset();
        QTRY_COMPARE(silent.heads.size(), 4); // and that is all of them
        queue.setLimit(10);
        dials.push_back(dialTo(silent));
        queue.begin(*dials.back());
        QTRY_COMPARE(silent.heads.size(), 5);
    }

    void moreMayGoOn()
    {
        ScriptedServer silent([](const QByteArray &) { return QByteArray(); });
        DialQueue queue;
        queue.setLimit(0);
        const auto first = dialTo(silent);
        const auto second = dialTo(silent);
        queue.begin(*first);
        queue.begin(*second);
        queue.setLimit(2);
        QTRY_COMPARE(silent.heads.size(), 2);
    }

    // Whoever else connects to the upstream waits among them, and lets the next one go when it is connected.
    void othersBesideDials()
    {
        ScriptedServer silent([](const QByteArray &) { return QByteArray(); });
        DialQueue queue;
        queue.setLimit(1);
        auto other = std::make_unique<QObject>();
        auto another = std::make_unique<QObject>();
        QStringList started;
        queue.begin(*other, [&started] { started.append(QStringLiteral("other")); });
        queue.begin(*another, [&started] { started.append(QStringLiteral("another")); });
        const auto dial = dialTo(silent);
        queue.begin(*dial);
        QCOMPARE(started, QStringList{QStringLiteral("other")});
        another.reset(); // while it waits
        QTest::qWait(20);
        QVERIFY(silent.heads.isEmpty());
        other.reset();
        QTRY_COMPARE(silent.heads.size(), 1);
        QCOMPARE(started, QStringList{QStringLiteral("other")});
    }

    // Who waits behind dials that come to nothing waits no longer than they do.
    void timeRunsWhileItWaits()
    {
        ScriptedServer silent([](const QByteArray &) { return QByteArray(); });
        DialQueue queue;
        queue.setLimit(0);
        const auto dial = dialTo(silent, 50ms);
        UpstreamFailure failure;
        QSignalSpy failed(dial.get(), &Dial::failed);
        connect(dial.get(), &Dial::failed, this, [&](const UpstreamFailure &why) { failure = why; });
        queue.begin(*dial);
        QVERIFY(failed.isEmpty());
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failure.kind, UpstreamFailure::Timeout);
        queue.setLimit(1); // it is there still, as a call leaves it
        QTest::qWait(20);
        QVERIFY(silent.sockets.isEmpty());
        const auto next = dialTo(silent);
        queue.begin(*next);
        QTRY_COMPARE(silent.heads.size(), 1);
    }
};

RELAY_TEST(tst_DialQueue)
#include "tst_dialqueue.moc"
