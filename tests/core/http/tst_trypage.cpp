// SPDX-License-Identifier: MIT
#include "core/http/trypage.h"
#include "tests/support/relaytest.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace rr;

namespace {

QByteArray headerOfPage(QByteArrayView name)
{
    QByteArray value;
    for (const HttpHeader &header : tryPage(TryPageKeys::Upstreams).headers) {
        if (header.name == name)
            value += header.value;
    }
    return value;
}

QString htmlOfPage(TryPageKeys keys = TryPageKeys::Upstreams)
{
    return QString::fromUtf8(tryPage(keys).body);
}

/// What stands between the two, of which there is one each.
QString between(const QString &html, const QString &begin, const QString &end)
{
    const qsizetype from = html.indexOf(begin) + begin.size();
    return html.count(begin) == 1 ? html.sliced(from, html.indexOf(end, from) - from) : QString();
}

QString scriptOfPage()
{
    return between(htmlOfPage(), u"<script type=\"module\">"_s, u"</script>"_s);
}

QString styleOfPage()
{
    return between(htmlOfPage(), u"<style>"_s, u"</style>"_s);
}

QString markupOfPage()
{
    return htmlOfPage().remove(scriptOfPage()).remove(styleOfPage());
}

QByteArray sourceByHash(const QString &content)
{
    return "'sha256-"_ba + QCryptographicHash::hash(content.toUtf8(), QCryptographicHash::Sha256).toBase64()
        + '\'';
}

QMap<QString, QJsonObject> languagesOfPage()
{
    QMap<QString, QJsonObject> languages;
    const QDir folder(QStringLiteral(RELAY_SOURCE_DIR "/resources/try/words"));
    for (const QString &name : folder.entryList(QDir::Files)) {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::ReadOnly))
            languages[QString(name).remove(".json"_L1)] = QJsonDocument::fromJson(file.readAll()).object();
    }
    return languages;
}

/// What a pattern's group finds, everywhere.
QSet<QString> everyMatch(const QString &pattern, const QString &text)
{
    QSet<QString> found;
    for (const QRegularExpressionMatch &match : QRegularExpression(pattern).globalMatch(text))
        found.insert(match.captured(1));
    return found;
}

} // namespace

class TestTryPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void document();
    void policy();
    void headers();
    void nothingFromOutside();
    void nothingThatThePolicyRefuses();
    void keys();
    void languages();
    void everyWordIsThere();
};

