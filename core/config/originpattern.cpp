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

/// The host as browsers write it, wildcards of the pattern kept, or an empty string when it is none.
QString normalizedHost(const QString &text)
{
    if (text.startsWith(u'[') && text.endsWith(u']')) {
        const QHostAddress address(text.mid(1, text.size() - 2));
        return address.protocol() == QHostAddress::IPv6Protocol ? u'[' + address.toString() + u']'
                                                                : QString();
    }
    const bool ascii = std::all_of(text.cbegin(), text.cend(), [](QChar c) { return c.unicode() < 128; });
    const QString host = ascii ? text.toLower() : QString::fromLatin1(QUrl::toAce(text));
    static const QRegularExpression labels(u"^[a-z0-9_*-]+(\\.[a-z0-9_*-]+)*$"_s);
    return labels.match(host).hasMatch() ? host : QString();
}

bool isWeb(const QString &scheme)
{
    return scheme == "http"_L1 || scheme == "https"_L1;
}

/// How many labels at the end of a web page's host must be written out. One where the last is a name that nobody can
/// register: RFC 6761, RFC 6762 appendix G, and what ICANN keeps from being given away.
qsizetype labelsWrittenOut(const QString &lastLabel)
{
    static const QStringList nobodysOwn{u"localhost"_s, u"local"_s, u"test"_s, u"internal"_s, u"intranet"_s,
        u"private"_s, u"corp"_s, u"home"_s, u"lan"_s};
    return nobodysOwn.contains(lastLabel) ? 1 : 2;
}

/// Fills the host and where its wildcards are, or returns what is wrong.
std::optional<Sentence> parseHost(const QString &text, OriginPattern &pattern)
{
    pattern.wildcardSubdomain = text.startsWith("*."_L1);
    pattern.host = normalizedHost(text.sliced(pattern.wildcardSubdomain ? 2 : 0));
    if (pattern.host.isEmpty())
        return QT_TRANSLATE_NOOP("Core", "it has no valid host");
    if (!text.contains(u'*') || !isWeb(pattern.scheme))
        return {};
    const QStringList labels = pattern.host.split(u'.');
    const qsizetype writtenOut = labelsWrittenOut(labels.last());
    if (labels.size() < writtenOut || labels.last(writtenOut).join(u'.').contains(u'*'))
        return QT_TRANSLATE_NOOP("Core",
            "anybody can have such a host; write out the last two parts, as in https://*.example.org or "
            "https://app-*.example.org");
    bool isNumber = false;
    labels.last().toUInt(&isNumber);
    if (isNumber)
        return QT_TRANSLATE_NOOP("Core", "an address has no * in it");
    return {};
}

/// Two-pointer matching: in time of the product of both lengths at most.
bool labelMatches(QStringView pattern, QStringView label)
{
    qsizetype p = 0;
    qsizetype star = -1;
    qsizetype from = 0; // where what the last star stands for ends
    for (qsizetype i = 0; i < label.size();) {
        if (p < pattern.size() && pattern[p] == u'*') {
            star = p++;
            from = ++i; // it is one character at the least
        } else if (p < pattern.size() && pattern[p] == label[i]) {
            ++p;
            ++i;
        } else if (star >= 0) {
            p = star + 1;
            i = ++from;
        } else {
            return false;
        }
    }
    return p == pattern.size();
}

