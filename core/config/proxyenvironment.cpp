// SPDX-License-Identifier: MIT
#include "core/config/proxyenvironment.h"

#include "core/config/othersvariable.h"

#include <QHostAddress>
#include <QRegularExpression>

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

/// In both cases; `names` are the lower ones.
ProxyVariable firstOf(const QStringList &names, const QProcessEnvironment &environment)
{
    for (const QString &lower : names) {
        for (const QString &name : {lower, lower.toUpper()}) {
            const QString value = withoutQuotes(environment.value(name));
            if (!value.isEmpty())
                return {name, value};
        }
    }
    return {};
}

QStringList noProxyMembers(const QProcessEnvironment &environment)
{
    static const QRegularExpression separators(u"[,\\s]+"_s);
    return firstOf({u"no_proxy"_s}, environment).value.split(separators, Qt::SkipEmptyParts);
}

bool isSameHost(QStringView one, QStringView other)
{
    if (one.compare(other, Qt::CaseInsensitive) == 0)
        return true;
    const QHostAddress address(one.toString()); // ::1 is 0:0::1
    return address.protocol() == QHostAddress::IPv6Protocol && address == QHostAddress(other.toString());
}

/// Nothing: it is in no known form.
std::optional<bool> names(const QString &member, const QString &host, int port)
{
    if (member == "*"_L1)
        return true;
    if (member.contains(u'/')) {
        const auto subnet = QHostAddress::parseSubnet(member);
        const QHostAddress written(member.section(u'/', 0, 0)); // not "127./8", which Qt takes
        const bool isAddress = written.protocol() == QHostAddress::IPv6Protocol || member.count(u'.') == 3;
        if (subnet.second < 0 || written.isNull() || !isAddress)
            return {};
        const QHostAddress address(host);
        return !address.isNull() && address.isInSubnet(subnet);
    }

    static const QRegularExpression form(
        u"^(?:\\[(?<inBrackets>[0-9A-Fa-f:.]+)\\]|(?<address>[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)"
        "|(?<any>\\*(?=\\.))?(?<dot>\\.?)(?<name>[\\w-]+(?:\\.[\\w-]+)*)\\.?)(?::(?<port>\\d{1,5}))?$"_s,
        QRegularExpression::UseUnicodePropertiesOption);
    const auto parts = form.match(member);
    if (!parts.hasMatch())
        return {};
    const QString address = parts.captured(u"inBrackets") + parts.captured(u"address");
    if (!address.isEmpty() && QHostAddress(address).protocol() != QHostAddress::IPv6Protocol)
        return {};
    if (const QString given = parts.captured(u"port"); !given.isEmpty() && given.toInt() != port)
        return false;
    if (!address.isEmpty())
        return isSameHost(address, host);
    const QString name = QUrl::fromAce(QUrl::toAce(parts.captured(u"name")));
    const QString known = name.isEmpty() ? parts.captured(u"name") : name; // with an underscore
    if (QHostAddress(host).isNull() && host.endsWith(u'.' + known, Qt::CaseInsensitive))
        return true;
    return parts.captured(u"any").isEmpty() && isSameHost(known, host);
}

} // namespace

ProxyVariable proxyVariable(const QUrl &upstream, const QProcessEnvironment &environment)
{
    const bool secure = upstream.scheme() == "wss"_L1;
    QString host = upstream.host();
    if (host.endsWith(u'.'))
        host.chop(1);
    const QStringList members = noProxyMembers(environment);
    const bool isNamed = std::any_of(members.begin(), members.end(), [&](const QString &member) {
        return names(member, host, upstream.port(secure ? 443 : 80)).value_or(false);
    });
    if (isNamed)
        return {};
    return firstOf(secure ? QStringList{u"wss_proxy"_s, u"https_proxy"_s, u"all_proxy"_s}
                          : QStringList{u"ws_proxy"_s, u"http_proxy"_s, u"all_proxy"_s},
        environment);
}

QStringList unknownInNoProxy(const QProcessEnvironment &environment)
{
    QStringList members = noProxyMembers(environment);
    members.removeIf([](const QString &member) { return names(member, {}, 0).has_value(); });
    return members;
}

} // namespace rr
