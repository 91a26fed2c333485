// SPDX-License-Identifier: MIT
#include "ui/control/storebooks.h"

#include "tests/support/relaytest.h"
#include "ui/control/relaycontrol.h"

#include <QElapsedTimer>
#include <QFile>
#include <QHostAddress>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

/// The window's door to a store on a file, as the host opens it.
class TestStoreBooks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void opensTheStoreBeforeTheRelayRuns()
    {
        QVERIFY(m_control->access().books());
        QCOMPARE(m_control->state(), RelayState::Stopped);
    }

    void makesChangesAndRevokesTokens()
    {
        AccessControl &access = m_control->access();
        const QSignalSpy changed(&access, &AccessControl::changed);
        std::optional<Store::NewToken> made;
        AccessTerms wanted;
        wanted.name = u"Demo"_s;
        wanted.usdADay = Money::ofPico(5'000'000'000'000);
        access.books()->addToken(wanted, [&made](const StoreAnswer<Store::NewToken> &answer) {
            if (const auto *token = std::get_if<Store::NewToken>(&answer))
                made = *token;
        });
        QTRY_VERIFY(made);
        QVERIFY(isAccessToken(made->token));
        QCOMPARE(hashOfToken(made->token), made->terms.hash);
        QTRY_COMPARE(access.tokens().size(), 1);
        QVERIFY(!changed.isEmpty());

        AccessTerms terms = access.tokens().first();
        terms.callsAtOnce = 2;
        access.books()->setToken(terms, [](const StoreAnswer<AccessTerms> &) {});
        QTRY_COMPARE(access.tokens().first().callsAtOnce, 2);
        QTRY_VERIFY(access.budget(terms.id, Budget::TokenDay));
        access.books()->revokeToken(terms.id, [](const std::optional<RelayError> &) {});
        QTRY_VERIFY(access.tokens().first().isRevoked);
    }

    void answersQuestionsOfTheHistory()
    {
        Books &books = *m_control->access().books();
        std::optional<HistoryPage> page;
        books.history({}, [&page](const StoreAnswer<HistoryPage> &answer) {
            if (const auto *got = std::get_if<HistoryPage>(&answer))
                page = *got;
        });
        QTRY_VERIFY(page);
        QVERIFY(page->calls.isEmpty() && !page->hasMore);
        m_control->access().refreshCosts();
        QTRY_VERIFY(m_control->access().costs().isKnown);
        bool isWritten = false;
        const QString file = m_folder->filePath(u"history.csv"_s);
        books.writeCsv(
            {}, file, [&isWritten](const std::optional<RelayError> &error) { isWritten = !error; });
        QTRY_VERIFY(isWritten);
        QVERIFY(QFile::exists(file));
    }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_journal = std::make_unique<Journal>();
        SettingsInput input;
        input.defaults.host = u"127.0.0.1"_s;
        input.defaults.port = 0;
        input.defaults.storeUrl = "sqlite:"_L1 + m_folder->filePath(u"store.db"_s);
        input.file = m_folder->filePath(u"settings.json"_s);
        m_host = std::make_unique<Host>(*m_journal, input);
        m_control = std::make_unique<RelayControl>(*m_host);
    }
    void cleanup()
    {
        m_control.reset();
        m_host.reset();
        m_journal.reset();
        m_folder.reset();
    }

    /// Nor does it wait for a server that says nothing.
    void waitsForNoServer()
    {
        m_control.reset();
        m_host.reset();
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        SettingsInput input;
        input.defaults.host = u"127.0.0.1"_s;
        input.defaults.port = 0;
        input.defaults.storeUrl = u"postgresql://relay@127.0.0.1:%1/relay"_s.arg(silent.serverPort());
        input.file = m_folder->filePath(u"settings.json"_s);
        m_host = std::make_unique<Host>(*m_journal, input);
        QElapsedTimer timer;
        timer.start();
        m_control = std::make_unique<RelayControl>(*m_host);
        const qint64 ms = timer.elapsed();
        if (!m_control->access().books())
            QSKIP("without Qt's driver of PostgreSQL");
        QVERIFY(m_control->access().stand().isAway);
        silent.close(); // so that it ends soon
        QVERIFY2(ms < 3'000, qPrintable(QString::number(ms)));
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Host> m_host;
    std::unique_ptr<RelayControl> m_control;
};

RELAY_TEST(TestStoreBooks)
#include "tst_storebooks.moc"
