// SPDX-License-Identifier: MIT
#include "core/config/originpattern.h"

#include <QHostAddress>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

bool isScheme(const QString &text)
{
    static const QRegularExpression scheme(u"^[a-z][a-z0-9+.-]*$"_s); // RFC 3986, 3.1
    return scheme.match(text).hasMatch();
}

/// The host as browsers write it, or an empty string when it is none.
QString normalizedHost(const QString &text)
{
    if (text.startsWith(u'[') && text.endsWith(u']')) {
        const QHostAddress address(text.mid(1, text.size() - 2));
        return address.protocol() == QHostAddress::IPv6Protocol ? u'[' + address.toString() + u']'
                                                                : QString();
    }
    const bool ascii = std::all_of(text.cbegin(), text.cend(), [](QChar c) { return c.unicode() < 128; });
    const QString host = ascii ? text.toLower() : QString::fromLatin1(QUrl::toAce(text));
    static const QRegularExpression labels(u"^[a-z0-9_-]+(\\.[a-z0-9_-]+)*$"_s);
    return labels.match(host).hasMatch() ? host : QString();
}

/// Fills the pattern, or returns what is wrong.
std::optional<QString> parse(const QString &given, OriginPattern &pattern)
{
    const QString text = given.trimmed();
    if (text.isEmpty())
        return u"it is empty"_s;
    if (text == "*"_L1) {
        pattern.matchesEverything = true;
        return {};
    }
    if (text == "null"_L1)
        return u"\"null\" is what a page opened from a file says; only * lets it in"_s;

    const qsizetype separator = text.indexOf("://"_L1);
    if (separator < 0)
        return u"an origin begins with its scheme: write https://%1"_s.arg(text);
    pattern.scheme = text.first(separator).toLower();
    if (!isScheme(pattern.scheme))
        return u"it does not begin with a scheme such as https://"_s;

    QString rest = text.sliced(separator + 3);
    if (rest.endsWith(u'/'))
        rest.chop(1);
    const qsizetype path = rest.indexOf(QRegularExpression(u"[/?#]"_s));
    if (path >= 0)
        return u"an origin has no path: write %1://%2"_s.arg(pattern.scheme, rest.first(path));
    if (rest.contains(u'@'))
        return u"an origin has no user name"_s;

    const qsizetype colon = rest.indexOf(u':', qMax(qsizetype(0), rest.indexOf(u']')));
    if (colon >= 0) {
        const QString port = rest.sliced(colon + 1);
        bool isNumber = false;
        pattern.anyPort = port == "*"_L1;
        pattern.port = port.toUShort(&isNumber);
        if (!pattern.anyPort && (!isNumber || pattern.port == 0))
            return u"its port is not a number from 1 to 65535, nor * for any"_s;
        if ((pattern.port == 80 && pattern.scheme == "http"_L1)
            || (pattern.port == 443 && pattern.scheme == "https"_L1))
            pattern.port = 0;
        rest.truncate(colon);
    }
    pattern.wildcardSubdomain = rest.startsWith("*."_L1);
    if (pattern.wildcardSubdomain)
        rest.remove(0, 2);
    if (rest.contains(u'*'))
        return u"a * stands alone, as the first part of the host (https://*.example.org) or as the port"_s;
    pattern.host = normalizedHost(rest);
    if (pattern.host.isEmpty())
        return u"it has no valid host"_s;
    return {};
}

} // namespace

std::optional<OriginPattern> parseOriginPattern(const QString &text)
{
    OriginPattern pattern;
    return parse(text, pattern) ? std::nullopt : std::optional(pattern);
}

std::optional<QString> originPatternProblem(const QString &text)
{
    OriginPattern pattern;
    return parse(text, pattern);
}

} // namespace rr
