// SPDX-License-Identifier: MIT
#include "core/config/settingvalue.h"
#include "tests/support/relaytest.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

class TestSettingValue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void right_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("stored");
        QTest::addColumn<QJsonValue>("json");
        const auto row
            = [](const char *tag, const QString &name, const QString &text, const QString &stored,
                  const QJsonValue &json) { QTest::newRow(tag) << name << text << stored << json; };
        row("host", u"HOST"_s, u"localhost"_s, u"127.0.0.1"_s, u"127.0.0.1"_s);
        row("port", u"PORT"_s, u" 9000 "_s, u"9000"_s, 9000);
        row("any port", u"PORT"_s, u"0"_s, u"0"_s, 0);
        row("largest port", u"PORT"_s, u"65535"_s, u"65535"_s, 65535);
        row("duration", u"HEARTBEAT_INTERVAL"_s, u"30000"_s, u"30000"_s, 30000);
        row("no heartbeat", u"HEARTBEAT_INTERVAL"_s, u"0"_s, u"0"_s, 0);
        row("shortest", u"SESSION_LIMIT"_s, u"100"_s, u"100"_s, 100);
        row("bytes", u"BUFFER_BUDGET_BYTES"_s, u"68719476736"_s, u"68719476736"_s, qint64(68719476736));
        row("no list", u"TRUSTED_PROXIES"_s, QString(), QString(), QJsonArray());
        row("list", u"ALLOWED_ORIGINS"_s, u" https://a.org/ ,, http://localhost:*,"_s,
            u"https://a.org,http://localhost:*"_s, QJsonArray{u"https://a.org"_s, u"http://localhost:*"_s});
        row("url", u"UPSTREAM_URL"_s, u"wss://a.org/x"_s, u"wss://a.org/x"_s, u"wss://a.org/x"_s);
        row("proxy", u"UPSTREAM_PROXY"_s, u"http://u:p%2Fw@h:1"_s, u"http://u:p%2Fw@h:1"_s,
            u"http://u:p%2Fw@h:1"_s);
        row("no proxy", u"UPSTREAM_PROXY"_s, QString(), QString(), QString());
        row("decimal", u"PRICE_FACTOR"_s, u"1.10"_s, u"1.1"_s, 1.1);
        row("small decimal", u"PRICE_FACTOR"_s, u"0.123456"_s, u"0.123456"_s, 0.123456);
        row("whole decimal", u"PRICE_FACTOR"_s, u"2.000"_s, u"2"_s, 2);
        row("level", u"LOG_LEVEL"_s, u"Warning"_s, u"warning"_s, u"warning"_s);
        row("format", u"LOG_FORMAT"_s, u"json"_s, u"json"_s, u"json"_s);
        for (const char *yes : {"true", "1", "yes", "on", "TRUE"})
            row(yes, u"DEBUG"_s, QString::fromLatin1(yes), u"true"_s, true);
        for (const char *no : {"false", "0", "no", "off", ""})
            row(no, u"DEBUG"_s, QString::fromLatin1(no), u"false"_s, false);
    }

    void right()
    {
        QFETCH(QString, name);
        QFETCH(QString, text);
        QFETCH(QString, stored);
        QFETCH(QJsonValue, json);
        const SettingSpec &spec = *findSetting(name);
        Settings settings;
        settings.debug = true;
        QCOMPARE(setSetting(settings, spec, text), std::nullopt);
        QCOMPARE(settingText(settings, spec), stored);
        QCOMPARE(settingJson(settings, spec), json);

        Settings fromJson;
        fromJson.debug = true;
        QCOMPARE(setSettingFromJson(fromJson, spec, json), std::nullopt);
        QVERIFY(fromJson == settings);
    }

    void members()
    {
        Settings settings;
        QCOMPARE(setSetting(settings, *findSetting(u"sessionLimit"), u"3600000"_s), std::nullopt);
        QCOMPARE(settings.sessionLimit, std::chrono::hours(1));
        QCOMPARE(setSetting(settings, *findSetting(u"logLevel"), u"error"_s), std::nullopt);
        QCOMPARE(settings.logLevel, LogLevel::Error);
        QCOMPARE(setSetting(settings, *findSetting(u"logFormat"), u"json"_s), std::nullopt);
        QCOMPARE(settings.logFormat, LogFormat::Json);
    }

    void defaults_data()
    {
        QTest::addColumn<QString>("name");
        for (const SettingSpec &spec : settingsTable())
            QTest::newRow(spec.key.data()) << QString(spec.key);
    }

    /// Every default is allowed, and survives text and JSON.
    void defaults()
    {
        QFETCH(QString, name);
        const SettingSpec &spec = *findSetting(name);
        Settings settings;
        QCOMPARE(setSetting(settings, spec, settingText({}, spec)), std::nullopt);
        QVERIFY(settings == Settings());
        QCOMPARE(setSettingFromJson(settings, spec, settingJson({}, spec)), std::nullopt);
        QVERIFY(settings == Settings());
    }

    void wrong_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *tag, const QString &name, const QString &text, const QString &says) {
            QTest::newRow(tag) << name << text << says;
        };
        row("a word", u"PORT"_s, u"abc"_s, u"\"abc\" is refused: it is not a whole number"_s);
        row("nothing", u"PORT"_s, QString(), u"the value is refused: it is empty"_s);
        row("negative", u"PORT"_s, u"-1"_s, u"\"-1\" is refused: it is too small"_s);
        row("too large", u"PORT"_s, u"65536"_s, u"\"65536\" is refused: it is too large"_s);
        row("a fraction", u"MAX_CONNECTIONS"_s, u"1.5"_s, u"whole number"_s);
        row("0 where it means nothing", u"MAX_CONNECTIONS"_s, u"0"_s, u"too small"_s);
        row("beyond 64 bits", u"MAX_MESSAGE_BYTES"_s, u"99999999999999999999"_s, u"whole number"_s);
        row("seconds for milliseconds", u"HEARTBEAT_INTERVAL"_s, u"30"_s, u"too small"_s);
        row("a unit", u"HEARTBEAT_INTERVAL"_s, u"30s"_s, u"whole number"_s);
        row("no decimal", u"PRICE_FACTOR"_s, u"1,1"_s, u"\"1,1\" is refused: it is no number with a point"_s);
        row("switch", u"DEBUG"_s, u"maybe"_s, u"neither yes nor no"_s);
        row("level", u"LOG_LEVEL"_s, u"verbose"_s, u"none of the choices"_s);
        row("format", u"LOG_FORMAT"_s, u"xml"_s, u"none of the choices"_s);
        row("upstream", u"UPSTREAM_URL"_s, u"https://a.org/x"_s, u"wss://a.org/x"_s);
        row("the entry at fault", u"ALLOWED_ORIGINS"_s, u"*,https://a.org/x"_s, u"\"https://a.org/x\" is"_s);
        row("proxies", u"TRUSTED_PROXIES"_s, u"10.0.0.1,nginx"_s, u"\"nginx\" is"_s);
        row("file", u"TLS_CERT_FILE"_s, u"/nonexistent/c.pem"_s,
            u"\"/nonexistent/c.pem\" is refused: there is no"_s);
        row("host", u"HOST"_s, u"example.org"_s, u"\"example.org\" is"_s);
        row("control characters", u"HOST"_s, u"a\x1b[2J\nb"_s, u"\"a?[2J?b\" is"_s);
        row("endless", u"HOST"_s, QString(5000, u'x'), QString(100, u'x') + u'…');
    }

    void wrong()
    {
        QFETCH(QString, name);
        QFETCH(QString, text);
        QFETCH(QString, says);
        const SettingSpec &spec = *findSetting(name);
        Settings settings;
        const std::optional<Sentence> problem = setSetting(settings, spec, text);
        QVERIFY(problem);
        QVERIFY2(plain(*problem).contains(says), qPrintable(plain(*problem)));
        QVERIFY2(plain(*problem).contains(plain(spec.allowedText())), qPrintable(plain(*problem)));
        QVERIFY(settings == Settings());
    }

    void wrongInJson_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QJsonValue>("json");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *tag, const QString &name, const QJsonValue &json,
                             const QString &says) { QTest::newRow(tag) << name << json << says; };
        row("text for a number", u"port"_s, u"8080"_s, u"\"8080\" is refused: it must be a number"_s);
        row("number for text", u"host"_s, 1, u"it must be a string"_s);
        row("number for a switch", u"debug"_s, 1, u"it must be true or false"_s);
        row("text for a list", u"allowedOrigins"_s, u"*"_s, u"it must be an array of strings"_s);
        row("numbers in a list", u"allowedOrigins"_s, QJsonArray{1}, u"it must be an array of strings"_s);
        row("text for a decimal", u"priceFactor"_s, u"1.1"_s, u"it must be a number"_s);
        row("too many decimals", u"priceFactor"_s, 1.12345678,
            u"\"1.12345678\" is refused: it is no number"_s);
        row("null", u"port"_s, QJsonValue::Null, u"the value is refused: it must be a number"_s);
        row("a fraction", u"port"_s, 80.5, u"\"80.5\" is refused: it is not a whole number"_s);
        row("too large", u"port"_s, 70000, u"\"70000\" is refused: it is too large"_s);
        row("immense", u"port"_s, 1e300, u"whole number"_s);
    }

    void wrongInJson()
    {
        QFETCH(QString, name);
        QFETCH(QJsonValue, json);
        QFETCH(QString, says);
        const SettingSpec &spec = *findSetting(name);
        Settings settings;
        const std::optional<Sentence> problem = setSettingFromJson(settings, spec, json);
        QVERIFY(problem);
        QVERIFY2(plain(*problem).contains(says), qPrintable(plain(*problem)));
        QVERIFY2(plain(*problem).contains(plain(spec.allowedText())), qPrintable(plain(*problem)));
        QVERIFY(settings == Settings());
    }

    void noSecretInAProblem_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("text");
        QTest::newRow("proxy") << u"UPSTREAM_PROXY"_s << u"https://u:hunter2@h:1"_s;
        QTest::newRow("malformed proxy") << u"UPSTREAM_PROXY"_s << u"hunter2"_s;
        QTest::newRow("upstream's user") << u"UPSTREAM_URL"_s << u"wss://u:hunter2@h/x"_s;
        QTest::newRow("a slash in the password") << u"UPSTREAM_URL"_s << u"wss://u:/hunter2@h/x"_s;
        QTest::newRow("upstream's query") << u"UPSTREAM_URL"_s << u"wss://h/x?api-key=hunter2"_s;
        QTest::newRow("origin's user") << u"ALLOWED_ORIGINS"_s << u"https://u:hunter2@h"_s;
    }

    void noSecretInAProblem()
    {
        QFETCH(QString, name);
        QFETCH(QString, text);
        Settings settings;
        for (const std::optional<Sentence> &problem : {setSetting(settings, *findSetting(name), text),
                 setSettingFromJson(settings, *findSetting(name), QJsonArray{text}),
                 setSettingFromJson(settings, *findSetting(name), text)}) {
            QVERIFY(problem);
            QVERIFY2(!plain(*problem).contains("hunter2"_L1), qPrintable(plain(*problem)));
        }
    }

    void safeToShow()
    {
        Settings settings;
        const SettingSpec &proxy = *findSetting(u"upstreamProxy");
        QCOMPARE(settingTextToShow(settings, proxy), QString());
        settings.upstreamProxy = u"http://u:hunter2@h:1"_s;
        QCOMPARE(settingTextToShow(settings, proxy), u"http://***@h:1"_s);
        settings.upstreamProxy = u"http://h:1"_s;
        QCOMPARE(settingTextToShow(settings, proxy), u"http://h:1"_s);
        const SettingSpec &store = *findSetting(u"storeUrl");
        settings.storeUrl = u"postgresql://u:hunter2@h/d?sslmode=require"_s;
        QCOMPARE(settingTextToShow(settings, store), u"postgresql://***@h/d?***"_s);
        settings.storeUrl = u"sqlite:/a@b/c?d"_s;
        QCOMPARE(settingTextToShow(settings, store), u"sqlite:/a@b/c?d"_s);
    }

    void secretsAreNeverShown()
    {
        Settings settings;
        const SettingSpec &token = *findSetting(u"STATS_TOKEN");
        QCOMPARE(settingTextToShow(settings, token), QString());
        QCOMPARE(setSetting(settings, token, u"hunter2hunter2hunter2"_s), std::nullopt);
        QCOMPARE(settingText(settings, token), u"hunter2hunter2hunter2"_s);
        QCOMPARE(settingTextToShow(settings, token), u"***"_s);
        const SettingSpec &key = *findSetting(u"OPENAI_API_KEY");
        QCOMPARE(setSetting(settings, key, u"hunter2"_s), std::nullopt);
        QCOMPARE(settingTextToShow(settings, key), u"***"_s);
        QVERIFY(setSetting(settings, key, u"hunter2 hunter2"_s));
        QCOMPARE(settings.openaiApiKey, u"hunter2"_s);
        const QString wrong[] = {u"hunter2"_s, u"hunter2 hunter2 hunter2"_s};
        for (const QString &text : wrong) {
            const auto problem = setSetting(settings, token, text);
            QVERIFY(problem);
            QVERIFY2(!plain(*problem).contains(u"hunter2"_s), qPrintable(plain(*problem)));
        }
    }
};

RELAY_TEST(TestSettingValue)
#include "tst_settingvalue.moc"
