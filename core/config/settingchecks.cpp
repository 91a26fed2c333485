// SPDX-License-Identifier: MIT
#include "core/config/settingchecks.h"

#include "core/config/originpattern.h"

#include <QFile>
#include <QFileInfo>
#include <QHostAddress>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

/// QHostAddress takes "8080" for 0.0.31.144: an IPv4 address must be written out.
QHostAddress strictAddress(const QString &text)
{
    const QHostAddress address(text);
    const bool abbreviated = address.protocol() == QHostAddress::IPv4Protocol && text.count(u'.') != 3;
    return abbreviated ? QHostAddress() : address;
}

} // namespace

std::optional<QString> checkListenAddress(QString &text)
{
    if (text.compare("localhost"_L1, Qt::CaseInsensitive) == 0)
        text = u"127.0.0.1"_s;
    if (text.startsWith(u'[') && text.endsWith(u']'))
        text = text.mid(1, text.size() - 2);
    if (strictAddress(text).isNull())
        return u"it is not an address"_s;
    return {};
}

std::optional<QString> checkTrustedProxy(QString &text)
{
    if (strictAddress(text.section(u'/', 0, 0)).isNull() || QHostAddress::parseSubnet(text).second < 0)
        return u"it is neither an address nor a subnet"_s;
    return {};
}

std::optional<QString> checkUpstreamUrl(QString &text)
{
    if (text.isEmpty())
        return u"there must be an upstream"_s;
    QUrl url(text, QUrl::StrictMode);
    const QString scheme = url.scheme();
    if (!url.isValid() || scheme.isEmpty())
        return u"it is not a complete address"_s;
    if (text.contains(u'@')) // also where a slash in a password hides it in the path
        return u"it must not hold a user name or password; clients bring their own key"_s;
    if (url.hasQuery())
        return u"it must not have a query (from the \"?\" on): the client's query is forwarded as "
               "received, so let the client send it"_s;
    if (url.hasFragment())
        return u"it must not have a fragment (from the \"#\" on)"_s;
    if (scheme == "http"_L1 || scheme == "https"_L1) {
        url.setScheme(scheme == "https"_L1 ? u"wss"_s : u"ws"_s);
        return u"the upstream speaks WebSocket, wss:// for https://, ws:// for http://: write %1"_s.arg(
            url.toString());
    }
    if (scheme != "ws"_L1 && scheme != "wss"_L1)
        return u"its scheme is neither ws:// nor wss://"_s;
    if (url.host().isEmpty())
        return u"it names no host"_s;
    if (url.port() == 0)
        return u"port 0 cannot be reached"_s;
    if (url.path().size() > 1)
        url = url.adjusted(QUrl::StripTrailingSlash);
    text = url.toString(QUrl::FullyEncoded);
    return {};
}

std::optional<QString> checkUpstreamProxy(QString &text)
{
    if (text.isEmpty())
        return {};
    const QUrl url(text, QUrl::StrictMode);
    if (!url.isValid() || url.scheme().isEmpty())
        return u"it is not a complete address (special characters in a password are written as %XX)"_s;
    if (url.scheme() != "http"_L1 && url.scheme() != "socks5"_L1)
        return u"its scheme is neither http:// nor socks5://"_s;
    if (url.host().isEmpty())
        return u"it names no host"_s;
    if (url.port() <= 0)
        return u"it names no port"_s;
    if (url.path().size() > 1 || url.hasQuery() || url.hasFragment())
        return u"nothing may follow the port"_s;
    text = url.adjusted(QUrl::RemovePath).toString(QUrl::FullyEncoded);
    return {};
}

std::optional<QString> checkOriginPattern(QString &text)
{
    const std::optional<QString> problem = originPatternProblem(text);
    if (!problem && text.endsWith(u'/'))
        text.chop(1);
    return problem;
}

std::optional<QString> checkReadableFile(QString &text)
{
    if (text.isEmpty())
        return {};
    const QFileInfo info(text);
    if (!info.exists())
        return u"there is no such file"_s;
    if (!info.isFile())
        return u"it is not a file"_s;
    QFile file(text);
    if (!file.open(QIODevice::ReadOnly))
        return u"the file cannot be read (%1)"_s.arg(file.errorString());
    return {};
}

} // namespace rr
