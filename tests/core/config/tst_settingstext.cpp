// SPDX-License-Identifier: MIT
#include "core/config/settingstext.h"
#include "tests/support/relaytest.h"

#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

class TestSettingsText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void helpTellsAll()
    {
        Settings defaults;
        defaults.host = u"127.0.0.9"_s;
        const QString help = helpText(defaults);
        QVERIFY(help.contains("Default: 127.0.0.9. Variable: HOST\n"_L1));
        QVERIFY(help.contains("  --debug[=true|false]\n"_L1));
        const QString unwrapped = help.simplified();
        for (const SettingSpec &spec : settingsTable()) {
            QVERIFY(help.contains(
                "\n  "_L1 + QString::fromLatin1(spec.notAnOption ? spec.environmentName() : spec.option())));
            QVERIFY(unwrapped.contains("Variable: "_L1 + QString::fromLatin1(spec.environmentName())));
            QVERIFY(unwrapped.contains(QString::fromUtf8(spec.help)));
            QVERIFY(unwrapped.contains("Allowed: "_L1 + plain(spec.allowedText())));
        }
        for (const QString &line : help.split(u'\n')) {
            const bool oneWord = !line.trimmed().contains(u' ');
            QVERIFY2(line.size() <= 90 || oneWord, qPrintable(line));
        }
    }

    void everyGroupHasOneHeading()
    {
        const QString help = helpText({});
        for (const char *group : {"Network:", "Upstream:", "Admission:", "Calls:", "Program:"})
            QCOMPARE(help.count(QLatin1String(group) + u'\n'), 1);
    }

    void printedConfig()
    {
        SettingsInput input;
        input.environment.insert(u"UPSTREAM_PROXY"_s, u"http://u:hunter2@h:1"_s);
        input.environment.insert(u"RELAY_WORKERS"_s, u"3"_s);
        input.arguments = QStringList{u"--port=9000"_s};
        const QString text = printConfig(loadSettings(input));
        const QStringList lines = text.split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(size_t(lines.size()), settingsTable().size());
        QVERIFY(!text.contains("hunter2"_L1));
        const QString simple
            = u'\n' + text.split(u'\n').replaceInStrings(QRegularExpression(u" +"_s), u" "_s).join(u'\n');
        QVERIFY2(simple.contains("\nport 9000 command line --port\n"_L1), qPrintable(text));
        QVERIFY(simple.contains("\nupstreamProxy http://***@h:1 environment UPSTREAM_PROXY\n"_L1));
        QVERIFY(simple.contains("\nworkers 3 environment RELAY_WORKERS\n"_L1));
        QVERIFY(simple.contains("\nmaxConnections 200 default\n"_L1));
        QVERIFY(simple.contains("\ntlsCertFile - default\n"_L1));
    }

    void printedConfigNamesTheFile()
    {
        LoadedSettings loaded;
        loaded.file = u"/etc/relay.json"_s;
        loaded.sources[findSetting(u"port")] = SettingSource::File;
        QVERIFY(printConfig(loaded).contains("file /etc/relay.json\n"_L1));
    }

    void referenceTellsAll()
    {
        const QString reference = settingsReferenceMarkdown();
        for (const SettingSpec &spec : settingsTable()) {
            const QString option
                = spec.notAnOption ? u"\u2013"_s : u'`' + QString::fromLatin1(spec.option()) + u'`';
            const QString start
                = u"\n| `%1` | %2 | "_s.arg(QString::fromLatin1(spec.environmentName()), option);
            QCOMPARE(reference.count(start), 1);
        }
        for (const QString &line : reference.split(u'\n')) {
            if (line.startsWith(u'|'))
                QCOMPARE(line.count(u'|') - line.count("\\|"_L1), 6);
        }
        QVERIFY(reference.contains("| `8080` | 0 (any free port), or 1 to 65535 |"_L1));
        QVERIFY(reference.contains("`http://localhost:*`, `https://localhost:*`"_L1));
    }
};

RELAY_TEST(TestSettingsText)
#include "tst_settingstext.moc"
