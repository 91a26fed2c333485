// SPDX-License-Identifier: MIT
#include "core/config/settingchecks.h"

#include "core/base/decimal.h"
#include "core/config/forwardheader.h"
#include "core/config/originpattern.h"

#include <QFile>
#include <QFileInfo>
#include <QHostAddress>
#include <QRegularExpression>
#include <QUrl>
#include <QUrlQuery>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr auto sqliteScheme = "sqlite:"_L1;

/// QHostAddress takes "8080" for 0.0.31.144: an IPv4 address must be written out.
QHostAddress strictAddress(const QString &text)
{
    const QHostAddress address(text);
    const bool abbreviated = address.protocol() == QHostAddress::IPv4Protocol && text.count(u'.') != 3;
    return abbreviated ? QHostAddress() : address;
}

constexpr int decimalsOfNumbers = 6;

/// A decimal number within these, in millionths. Noughts that say nothing are taken off.
std::optional<Sentence> checkDecimal(QString &text, qint64 least, qint64 most)
{
    const auto number = readDecimal(text.toLatin1(), decimalsOfNumbers);
    if (!number)
        return QT_TRANSLATE_NOOP("Core", "it is no number with a point and at most six decimals");
    if (*number < least)
        return QT_TRANSLATE_NOOP("Core", "it is too small");
    if (*number > most)
        return QT_TRANSLATE_NOOP("Core", "it is too large");
    text = QString::fromLatin1(decimalText(*number, decimalsOfNumbers));
    while (text.endsWith(u'0'))
        text.chop(1);
    if (text.endsWith(u'.'))
        text.chop(1);
    return {};
}

std::optional<Sentence> checkSqliteUrl(QString &text)
{
    QString path = text.sliced(qsizetype(sqliteScheme.size()));
    if (path.startsWith("///"_L1)) // as a URL it is written so
        path = path.sliced(2);
    else if (path.startsWith("//"_L1))
        return QT_TRANSLATE_NOOP("Core", "a file has no host: write sqlite:/FOLDER/FILE");
    if (path.isEmpty())
        return QT_TRANSLATE_NOOP("Core", "it names no file");
    if (std::any_of(path.cbegin(), path.cend(), [](QChar c) { return !c.isPrint(); }))
        return QT_TRANSLATE_NOOP("Core",
            "it holds a line feed, tab or the like; a backslash is written twice in the settings file");
    if (path.endsWith(u'/') || QFileInfo(path).isDir())
        return QT_TRANSLATE_NOOP("Core", "it names a folder, not a file in one");
    text = sqliteScheme + path;
    return {};
}

std::optional<Sentence> checkPostgresUrl(QString &text)
{
    const QUrl url("postgresql"_L1 + text.sliced(text.indexOf(u':')), QUrl::StrictMode);
    if (!url.isValid())
        return QT_TRANSLATE_NOOP(
            "Core", "it is not a complete address (special characters in a password are written as %XX)");
    if (url.port() == 0)
        return QT_TRANSLATE_NOOP("Core", "port 0 cannot be reached");
    if (url.path().size() < 2 || url.path().indexOf(u'/', 1) >= 0)
        return QT_TRANSLATE_NOOP("Core", "it names no database: its name follows the host, behind a slash");
    if (url.hasFragment())
        return QT_TRANSLATE_NOOP("Core", "it must not have a fragment (from the \"#\" on)");
    if (QUrlQuery(url).hasQueryItem(u"password"_s))
        return QT_TRANSLATE_NOOP("Core", "the password stands before the host, as USER:PASSWORD@");
    text = url.toString(QUrl::FullyEncoded);
    return {};
}

} // namespace

std::optional<Sentence> checkListenAddress(QString &text)
{
    if (text.compare("localhost"_L1, Qt::CaseInsensitive) == 0)
        text = u"127.0.0.1"_s;
    if (text.startsWith(u'[') && text.endsWith(u']'))
        text = text.mid(1, text.size() - 2);
    if (strictAddress(text).isNull())
        return QT_TRANSLATE_NOOP("Core", "it is not an address");
    return {};
}

std::optional<Sentence> checkTrustedProxy(QString &text)
{
    if (strictAddress(text.section(u'/', 0, 0)).isNull() || QHostAddress::parseSubnet(text).second < 0)
        return QT_TRANSLATE_NOOP("Core", "it is neither an address nor a subnet");
    return {};
}

