// SPDX-License-Identifier: MIT
#include "ui/control/pageorigin.h"

#include "core/config/originpattern.h"

#include <QHostAddress>
#include <QRegularExpression>
#include <QUrl>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

bool isLocalName(const QString &host)
{
    return host == "localhost"_L1 || host.endsWith(".localhost"_L1) || QHostAddress(host).isLoopback();
}

} // namespace

QString originOf(const QString &address)
{
    const QUrl url(address, QUrl::StrictMode);
    if (!url.isValid() || url.scheme().isEmpty() || url.host().isEmpty())
        return {};
    QUrl origin;
    origin.setScheme(url.scheme());
    origin.setHost(url.host());
    const int usualPort = url.scheme() == "https"_L1 ? 443 : url.scheme() == "http"_L1 ? 80 : -1;
    origin.setPort(url.port() == usualPort ? -1 : url.port());
    return QString::fromLatin1(origin.toEncoded());
}

QString pastedOrigin(const QString &text)
{
    QString address = text.trimmed();
    if (address.isEmpty() || address == u"*"_s || address == "null"_L1)
        return {};
    if (address.contains(u'*'))
        return parseOriginPattern(address) ? address : QString();
    if (!address.contains("://"_L1)) {
        const QUrl url("https://"_L1 + address, QUrl::StrictMode);
        address = (isLocalName(url.host()) ? "http://"_L1 : "https://"_L1) + address;
    }
    // What is pasted may hold blanks and letters that stand encoded in an address: of those only the origin matters.
    const qsizetype behindScheme = address.indexOf("://"_L1) + 3;
    const qsizetype path = address.indexOf(QRegularExpression(u"[/?#]"_s), behindScheme);
    const QString origin = originOf(path < 0 ? address : address.left(path));
    return parseOriginPattern(origin) ? origin : QString();
}

bool isOfThisMachine(const QString &allowedOrigin)
{
    const auto pattern = parseOriginPattern(allowedOrigin);
    if (!pattern)
        return false;
    QString host = pattern->host;
    if (host.startsWith(u'['))
        host = host.mid(1).chopped(1);
    return isLocalName(host);
}

QStringList originsElsewhere(const QStringList &allowedOrigins)
{
    QStringList origins = allowedOrigins;
    origins.removeIf(isOfThisMachine);
    return origins;
}

} // namespace rr
