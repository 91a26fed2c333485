// SPDX-License-Identifier: MIT
#include "app/compose/host.h"

#include "core/config/settingsfile.h"
#include "core/monitor/journal.h"
#include "core/simulator/simulatorserver.h"
#include "core/store/database.h"
#include "core/store/tokendesk.h"
#include "tests/core/wire/testcertificate.h"
#include "tests/support/relaytest.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QSslSocket>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QWebSocket>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

QByteArray jsonOf(const QJsonObject &object)
{
    return QJsonDocument(object).toJson();
}

} // namespace

/// Every case twice: as the daemon makes its host and as the window does. The daemon's file must exist.
class tst_Host : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data()
    {
        QTest::addColumn<bool>("isDaemon");
        QTest::newRow("daemon") << true;
        QTest::newRow("window") << false;
    }
    void init()
    {
        QFETCH_GLOBAL(bool, isDaemon);
        m_folder = std::make_unique<QTemporaryDir>();
        m_simulator = std::make_unique<SimulatorServer>(SimulatorSettings());
        QVERIFY(!m_simulator->start());
        m_journal = std::make_unique<Journal>();
        m_input = SettingsInput();
        m_input.file = m_folder->filePath(u"settings.json"_s);
        m_input.fileMustExist = isDaemon;
        m_input.defaults.host = u"127.0.0.1"_s;
        m_input.defaults.port = 0;
        m_input.arguments = {u"--upstream-url"_s, m_simulator->url().toString()};
        if (isDaemon)
            write("{}");
    }
    void cleanup()
    {
        m_host.reset();
        m_journal.reset();
        m_simulator.reset();
    }

    // Starting and stopping

    void servesAndStops()
    {
        make();
        QVERIFY(!m_host->start());
        QVERIFY(!m_host->start()); // it runs already
        QCOMPARE(count("listening"), 1);
        const auto call = open();
        m_host->drain();
        QCOMPARE(m_host->relay().state(), RelayState::Draining);
        QCOMPARE(count("draining"), 1);
        QCOMPARE(call->state(), QAbstractSocket::ConnectedState);
        m_host->drain();
        QCOMPARE(count("draining"), 1);
        m_host->stopNow();
        QTRY_COMPARE(m_host->relay().state(), RelayState::Stopped);
        QCOMPARE(count("stopped"), 1);
        QTRY_COMPARE(int(call->closeCode()), 1001);
        QVERIFY(!m_host->start());
    }

    void saysOnceThatTheUpstreamAnswers()
    {
        make();
        m_host->upstreamWatch().begin();
        QVERIFY(!m_host->start());
        QTRY_COMPARE(count("upstream_answers"), 1);
        QSignalSpy checked(&m_host->upstreamWatch(), &UpstreamWatch::checked);
        m_host->upstreamWatch().check(m_host->settings());
        QTRY_COMPARE(checked.size(), 1);
        QCOMPARE(count("upstream_answers"), 1);
        m_host->stopNow();
        QTRY_COMPARE(m_host->relay().state(), RelayState::Stopped);
        m_host->upstreamWatch().check(m_host->settings());
        QTRY_COMPARE(checked.size(), 2);
        QCOMPARE(count("upstream_answers"), 1); // nothing is claimed of what is off
        QVERIFY(!m_host->start());
        QTRY_COMPARE(count("upstream_answers"), 2);
        m_simulator.reset();
        m_host->upstreamWatch().check(m_host->settings());
        QTRY_COMPARE(checked.size(), 4);
        QCOMPARE(count("upstream_answers"), 2);
    }

    void saysThatThePortIsTaken()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        m_input.defaults.port = other.serverPort();
        make();
        const auto error = m_host->start();
        QVERIFY(error);
        QCOMPARE(error->code, QByteArray("port_in_use"));
        QCOMPARE(m_host->lastError()->code, error->code);
        QCOMPARE(count("start_failed"), 1);
        other.close();
        QVERIFY(!m_host->start());
        QVERIFY(!m_host->lastError());
    }

    void whatChangesWhileItIsOffEndsTheTrouble_data()
    {
        QTest::addColumn<bool>("inTheFile");
        QTest::newRow("here") << false;
        QTest::newRow("in the file") << true;
    }
    void whatChangesWhileItIsOffEndsTheTrouble()
    {
        QFETCH(bool, inTheFile);
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        m_input.defaults.port = other.serverPort();
        make();
        QVERIFY(m_host->start());
        QCOMPARE(m_host->relay().snapshot().troubles.size(), 1);
        Settings settings = m_host->settings();
        settings.port = 0;
        if (inTheFile)
            write(R"({"port": 0})");
        else
            QVERIFY(m_host->apply(settings).isEmpty());
        QTRY_VERIFY(!m_host->lastError());
        QVERIFY(m_host->relay().snapshot().troubles.isEmpty());
    }

    void warnsAtTheStart()
    {
        m_input.arguments = {u"--upstream-url"_s, u"ws://upstream.example/"_s};
        make();
        QVERIFY(!m_host->start());
        QCOMPARE(count("setting_warning"), 1);
    }

    void warnsWhereItCannotStart()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        m_input.defaults.port = other.serverPort();
        m_input.arguments = {u"--upstream-url"_s, u"ws://upstream.example/"_s};
        make();
        QVERIFY(m_host->start());
        QCOMPARE(count("setting_warning"), 1);
    }

    void aWrongFileKeepsItFromStarting_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("no JSON") << QByteArray("not JSON");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("value") << QByteArray(R"({"maxConnections": 0})");
        QTest::newRow("unknown") << QByteArray(R"({"none": 1})");
    }
    void aWrongFileKeepsItFromStarting()
    {
        QFETCH(QByteArray, content);
        write(content);
        make();
        QVERIFY(m_host->start());
        QCOMPARE(m_host->lastError()->code, QByteArray("settings"));
        QVERIFY(!m_host->loaded().problems.isEmpty());
        QCOMPARE(m_host->relay().state(), RelayState::Stopped);
        write(R"({"maxConnections": 7})"); // at once, before the watch on the file can have told of it
        QVERIFY(!m_host->start());
        QCOMPARE(m_host->relay().settings().maxConnections, 7);
        QVERIFY(!m_host->lastError());
    }

    void aFileThatIsNotThere()
    {
        QFETCH_GLOBAL(bool, isDaemon);
        QFile::remove(m_input.file);
        make();
        QCOMPARE(m_host->start().has_value(), isDaemon);
    }

    void whatIsWrongOutsideTheFileIsFixed()
    {
        m_input.environment.insert(u"RELAY_DEBUG"_s, u"express:*"_s);
        make();
        QVERIFY(m_host->isFixed(*findSetting(u"debug")));
        QVERIFY(m_host->start());
        QCOMPARE(m_host->lastError()->setting, QByteArray("RELAY_DEBUG"));
        Settings settings = m_host->settings();
        settings.debug = true;
        settings.maxConnections = 5;
        QVERIFY(m_host->apply(settings).isEmpty());
        QVERIFY(!m_host->settings().debug);
        QCOMPARE(saved().keys(), QStringList{u"maxConnections"_s});
        QCOMPARE(m_host->loaded().problems.size(), 1);
        QVERIFY(m_host->lastError());
    }

    /// Neither stops the start, and both are told of.
    void whatIsOverriddenOrAnotherPrograms()
    {
        m_input.environment.insert(u"DEBUG"_s, u"express:*"_s);
        m_input.environment.insert(u"MAX_CONNECTIONS"_s, u"many"_s);
        m_input.arguments += {u"--max-connections"_s, u"5"_s};
        make();
        QVERIFY(!m_host->isFixed(*findSetting(u"debug")));
        QVERIFY(!m_host->start());
        QCOMPARE(m_host->settings().maxConnections, 5);
        QVERIFY(m_host->loaded().problems.isEmpty());
        QCOMPARE(m_host->loaded().warnings.size(), 2);
    }

    void demo()
    {
        m_input.environment.insert(u"UPSTREAM_PROXY"_s, u"http://127.0.0.1:9"_s);
        m_input.arguments = {u"--upstream-url"_s, u"ws://127.0.0.1:1/"_s};
        make();
        QVERIFY(!m_host->isDemo());
        QVERIFY(!m_host->relay().snapshot().demo);
        QVERIFY(!m_host->startDemo());
        QVERIFY(m_host->isDemo());
        QVERIFY(m_host->relay().snapshot().demo);
        QVERIFY(!m_host->start());
        const auto call = open();
        QCOMPARE(call->state(), QAbstractSocket::ConnectedState);
        QCOMPARE(m_host->relay().snapshot().errors, 0);

        // It is of this run only, and no change makes it another one.
        Settings settings = m_host->settings();
        settings.upstreamUrl = QUrl(u"ws://127.0.0.1:1/"_s);
        settings.maxConnections = 5;
        QVERIFY(m_host->apply(settings).isEmpty());
        write(jsonOf({{"upstreamUrl"_L1, "ws://127.0.0.1:1/"_L1}, {"maxConnections"_L1, 6}}));
        QTRY_COMPARE(m_host->relay().settings().maxConnections, 6);
        QCOMPARE(open()->state(), QAbstractSocket::ConnectedState);
        QCOMPARE(call->state(), QAbstractSocket::ConnectedState);
    }

    // The held key and the store

    void withoutAStoreThereIsNone()
    {
        make();
        QVERIFY(!m_host->start());
        QVERIFY(!m_host->store());
        QVERIFY(!m_host->holdsKey());
        QCOMPARE(count("held_key_idle"), 0);
    }

    void opensItsStore()
    {
        m_input.defaults.storeUrl = "sqlite:"_L1 + path(u"new folder/store.sqlite"_s);
        m_input.environment.insert(u"HISTORY_DAYS"_s, u"7"_s);
        make();
        QSignalSpy opened(m_host.get(), &Host::storeOpened);
        QVERIFY(!m_host->store());
        QVERIFY(!m_host->openStore());
        QVERIFY(!m_host->openStore());
        QCOMPARE(opened.size(), 1);
        Store *store = m_host->store();
        QVERIFY(store);
        QVERIFY(!m_host->start());
        QCOMPARE(m_host->store(), store);
        // Another one waits for the next start of the program.
        Settings settings = m_host->settings();
        settings.storeUrl = "sqlite:"_L1 + path(u"other.sqlite"_s);
        settings.budgetUsdADay = u"2.50"_s;
        QVERIFY(m_host->apply(settings).isEmpty());
        m_host->stopNow();
        QTRY_COMPARE(m_host->relay().state(), RelayState::Stopped);
        QVERIFY(!m_host->start());
        QCOMPARE(m_host->store(), store);
        QVERIFY(!QFile::exists(path(u"other.sqlite"_s)));
    }

    void aStoreThatCannotBeOpenedStopsTheStart()
    {
        m_input.environment.insert(u"STORE_URL"_s, "sqlite:"_L1 + path(u"file/store.sqlite"_s));
        QFile file(path(u"file"_s)); // where a folder would have to be
        QVERIFY(file.open(QIODevice::WriteOnly));
        make();
        const auto error = m_host->start();
        QVERIFY(error);
        QCOMPARE(error->setting, QByteArray("storeUrl"));
        QVERIFY(plain(error->detail).contains(path(u"file"_s)));
        QCOMPARE(m_host->relay().state(), RelayState::Stopped);
        QCOMPARE(count("start_failed"), 1);
        QVERIFY(file.remove());
        QVERIFY(!m_host->start());
    }

    void aHeldKeyServesNobodyWithoutTokens_data()
    {
        QTest::addColumn<bool>("hasStore");
        QTest::newRow("no store") << false;
        QTest::newRow("no token") << true;
    }
    void aHeldKeyServesNobodyWithoutTokens()
    {
        QFETCH(bool, hasStore);
        const QString url = "sqlite:"_L1 + path(u"store.sqlite"_s);
        m_input.environment.insert(u"OPENAI_API_KEY"_s, u"sk-hunter2-hunter2"_s);
        m_input.environment.insert(u"ALLOWED_ORIGINS"_s, u"*"_s);
        if (hasStore)
            m_input.environment.insert(u"STORE_URL"_s, url);
        make();
        QVERIFY(m_host->holdsKey());
        QVERIFY(!m_host->start());
        QCOMPARE(count("held_key_idle"), 1);
        QVERIFY(!journalText().contains("hunter2"));
        if (!hasStore)
            return;
        {
            const auto desk = TokenDesk::open(url);
            AccessTerms terms;
            terms.name = u"demo"_s;
            QVERIFY(std::holds_alternative<Store::NewToken>(
                std::get<std::unique_ptr<TokenDesk>>(desk)->add(terms)));
        }
        QTRY_COMPARE(m_host->store()->tokens().size(), 1);
        make();
        QVERIFY(!m_host->start());
        QCOMPARE(count("held_key_idle"), 1);
    }

    void holdsAKeyThatIsKeptElsewhere()
    {
        make();
        m_host->holdKey(Secret("sk-kept-hunter2"));
        QVERIFY(m_host->holdsKey());
        QVERIFY(!m_host->start());
        QCOMPARE(m_host->relay().settings().openaiApiKey, u"sk-kept-hunter2"_s);
        m_host->holdKey(Secret("sk-other-hunter2"));
        QCOMPARE(m_host->relay().settings().openaiApiKey, u"sk-other-hunter2"_s);
        // It is in no setting, whatever changes.
        QVERIFY(m_host->settings().openaiApiKey.isEmpty());
        Settings settings = m_host->settings();
        settings.maxConnections = 5;
        QVERIFY(m_host->apply(settings).isEmpty());
        QCOMPARE(m_host->relay().settings().openaiApiKey, u"sk-other-hunter2"_s);
        m_host->reload();
        QCOMPARE(m_host->relay().settings().openaiApiKey, u"sk-other-hunter2"_s);
        QFile file(m_input.file);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains("hunter2"));
        QVERIFY(!journalText().contains("hunter2"));
        m_host->holdKey({});
        QVERIFY(!m_host->holdsKey());
        QVERIFY(m_host->relay().settings().openaiApiKey.isEmpty());
    }

    void aKeyOfTheSettingsCountsFirst()
    {
        m_input.environment.insert(u"OPENAI_API_KEY"_s, u"sk-named"_s);
        make();
        m_host->holdKey(Secret("sk-kept"));
        QVERIFY(!m_host->start());
        QCOMPARE(m_host->relay().settings().openaiApiKey, u"sk-named"_s);
    }

    void followsTheFileOfTheKey()
    {
        QFile key(path(u"key"_s));
        QVERIFY(key.open(QIODevice::WriteOnly) && key.write("sk-first") > 0);
        key.close();
        QVERIFY(key.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        m_input.environment.insert(u"OPENAI_API_KEY_FILE"_s, key.fileName());
        make();
        QVERIFY(m_host->holdsKey());
        QVERIFY(!m_host->start());
        QVERIFY(key.open(QIODevice::WriteOnly) && key.write("no key") > 0);
        key.close();
        QTRY_COMPARE(count("reload_refused"), 1);
        QCOMPARE(m_host->loaded().problems.first().key, QByteArray("openaiApiKeyFile"));
        QVERIFY(key.open(QIODevice::WriteOnly) && key.write("sk-next") > 0);
        key.close();
        QTRY_COMPARE(count("reloaded"), 1);
        QVERIFY(m_host->loaded().problems.isEmpty());
    }

    void aSmallerBudgetIsTheSmallerOneOfCallsThatRun()
    {
        const QString url = "sqlite:"_L1 + path(u"store.sqlite"_s);
        m_input.environment.insert(u"OPENAI_API_KEY"_s, u"sk-hunter2-hunter2"_s);
        m_input.environment.insert(u"STORE_URL"_s, url);
        m_input.defaults.budgetUsdADay = u"80"_s;
        make();
        QVERIFY(!m_host->start());
        const auto desk = TokenDesk::open(url);
        AccessTerms terms;
        terms.name = u"demo"_s;
        const auto added = std::get<std::unique_ptr<TokenDesk>>(desk)->add(terms);
        QTRY_COMPARE(m_host->store()->tokens().size(), 1);
        const auto call = open(std::get<Store::NewToken>(added).token.reveal());
        QCOMPARE(call->state(), QAbstractSocket::ConnectedState);
        Database store(std::get<StoreUrl>(parseStoreUrl(url)), Database::For::Reading);
        QVERIFY(!store.open());
        const auto granted = [&store] {
            const auto rows = store.select(u"SELECT SUM(granted) FROM rr_slice"_s);
            return rows && !rows->isEmpty() ? rows->first().first().toLongLong() / 1'000'000'000'000 : -1;
        };
        QTRY_COMPARE(granted(), 10); // dollars: an eighth
        Settings settings = m_host->settings();
        settings.budgetUsdADay = u"2"_s;
        QVERIFY(m_host->apply(settings).isEmpty());
        QTRY_COMPARE(granted(), 2);
    }

    void whatADemoKeepsGoesWithIt()
    {
        m_input.defaults.storeUrl = "sqlite:"_L1 + path(u"store.sqlite"_s);
        make();
        QVERIFY(!m_host->startDemo());
        QVERIFY(!m_host->start());
        QVERIFY(m_host->store());
        const QString file = m_host->settings().storeUrl.sliced(7);
        QVERIFY(QFile::exists(file));
        QVERIFY(!QFile::exists(path(u"store.sqlite"_s)));
        m_host.reset();
        QVERIFY(!QFile::exists(file));
    }

    // Changes from outside

    void takesWhatChangesInTheFile_data()
    {
        QTest::addColumn<bool>("replaced");
        QTest::newRow("written in place") << false;
        QTest::newRow("replaced by another") << true;
    }
    void takesWhatChangesInTheFile()
    {
        QFETCH(bool, replaced);
        make();
        QVERIFY(!m_host->start());
        const auto call = open();
        QSignalSpy reloading(m_host.get(), &Host::reloading);
        QSignalSpy settings(m_host.get(), &Host::settingsChanged);
        QSignalSpy application(m_host.get(), &Host::applicationChanged);
        for (int wanted : {7, 8}) {
            write(jsonOf({{"maxConnections"_L1, wanted},
                      {applicationKey, QJsonObject{{"language"_L1, "de"_L1}}}}),
                replaced);
            QTRY_COMPARE(m_host->relay().settings().maxConnections, wanted);
            QCOMPARE(m_host->settings().maxConnections, wanted);
            QCOMPARE(m_host->loaded().application.value("language"_L1).toString(), u"de"_s);
        }
        QCOMPARE(count("reloaded"), 2);
        QCOMPARE(reloading.size(), 2);
        QCOMPARE(settings.size(), 2);
        QCOMPARE(application.size(), 2);
        QCOMPARE(call->state(), QAbstractSocket::ConnectedState);
    }

    void aBrokenFileChangesNothingUntilItIsMended()
    {
        write(R"({"maxConnections": 7})");
        make();
        QVERIFY(!m_host->start());
        const auto call = open();
        write(R"({"maxConnections": 8, "none": 1})");
        QTRY_COMPARE(count("reload_refused"), 1);
        QCOMPARE(m_host->loaded().problems.size(), 1);
        QCOMPARE(m_host->settings().maxConnections, 7);
        QCOMPARE(m_host->relay().settings().maxConnections, 7);
        QVERIFY(!m_host->lastError()); // it runs
        QCOMPARE(count("reloaded"), 0);
        write(R"({"maxConnections": 8})");
        QTRY_COMPARE(m_host->relay().settings().maxConnections, 8);
        QVERIFY(m_host->loaded().problems.isEmpty());
        QCOMPARE(call->state(), QAbstractSocket::ConnectedState);
    }

    void whileStoppedItIsReadForTheNextStart()
    {
        make();
        write(R"({"maxConnections": 0})");
        QTRY_VERIFY(m_host->lastError());
        write(R"({"maxConnections": 7})");
        QTRY_COMPARE(m_host->settings().maxConnections, 7);
        QVERIFY(!m_host->lastError());
        QVERIFY(!m_host->start());
    }

    void whileStoppingItIsTakenToo()
    {
        make();
        QVERIFY(!m_host->start());
        const auto call = open();
        m_host->drain();
        write(R"({"maxConnections": 7})");
        QTRY_COMPARE(m_host->settings().maxConnections, 7);
        QCOMPARE(m_host->relay().state(), RelayState::Draining);
        QCOMPARE(call->state(), QAbstractSocket::ConnectedState);
    }

    void aPortThatIsTakenLeavesTheOldOne()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        make();
        QVERIFY(!m_host->start());
        const quint16 port = m_host->relay().port();
        write(jsonOf({{"port"_L1, other.serverPort()}}));
        QTRY_COMPARE(count("reload_refused"), 1);
        QCOMPARE(m_host->relay().port(), port);
        QCOMPARE(m_host->loaded().problems.size(), 1);
        QCOMPARE(m_host->loaded().problems.first().key, QByteArray("port"));
        QVERIFY(!m_host->loaded().problems.first().ofValue.isEmpty()); // so that it is shown beside the field
        QCOMPARE(open()->state(), QAbstractSocket::ConnectedState);
        other.close();
        m_host->reload();
        QCOMPARE(m_host->relay().port(), m_host->settings().port);
        QVERIFY(m_host->relay().port() != port);
        QVERIFY(m_host->loaded().problems.isEmpty());
    }

    void takesARenewedCertificate_data()
    {
        QTest::addColumn<QByteArray>("meanwhile"); // in the settings file
        QTest::newRow("all is well") << QByteArray();
        QTest::newRow("the settings file is broken") << QByteArray("not JSON");
    }
    void takesARenewedCertificate()
    {
        QFETCH(QByteArray, meanwhile);
        useCertificate(TestCertificate());
        write(tlsSettings());
        make();
        QVERIFY(!m_host->start());
        const auto call = open();
        if (!meanwhile.isEmpty()) {
            write(meanwhile);
            QTRY_VERIFY(count("reload_refused") > 0);
        }
        const TestCertificate renewed;
        useCertificate(renewed);
        QTRY_COMPARE(shownCertificate(), QSslCertificate::fromPath(renewed.certFile()).first());
        QCOMPARE(call->state(), QAbstractSocket::ConnectedState);
    }

    void aCertificateThatDoesNotFitIsNotTaken()
    {
        const TestCertificate first;
        const TestCertificate second;
        useCertificate(first);
        write(tlsSettings());
        make();
        QVERIFY(!m_host->start());
        copy(second.certFile(), u"cert.pem"_s);
        QTRY_COMPARE(count("reload_refused"), 1);
        QCOMPARE(shownCertificate(), QSslCertificate::fromPath(first.certFile()).first());
        QCOMPARE(m_host->loaded().problems.first().key, QByteArray("tlsKeyFile"));
        copy(second.keyFile(), u"key.pem"_s);
        QTRY_COMPARE(count("reloaded"), 1);
        QCOMPARE(shownCertificate(), QSslCertificate::fromPath(second.certFile()).first());
        QVERIFY(m_host->loaded().problems.isEmpty());
    }

    void waitsForACertificateThatIsStillToCome()
    {
        make();
        QVERIFY(!m_host->start());
        write(tlsSettings());
        QTRY_VERIFY(count("reload_refused") > 0);
        QVERIFY(!m_host->relay().snapshot().tls);
        useCertificate(TestCertificate());
        QTRY_VERIFY(m_host->relay().snapshot().tls);
        QVERIFY(m_host->loaded().problems.isEmpty());
    }

    void theJournalFollows()
    {
        make();
        QVERIFY(!m_host->start());
        QVERIFY(!m_journal->wants(LogLevel::Debug));
        write(R"({"debug": true, "logLevel": "error"})");
        QTRY_VERIFY(m_journal->wants(LogLevel::Debug));
        Settings settings = m_host->settings();
        settings.debug = false;
        QVERIFY(m_host->apply(settings).isEmpty());
        QVERIFY(!m_journal->wants(LogLevel::Warning));
    }

    // Changes from inside

    void appliesAndSavesWithoutDroppingACall()
    {
        make();
        QVERIFY(!m_host->start());
        const auto call = open();
        Settings settings = m_host->settings();
        settings.allowedOrigins = {u"https://app.example.org"_s};
        settings.maxConnections = 5;
        QSignalSpy changed(m_host.get(), &Host::settingsChanged);
        QVERIFY(m_host->apply(settings).isEmpty());
        QCOMPARE(changed.size(), 1);
        QCOMPARE(m_host->relay().settings().maxConnections, 5);
        QCOMPARE(call->state(), QAbstractSocket::ConnectedState);
        QCOMPARE(saved().value("maxConnections"_L1).toInt(), 5);
        // What the command line says stays out of the file.
        QVERIFY(!saved().contains("upstreamUrl"_L1));
        QCOMPARE(
            QFile::permissions(m_input.file) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    }

    void whatItWroteItselfIsNoChange()
    {
        make();
        QVERIFY(!m_host->start());
        QSignalSpy reloading(m_host.get(), &Host::reloading);
        // Tells later than the host's own watch would.
        FileWatcher watcher({m_input.file}, nullptr, std::chrono::milliseconds(400));
        QSignalSpy changed(&watcher, &FileWatcher::changed);
        Settings settings = m_host->settings();
        settings.maxConnections = 5;
        QVERIFY(m_host->apply(settings).isEmpty());
        QTRY_COMPARE(changed.size(), 1);
        QVERIFY(!m_host->saveApplication({{"language"_L1, "de"_L1}}));
        QTRY_COMPARE(changed.size(), 2);
        QCOMPARE(reloading.size(), 0);
        QCOMPARE(saved().value(applicationKey).toObject().value("language"_L1).toString(), u"de"_s);
        write(R"({"maxConnections": 6})");
        QTRY_COMPARE(m_host->settings().maxConnections, 6);
        QCOMPARE(reloading.size(), 1);
    }

    void whatOthersWroteJustBeforeIsTakenToo()
    {
        make();
        QVERIFY(!m_host->start());
        write(R"({"maxConnections": 6})");
        QVERIFY(!m_host->saveApplication({{"language"_L1, "de"_L1}}));
        QTRY_COMPARE(m_host->relay().settings().maxConnections, 6);
    }

    void aRejectedChangeChangesNothing()
    {
        make();
        QVERIFY(!m_host->start());
        Settings settings = m_host->settings();
        settings.maxConnections = 0;
        settings.allowedOrigins = {u"not an origin"_s};
        const auto problems = m_host->apply(settings);
        QCOMPARE(problems.size(), 2);
        QCOMPARE(problems[0].key, QByteArray("allowedOrigins"));
        QCOMPARE(problems[1].key, QByteArray("maxConnections"));
        QCOMPARE(m_host->settings().maxConnections, Settings().maxConnections);
        QVERIFY(saved().isEmpty());
    }

    void certificatesAreReadBeforeTheRelayRuns()
    {
        const TestCertificate certificate;
        const TestCertificate other;
        make();
        Settings settings = m_host->settings();
        settings.tlsCertFile = certificate.certFile();
        settings.tlsKeyFile = other.keyFile();
        const auto problems = m_host->apply(settings);
        QCOMPARE(problems.size(), 1);
        QCOMPARE(problems.first().key, QByteArray("tlsKeyFile"));
        QVERIFY(m_host->settings().tlsCertFile.isEmpty());
        QVERIFY(saved().isEmpty());
        settings.tlsKeyFile = certificate.keyFile();
        QVERIFY(m_host->apply(settings).isEmpty());
        QVERIFY(!m_host->start());
    }

    void whatCannotBeSavedIsNotInForce_data()
    {
        QTest::addColumn<bool>("broken");
        QTest::newRow("the file is not JSON") << true;
        QTest::newRow("there can be no file") << false;
    }
    void whatCannotBeSavedIsNotInForce()
    {
        QFETCH(bool, broken);
        make();
        QVERIFY(!m_host->start());
        if (broken) {
            write("not JSON");
        } else { // a folder that nobody can write into, not even root
            QFile::remove(m_input.file);
            QVERIFY(QDir().mkpath(m_input.file));
        }
        Settings settings = m_host->settings();
        settings.maxConnections = 5;
        QCOMPARE(m_host->apply(settings).size(), 1);
        QCOMPARE(m_host->relay().settings().maxConnections, Settings().maxConnections);
        QCOMPARE(m_host->settings().maxConnections, Settings().maxConnections);
        QVERIFY(m_host->saveApplication({{"language"_L1, "de"_L1}}));
        QVERIFY(!m_host->loaded().application.contains("language"_L1));
    }

    void whatIsFixedFromOutsideStays()
    {
        m_input.arguments += {u"--max-connections"_s, u"9"_s};
        make();
        QVERIFY(m_host->isFixed(*findSetting(u"maxConnections")));
        Settings settings = m_host->settings();
        settings.maxConnections = 5;
        settings.maxConnectionsPerIp = 3;
        QVERIFY(m_host->apply(settings).isEmpty());
        QCOMPARE(m_host->settings().maxConnections, 9);
        QCOMPARE(m_host->settings().maxConnectionsPerIp, 3);
        QVERIFY(!saved().contains("maxConnections"_L1));
    }

    void setsAWrongFileAside_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("maxConnections");
        QTest::newRow("no JSON") << QByteArray("not JSON") << Settings().maxConnections;
        QTest::newRow("empty") << QByteArray() << Settings().maxConnections;
        QTest::newRow("no setting") << QByteArray(
            R"({"maxConnections": 7, "none": 1, "application": {"keepAwake": false}})")
                                    << 7;
    }
    void setsAWrongFileAside()
    {
        QFETCH(QByteArray, content);
        QFETCH(int, maxConnections);
        write(content);
        make();
        QVERIFY(!m_host->loaded().problems.isEmpty());
        const QJsonObject application = m_host->loaded().application;
        QVERIFY(!m_host->setFileAside());
        QVERIFY(m_host->loaded().problems.isEmpty());
        QVERIFY(!m_host->lastError());
        QFile aside(m_input.file + u".bad"_s);
        QVERIFY(aside.open(QIODevice::ReadOnly));
        QCOMPARE(aside.readAll(), content);
        QVERIFY(!m_host->start());
        QCOMPARE(m_host->settings().maxConnections, maxConnections);
        QCOMPARE(m_host->loaded().application, application);

        // A second one does not replace the first; that it has turned wrong is told when saving.
        write("wrong again");
        Settings settings = m_host->settings();
        settings.maxConnectionsPerIp = 3;
        QCOMPARE(m_host->apply(settings).size(), 1);
        QCOMPARE(m_host->loaded().problems.size(), 1);
        QVERIFY(!m_host->setFileAside());
        QVERIFY(QFile::exists(m_input.file + u".bad2"_s));
        QCOMPARE(m_host->settings().maxConnections, maxConnections);
        QVERIFY(m_host->apply(settings).isEmpty());
        make();
        QVERIFY(m_host->loaded().problems.isEmpty());
        QCOMPARE(m_host->settings().maxConnections, maxConnections);
        QCOMPARE(m_host->settings().maxConnectionsPerIp, 3);
    }