std::optional<Sentence> checkUpstreamUrl(QString &text)
{
    if (text.isEmpty())
        return QT_TRANSLATE_NOOP("Core", "there must be an upstream");
    QUrl url(text, QUrl::StrictMode);
    const QString scheme = url.scheme();
    if (!url.isValid() || scheme.isEmpty())
        return QT_TRANSLATE_NOOP("Core", "it is not a complete address");
    if (text.contains(u'@')) // also where a slash in a password hides it in the path
        return QT_TRANSLATE_NOOP(
            "Core", "it must not hold a user name or password; clients bring their own key");
    if (url.hasQuery())
        return QT_TRANSLATE_NOOP("Core",
            "it must not have a query (from the \"?\" on): the client's query is forwarded as "
            "received, so let the client send it");
    if (url.hasFragment())
        return QT_TRANSLATE_NOOP("Core", "it must not have a fragment (from the \"#\" on)");
    if (scheme == "http"_L1 || scheme == "https"_L1) {
        url.setScheme(scheme == "https"_L1 ? u"wss"_s : u"ws"_s);
        return Sentence(
            QT_TRANSLATE_NOOP(
                "Core", "the upstream speaks WebSocket, wss:// for https://, ws:// for http://: write %1"),
            {url.toString()});
    }
    if (scheme != "ws"_L1 && scheme != "wss"_L1)
        return QT_TRANSLATE_NOOP("Core", "its scheme is neither ws:// nor wss://");
    if (url.host().isEmpty())
        return QT_TRANSLATE_NOOP("Core", "it names no host");
    if (url.port() == 0)
        return QT_TRANSLATE_NOOP("Core", "port 0 cannot be reached");
    if (url.path().size() > 1)
        url = url.adjusted(QUrl::StripTrailingSlash);
    text = url.toString(QUrl::FullyEncoded);
    return {};
}

std::optional<Sentence> checkUpstreamProxy(QString &text)
{
    if (text.isEmpty())
        return {};
    QUrl url(text.contains("://"_L1) ? text : "http://"_L1 + text, QUrl::StrictMode);
    const QString scheme = url.scheme();
    if (!url.isValid() || scheme.isEmpty())
        return QT_TRANSLATE_NOOP(
            "Core", "it is not a complete address (special characters in a password are written as %XX)");
    if (scheme == "socks"_L1 || scheme == "socks4"_L1 || scheme == "socks4a"_L1)
        return QT_TRANSLATE_NOOP(
            "Core", "SOCKS is spoken in its version 5 only; write socks5:// if the proxy speaks that");
    if (scheme == "https"_L1)
        return QT_TRANSLATE_NOOP("Core",
            "a proxy is not reached by TLS, which is made through it; write http:// if it can be reached so, "
            "else socks5://");
    if (scheme != "http"_L1 && scheme != "socks5"_L1 && scheme != "socks5h"_L1)
        return QT_TRANSLATE_NOOP("Core", "its scheme is neither http:// nor socks5://");
    if (url.host().isEmpty())
        return QT_TRANSLATE_NOOP("Core", "it names no host");
    // SOCKS has a port of its own (RFC 1928 3); for HTTP some programs take 80, others 1080 or 3128.
    if (url.port() == -1 && scheme != "http"_L1)
        url.setPort(1080);
    if (url.port() <= 0)
        return QT_TRANSLATE_NOOP("Core", "it names no port");
    if (url.path().size() > 1 || url.hasQuery() || url.hasFragment())
        return QT_TRANSLATE_NOOP("Core", "nothing may follow the port");
    text = url.adjusted(QUrl::RemovePath).toString(QUrl::FullyEncoded);
    return {};
}

std::optional<Sentence> checkOriginPattern(QString &text)
{
    const std::optional<Sentence> problem = originPatternProblem(text);
    if (!problem && text.endsWith(u'/'))
        text.chop(1);
    return problem;
}

