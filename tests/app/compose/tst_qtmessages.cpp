// SPDX-License-Identifier: MIT
#include "app/compose/qtmessages.h"
#include "core/monitor/journal.h"
#include "tests/support/relaytest.h"

#include <QLoggingCategory>
#include <QTcpServer>
#include <QTest>
#include <QThread>
#include <QWebSocket>
#include <QWebSocketHandshakeOptions>

#include <atomic>
#include <memory>
#include <vector>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

/// All that can be read of a journal.
QByteArray allOf(const Journal &journal)
{
    QByteArray lines;
    const auto entries = journal.entriesAfter(0);
    for (const JournalEntry &entry : entries)
        lines += journalLine(entry, LogFormat::Text) + '\n' + journalLine(entry, LogFormat::Json) + '\n';
    return lines;
}

std::atomic<int> printedElsewhere = 0;

} // namespace

class tst_QtMessages : public QObject
{
    Q_OBJECT
    QtMessageHandler m_testsOwn = nullptr;

private Q_SLOTS:
    // Qt Test has a handler of its own, which QtMessages replaces and does not put back.
    void init()
    {
        m_testsOwn = qInstallMessageHandler(
            [](QtMsgType, const QMessageLogContext &, const QString &) { ++printedElsewhere; });
        printedElsewhere = 0;
    }
    void cleanup() { qInstallMessageHandler(m_testsOwn); }

    void keysAreCutOut_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("no key") << u"The remote host closed the connection"_s
                                << u"The remote host closed the connection"_s;
        QTest::newRow("subprotocol")
            << u"Ignoring invalid WebSocket subprotocol name \"openai-insecure-api-key.SECRET/x\""_s
            << u"Ignoring invalid WebSocket subprotocol name \"openai-insecure-api-key.…\""_s;
        QTest::newRow("header") << u"bad header Authorization: Bearer SECRET"_s
                                << u"bad header Authorization: Bearer …"_s;
        QTest::newRow("key") << u"key sk-SECRET and ek_SECRET"_s << u"key sk-… and ek_…"_s;
        QTest::newRow("query") << u"ws://h/realtime?api-key=SECRET&model=m"_s
                               << u"ws://h/realtime?api-key=…&model=m"_s;
        QTest::newRow("proxy") << u"http://user:SECRET@proxy:3128"_s << u"http://…@proxy:3128"_s;
        QTest::newRow("on a second line") << u"one\nsk-SECRET"_s << u"one\nsk-…"_s;
    }
    void keysAreCutOut()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        Journal journal;
        const QtMessages messages(journal);
        qWarning("%ls", qUtf16Printable(text));
        const auto entries = journal.entriesAfter(0);
        QCOMPARE(entries.size(), 1);
        QCOMPARE(plain(entries[0].message), expected);
        QCOMPARE(entries[0].event, "qt");
        QVERIFY2(!allOf(journal).contains("SECRET"), allOf(journal));
        QCOMPARE(printedElsewhere.load(), 0); // what is redacted here may not be printed whole there
    }

    // What Qt really prints of a key it does not like.
    void warningOfASocket()
    {
        Journal journal;
        const QtMessages messages(journal);
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        QWebSocketHandshakeOptions options;
        options.setSubprotocols({u"openai-insecure-api-key.SECRET/x"_s});
        QWebSocket socket;
        socket.open(QUrl(u"ws://127.0.0.1:%1/"_s.arg(server.serverPort())), options);
        QTRY_VERIFY(allOf(journal).contains("openai-insecure-api-key."));
        QVERIFY2(!allOf(journal).contains("SECRET"), allOf(journal));
        QCOMPARE(printedElsewhere.load(), 0);
    }

    void levels()
    {
        QLoggingCategory::setFilterRules(u"default.debug=true\ndefault.info=true"_s);
        Journal journal;
        journal.setLevel(LogLevel::Debug);
        const QtMessages messages(journal);
        qDebug("debug");
        qInfo("info");
        qWarning("warning");
        qCritical("critical");
        qWarning(
            "Failed to enumerate ciphers"); // Qt's words where there is Schannel, but no list of them: under Wine
        QLoggingCategory::setFilterRules({});
        QList<std::pair<QString, LogLevel>> said;
        const auto entries = journal.entriesAfter(0);
        for (const JournalEntry &entry : entries)
            said.append({plain(entry.message), entry.level});
        const QList<std::pair<QString, LogLevel>> expected{{u"debug"_s, LogLevel::Debug},
            {u"info"_s, LogLevel::Debug}, {u"warning"_s, LogLevel::Warning},
            {u"critical"_s, LogLevel::Warning}, {u"Failed to enumerate ciphers"_s, LogLevel::Debug}};
        QVERIFY2(said == expected, allOf(journal));
    }

    void fromAnyThread()
    {
        Journal journal;
        const QtMessages messages(journal);
        std::vector<std::unique_ptr<QThread>> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back(QThread::create([] {
                for (int j = 0; j < 50; ++j)
                    qWarning("key sk-SECRET");
            }));
            threads.back()->start();
        }
        for (const auto &thread : threads)
            thread->wait();
        QCOMPARE(journal.lastNumber(), quint64(4 * 50));
        QVERIFY(!allOf(journal).contains("SECRET"));
    }

    void onlyWhileItLives()
    {
        auto first = std::make_unique<Journal>();
        {
            const QtMessages messages(*first);
            qWarning("one");
        }
        qWarning("between"); // to Qt's own handler again
        QCOMPARE(first->lastNumber(), quint64(1));
        first.reset();
        Journal second;
        const QtMessages messages(second);
        qWarning("two");
        const auto entries = second.entriesAfter(0);
        QCOMPARE(entries.size(), 1);
        QCOMPARE(plain(entries[0].message), u"two"_s);
    }
};

RELAY_TEST(tst_QtMessages)
#include "tst_qtmessages.moc"
