// SPDX-License-Identifier: MIT
// What the core really says is looked up in the German texts: a sentence that is said and not marked for translation,
// or not translated, fails.
#include "ui/control/translated.h"

#include "core/admission/admission.h"
#include "core/call/calltroubles.h"
#include "core/config/originpattern.h"
#include "core/config/settingsfile.h"
#include "core/config/settingsloader.h"
#include "core/config/settingvalue.h"
#include "core/http/requesthead.h"
#include "core/http/responsehead.h"
#include "core/monitor/journal.h"
#include "core/realtime/endreason.h"
#include "core/relay/relay.h"
#include "core/relay/upstreamcheck.h"
#include "tests/support/relaytest.h"

#include <QFile>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>
#include <QXmlStreamReader>

#include <algorithm>
#include <chrono>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

/// Puts what the core says into upper case.
class Upper : public QTranslator
{
public:
    QString translate(const char *context, const char *text, const char *, int) const override
    {
        return qstrcmp(context, "Core") == 0 ? QString::fromUtf8(text).toUpper() : QString();
    }
    bool isEmpty() const override { return false; }
};

/// What is translated in the context "Core".
QSet<QString> translatedTexts()
{
    QFile file(QStringLiteral(RELAY_TRANSLATIONS "/realtime-relay_de.ts"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no German texts");
    QSet<QString> texts;
    QXmlStreamReader xml(&file);
    QString context;
    QString source;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == "name"_L1)
            context = xml.readElementText();
        else if (xml.name() == "source"_L1)
            source = xml.readElementText();
        else if (xml.name() == "translation"_L1 && context == "Core"_L1
            && !xml.attributes().hasAttribute("type"_L1) && !xml.readElementText().isEmpty())
            texts.insert(source);
    }
    return texts;
}

bool hasWords(QString text)
{
    for (int i = 1; i < 10; ++i)
        text.remove(u'%' + QString::number(i));
    text.remove(u"MiB"_s); // the same in every language
    return std::any_of(text.cbegin(), text.cend(), [](QChar c) { return c.isLetter(); });
}

/// The first text of ours in it that is in no translation.
QString untranslatedIn(const Sentence &sentence)
{
    static const QSet<QString> known = translatedTexts();
    const QString text = QString::fromUtf8(sentence.text);
    if (hasWords(text) && !known.contains(text))
        return text;
    for (const Sentence::Argument &argument : sentence.args) {
        if (const auto *part = std::get_if<Sentence>(&argument.value)) {
            if (const QString missing = untranslatedIn(*part); !missing.isEmpty())
                return missing;
        }
    }
    return {};
}

} // namespace

#define VERIFY_TRANSLATED(sentence)                                                                          \
    do {                                                                                                     \
        const Sentence said = (sentence);                                                                    \
        QVERIFY(!said.isEmpty());                                                                            \
        QVERIFY2(untranslatedIn(said).isEmpty(), qPrintable(untranslatedIn(said)));                          \
    } while (false)