std::optional<Sentence> checkHostName(QString &text)
{
    constexpr qsizetype longestName = 253; // RFC 1035 2.3.4
    static const QRegularExpression name(uR"(^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.(?1))*$)"_s);
    if (text == "*"_L1)
        return {};
    const bool bracketed = text.startsWith(u'[') && text.endsWith(u']');
    if (const QString bare = bracketed ? text.sliced(1, text.size() - 2) : text;
        !strictAddress(bare).isNull()) {
        text = bare;
        return {};
    }
    if (text.contains(u'/') || text.contains(u':'))
        return QT_TRANSLATE_NOOP(
            "Core", "only the host's name is written here, without scheme, port and path");
    const bool anySubdomain = text.startsWith("*."_L1);
    // As browsers write them in a Host header.
    QString host = QString::fromLatin1(QUrl::toAce(anySubdomain ? text.sliced(2) : text)).toLower();
    if (host.endsWith(u'.'))
        host.chop(1);
    if (host.size() > longestName || !name.match(host).hasMatch())
        return QT_TRANSLATE_NOOP("Core", "it is not the name of a host");
    text = anySubdomain ? "*."_L1 + host : host;
    return {};
}

std::optional<Sentence> checkForwardHeader(QString &text)
{
    return forwardHeaderProblem(text);
}

std::optional<Sentence> checkModelAlias(QString &text)
{
    // What stands in a query and in JSON as it is.
    static const QRegularExpression alias(uR"(^([A-Za-z0-9._:/@-]+)\s*=\s*([A-Za-z0-9._:/@-]*)$)"_s);
    if (text == "none"_L1)
        return {};
    const auto match = alias.match(text);
    if (!match.hasMatch())
        return QT_TRANSLATE_NOOP("Core", "it is not two names of models with = between them");
    text = match.captured(1) + u'=' + match.captured(2);
    return {};
}

std::optional<Sentence> checkStatsToken(QString &text)
{
    constexpr qsizetype shortest = 16;
    static const QRegularExpression token(uR"(^[A-Za-z0-9._~+/-]+=*$)"_s);
    if (text.isEmpty())
        return {};
    if (text.size() < shortest)
        return QT_TRANSLATE_NOOP("Core", "it is so short that it could be guessed");
    if (!token.match(text).hasMatch())
        return QT_TRANSLATE_NOOP("Core", "it holds characters that cannot be sent as a token");
    return {};
}

std::optional<Sentence> checkPriceFactor(QString &text)
{
    return checkDecimal(text, 10'000, 10'000'000);
}

std::optional<Sentence> checkApiKey(QString &text)
{
    constexpr qsizetype longest = 4096;
    if (text.isEmpty())
        return {};
    if (std::any_of(text.cbegin(), text.cend(), [](QChar c) { return c <= u' ' || c > u'~'; }))
        return QT_TRANSLATE_NOOP("Core", "it holds blanks or other characters that no key has");
    if (text.size() > longest)
        return QT_TRANSLATE_NOOP("Core", "it is too long for a key");
    if (text.startsWith("ek_rr_"_L1))
        return QT_TRANSLATE_NOOP("Core", "it is an access token of a relay, not a key of the upstream");
    return {};
}

std::optional<Sentence> checkStoreUrl(QString &text)
{
    if (text.isEmpty())
        return {};
    if (text.startsWith(sqliteScheme, Qt::CaseInsensitive))
        return checkSqliteUrl(text);
    if (text.startsWith("postgresql://"_L1, Qt::CaseInsensitive)
        || text.startsWith("postgres://"_L1, Qt::CaseInsensitive))
        return checkPostgresUrl(text);
    return QT_TRANSLATE_NOOP("Core", "it begins neither with sqlite: nor with postgresql://");
}

std::optional<Sentence> checkBudget(QString &text)
{
    return text.isEmpty() ? std::nullopt : checkDecimal(text, 10'000, 1'000'000'000'000);
}

std::optional<Sentence> checkReadableFile(QString &text)
{
    if (text.isEmpty())
        return {};
    const QFileInfo info(text);
    if (!info.exists() && std::any_of(text.cbegin(), text.cend(), [](QChar c) { return !c.isPrint(); }))
        return QT_TRANSLATE_NOOP("Core",
            "it holds a line feed, tab or the like; a backslash is written twice in the settings file");
    if (!info.exists())
        return QT_TRANSLATE_NOOP("Core", "there is no such file");
    if (!info.isFile())
        return QT_TRANSLATE_NOOP("Core", "it is not a file");
    QFile file(text);
    if (!file.open(QIODevice::ReadOnly))
        return Sentence(QT_TRANSLATE_NOOP("Core", "the file cannot be read (%1)"), {file.errorString()});
    return {};
}

} // namespace rr
