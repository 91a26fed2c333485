// SPDX-License-Identifier: MIT
#include "core/http/trypage.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

using namespace Qt::StringLiterals;

/// Outside of any namespace, as the macro wants it: a static library's resources are not there by themselves.
static void initialiseTryPage()
{
    Q_INIT_RESOURCE(trypage);
}

namespace rr {
namespace {

/// In the order in which they build on each other.
constexpr const char *scripts[]
    = {"text.js", "link.js", "failures.js", "ears.js", "voice.js", "call.js", "checks.js", "page.js"};

QByteArray contentOf(const QString &name)
{
    QFile file(u":/try/"_s + name);
    const bool isThere = file.open(QIODevice::ReadOnly);
    Q_ASSERT(isThere);
    return isThere ? file.readAll() : QByteArray();
}

/// Each language's file under its name: const words = {"de": {…}, "en": {…}}
QByteArray words()
{
    QByteArray all = "const words = {"_ba;
    for (const QFileInfo &file : QDir(u":/try/words"_s).entryInfoList(QDir::Files, QDir::Name))
        all += '"' + file.baseName().toLatin1() + "\": "_ba + contentOf(u"words/"_s + file.fileName())
            + ",\n"_ba;
    return all + "};\n"_ba;
}

QByteArray sourceOf(const QByteArray &content)
{
    return "'sha256-"_ba + QCryptographicHash::hash(content, QCryptographicHash::Sha256).toBase64() + '\'';
}

struct Page
{
    QByteArray html;
    QByteArray policy;
};

Page makePage()
{
    initialiseTryPage();
    const QByteArray style = '\n' + contentOf(u"page.css"_s);
    QByteArray script = '\n' + words();
    for (const char *name : scripts)
        script += contentOf(QString::fromLatin1(name));
    Page page{contentOf(u"page.html"_s), {}};
    page.html.replace("{style}", style).replace("{script}", script);
    page.policy = "default-src 'none'; script-src "_ba + sourceOf(script) + " blob:; style-src "_ba
        + sourceOf(style)
        + "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
          "require-trusted-types-for 'script'; trusted-types 'none'"_ba;
    return page;
}

} // namespace

HttpResponse tryPage(TryPageKeys keys)
{
    static const Page page = makePage();
    QByteArray html = page.html;
    if (keys == TryPageKeys::Any)
        html.replace("data-keys=\"upstream\"", "data-keys=\"any\"");
    return {200, "text/html; charset=utf-8"_ba, html,
        {{"Content-Security-Policy"_ba, page.policy},
            {"Permissions-Policy"_ba, "microphone=(self), camera=(), geolocation=(), display-capture=()"_ba},
            {"Referrer-Policy"_ba, "no-referrer"_ba}, {"X-Frame-Options"_ba, "DENY"_ba},
            {"Cross-Origin-Resource-Policy"_ba, "same-origin"_ba}}};
}

} // namespace rr