class tst_Translated : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theirWordsStayTheirs()
    {
        Upper upper;
        QVERIFY(QCoreApplication::installTranslator(&upper));
        QCOMPARE(translated({}), QString());
        QCOMPARE(translated("it is empty"), u"IT IS EMPTY"_s);
        EndDetails details;
        details.closeReason = u"it is empty, %1 of 100"_s;
        QCOMPARE(translated(describe(EndReason::ClientClosed, details).message),
            u"CLOSED BY THE CLIENT: it is empty, %1 of 100"_s);
        details.detail = "no key was sent";
        QVERIFY(translated(describe(EndReason::MissingKey, details).message)
                    .contains(u"SENT (NO KEY WAS SENT);"_s));
    }

    void numbersAreWrittenAsTheLocaleDoes()
    {
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::German));
        const Sentence sentence("%1 of %2", {u"8080"_s, 100'000});
        QCOMPARE(translated(sentence), u"8080 of 100.000"_s);
        QLocale::setDefault(before);
        QCOMPARE(plain(sentence), u"8080 of 100000"_s);
    }

    void aSentenceThatIsNotMarkedIsFound()
    {
        QCOMPARE(untranslatedIn("Nobody has ever said this."), u"Nobody has ever said this."_s);
        QCOMPARE(untranslatedIn({"%1: %2", {u"name"_s, Sentence("nor this", {})}}), u"nor this"_s);
        QCOMPARE(untranslatedIn({"%1: %2 MiB", {u"name"_s, 1}}), QString());
    }

    void ends()
    {
        for (size_t reason = 0; reason < endReasonNames.size(); ++reason) {
            EndDetails details;
            details.failure.kind = EndReason(reason) == EndReason::UpstreamRefused ? UpstreamFailure::Refused
                                                                                   : UpstreamFailure::Dns;
            details.failure.status = 401;
            for (const auto limit : {0, 1, 1'000, 30'000, 60'000, 3'600'000, 1'500}) {
                details.limit = std::chrono::milliseconds(limit);
                for (const qint64 bytes : {0, 1000, 1024 * 1024}) {
                    details.limitBytes = bytes;
                    VERIFY_TRANSLATED(describe(EndReason(reason), details).message);
                }
            }
            details.closeReason = u"R"_s;
            VERIFY_TRANSLATED(describe(EndReason(reason), details).message);
        }
    }

    void whyAnAnswerIsNone()
    {
        const auto fault = std::get<ResponseFault>(parseResponseHead("HTTP/1.1 101 S\r\nnone\r\n\r\n"));
        VERIFY_TRANSLATED(adviceFor({UpstreamFailure::BadHandshake, 0,
                                        {QT_TRANSLATE_NOOP("Core", "its answer %1"), {Sentence(fault.why)}}},
            u"H"_s));
    }

    void dials()
    {
        for (int kind = UpstreamFailure::Dns; kind <= UpstreamFailure::Network; ++kind)
            VERIFY_TRANSLATED(adviceFor({UpstreamFailure::Kind(kind), 0, asTheySaid(u"D"_s)}, u"H"_s));
        for (const int status : {200, 302, 400, 401, 402, 403, 404, 405, 429, 500, 503}) {
            VERIFY_TRANSLATED(adviceFor({UpstreamFailure::Refused, status, asTheySaid(u"D"_s), {}, "7"}, {}));
            VERIFY_TRANSLATED(adviceFor(
                {UpstreamFailure::Refused, status, {}, R"({"error":{"code":"insufficient_quota"}})"},
                u"H"_s));
        }
    }

    void settingsTexts()
    {
        for (const SettingSpec &spec : settingsTable()) {
            VERIFY_TRANSLATED(spec.help);
            VERIFY_TRANSLATED(spec.allowedText());
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
        add("maxMessageBytes", "1");
        add("host", "X");
        add("trustedProxies", "X");
        add("debug", "X");
        add("logLevel", "");
        add("logLevel", "X");
        add("tlsCertFile", "/");
        add("tlsCertFile", "/NO/SUCH");
        for (const char *value :
            {"", "X", "wss://U@H", "wss://H?Q", "wss://H/#F", "https://H", "X://H", "wss://", "wss://H:0"})
            add("upstreamUrl", value);
        for (const char *value : {"X", "X://H:1", "http://:1", "http://H", "http://H:1/P"})
            add("upstreamProxy", value);
        for (const char *value : {"null", "X", "1://H", "https://H/P", "https://U@H", "https://H:X",
                 "https://A*B", "https:// ", "X,Y"})
            add("allowedOrigins", value);
    }
    void settings()
    {
        QFETCH(QString, key);
        QFETCH(QString, value);
        Settings settings;
        const auto problem = setSetting(settings, *findSetting(key), value);
        QVERIFY(problem);
        VERIFY_TRANSLATED(*problem);
    }

    void conflicts()
    {
        Settings settings;
        settings.tlsCertFile = u"/X"_s;
        settings.bufferBudgetBytes = 1;
        QCOMPARE(settingConflicts(settings).size(), 2);
        for (const SettingProblem &problem : settingConflicts(settings))
            VERIFY_TRANSLATED(problem.message);
        const QHash<const SettingSpec *, SettingSource> given{
            {findSetting(u"sessionBufferBytes"), SettingSource::Environment}};
        for (const SettingProblem &problem : settingConflicts(settings, given))
            VERIFY_TRANSLATED(problem.message);
        VERIFY_TRANSLATED(*originPatternProblem({}));
    }

    void files()
    {
        const QTemporaryDir folder;
        SettingsInput input;
        input.file = folder.filePath(u"settings.json"_s);
        input.fileMustExist = true;
        VERIFY_TRANSLATED(loadSettings(input).problems.value(0).message);
        for (const char *content :
            {"{", "[]", R"({"NONE": 1})", R"({"PORT": 1})", R"({"port": "X"})", R"({"allowedOrigins": 1})",
                R"({"allowedOrigins": [1]})", R"({"debug": 1})", R"({"host": 1})"}) {
            QFile file(input.file);
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) > 0);
            file.close();
            VERIFY_TRANSLATED(loadSettings(input).problems.value(0).message);
        }
        const Settings settings;
        const QString below = input.file + u"/below/it.json"_s;
        VERIFY_TRANSLATED(*saveSettings(below, settings, settings));
        QFile file(input.file);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("{") > 0);
        file.close();
        VERIFY_TRANSLATED(*saveSettings(input.file, settings, settings));
        VERIFY_TRANSLATED(*exportSettings(folder.path(), settings, settings, {})); // a folder
    }

    void commandLine()
    {
        for (const char *argument : {"8080", "--no-such", "--port", "--port=X"}) {
            SettingsInput input;
            input.arguments = {QString::fromLatin1(argument)};
            VERIFY_TRANSLATED(loadSettings(input).problems.value(0).message);
        }
        SettingsInput input;
        input.arguments = {u"--upstream-url=ws://example.org/x"_s};
        VERIFY_TRANSLATED(loadSettings(input).warnings.value(0));
    }

    void starts()
    {
        Journal journal;
        Relay relay(journal);
        VERIFY_TRANSLATED(relay.apply({})->detail);
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        Settings taken;
        taken.host = u"127.0.0.1"_s;
        taken.port = other.serverPort();
        Settings elsewhere;
        elsewhere.host = u"192.0.2.1"_s;
        Settings unknown;
        unknown.host = u"no such name"_s;
        Settings noFile;
        noFile.tlsCertFile = noFile.tlsKeyFile = u"/NO/SUCH"_s;
        Settings noCertificate;
        noCertificate.tlsCertFile = noCertificate.tlsKeyFile = QCoreApplication::applicationFilePath();
        for (const Settings &settings : {taken, elsewhere, unknown, noFile, noCertificate}) {
            const auto error = relay.start(settings);
            QVERIFY(error);
            VERIFY_TRANSLATED(error->detail);
        }
    }

    void refusals()
    {
        Settings settings;
        settings.maxConnections = 2;
        settings.maxConnectionsPerIp = 1;
        settings.connectionRatePerIp = 4;
        Admission admission;
        admission.setRules(settings);
        const auto refuse = [&admission](const char *client, const QByteArray &origin = {}) {
            auto result = admission.admit({QHostAddress(QString::fromLatin1(client)), origin});
            const auto *refusal = std::get_if<Refusal>(&result);
            return refusal ? refusal->message : Sentence();
        };
        VERIFY_TRANSLATED(refuse("192.0.2.1", "null"));
        VERIFY_TRANSLATED(refuse("192.0.2.1", "https://a.example"));
        const auto first = admission.admit({QHostAddress(u"192.0.2.1"_s), {}});
        VERIFY_TRANSLATED(refuse("192.0.2.1"));
        const auto second = admission.admit({QHostAddress(u"192.0.2.2"_s), {}});
        VERIFY_TRANSLATED(refuse("192.0.2.3"));
        Sentence tooFast;
        for (int i = 0; i < 10; ++i)
            tooFast = refuse("192.0.2.1");
        VERIFY_TRANSLATED(tooFast);
        admission.setDraining(true);
        VERIFY_TRANSLATED(refuse("192.0.2.1"));
    }

    void requests()
    {
        int wrong = 0;
        for (const QByteArray &head : {"GET / HTTP/1.1\rX"_ba, "GET / HTTP/1.1\n\r\n"_ba, "\x01"_ba,
                 QByteArray(10'000, 'a'), "GET /\xff HTTP/1.1\r\n\r\n"_ba, "GET x HTTP/1.1\r\n\r\n"_ba,
                 "GET http://a:b:c/ HTTP/1.1\r\n\r\n"_ba, "GET\r\n\r\n"_ba, "G(T / HTTP/1.1\r\n\r\n"_ba,
                 "GET / X\r\n\r\n"_ba, "GET / HTTP/2.0\r\n\r\n"_ba, "GET / HTTP/1.1\r\n\r\n"_ba,
                 "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n"_ba, "GET / HTTP/1.1\r\nHost\r\n\r\n"_ba,
                 "GET / HTTP/1.1\r\nHo st: a\r\n\r\n"_ba, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"_ba,
                 "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"_ba,
                 "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"_ba,
                 "GET / HTTP/1.1\r\n"_ba + QByteArray("A: b\r\n").repeated(200) + "\r\n"}) {
            const auto parsed = parseRequestHead(head);
            if (const auto *error = std::get_if<HeadError>(&parsed)) {
                ++wrong;
                VERIFY_TRANSLATED(error->detail);
            }
        }
        QVERIFY(wrong > 15);
        const auto plainRequest = parseRequestHead("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        VERIFY_TRANSLATED(checkUpgrade(std::get<RequestHead>(plainRequest))->detail);
    }

    void troubles()
    {
        Troubles troubles;
        const Moment now = Moment::now();
        const Moment later = now + std::chrono::seconds(30);
        const auto verify = [&troubles, &later](qsizetype count) {
            const QList<Trouble> current = troubles.current(later);
            QCOMPARE(current.size(), count);
            for (const Trouble &trouble : current) {
                VERIFY_TRANSLATED(trouble.title);
                VERIFY_TRANSLATED(trouble.text);
            }
        };
        noteRefused(troubles, {503, "relay_full", "", 0}, {});
        noteRefused(troubles, {403, "origin_not_allowed", "", 0}, u"O"_s);
        noteEnded(troubles, describe(EndReason::UpstreamVanished), u"A"_s);
        verify(3);
        EndDetails refused;
        refused.failure = {UpstreamFailure::Refused, 503};
        noteEnded(troubles, describe(EndReason::UpstreamRefused, refused), u"A"_s);
        verify(4);
        noteEnded(troubles, describe(EndReason::UpstreamUnreachable), u"A"_s);
        verify(4); // which explains what was lost
        for (const QDateTime &expiry : {now.utc, later.utc.addDays(1), later.utc.addDays(9)}) {
            troubles.setCertificateExpiry(expiry);
            verify(5);
        }
        for (const TroubleCode code :
            {TroubleCode::AcceptFailed, TroubleCode::CertificateRefused, TroubleCode::JournalLost})
            troubles.report(code, "%1");
        verify(8);
        troubles.report(TroubleCode::NotListening, "%1");
        verify(4);
    }

    void refusalsOfOneClient()
    {
        for (const quint16 code : {1011, 3000, 4000, 4004}) {
            EndDetails details;
            details.closeCode = code;
            Troubles troubles;
            noteEnded(troubles, describe(EndReason::UpstreamClosed, details), u"A"_s);
            const QList<Trouble> current = troubles.current(Moment::now() + std::chrono::seconds(30));
            QCOMPARE(current.size(), 1);
            VERIFY_TRANSLATED(current[0].title);
            VERIFY_TRANSLATED(current[0].text);
        }
    }

    void checksOfTheUpstream()
    {
        VERIFY_TRANSLATED(sentenceOf({u"H"_s, {}, {}}));
        for (const int status : {400, 401, 403, 404, 429, 503})
            VERIFY_TRANSLATED(sentenceOf({u"H"_s, UpstreamFailure{UpstreamFailure::Refused, status}, {}}));
    }
};

RELAY_TEST(tst_Translated)
#include "tst_translated.moc"
