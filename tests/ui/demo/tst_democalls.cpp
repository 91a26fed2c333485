// SPDX-License-Identifier: MIT
#include "ui/demo/democalls.h"

#include "tests/support/relaytest.h"
#include "ui/control/relaycontrol.h"

#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestDemoCalls : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        SettingsInput input;
        input.defaults.host = u"127.0.0.1"_s;
        input.defaults.port = 0;
        input.file = m_folder.filePath(u"settings.json"_s);
        m_host = std::make_unique<Host>(m_journal, input);
    }
    void cleanup()
    {
        m_calls.reset();
        m_control.reset();
        m_host.reset();
    }

    void callersComeAndGo()
    {
        QVERIFY(!m_host->startDemo());
        make();
        auto *start = m_calls->findChild<QPushButton *>(u"startDemo5"_s);
        auto *stop = m_calls->findChild<QPushButton *>(u"stopDemo"_s);
        QVERIFY(m_calls->isVisible());
        QVERIFY(!start->isEnabled()); // the relay is off
        m_control->start();
        m_calls->refresh();
        QTest::mouseClick(start, Qt::LeftButton);
        QCOMPARE(m_control->demoCallers(), 5);
        QVERIFY(!start->isVisible());
        QTRY_COMPARE(m_control->refreshed().activeConnections, 5);
        QTest::mouseClick(stop, Qt::LeftButton);
        QCOMPARE(m_control->demoCallers(), 0);
        QVERIFY(start->isVisible());
        QTRY_COMPARE(m_control->refreshed().activeConnections, 0);
    }

    void areNotThereWithoutADemo()
    {
        make();
        QVERIFY(!m_calls->isVisible());
    }

private:
    void make()
    {
        m_control = std::make_unique<RelayControl>(*m_host);
        m_page = std::make_unique<QWidget>();
        m_calls = std::make_unique<DemoCalls>(*m_control, m_page.get());
        m_page->show();
    }

    QTemporaryDir m_folder;
    Journal m_journal;
    std::unique_ptr<Host> m_host;
    std::unique_ptr<RelayControl> m_control;
    std::unique_ptr<QWidget> m_page;
    std::unique_ptr<DemoCalls> m_calls;
};

RELAY_TEST(TestDemoCalls)
#include "tst_democalls.moc"
