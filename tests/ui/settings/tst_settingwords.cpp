// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"
#include "ui/settings/settingwords.h"

#include <QLocale>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;
using rr::SettingKind;

class TestSettingWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void everySettingHasATitle();
    void everyChoiceHasAName();
    void problems_data();
    void problems();
    void values_data();
    void values();
    void valuesInUnit_data();
    void valuesInUnit();
};

void TestSettingWords::everySettingHasATitle()
{
    QSet<QString> titles;
    for (const rr::SettingSpec &spec : rr::settingsTable()) {
        const QString title = rr::settingTitle(spec);
        QVERIFY2(title != QString(spec.key), spec.key.data());
        QVERIFY2(!titles.contains(title), spec.key.data());
        titles.insert(title);
        QVERIFY(rr::settingHelp(spec).startsWith(QString::fromUtf8(spec.help)));
    }
    const QString help = rr::settingHelp(*rr::findSetting(u"heartbeatInterval"));
    QVERIFY2(help.contains(u"Allowed: 100 milliseconds to 24 hours. 0: no heartbeat."_s), qPrintable(help));
}

void TestSettingWords::everyChoiceHasAName()
{
    for (const rr::SettingSpec &spec : rr::settingsTable()) {
        for (const QLatin1String choice : spec.choices)
            QVERIFY2(rr::choiceName(choice) != QString(choice), choice.data());
    }
}

void TestSettingWords::problems_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("problem"); // a part of it; empty: none

    QTest::newRow("port") << "port"
                          << "8080"
                          << "";
    QTest::newRow("any port") << "port"
                              << "0"
                              << "";
    QTest::newRow("too large") << "port"
                               << "70000"
                               << "too large. Allowed: 1 to 65535. 0: any free port.";
    QTest::newRow("too small") << "maxConnections"
                               << "0"
                               << "too small. Allowed: 1 to 100000.";
    QTest::newRow("no number") << "port"
                               << "http"
                               << "not a whole number";
    QTest::newRow("empty") << "port"
                           << ""
                           << "not a whole number";
    QTest::newRow("duration") << "connectTimeout"
                              << "99"
                              << "Allowed: 100 milliseconds to 10 minutes.";
    QTest::newRow("bytes") << "maxMessageBytes"
                           << "1"
                           << "Allowed: 1 KiB to 1 GiB.";
    QTest::newRow("address") << "host"
                             << "nowhere"
                             << "It is not an address.";
    QTest::newRow("URL") << "upstreamUrl"
                         << "https://x.example/v1"
                         << "write wss://x.example/v1";
    QTest::newRow("file") << "tlsCertFile"
                          << "/no/such/file"
                          << "There is no such file.";
    QTest::newRow("optional") << "tlsCertFile"
                              << ""
                              << "";
    QTest::newRow("list") << "allowedOrigins"
                          << "https://a.example,b.example"
                          << "An origin begins with its scheme";
    QTest::newRow("switch") << "debug"
                            << "true"
                            << "";
    QTest::newRow("choice") << "logLevel"
                            << "warning"
                            << "";
}

void TestSettingWords::problems()
{
    QFETCH(QString, key);
    QFETCH(QString, text);
    QFETCH(QString, problem);
    const auto told = rr::valueProblem(*rr::findSetting(key), text);
    QCOMPARE(told.has_value(), !problem.isEmpty());
    QVERIFY2(!told || told->contains(problem), qPrintable(told.value_or(QString())));
}

void TestSettingWords::values_data()
{
    QTest::addColumn<SettingKind>("kind");
    QTest::addColumn<qint64>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("number") << SettingKind::Number << qint64(1500) << "1500";
    QTest::newRow("milliseconds") << SettingKind::Duration << qint64(1500) << "1500 milliseconds";
    QTest::newRow("seconds") << SettingKind::Duration << qint64(90'000) << "90 seconds";
    QTest::newRow("minutes") << SettingKind::Duration << qint64(300'000) << "5 minutes";
    QTest::newRow("hours") << SettingKind::Duration << qint64(86'400'000) << "24 hours";
    QTest::newRow("none") << SettingKind::Duration << qint64(0) << "0 seconds";
    QTest::newRow("bytes") << SettingKind::Bytes << qint64(1000) << "1000 bytes";
    QTest::newRow("mebibytes") << SettingKind::Bytes << qint64(24 * 1024 * 1024) << "24 MiB";
}

void TestSettingWords::values()
{
    QFETCH(SettingKind, kind);
    QFETCH(qint64, value);
    QTEST(rr::valueWithUnit(kind, value), "text");
}

void TestSettingWords::valuesInUnit_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("unit");
    QTest::addColumn<qint64>("value"); // -1: none
    QTest::newRow("whole") << " 30 " << 1 << qint64(30'000);
    QTest::newRow("decimal") << "1.5" << 1 << qint64(1500);
    QTest::newRow("less than the smallest unit") << "0.5" << 0 << qint64(-1);
    QTest::newRow("thousands") << "1,500" << 0 << qint64(1500);
    QTest::newRow("nothing") << "" << 1 << qint64(-1);
    QTest::newRow("a word") << "ten" << 1 << qint64(-1);
    QTest::newRow("endless") << "9999999999999999999999" << 3 << qint64(-1);
}

void TestSettingWords::valuesInUnit()
{
    QFETCH(QString, text);
    QFETCH(int, unit);
    const auto value = rr::valueInUnit(text, rr::unitsOf(SettingKind::Duration)[size_t(unit)]);
    QTEST(value.value_or(-1), "value");
}

RELAY_TEST(TestSettingWords)
#include "tst_settingwords.moc"
