// SPDX-License-Identifier: MIT
#include "core/config/othersvariable.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

class TestOthersVariable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void value_data()
    {
        QTest::addColumn<QString>("variable");
        QTest::addColumn<QString>("value");
        QTest::addColumn<bool>("isOthers");
        const auto row = [](const char *variable, const char *value, bool isOthers) {
            QTest::addRow("%s=%s", variable, value)
                << QString::fromLatin1(variable) << QString::fromLatin1(value) << isOthers;
        };
        for (const char *value :
            {"x86_64-conda-linux-gnu", "arm64-apple-darwin20.0.0", "i686-w64-mingw32", "build-box",
                "build-box.example.org", "https://app.example.org", "https://app.example.org:3000/"})
            row("HOST", value, true);
        // What may have been meant as an address is for the operator to mend.
        for (const char *value : {"127.0.0.1", "::1", "[::1]", "localhost", "localhots", "Localhost.", "8080",
                 "0.0.0.0:8080", "127.0.0.l", "10.0.0.0/8", "a b", "*"})
            row("HOST", value, false);
        for (const char *value : {"express:*", "*", "app,worker:*", "-not_this", "2", "verbose", "perhaps"})
            row("DEBUG", value, true);
        for (const char *value : {"true", "TRUE", "1", "yes", "on", "false", "0", "no", "off"})
            row("DEBUG", value, false);
        for (const char *value : {"eighty", "tcp://10.0.0.1:80", "0"})
            row("PORT", value, false);
        row("LOG_LEVEL", "trace", false);
        row("RELAY_HOST", "x86_64-conda-linux-gnu", false);
        row("RELAY_DEBUG", "express:*", false);
        row("RELAY_PORT", "eighty", false);
        row("RELAY_PORT", "tcp://10.43.0.7:8080", true);
        row("RELAY_PORT", "udp://10.43.0.7:8080", true);
    }

    void value()
    {
        QFETCH(QString, variable);
        QFETCH(QString, value);
        const SettingSpec *spec = findSetting(variable);
        QVERIFY(spec);
        QTEST(othersValue(*spec, variable, value).has_value(), "isOthers");
    }

    void stray_data()
    {
        QTest::addColumn<QString>("variable");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *variable, const char *says, const char *value = "x") {
            QTest::newRow(variable) << QString::fromLatin1(variable) << QString::fromLatin1(value)
                                    << QString::fromLatin1(says);
        };
        row("PROT", "");
        row("relay_port", "");
        row("RELAY_PROT", "Is RELAY_PORT meant?");
        row("RELAY_POTR", "Is RELAY_PORT meant?");
        row("RELAY_MAXCONNECTIONS", "Is RELAY_MAX_CONNECTIONS meant?");
        row("RELAY_MAX_CONECTION", "Is RELAY_MAX_CONNECTIONS meant?");
        row("RELAY_ALLOWED_ORIGIN", "Is RELAY_ALLOWED_ORIGINS meant?");
        row("RELAY_port", "Is RELAY_PORT meant?");
        row("RELAY_URL", "RELAY_URL is not a setting and is passed over: see --help.");
        row("RELAY_", "is not a setting");
        row("RELAY_\x1b[2J", "RELAY_?[2J is not a setting");
        // Beside services that are named "relay" and "relay-web".
        row("RELAY_SERVICE_HOST", "");
        row("RELAY_SERVICE_PORT_HTTP", "");
        row("RELAY_PORT_8080_TCP_ADDR", "");
        row("RELAY_WEB_SERVICE_PORT", "");
        row("RELAY_WEB_PORT", "", "tcp://10.43.0.7:80");
    }

    void stray()
    {
        QFETCH(QString, variable);
        QFETCH(QString, value);
        QFETCH(QString, says);
        const auto sentence = strayVariable(variable, value);
        QCOMPARE(sentence.has_value(), !says.isEmpty());
        if (sentence)
            QVERIFY2(plain(*sentence).contains(says), qPrintable(plain(*sentence)));
    }

    void quotes_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("meant");
        QTest::newRow("none") << u"a"_s << u"a"_s;
        QTest::newRow("blanks") << u" a b\n"_s << u"a b"_s;
        QTest::newRow("double") << u"\"a b\""_s << u"a b"_s;
        QTest::newRow("single, blanks") << u" ' a' "_s << u"a"_s;
        QTest::newRow("one pair") << u"\"\"a\"\""_s << u"\"a\""_s;
        QTest::newRow("not a pair") << u"\"a'"_s << u"\"a'"_s;
        QTest::newRow("one alone") << u"\""_s << u"\""_s;
        QTest::newRow("nothing") << u"''"_s << QString();
    }

    void quotes()
    {
        QFETCH(QString, given);
        QTEST(withoutQuotes(given), "meant");
    }
};

RELAY_TEST(TestOthersVariable)
#include "tst_othersvariable.moc"