void TestTryPage::document()
{
    const HttpResponse page = tryPage(TryPageKeys::Upstreams);
    QCOMPARE(page.status, 200);
    QCOMPARE(page.contentType, "text/html; charset=utf-8"_ba);
    QVERIFY(page.body.startsWith("<!DOCTYPE html>"));
    QVERIFY(scriptOfPage().contains("new WebSocket("_L1));
    QVERIFY(styleOfPage().contains("prefers-color-scheme: dark"_L1));
    QVERIFY(!markupOfPage().contains("{script}"_L1) && !markupOfPage().contains("{style}"_L1));
    QVERIFY2(page.body.size() < 100'000, "a phone far away loads it");
}

void TestTryPage::policy()
{
    const QList<QByteArray> directives = headerOfPage("Content-Security-Policy").split(';');
    QMap<QByteArray, QByteArray> policy;
    for (const QByteArray &each : directives) {
        const QByteArray directive = each.trimmed();
        policy[directive.left(directive.indexOf(' '))] = directive.mid(directive.indexOf(' ') + 1);
    }
    QCOMPARE(policy.size(), directives.size());
    QCOMPARE(policy["default-src"], "'none'"_ba);
    QCOMPARE(policy["script-src"], sourceByHash(scriptOfPage()) + " blob:");
    QCOMPARE(policy["style-src"], sourceByHash(styleOfPage()));
    QCOMPARE(policy["connect-src"], "'self'"_ba);
    QCOMPARE(policy["img-src"], "data:"_ba);
    for (const char *nobody : {"base-uri", "form-action", "frame-ancestors", "trusted-types"})
        QCOMPARE(policy[nobody], "'none'"_ba);
    QCOMPARE(policy["require-trusted-types-for"], "'script'"_ba);
    QVERIFY(!headerOfPage("Content-Security-Policy").contains("unsafe"));
}

void TestTryPage::headers()
{
    QVERIFY(headerOfPage("Permissions-Policy").contains("microphone=(self)"));
    QCOMPARE(headerOfPage("Referrer-Policy"), "no-referrer"_ba);
    QCOMPARE(headerOfPage("X-Frame-Options"), "DENY"_ba);
    const QByteArray sent = serialise(tryPage(TryPageKeys::Upstreams), true, true);
    QVERIFY(sent.contains("\r\nCache-Control: no-store\r\n"));
    QVERIFY(sent.contains("\r\nX-Content-Type-Options: nosniff\r\n"));
}

void TestTryPage::nothingFromOutside()
{
    QSet<QString> named = everyMatch(u"\\b(?:src|href|action|data|poster)=\"([^\"]*)\""_s, markupOfPage());
    named.removeIf([](const QString &each) { return each.startsWith("data:image/svg+xml,"_L1); });
    QCOMPARE(named, QSet<QString>());
    QVERIFY(!styleOfPage().contains("url("_L1) && !styleOfPage().contains("@import"_L1));
    // "https://${location.host}" is the page's own
    QCOMPARE(everyMatch(u"\\b(?:https?|wss?)://(?!\\$\\{location\\.host\\})([\\w.-]+)"_s, scriptOfPage()),
        QSet<QString>());
}

/// Neither attributes with script or style in them, nor what would end the script early.
void TestTryPage::nothingThatThePolicyRefuses()
{
    QCOMPARE(everyMatch(u"<[a-z]+[^>]*?\\s(on[a-z]+|style)="_s, markupOfPage()), QSet<QString>());
    for (const QLatin1StringView each :
        {"<!"_L1, "<script"_L1, "innerHTML"_L1, "eval("_L1, "document.write"_L1})
        QVERIFY2(!scriptOfPage().contains(each), each.data());
    QCOMPARE(htmlOfPage().count("</script"_L1), 1);
}

void TestTryPage::keys()
{
    QVERIFY(htmlOfPage().contains("<html lang=\"en\" data-keys=\"upstream\">"_L1));
    QVERIFY(htmlOfPage(TryPageKeys::Any).contains("<html lang=\"en\" data-keys=\"any\">"_L1));
}

void TestTryPage::languages()
{
    const auto all = languagesOfPage();
    QVERIFY(all.contains(u"en"_s) && all.contains(u"de"_s));
    const QJsonObject english = all[u"en"_s];
    for (auto language = all.begin(); language != all.end(); ++language) {
        QVERIFY2(
            scriptOfPage().contains("\"%1\": {"_L1.arg(language.key())), "it is not among the resources");
        QCOMPARE(language->keys(), english.keys());
        QVERIFY((*language)["direction"_L1] == "ltr"_L1 || (*language)["direction"_L1] == "rtl"_L1);
        for (const QString &word : english.keys()) {
            const QString text = (*language)[word].toString();
            QVERIFY2(!text.trimmed().isEmpty(), qPrintable(word));
            QCOMPARE(
                everyMatch(u"\\{(\\w+)\\}"_s, text), everyMatch(u"\\{(\\w+)\\}"_s, english[word].toString()));
        }
    }
}

/// Each that the page and its script name, and none that nothing names.
void TestTryPage::everyWordIsThere()
{
    const QJsonObject english = languagesOfPage()[u"en"_s];
    const QSet<QString> marked = everyMatch(u"data-word=\"(\\w+)\""_s, markupOfPage());
    for (const QString &word : marked)
        QVERIFY2(english.contains(word), qPrintable(word));
    QString script = scriptOfPage();
    script.remove(0, script.indexOf("\n};\n"_L1)); // behind the words themselves
    const QSet<QString> quoted = everyMatch(u"'(\\w+)'"_s, script);
    for (const QString &word : everyMatch(u"word: '(\\w+)'"_s, script))
        QVERIFY2(english.contains(word), qPrintable(word));
    for (const QString &word : english.keys()) {
        const bool isMadeUp = word.startsWith("check_"_L1) || word.startsWith("result_"_L1);
        QVERIFY2(isMadeUp || word == "direction"_L1 || word == "name"_L1 || marked.contains(word)
                || quoted.contains(word),
            qPrintable(word));
    }
}

RELAY_TEST(TestTryPage)
#include "tst_trypage.moc"