private:
    void make()
    {
        m_host.reset();
        m_host = std::make_unique<Host>(*m_journal, m_input);
    }

    QString path(const QString &name) const { return m_folder->filePath(name); }

    void write(const QByteArray &content, bool replaced = false) const
    {
        QFile file(replaced ? path(u"new.json"_s) : m_input.file);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        if (replaced) {
            QFile::remove(m_input.file);
            QVERIFY(file.rename(m_input.file));
        }
    }

    QJsonObject saved() const { return readSettingsFile(m_input.file).content; }

    QByteArray tlsSettings() const
    {
        return jsonOf({{"tlsCertFile"_L1, path(u"cert.pem"_s)}, {"tlsKeyFile"_L1, path(u"key.pem"_s)}});
    }

    void useCertificate(const TestCertificate &certificate) const
    {
        copy(certificate.keyFile(), u"key.pem"_s);
        copy(certificate.certFile(), u"cert.pem"_s);
    }

    void copy(const QString &from, const QString &to) const
    {
        QFile::remove(path(to));
        QVERIFY(QFile::copy(from, path(to)));
    }

    /// What a client sees that comes now.
    QSslCertificate shownCertificate() const
    {
        QSslSocket client;
        client.setPeerVerifyMode(QSslSocket::VerifyNone);
        client.connectToHostEncrypted(u"127.0.0.1"_s, m_host->relay().port());
        QSignalSpy(&client, &QSslSocket::encrypted).wait(30'000);
        return client.peerCertificate();
    }

    int count(const QByteArray &event) const
    {
        const auto entries = m_journal->entriesAfter(0);
        return int(std::count_if(entries.cbegin(), entries.cend(),
            [&event](const JournalEntry &entry) { return entry.event == event; }));
    }

    /// All that the journal says, with every field.
    QByteArray journalText() const
    {
        QByteArray text;
        const auto entries = m_journal->entriesAfter(0);
        for (const JournalEntry &entry : entries) {
            text += entry.event + ' ' + plain(entry.message).toUtf8();
            for (const auto &[name, value] : entry.fields)
                text += ' ' + name + '=' + value.toString().toUtf8();
            text += '\n';
        }
        return text;
    }

    /// A call that has heard its first event, or was refused.
    std::unique_ptr<QWebSocket> open(const QByteArray &key = "sk-test-0123456789") const
    {
        auto socket = std::make_unique<QWebSocket>();
        const QString scheme = m_host->relay().snapshot().tls ? u"wss"_s : u"ws"_s;
        QNetworkRequest request(
            QUrl(u"%1://127.0.0.1:%2/realtime?model=gpt-realtime"_s.arg(scheme).arg(m_host->relay().port())));
        request.setRawHeader("Authorization", "Bearer " + key);
        connect(socket.get(), &QWebSocket::sslErrors, socket.get(),
            [client = socket.get()] { client->ignoreSslErrors(); });
        QSignalSpy received(socket.get(), &QWebSocket::textMessageReceived);
        socket->open(request);
        received.wait(30'000);
        return socket;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SimulatorServer> m_simulator;
    std::unique_ptr<Journal> m_journal;
    SettingsInput m_input;
    std::unique_ptr<Host> m_host;
};

RELAY_TEST(tst_Host)
#include "tst_host.moc"
