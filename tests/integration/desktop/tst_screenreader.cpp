// SPDX-License-Identifier: MIT
// Who does not see the window is told the state of the relay, and of every change without asking.
#include "tests/integration/desktop/desktopdriver.h"
#include "tests/integration/desktop/screenreader.h"

#include <QTest>
#include <QWebSocket>
#include <QWebSocketServer>

#include <algorithm>
#include <memory>
#include <optional>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 30'000;
/// Programs begin to talk to AT-SPI when they see a reader that is known; this one is not.
const QStringList always{u"QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1"_s};

bool says(const QStringList &spoken, const QString &words)
{
    return std::any_of(
        spoken.cbegin(), spoken.cend(), [&words](const QString &each) { return each.contains(words); });
}

} // namespace

class TestScreenReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QVERIFY2(!qEnvironmentVariable("TEST_PROGRAM").isEmpty(), "Run it by ctest.");
        m_reader = std::make_unique<ScreenReader>();
        QVERIFY(m_reader->isListening());
    }

    void readsTheStateAndHearsThatItIsAnother()
    {
        DesktopDriver desktop;
        desktop.start({}, always);
        QTRY_VERIFY_WITH_TIMEOUT(findState(), patienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(
            m_reader->name(*m_state), u"The relay works and waits for calls."_s, patienceMs);
        // By the reader's own means, too.
        std::optional<ScreenReader::Thing> stop;
        QTRY_VERIFY_WITH_TIMEOUT(
            (stop = m_reader->find(u"button"_s, u"Name"_s, u"Stop relay"_s)).has_value(), patienceMs);
        m_reader->press(*stop);
        QTRY_VERIFY_WITH_TIMEOUT(m_reader->spoken().contains(u"The relay is off."_s), patienceMs);
        QCOMPARE(m_reader->name(*m_state), u"The relay is off."_s);
    }

    void hearsThatTheUpstreamDies()
    {
        auto upstream = std::make_unique<QWebSocketServer>(u"upstream"_s, QWebSocketServer::NonSecureMode);
        QVERIFY(upstream->listen(QHostAddress::LocalHost));
        QWebSocket *call = nullptr; // the one that something comes from; another is the relay's own look
        connect(upstream.get(), &QWebSocketServer::newConnection, this, [&] {
            QWebSocket *next = upstream->nextPendingConnection();
            connect(next, &QWebSocket::textMessageReceived, this, [&call, next] { call = next; });
        });
        DesktopDriver desktop;
        desktop.useUpstream(u"ws://127.0.0.1:%1/v1/realtime"_s.arg(upstream->serverPort()));
        desktop.start({}, always);
        QTRY_VERIFY_WITH_TIMEOUT(findState(), patienceMs);
        desktop.call();
        QTRY_COMPARE_WITH_TIMEOUT(m_reader->name(*m_state), u"The relay works, with 1 call."_s, patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(call, patienceMs);
        call->abort();
        QTRY_VERIFY_WITH_TIMEOUT(
            says(m_reader->spoken(), u"Calls were cut off in the middle."_s), patienceMs);
        upstream.reset(); // not before: that it cannot be reached is told instead of that
        desktop.call();
        QTRY_VERIFY_WITH_TIMEOUT(
            says(m_reader->spoken(), u"The relay is on, but cannot reach 127.0.0.1."_s), patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(says(m_reader->spoken(), u"Calls do not reach the upstream."_s), patienceMs);
    }

private:
    bool findState()
    {
        m_state = m_reader->find(u"label"_s, u"Description"_s, u"State of the relay"_s);
        return m_state.has_value();
    }

    std::unique_ptr<ScreenReader> m_reader;
    std::optional<ScreenReader::Thing> m_state;
};

QTEST_GUILESS_MAIN(TestScreenReader)
#include "tst_screenreader.moc"
