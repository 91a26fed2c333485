// SPDX-License-Identifier: MIT
// What the core really says is given to coretext: a sentence that is changed there, and not here, fails.
#include "ui/control/coretext.h"

#include "core/config/originpattern.h"
#include "core/config/settingsfile.h"
#include "core/config/settingsloader.h"
#include "core/config/settingvalue.h"
#include "core/monitor/journal.h"
#include "core/realtime/endreason.h"
#include "core/relay/relay.h"

#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

/// Puts what it knows into upper case: what is left in lower case came through as it was.
class Upper : public QTranslator
{
public:
    QString translate(const char *context, const char *text, const char *, int) const override
    {
        return qstrcmp(context, "rr::CoreText") == 0 ? QString::fromUtf8(text).toUpper() : QString();
    }
    bool isEmpty() const override { return false; }
};

bool isTranslated(const QString &sentence, const QStringList &names = {})
{
    QString text = coreText(sentence);
    for (const QString &name : names)
        text.remove(name);
    text.remove(u"%1"_s, Qt::CaseInsensitive);
    return text == text.toUpper();
}

} // namespace

class TestCoreText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY(QCoreApplication::installTranslator(&m_upper)); }

    void fillsInOneGo()
    {
        QCOMPARE(coreText(u"Closed by the client: 100 %2 or %1"_s), u"CLOSED BY THE CLIENT: 100 %2 or %1"_s);
        QCOMPARE(coreText(u"it names no host\nsomething else"_s), u"IT NAMES NO HOST\nsomething else"_s);
        QCOMPARE(coreText({}), QString());
    }

    void ends_data()
    {
        QTest::addColumn<int>("reason");
        for (int reason = 0; reason <= int(EndReason::ClosedByOperator); ++reason)
            QTest::addRow("%d", reason) << reason;
    }
    void ends()
    {
        QFETCH(int, reason);
        EndDetails details;
        details.upstreamHost = u"H"_s;
        details.failure.kind = EndReason(reason) == EndReason::UpstreamRefused ? UpstreamFailure::Refused
                                                                               : UpstreamFailure::Dns;
        details.failure.status = 401;
        for (const auto limit : {0, 1'000, 30'000, 60'000, 3'600'000, 1'500}) {
            details.limit = std::chrono::milliseconds(limit);
            for (const qint64 bytes : {0, 1024 * 1024}) {
                details.limitBytes = bytes;
                const QString sentence = describe(EndReason(reason), details).message;
                QVERIFY2(isTranslated(sentence, {u"MiB"_s}), qPrintable(coreText(sentence)));
            }
        }
        details.detail = u"D"_s;
        details.closeReason = u"R"_s;
        const QString sentence = describe(EndReason(reason), details).message;
        QVERIFY2(isTranslated(sentence, {u"MiB"_s}), qPrintable(coreText(sentence)));
    }

    void dials()
    {
        QList<UpstreamFailure> failures;
        for (int kind = UpstreamFailure::Dns; kind <= UpstreamFailure::Network; ++kind)
            failures.append({UpstreamFailure::Kind(kind), 0, u"D"_s});
        for (const int status : {302, 400, 401, 402, 403, 404, 429, 500, 503})
            failures.append({UpstreamFailure::Refused, status, u"D"_s});
        for (const UpstreamFailure &failure : std::as_const(failures)) {
            const QString sentence = adviceFor(failure, u"H"_s);
            QVERIFY2(isTranslated(sentence), qPrintable(coreText(sentence)));
        }
    }

    void settings_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        const auto add = [](const char *key, const char *value) {
            QTest::addRow("%s %s", key, value) << QString::fromLatin1(key) << QString::fromLatin1(value);
        };
        for (const char *value : {"", "X", "0", "9999999"})
            add("maxConnections", value);
        add("port", "70000");
        add("inactivityTimeout", "1");
        add("connectTimeout", "1");
        add("maxMessageBytes", "1");
        add("host", "X");
        add("trustedProxies", "X");
        add("debug", "X");
        add("logLevel", "X");
        add("tlsCertFile", "/");
        add("tlsCertFile", "/NO/SUCH");
        for (const char *value :
            {"", "X", "wss://U@H", "wss://H?Q", "wss://H/#F", "https://H", "X://H", "wss://", "wss://H:0"})
            add("upstreamUrl", value);
        for (const char *value : {"X", "X://H:1", "http://:1", "http://H", "http://H:1/P"})
            add("upstreamProxy", value);
        for (const char *value :
            {"null", "X", "1://H", "https://H/P", "https://U@H", "https://H:X", "https://A*B", "https:// "})
            add("allowedOrigins", value);
    }
    void settings()
    {
        QFETCH(QString, key);
        QFETCH(QString, value);
        const SettingSpec *spec = findSetting(key);
        Settings settings;
        const auto problem = setSetting(settings, *spec, value);
        QVERIFY(problem);
        // In quotes stands what was typed; what is allowed names schemes and choices.
        QString text = coreText(*problem);
        const qsizetype why = text.indexOf(u" IS REFUSED: "_s);
        QVERIFY2(why > 0, qPrintable(text));
        text = text.sliced(why).section(u". ALLOWED: "_s, 0, 0);
        text.remove(u"wss://H"_s, Qt::CaseInsensitive);
        text.remove(u"https://"_s);
        QVERIFY2(text == text.toUpper(), qPrintable(text));
        if (spec->kind != SettingKind::Choice) // whose words are the file's
            QVERIFY2(coreText(spec->allowedText()) != spec->allowedText(), qPrintable(spec->allowedText()));
    }

    void conflicts()
    {
        Settings settings;
        settings.tlsCertFile = u"/X"_s;
        settings.bufferBudgetBytes = 1;
        const auto problems = settingConflicts(settings);
        QCOMPARE(problems.size(), 2);
        for (const SettingProblem &problem : problems)
            QVERIFY2(
                isTranslated(problem.message,
                    {u"tlsCertFile"_s, u"tlsKeyFile"_s, u"bufferBudgetBytes"_s, u"sessionBufferBytes"_s}),
                qPrintable(coreText(problem.message)));
    }

    void files()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"settings.json"_s);
        const auto problemOf = [&path](const QByteArray &content) {
            QFile file(path);
            if (file.open(QIODevice::WriteOnly))
                file.write(content);
            file.close();
            SettingsInput input;
            input.file = path;
            return loadSettings(input).problems.value(0).message;
        };
        for (const char *content : {"{", "[]", R"({"NONE": 1})", R"({"PORT": 1})", R"({"port": "X"})",
                 R"({"allowedOrigins": 1})", R"({"debug": 1})", R"({"host": 1})"}) {
            const QString sentence = problemOf(content);
            QVERIFY2(coreText(sentence) != sentence, qPrintable(sentence));
        }
        QVERIFY(saveSettings(path + u"/below/it.json"_s, {}, {}) != std::nullopt);
        const QString sentence = *saveSettings(path + u"/below/it.json"_s, {}, {});
        QVERIFY2(coreText(sentence).contains(u"CANNOT BE MADE"_s), qPrintable(coreText(sentence)));
    }

    void starts()
    {
        Journal journal;
        Relay relay(journal);
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        Settings taken;
        taken.host = u"127.0.0.1"_s;
        taken.port = other.serverPort();
        Settings elsewhere;
        elsewhere.host = u"192.0.2.1"_s;
        Settings noFile;
        noFile.tlsCertFile = noFile.tlsKeyFile = u"/NO/SUCH"_s;
        Settings noCertificate;
        noCertificate.tlsCertFile = noCertificate.tlsKeyFile = QCoreApplication::applicationFilePath();
        for (const Settings &settings : {taken, elsewhere, noFile, noCertificate}) {
            const auto error = relay.start(settings);
            QVERIFY(error);
            QVERIFY2(coreText(error->detail) != error->detail, qPrintable(error->detail));
        }
    }

private:
    Upper m_upper;
};

QTEST_GUILESS_MAIN(TestCoreText)
#include "tst_coretext.moc"
