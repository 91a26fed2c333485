// SPDX-License-Identifier: MIT
// Whatever is forwarded: the client's address is the first from the right that no proxy of ours has, and nothing that stands
// further left. The first byte says which proxies are trusted, the first line behind it who is connected, each further one is
// an X-Forwarded-For header.
#include "core/admission/clientaddress.h"
#include "core/http/head.h"
#include "tests/fuzz/require.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

using namespace rr;

namespace {

/// An address as RFC 4291 has it; one of IPv4 as mapped into IPv6 (2.5.5.2).
using Address = std::array<unsigned char, 16>;

Address mapped(const unsigned char *ipv4)
{
    Address address{};
    address[10] = address[11] = 0xff;
    std::memcpy(&address[12], ipv4, 4);
    return address;
}

bool isDigits(const std::string &text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

std::optional<Address> read(const std::string &text)
{
    Address address;
    unsigned char ipv4[4];
    if (inet_pton(AF_INET, text.c_str(), ipv4) == 1)
        return mapped(ipv4);
    // A scope ("%eth0") means something on the machine it was written on only.
    if (inet_pton(AF_INET6, text.substr(0, text.find('%')).c_str(), address.data()) == 1)
        return address;
    return std::nullopt;
}

/// A member of the header: an address, perhaps with a port.
std::optional<Address> readMember(const std::string &text)
{
    if (text.starts_with('[')) {
        const size_t close = text.find(']');
        if (close == std::string::npos
            || (close + 1 < text.size() && (text[close + 1] != ':' || !isDigits(text.substr(close + 2)))))
            return std::nullopt;
        const std::string inside = text.substr(1, close - 1);
        return inside.find(':') == std::string::npos ? std::nullopt : read(inside);
    }
    if (text.find(']') != std::string::npos)
        return std::nullopt;
    const size_t colon = text.find(':');
    if (colon == std::string::npos || text.find(':', colon + 1) != std::string::npos)
        return read(text);
    return isDigits(text.substr(colon + 1)) ? read(text.substr(0, colon)) : std::nullopt;
}

/// Whether every scope ("%eth0") is a name; what else may stand there nobody says.
bool hasPlainScopes(const std::string &text)
{
    for (size_t at = text.find('%'); at != std::string::npos; at = text.find('%', at + 1)) {
        const auto isOfName = [](char c) { return std::isalnum(uchar(c)) != 0; };
        const auto end = std::find_if_not(text.begin() + std::ptrdiff_t(at) + 1, text.end(), isOfName);
        if (end != text.end() && std::string_view(",\n]").find(*end) == std::string_view::npos)
            return false;
    }
    return true;
}

/// "::" and 0.0.0.0, which Qt takes for one: nobody has them.
bool isNobodys(const Address &address)
{
    constexpr unsigned char none[4]{};
    return address == Address{} || address == mapped(none);
}

struct Subnet
{
    const char *written;
    const char *address;
    int bits; ///< of the address as it is mapped
};
constexpr Subnet subnets[]{{"127.0.0.1", "127.0.0.1", 128}, {"10.0.0.0/8", "10.0.0.0", 104},
    {"::1", "::1", 128}, {"2001:db8::/32", "2001:db8::", 32}, {"192.0.2.128/25", "192.0.2.128", 121},
    {"fe80::/10", "fe80::", 10}, {"::ffff:198.51.100.0/120", "198.51.100.0", 120},
    {"0.0.0.0/0", "0.0.0.0", 96}};

bool isIn(const Address &address, const Subnet &subnet)
{
    const Address net = *read(subnet.address);
    for (int bit = 0; bit < subnet.bits; ++bit) {
        const int mask = 0x80 >> bit % 8;
        if ((address[size_t(bit / 8)] & mask) != (net[size_t(bit / 8)] & mask))
            return false;
    }
    return true;
}

Address bytesOf(const QHostAddress &address)
{
    Address bytes;
    const Q_IPV6ADDR ipv6 = address.toIPv6Address();
    std::memcpy(bytes.data(), ipv6.c, bytes.size());
    return bytes;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    const QByteArray input(reinterpret_cast<const char *>(data) + 1, qsizetype(size - 1));
    QList<QByteArray> lines = input.split('\n');
    if (std::any_of(input.begin(), input.end(), [](char c) { return uchar(c) < 0x20 && c != '\n'; }))
        return 0; // no head has such a header
    if (!hasPlainScopes(input.toStdString()))
        return 0;
    const auto peer = read(lines.takeFirst().toStdString());
    if (!peer || isNobodys(*peer))
        return 0;
    QStringList trusted;
    for (size_t i = 0; i < std::size(subnets); ++i) {
        if (data[0] >> i & 1)
            trusted.append(QLatin1String(subnets[i].written));
    }
    HttpHead head;
    for (const QByteArray &line : lines)
        head.headers.append({"X-Forwarded-For", line});
    const QList<QByteArray> members = head.list("x-forwarded-for");

    const auto isTrusted = [data](const Address &address) {
        for (size_t i = 0; i < std::size(subnets); ++i) {
            if ((data[0] >> i & 1) && isIn(address, subnets[i]))
                return true;
        }
        return false;
    };
    Address wanted = *peer;
    for (auto member = members.crbegin(); member != members.crend() && isTrusted(wanted); ++member) {
        const auto address = readMember(member->trimmed().toStdString());
        if (!address)
            break;
        if (isNobodys(*address))
            return 0;
        wanted = *address;
    }

    const TrustedProxies proxies(trusted);
    const QHostAddress connected(peer->data());
    const QHostAddress client = clientAddress(connected, members, proxies);
    require(bytesOf(client) == wanted);
    require(client == canonical(client) && proxies.contains(client) == isTrusted(wanted));
    require(proxies.contains(canonical(connected)) || client == canonical(connected));

    const QHostAddress network = clientNetwork(client);
    require(clientNetwork(network) == network);
    const bool isIPv4 = client.protocol() == QHostAddress::IPv4Protocol;
    require(isIPv4 ? network == client : network.isInSubnet(client, 64) && bytesOf(network)[8] == 0);
    return 0;
}
