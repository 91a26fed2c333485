// SPDX-License-Identifier: MIT
#include "ui/control/relaycontrol.h"
#include "ui/control/troublewatch.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace rr;

namespace {

JournalEntry entry(const char *event, const QString &session, LogLevel level = LogLevel::Info, int code = 0,
    const QString &message = QStringLiteral("Message."))
{
    JournalEntry entry;
    entry.event = event;
    entry.session = session;
    entry.level = level;
    entry.message = message;
    entry.fields = {{"code", code}};
    return entry;
}

} // namespace

class TestTroubleWatch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_journal = std::make_unique<Journal>();
        m_relay = std::make_unique<Relay>(*m_journal);
        SettingsInput input;
        input.file = m_folder->filePath(QStringLiteral("settings.json"));
        m_control = std::make_unique<RelayControl>(*m_relay, *m_journal, input);
        m_watch = std::make_unique<TroubleWatch>(*m_control);
    }
    void cleanup()
    {
        m_watch.reset();
        m_control.reset();
        m_relay.reset();
    }

    void failedDials_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("message");
        QTest::addColumn<bool>("trouble");
        QTest::newRow("unreachable") << 1013 << QStringLiteral("No address was found.") << true;
        const auto refused = [](const char *name, int code, int status, bool trouble) {
            QTest::newRow(name) << code << QStringLiteral("x refused the session with HTTP %1: …").arg(status)
                                << trouble;
        };
        refused("region", 3003, 403, true);
        refused("a bad day", 1013, 503, true);
        refused("a redirect", 4000, 301, true);
        refused("one client's key", 3000, 401, false);
        refused("one client's model", 4004, 404, false);
        refused("one client's quota", 4000, 429, false);
        QTest::newRow("no key at all") << 3000 << QStringLiteral("No usable API key was sent.") << false;
    }
    void failedDials()
    {
        QFETCH(int, code);
        QFETCH(QString, message);
        QSignalSpy changed(m_watch.get(), &TroubleWatch::changed);
        const QString id = QStringLiteral("a");
        m_journal->add(entry("session_opened", id));
        m_journal->add(entry("session_closed", id, LogLevel::Warning, code, message));
        m_control->refreshed();
        QTEST(!m_watch->troubles().upstream.isEmpty(), "trouble");
        QTEST(!changed.isEmpty(), "trouble");
    }

    void aSuccessfulDialEndsIt()
    {
        m_journal->add(entry("session_opened", QStringLiteral("a")));
        m_journal->add(entry("session_closed", QStringLiteral("a"), LogLevel::Warning, 1013));
        m_control->refreshed();
        QVERIFY(!m_watch->troubles().upstream.isEmpty());
        m_journal->add(entry("session_opened", QStringLiteral("b")));
        m_journal->add(entry("upstream_connected", QStringLiteral("b")));
        m_control->refreshed();
        QVERIFY(m_watch->troubles().upstream.isEmpty());
    }

    void anEndAfterTheDialIsNone()
    {
        m_journal->add(entry("session_opened", QStringLiteral("a")));
        m_journal->add(entry("upstream_connected", QStringLiteral("a")));
        m_journal->add(entry("session_closed", QStringLiteral("a"), LogLevel::Warning, 1011));
        m_control->refreshed();
        QVERIFY(m_watch->troubles().upstream.isEmpty());
    }

    void callersTurnedAway()
    {
        JournalEntry refused = entry("refused", {}, LogLevel::Warning);
        refused.fields = {{"code", QStringLiteral("relay_full")}};
        m_journal->add(refused);
        m_control->refreshed();
        QVERIFY(m_watch->troubles().lastFull.isValid());
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Relay> m_relay;
    std::unique_ptr<RelayControl> m_control;
    std::unique_ptr<TroubleWatch> m_watch;
};

QTEST_GUILESS_MAIN(TestTroubleWatch)
#include "tst_troublewatch.moc"
