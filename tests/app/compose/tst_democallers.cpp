// SPDX-License-Identifier: MIT
#include "app/compose/democallers.h"

#include "app/compose/host.h"
#include "core/monitor/journal.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <algorithm>
#include <memory>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_DemoCallers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_journal = std::make_unique<Journal>();
        SettingsInput input;
        input.defaults.host = u"127.0.0.1"_s;
        input.defaults.port = 0;
        m_host = std::make_unique<Host>(*m_journal, input);
    }
    void cleanup()
    {
        m_host.reset();
        m_journal.reset();
    }

    void callAndHangUp()
    {
        QVERIFY(!m_host->startDemo());
        QVERIFY(!m_host->start());
        QCOMPARE(m_host->demoCallers(), 0);
        m_host->startDemoCalls(3);
        QCOMPARE(m_host->demoCallers(), 3);
        QTRY_COMPARE(openCalls(), 3);
        m_host->startDemoCalls(1);
        QCOMPARE(m_host->demoCallers(), 1);
        QTRY_COMPARE(calls(), 1);
        m_host->stopDemoCalls();
        QCOMPARE(m_host->demoCallers(), 0);
        QTRY_COMPARE(calls(), 0);
        const Snapshot snapshot = m_host->relay().snapshot(Relay::Detail::Calls);
        QCOMPARE(snapshot.errors, 0);
        for (const CallSnapshot &call : snapshot.calls)
            QCOMPARE(int(call.closeCode), 1000);
    }

    /// As many as one asks for, within reason.
    void count()
    {
        QVERIFY(!m_host->startDemo());
        QVERIFY(!m_host->start());
        m_host->startDemoCalls(0);
        QCOMPARE(m_host->demoCallers(), 1);
        m_host->startDemoCalls(1'000'000);
        QCOMPARE(m_host->demoCallers(), DemoCallers::most);
    }

    void theySpeakAndAreAnswered()
    {
        QVERIFY(!m_host->startDemo());
        QVERIFY(!m_host->start());
        m_host->startDemoCalls(1);
        QTRY_VERIFY(m_host->relay().snapshot().up.bytes > 16'000);
    }

    void goWithTheRelay()
    {
        QVERIFY(!m_host->startDemo());
        QVERIFY(!m_host->start());
        m_host->startDemoCalls(2);
        QTRY_COMPARE(calls(), 2);
        m_host->stopNow();
        QTRY_COMPARE(m_host->relay().state(), RelayState::Stopped);
        QCOMPARE(m_host->demoCallers(), 0);
    }

    /// With a key of somebody's they would cost something.
    void onlyInADemo()
    {
        QVERIFY(!m_host->start());
        m_host->startDemoCalls(1);
        QCOMPARE(m_host->demoCallers(), 0);
    }
    void onlyWhileItRuns()
    {
        QVERIFY(!m_host->startDemo());
        m_host->startDemoCalls(1);
        QCOMPARE(m_host->demoCallers(), 0);
    }

private:
    qint64 calls() const { return m_host->relay().snapshot().activeConnections; }
    qint64 openCalls() const
    {
        const QList<CallSnapshot> all = m_host->relay().snapshot(Relay::Detail::Calls).calls;
        return std::count_if(all.begin(), all.end(),
            [](const CallSnapshot &call) { return call.state == CallState::Open && call.down.messages > 0; });
    }

    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Host> m_host;
};

RELAY_TEST(tst_DemoCallers)
#include "tst_democallers.moc"
