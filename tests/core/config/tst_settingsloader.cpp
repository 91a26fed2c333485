// SPDX-License-Identifier: MIT
#include "core/config/settingsloader.h"
#include "core/config/settingvalue.h"
#include "tests/support/relaytest.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;
using namespace rr;

class TestSettingsLoader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_input = {}; }

    void precedence_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("environment");
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("port");
        QTest::addColumn<SettingSource>("source");
        const QByteArray file = "{\"port\":1}";
        const QStringList arguments{u"--port"_s, u"3"_s};
        QTest::newRow("default") << "{}"_ba << QString() << QStringList() << 8080 << SettingSource::Default;
        QTest::newRow("file") << file << QString() << QStringList() << 1 << SettingSource::File;
        QTest::newRow("environment") << file << u"2"_s << QStringList() << 2 << SettingSource::Environment;
        QTest::newRow("command line") << file << u"2"_s << arguments << 3 << SettingSource::CommandLine;
        QTest::newRow("blank environment") << file << u" "_s << QStringList() << 1 << SettingSource::File;
    }

    void precedence()
    {
        QFETCH(QByteArray, file);
        QFETCH(QString, environment);
        QFETCH(QStringList, arguments);
        put(file);
        m_input.environment.insert(u"PORT"_s, environment);
        m_input.environment.insert(u"NODE_ENV"_s, u"production"_s);
        m_input.arguments = arguments;
        const LoadedSettings loaded = loadSettings(m_input);
        QCOMPARE(messages(loaded), QStringList());
        QTEST(int(loaded.settings.port), "port");
        QTEST(loaded.sources.value(findSetting(u"port")), "source");
        QCOMPARE(loaded.sources.value(findSetting(u"host")), SettingSource::Default);
    }

    void prefixedVariableCountsFirst_data()
    {
        QTest::addColumn<QString>("bare");
        QTest::addColumn<QString>("prefixed");
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("port");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("alone") << QString() << u"3"_s << QStringList() << 3 << "RELAY_PORT"_ba;
        QTest::newRow("before the bare one") << u"2"_s << u"3"_s << QStringList() << 3 << "RELAY_PORT"_ba;
        QTest::newRow("empty") << u"2"_s << QString() << QStringList() << 2 << "PORT"_ba;
        QTest::newRow("command line") << u"2"_s << u"3"_s << QStringList{u"--port=4"_s} << 4 << "--port"_ba;
        QTest::newRow("quotes") << QString() << u" \"3\" "_s << QStringList() << 3 << "RELAY_PORT"_ba;
    }

    void prefixedVariableCountsFirst()
    {
        QFETCH(QString, bare);
        QFETCH(QString, prefixed);
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, name);
        put("{\"port\":1}");
        m_input.environment.insert(u"PORT"_s, bare);
        m_input.environment.insert(u"RELAY_PORT"_s, prefixed);
        m_input.arguments = arguments;
        const LoadedSettings loaded = loadSettings(m_input);
        QCOMPARE(messages(loaded), QStringList());
        QCOMPARE(warningsOf(loaded), QStringList());
        QTEST(int(loaded.settings.port), "port");
        const SettingSpec *spec = findSetting(u"port");
        QCOMPARE(settingName(*spec, loaded.sources.value(spec)), name);
    }

    void everySettingHasItsPrefixedVariable()
    {
        for (const SettingSpec &spec : settingsTable()) {
            const QString name = QString::fromLatin1(settingName(spec, SettingSource::PrefixedEnvironment));
            QCOMPARE(findSetting(name), &spec);
            SettingsInput input;
            input.environment.insert(name, u"\x1b nothing that any setting is, http://"_s);
            const LoadedSettings loaded = loadSettings(input);
            QCOMPARE(loaded.problems.size() + (loaded.sources.contains(&spec) ? 1 : 0), 1);
            for (const SettingProblem &problem : loaded.problems)
                QCOMPARE(problem.key, name.toLatin1());
        }
    }

    /// Each row: what is wrong, and what overrides it; the last without that.
    void overriddenValueOnlyWarns_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("bare");
        QTest::addColumn<QString>("prefixed");
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("warns"); ///< the beginning and the end of each
        QTest::addColumn<int>("port");
        const QStringList none;
        const QStringList option{u"--port"_s, u"5"_s};
        const QString byOption = u"It does not count, for --port overrides it."_s;
        QTest::newRow("file under environment")
            << "{\"port\":99999}"_ba << u"2"_s << QString() << none
            << QStringList{u"port in "_s, u"for PORT overrides it."_s} << 2;
        QTest::newRow("file under prefixed variable")
            << "{\"port\":99999}"_ba << QString() << u"3"_s << none
            << QStringList{u"port in "_s, u"for RELAY_PORT overrides it."_s} << 3;
        QTest::newRow("file under option") << "{\"port\":99999}"_ba << QString() << QString() << option
                                           << QStringList{u"port in "_s, byOption} << 5;
        QTest::newRow("environment under option") << "{}"_ba << u"x"_s << QString() << option
                                                  << QStringList{u"PORT: \"x\" is refused"_s, byOption} << 5;
        QTest::newRow("bare under prefixed variable")
            << "{}"_ba << u"x"_s << u"3"_s << none
            << QStringList{u"PORT: \"x\""_s, u"for RELAY_PORT overrides it."_s} << 3;
        QTest::newRow("all under option") << "{\"port\":\"a\"}"_ba << u"b"_s << u"c"_s << option
                                          << QStringList{u"port in "_s, byOption, u"PORT: \"b\""_s, byOption,
                                                 u"RELAY_PORT: \"c\""_s, byOption}
                                          << 5;
        QTest::newRow("option under option")
            << "{}"_ba << QString() << QString() << QStringList{u"--port=x"_s, u"--port=5"_s}
            << QStringList{u"--port: \"x\""_s, byOption} << 5;
    }

    void overriddenValueOnlyWarns()
    {
        QFETCH(QByteArray, file);
        QFETCH(QString, bare);
        QFETCH(QString, prefixed);
        QFETCH(QStringList, arguments);
        QFETCH(QStringList, warns);
        put(file);
        m_input.environment.insert(u"PORT"_s, bare);
        m_input.environment.insert(u"RELAY_PORT"_s, prefixed);
        m_input.arguments = arguments;
        const LoadedSettings loaded = loadSettings(m_input);
        QCOMPARE(messages(loaded), QStringList());
        const QStringList found = warningsOf(loaded);
        QCOMPARE(found.size() * 2, warns.size());
        for (qsizetype i = 0; i < found.size(); ++i) {
            QVERIFY2(found[i].startsWith(warns[2 * i]), qPrintable(found[i]));
            QVERIFY2(found[i].endsWith(warns[2 * i + 1]), qPrintable(found[i]));
        }
        QTEST(int(loaded.settings.port), "port");
    }

    void wrongValueAboveARightOneIsAProblem()
    {
        put("{\"port\":1}");
        m_input.environment.insert(u"PORT"_s, u"2"_s);
        m_input.environment.insert(u"RELAY_PORT"_s, u"x"_s);
        const LoadedSettings loaded = loadSettings(m_input);
        QCOMPARE(loaded.problems.size(), 1);
        QCOMPARE(loaded.problems[0].key, "RELAY_PORT"_ba);
        QCOMPARE(loaded.problems[0].source, SettingSource::PrefixedEnvironment);
        QCOMPARE(int(loaded.settings.port), 2);
    }

    void overriddenConflictIsNone()
    {
        put("{\"bufferBudgetBytes\":5000}");
        m_input.arguments = QStringList{u"--buffer-budget-bytes=67108864"_s};
        QCOMPARE(messages(loadSettings(m_input)), QStringList());
    }

    void othersVariablesArePassedOver_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("instead");
        QTest::newRow("conda") << u"HOST"_s << u"x86_64-conda-linux-gnu"_s << u"RELAY_HOST"_s;
        QTest::newRow("Node.js") << u"DEBUG"_s << u"express:*"_s << u"RELAY_DEBUG"_s;
        QTest::newRow("Kubernetes") << u"RELAY_PORT"_s << u"tcp://10.43.0.7:80"_s << u"--port"_s;
    }

    void othersVariablesArePassedOver()
    {
        QFETCH(QString, name);
        QFETCH(QString, value);
        QFETCH(QString, instead);
        m_input.environment.insert(name, value);
        LoadedSettings loaded = loadSettings(m_input);
        QCOMPARE(messages(loaded), QStringList());
        QVERIFY(loaded.settings == Settings());
        QVERIFY(loaded.sources.isEmpty());
        QCOMPARE(loaded.warnings.size(), 1);
        const QString warning = plain(loaded.warnings[0]);
        for (const QString &part : {name, value, u"passed over"_s, instead, u"or unset "_s + name})
            QVERIFY2(warning.contains(part), qPrintable(warning));

        // Who does what it says hears no more of it.
        const SettingSpec *spec = findSetting(name);
        const QString right = settingText(Settings(), *spec);
        if (instead.startsWith(u'-'))
            m_input.arguments = QStringList{instead, right};
        else
            m_input.environment.insert(instead, right);
        loaded = loadSettings(m_input);
        QCOMPARE(warningsOf(loaded), QStringList());
        QVERIFY(loaded.settings == Settings());
    }

    void othersVariableLeavesTheFile()
    {
        put("{\"host\":\"127.0.0.7\"}");
        m_input.environment.insert(u"HOST"_s, u"build-box"_s);
        const LoadedSettings loaded = loadSettings(m_input);
        QCOMPARE(loaded.settings.host, u"127.0.0.7"_s);
        QCOMPARE(loaded.warnings.size(), 1);
    }

    void misspeltAddressIsAProblem()
    {
        m_input.environment.insert(u"HOST"_s, u"127.0.0.l"_s);
        QCOMPARE(loadSettings(m_input).problems.size(), 1);
    }

    void strayVariableIsToldOf()
    {
        m_input.environment.insert(u"RELAY_PROT"_s, u"sk-hunter2"_s);
        const LoadedSettings loaded = loadSettings(m_input);
        QCOMPARE(messages(loaded), QStringList());
        QCOMPARE(warningsOf(loaded),
            QStringList{
                u"The environment variable RELAY_PROT is not a setting and is passed over. Is RELAY_PORT "
                "meant?"_s});
    }

    void unknownFormInNoProxyIsToldOf()
    {
        m_input.environment.insert(u"NO_PROXY"_s, u"localhost,10.*"_s);
        QCOMPARE(warningsOf(loadSettings(m_input)), QStringList()); // there is no proxy
        m_input.environment.insert(u"HTTPS_PROXY"_s, u"http://p:1"_s);
        QStringList warnings = warningsOf(loadSettings(m_input));
        QCOMPARE(warnings.size(), 1);
        QVERIFY2(warnings[0].startsWith("NO_PROXY has \"10.*\""_L1), qPrintable(warnings[0]));
        m_input.environment.insert(u"UPSTREAM_PROXY"_s, u"http://q:1"_s); // for which NO_PROXY is not
        QCOMPARE(warningsOf(loadSettings(m_input)), QStringList());
    }

    void repeatedKeyIsToldOf()
    {
        put("{\"port\":1, \"debug\": true, \"port\":2}");
        const LoadedSettings loaded = loadSettings(m_input);
        QCOMPARE(int(loaded.settings.port), 2);
        QCOMPARE(warningsOf(loaded),
            QStringList{u"port stands more than once in %1: the last one counts."_s.arg(m_input.file)});
    }

    void unknownKeysCannotSteerATerminal()
    {
        put("{\"\\u001b[2J\\nx\":1}");
        m_input.arguments = QStringList{u"--\x1b[2J"_s};
        for (const QString &message : messages(loadSettings(m_input))) {
            for (const QChar c : message)
                QVERIFY2(c.isPrint(), qPrintable(message));
        }
    }

    void patternOpenToStrangersIsToldOf_data()
    {
        QTest::addColumn<QString>("origin");
        QTest::addColumn<bool>("warns");
        QTest::newRow("own domain") << u"https://*.example.org"_s << false;
        QTest::newRow("one page") << u"https://my-app.vercel.app"_s << false;
        QTest::newRow("everybody's") << u"https://*.vercel.app"_s << true;
        QTest::newRow("whoever names it so") << u"https://app-*-team.vercel.app"_s << true;
        QTest::newRow("below one's own name") << u"https://*.my-app.vercel.app"_s << false;
        QTest::newRow("a country's") << u"https://*.co.uk"_s << true;
    }

    void patternOpenToStrangersIsToldOf()
    {
        QFETCH(QString, origin);
        QFETCH(bool, warns);
        m_input.environment.insert(u"ALLOWED_ORIGINS"_s, origin);
        const LoadedSettings loaded = loadSettings(m_input);
        QCOMPARE(messages(loaded), QStringList());
        QCOMPARE(loaded.warnings.size(), warns ? 1 : 0);
        QVERIFY(!warns || plain(loaded.warnings[0]).contains(origin));
    }

    void defaultsAreGiven()
    {
        m_input.defaults.host = u"127.0.0.1"_s;
        m_input.environment.insert(u"ALLOWED_ORIGINS"_s, QString());
        QVERIFY(loadSettings(m_input).settings == m_input.defaults);
    }

    void arguments_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("debug");
        QTest::newRow("two words") << QStringList{u"--host"_s, u"::1"_s} << u"::1"_s << false;
        QTest::newRow("equals") << QStringList{u"--host=::1"_s} << u"::1"_s << false;
        QTest::newRow("the last one") << QStringList{u"--host=::1"_s, u"--host=::"_s} << u"::"_s << false;
        QTest::newRow("switch") << QStringList{u"--debug"_s, u"--host=::"_s} << u"::"_s << true;
        QTest::newRow("switch off") << QStringList{u"--debug"_s, u"--debug=off"_s} << u"0.0.0.0"_s << false;
    }

    void arguments()
    {
        QFETCH(QStringList, arguments);
        m_input.arguments = arguments;
        const LoadedSettings loaded = loadSettings(m_input);
        QCOMPARE(messages(loaded), QStringList());
        QTEST(loaded.settings.host, "host");
        QTEST(loaded.settings.debug, "debug");
    }

    void noKeyStandsOnTheCommandLine()
    {
        const QString key = u"sk-0123456789"_s;
        for (const QStringList &arguments :
            {QStringList{u"--openai-api-key"_s, key}, QStringList{u"--openai-api-key="_s + key}}) {
            m_input.arguments = arguments;
            const LoadedSettings loaded = loadSettings(m_input);
            QCOMPARE(messages(loaded),
                QStringList{
                    u"--openai-api-key: on the command line everybody on this machine would read it. Set the "
                    "environment variable OPENAI_API_KEY, or OPENAI_API_KEY_FILE to the path of a file with it."_s});
            QCOMPARE(loaded.settings.openaiApiKey, QString());
        }
        m_input.environment.insert(u"OPENAI_API_KEY"_s, key);
        m_input.arguments = QStringList{u"--openai-api-key="_s}; // holds none
        QCOMPARE(messages(loadSettings(m_input)), QStringList());
        QCOMPARE(loadSettings(m_input).settings.openaiApiKey, QString());
    }

    void secretsOnTheCommandLineAreWarnedOf_data()
    {
        QTest::addColumn<QString>("argument");
        QTest::addColumn<QString>("variable");
        QTest::newRow("token") << u"--stats-token=hunter2hunter2hunter2"_s << u"STATS_TOKEN"_s;
        QTest::newRow("store") << u"--store-url=postgresql://a:hunter2@h/d"_s << u"STORE_URL"_s;
        QTest::newRow("proxy") << u"--upstream-proxy=http://a:hunter2@h:1"_s << u"UPSTREAM_PROXY"_s;
        QTest::newRow("no password") << u"--upstream-proxy=http://h:1"_s << QString();
        QTest::newRow("a file") << u"--store-url=sqlite:/a@b"_s << QString();
    }

    void secretsOnTheCommandLineAreWarnedOf()
    {
        QFETCH(const QString, argument);
        QFETCH(const QString, variable);
        m_input.arguments = QStringList{argument};
        const LoadedSettings loaded = loadSettings(m_input);
        QCOMPARE(messages(loaded), QStringList());
        QCOMPARE(loaded.warnings.size(), variable.isEmpty() ? 0 : 1);
        if (!variable.isEmpty()) {
            const QString warning = plain(loaded.warnings[0]);
            QVERIFY2(warning.startsWith(argument.section(u'=', 0, 0)), qPrintable(warning));
            QVERIFY2(warning.contains(variable), qPrintable(warning));
            QVERIFY2(!warning.contains("hunter2"_L1), qPrintable(warning));
        }
    }

    void emptyOptionClears()
    {
        m_input.environment.insert(u"UPSTREAM_PROXY"_s, u"http://h:1"_s);
        m_input.arguments = QStringList{u"--upstream-proxy="_s, u"--allowed-origins"_s, QString()};
        const LoadedSettings loaded = loadSettings(m_input);
        QCOMPARE(messages(loaded), QStringList());
        QCOMPARE(loaded.settings.upstreamProxy, QString());
        QCOMPARE(loaded.settings.allowedOrigins, QStringList());
    }

    void everyProblemAtOnce()
    {
        put("{\"port\":70000,\"MAX_CONNECTIONS\":1,\"colour\":1,\"host\":\"::1\","
            "\"application\":{\"a\":1}}");
        m_input.environment.insert(u"HEARTBEAT_INTERVAL"_s, u"30"_s);
        m_input.environment.insert(u"UPSTREAM_PROXY"_s, u"ftp://u:hunter2@h:1"_s);
        m_input.arguments = QStringList{
            u"--log-level=loud"_s, u"--prot=hunter2"_s, u"hunter2"_s, u"--workers"_s, u"--host"_s};
        const LoadedSettings loaded = loadSettings(m_input);
        const QString in = " in "_L1 + m_input.file;
        const QStringList expected{
            u"MAX_CONNECTIONS%1 is not a setting: write maxConnections."_s.arg(in),
            u"colour%1 is not a setting: remove it or see --help."_s.arg(in),
            u"port%1: \"70000\" is refused: it is too large. Allowed: 0 (any free port), or 1 to 65535."_s
                .arg(in),
            u"UPSTREAM_PROXY: the value is refused: its scheme is neither http:// nor socks5://. Allowed: "
            "http://HOST:PORT or socks5://HOST:PORT, with USER:PASSWORD@ before the host if needed, or "
            "empty."_s,
            u"HEARTBEAT_INTERVAL: \"30\" is refused: it is too small. Allowed: 0 (no heartbeat), or 100 "
            "to 86400000 milliseconds."_s,
            u"--log-level: \"loud\" is refused: it is none of the choices. Allowed: debug, info, warning "
            "or error."_s,
            u"--prot is not an option: see --help."_s,
            u"Argument 3 is not an option: a value follows its option (--port 8080) or its \"=\" "
            "(--debug=false)."_s,
            u"--workers: the value is missing. Allowed: 0 (as many as processor cores, at most 4), or 1 to 256."_s,
            u"--host: the value is missing. Allowed: an IPv4 or IPv6 address of this machine, or "
            "localhost."_s,
        };
        QCOMPARE(messages(loaded), expected);
        QCOMPARE(loaded.problems[2].key, "port"_ba);
        QCOMPARE(loaded.problems[2].source, SettingSource::File);
        QCOMPARE(loaded.problems[4].key, "HEARTBEAT_INTERVAL"_ba);
        QCOMPARE(loaded.problems[5].key, "--log-level"_ba);

        Settings rest;
        rest.host = u"::1"_s;
        QVERIFY(loaded.settings == rest);
        QCOMPARE(loaded.application, (QJsonObject{{u"a"_s, 1}}));
    }

    void file_data()
    {
        QTest::addColumn<bool>("mustExist");
        QTest::addColumn<QStringList>("says");
        QTest::newRow("may be missing") << false << QStringList();
        QTest::newRow("must exist") << true
                                    << QStringList{u"The settings file /nonexistent.json does not exist."_s};
    }

    void file()
    {
        QFETCH(bool, mustExist);
        m_input.file = u"/nonexistent.json"_s;
        m_input.fileMustExist = mustExist;
        QTEST(messages(loadSettings(m_input)), "says");
    }

    void brokenFile()
    {
        put("{");
        const LoadedSettings loaded = loadSettings(m_input);
        QCOMPARE(loaded.problems.size(), 1);
        QVERIFY(plain(loaded.problems[0].message).contains("line 1, column 2"_L1));
        QVERIFY(loaded.problems[0].key.isEmpty());
    }

    void conflicts_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("says");
        const QString cert = "--tls-cert-file="_L1 + QStringLiteral(__FILE__);
        const QString key = "--tls-key-file="_L1 + QStringLiteral(__FILE__);
        QTest::newRow("both") << "{}"_ba << QStringList{cert, key} << QStringList();
        QTest::newRow("no key")
            << "{}"_ba << QStringList{cert}
            << QStringList{
                   u"--tls-cert-file is set, but --tls-key-file is not: set both for wss://, or neither."_s};
        QTest::newRow("no certificate")
            << "{}"_ba << QStringList{key}
            << QStringList{
                   u"--tls-key-file is set, but --tls-cert-file is not: set both for wss://, or neither."_s};
        QTest::newRow("a bad key is told once")
            << "{}"_ba << QStringList{cert, u"--tls-key-file=/nonexistent"_s}
            << QStringList{
                   u"--tls-key-file: \"/nonexistent\" is refused: there is no such file. Allowed: the "
                   "path of a file that can be read, or empty."_s};
        QTest::newRow("one port for both")
            << "{\"adminPort\":9000}"_ba << QStringList{u"--port=9000"_s}
            << QStringList{u"adminPort and port are the same: give adminPort another one."_s};
        QTest::newRow("two keys")
            << R"({"openaiApiKey":"hunter2"})"_ba
            << QStringList{"--openai-api-key-file="_L1 + QStringLiteral(__FILE__)}
            << QStringList{
                   u"--openai-api-key-file and --openai-api-key are both set: one of them is the held key. Remove the other."_s};
        QTest::newRow("small budget")
            << "{\"bufferBudgetBytes\":5000}"_ba << QStringList()
            << QStringList{u"bufferBudgetBytes: \"5000\" is refused: one direction of a call may hold back "
                           "more. Allowed: at least sessionBufferBytes, which is 262144."_s};
        QTest::newRow("large buffer")
            << "{}"_ba << QStringList{u"--session-buffer-bytes=67108864"_s} << QStringList();
        QTest::newRow("a small budget for a larger buffer")
            << "{\"bufferBudgetBytes\":300000}"_ba << QStringList{u"--session-buffer-bytes=300001"_s}
            << QStringList{u"bufferBudgetBytes: \"300000\" is refused: one direction of a call may hold back "
                           "more. Allowed: at least sessionBufferBytes, which is 300001."_s};
    }

    void conflicts()
    {
        QFETCH(QByteArray, file);
        QFETCH(QStringList, arguments);
        put(file);
        m_input.arguments = arguments;
        QTEST(messages(loadSettings(m_input)), "says");
    }

    void conflictWithADefault()
    {
        m_input.defaults.bufferBudgetBytes = 300'000;
        m_input.environment.insert(u"SESSION_BUFFER_BYTES"_s, u"300001"_s);
        QCOMPARE(messages(loadSettings(m_input)),
            QStringList{
                u"SESSION_BUFFER_BYTES: \"300001\" is refused: all calls together may hold back less. "
                "Allowed: at most BUFFER_BUDGET_BYTES, which is 300000."_s});
    }

    void warnings_data()
    {
        QTest::addColumn<QString>("upstream");
        QTest::addColumn<bool>("warns");
        QTest::newRow("wss") << u"wss://a.org/x"_s << false;
        QTest::newRow("ws, this machine") << u"ws://127.0.0.1:1/x"_s << false;
        QTest::newRow("ws, localhost") << u"ws://localhost:1/x"_s << false;
        QTest::newRow("ws, elsewhere") << u"ws://a.org/x"_s << true;
    }

    void warnings()
    {
        QFETCH(QString, upstream);
        QFETCH(bool, warns);
        m_input.environment.insert(u"UPSTREAM_URL"_s, upstream);
        const LoadedSettings loaded = loadSettings(m_input);
        QCOMPARE(messages(loaded), QStringList());
        QCOMPARE(loaded.warnings.size(), warns ? 1 : 0);
        QVERIFY(!warns || plain(loaded.warnings[0]).contains(upstream));
    }

    void readablePasswordWarns_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::newRow("proxy") << "{\"upstreamProxy\":\"http://u:hunter2@h:1\"}"_ba;
        QTest::newRow("store") << "{\"storeUrl\":\"postgresql://u:hunter2@h/d\"}"_ba;
        QTest::newRow("token") << "{\"statsToken\":\"hunter2hunter2hunter2\"}"_ba;
        QTest::newRow("key") << "{\"openaiApiKey\":\"hunter2\"}"_ba;
    }
    void readablePasswordWarns()
    {
#ifdef Q_OS_UNIX
        QFETCH(QByteArray, file);
        put(file);
        QVERIFY(QFile::setPermissions(m_input.file, QFile::ReadOwner | QFile::WriteOwner));
        QVERIFY(loadSettings(m_input).warnings.isEmpty());
        QVERIFY(QFile::setPermissions(m_input.file, QFile::ReadOwner | QFile::ReadOther));
        const QList<Sentence> warnings = loadSettings(m_input).warnings;
        QCOMPARE(warnings.size(), 1);
        QVERIFY(plain(warnings[0]).contains("chmod 600 "_L1 + m_input.file));
        QVERIFY(!plain(warnings[0]).contains("hunter2"_L1));
#endif
    }

    void readableFileOfTheKeyWarns()
    {
#ifdef Q_OS_UNIX
        QFile file(m_folder.filePath(u"key"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("hunter2\n") > 0);
        file.close();
        m_input.environment.insert(u"OPENAI_API_KEY_FILE"_s, file.fileName());
        QVERIFY(file.setPermissions(QFile::ReadOwner));
        QCOMPARE(warningsOf(loadSettings(m_input)), QStringList());
        const QFile::Permission others[] = {QFile::ReadGroup, QFile::ReadOther};
        for (const QFile::Permission permission : others) {
            QVERIFY(file.setPermissions(QFile::ReadOwner | permission));
            const QStringList warnings = warningsOf(loadSettings(m_input));
            QCOMPARE(warnings.size(), 1);
            QVERIFY2(warnings[0].contains(file.fileName()), qPrintable(warnings[0]));
        }
#endif
    }

private:
    void put(const QByteArray &content)
    {
        m_input.file = m_folder.filePath(u"relay.json"_s);
        QFile::remove(m_input.file);
        QFile file(m_input.file);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    }

    static QStringList messages(const LoadedSettings &loaded)
    {
        QStringList messages;
        for (const SettingProblem &problem : loaded.problems)
            messages.append(plain(problem.message));
        return messages;
    }

    static QStringList warningsOf(const LoadedSettings &loaded)
    {
        QStringList warnings;
        std::transform(loaded.warnings.begin(), loaded.warnings.end(), std::back_inserter(warnings), plain);
        return warnings;
    }

    QTemporaryDir m_folder;
    SettingsInput m_input;
};

RELAY_TEST(TestSettingsLoader)
#include "tst_settingsloader.moc"
