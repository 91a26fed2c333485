// SPDX-License-Identifier: MIT
#include "core/sharing/addresskind.h"

#include "core/admission/clientaddress.h"

#include <algorithm>
#include <initializer_list>

namespace rr {

namespace {

bool isIn(const QHostAddress &address, std::initializer_list<const char *> subnets)
{
    return std::any_of(subnets.begin(), subnets.end(), [&address](const char *subnet) {
        return address.isInSubnet(QHostAddress::parseSubnet(QString::fromLatin1(subnet)));
    });
}

} // namespace

AddressKind addressKindOf(const QHostAddress &address)
{
    const QHostAddress plain = canonical(address);
    if (plain.isLoopback())
        return AddressKind::Loopback;
    if (isIn(plain, {"198.18.0.0/15"}))
        return AddressKind::MadeUp;
    if (isIn(plain, {"100.64.0.0/10"}))
        return AddressKind::Tailnet;
    if (isIn(plain,
            {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"}))
        return AddressKind::Private;
    return AddressKind::Public;
}

} // namespace rr