/// Fills the pattern, or returns what is wrong.
std::optional<Sentence> parse(const QString &given, OriginPattern &pattern)
{
    const QString text = given.trimmed();
    if (text.isEmpty())
        return QT_TRANSLATE_NOOP("Core", "it is empty");
    if (text == "*"_L1) {
        pattern.matchesEverything = true;
        return {};
    }
    if (text == "null"_L1)
        return QT_TRANSLATE_NOOP(
            "Core", "\"null\" is what a page opened from a file says; only * lets it in");

    const qsizetype separator = text.indexOf("://"_L1);
    if (separator < 0)
        return Sentence(QT_TRANSLATE_NOOP("Core", "an origin begins with its scheme: write %1"),
            {u"https://%1"_s.arg(text)});
    pattern.scheme = text.first(separator).toLower();
    if (!isScheme(pattern.scheme))
        return QT_TRANSLATE_NOOP("Core", "it does not begin with a scheme such as https://");

    QString rest = text.sliced(separator + 3);
    if (rest.endsWith(u'/'))
        rest.chop(1);
    const qsizetype path = rest.indexOf(QRegularExpression(u"[/?#]"_s));
    if (path >= 0)
        return Sentence(QT_TRANSLATE_NOOP("Core", "an origin has no path: write %1"),
            {u"%1://%2"_s.arg(pattern.scheme, rest.first(path))});
    if (rest.contains(u'@'))
        return QT_TRANSLATE_NOOP("Core", "an origin has no user name");

    const qsizetype colon = rest.indexOf(u':', qMax(qsizetype(0), rest.indexOf(u']')));
    if (colon >= 0) {
        const QString port = rest.sliced(colon + 1);
        bool isNumber = false;
        pattern.anyPort = port == "*"_L1;
        // Qt would take spaces, a sign, and what stands behind U+0000, too.
        const bool isDigits
            = std::all_of(port.begin(), port.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
        pattern.port = port.toUShort(&isNumber);
        if (!pattern.anyPort && (!isDigits || !isNumber || pattern.port == 0))
            return QT_TRANSLATE_NOOP("Core", "its port is not a number from 1 to 65535, nor * for any");
        if ((pattern.port == 80 && pattern.scheme == "http"_L1)
            || (pattern.port == 443 && pattern.scheme == "https"_L1))
            pattern.port = 0;
        rest.truncate(colon);
    }
    return parseHost(rest, pattern);
}

} // namespace

bool hostMatches(const OriginPattern &pattern, const QString &host)
{
    if (!pattern.wildcardSubdomain && !pattern.host.contains(u'*'))
        return host == pattern.host;
    const auto wanted = QStringView(pattern.host).split(u'.');
    const auto labels = QStringView(host).split(u'.');
    const qsizetype more = labels.size() - wanted.size();
    if (pattern.wildcardSubdomain ? more < 1 : more != 0)
        return false;
    return std::equal(wanted.begin(), wanted.end(), labels.begin() + more, labelMatches);
}

bool isSharedDomain(const OriginPattern &pattern)
{
    static const QStringList shared{u"vercel.app"_s, u"netlify.app"_s, u"pages.dev"_s, u"workers.dev"_s,
        u"github.io"_s, u"gitlab.io"_s, u"web.app"_s, u"firebaseapp.com"_s, u"onrender.com"_s, u"fly.dev"_s,
        u"herokuapp.com"_s, u"up.railway.app"_s, u"azurestaticapps.net"_s, u"azurewebsites.net"_s,
        u"amplifyapp.com"_s, u"cloudfront.net"_s, u"run.app"_s, u"surge.sh"_s, u"ngrok.app"_s, u"ngrok.io"_s,
        u"ngrok-free.app"_s, u"trycloudflare.com"_s, u"lovable.app"_s, u"replit.app"_s, u"co.uk"_s,
        u"com.au"_s, u"co.jp"_s, u"com.br"_s};
    return std::any_of(shared.begin(), shared.end(), [&](const QString &domain) {
        if (pattern.wildcardSubdomain && pattern.host == domain)
            return true;
        // "*-team.vercel.app": whoever names a project so is let in, too.
        return pattern.host.endsWith(u'.' + domain)
            && pattern.host.chopped(domain.size() + 1).section(u'.', -1).contains(u'*');
    });
}

std::optional<OriginPattern> parseOriginPattern(const QString &text)
{
    OriginPattern pattern;
    return parse(text, pattern) ? std::nullopt : std::optional(pattern);
}

std::optional<Sentence> originPatternProblem(const QString &text)
{
    OriginPattern pattern;
    return parse(text, pattern);
}

} // namespace rr
