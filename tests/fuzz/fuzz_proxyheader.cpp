// SPDX-License-Identifier: MIT
// Whatever a proxy says: its client's address is what another reading of the specification finds there, and what was said
// stays true however its bytes arrive.
#include "core/wire/proxyheader.h"
#include "tests/fuzz/require.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

using namespace rr;

namespace {

enum class Verdict { Incomplete, Malformed, Complete };

struct Reading
{
    Verdict verdict = Verdict::Malformed;
    size_t size = 0; ///< Complete only, as is the address
    int family = 0; ///< 0: none
    std::array<unsigned char, 16> address{};
};

std::optional<std::string> wordFrom(std::string &line)
{
    if (line.empty())
        return std::nullopt;
    const size_t blank = std::min(line.find(' ', 1), line.size());
    std::string word = line.substr(1, blank - 1);
    if (line[0] != ' ' || word.empty())
        return std::nullopt;
    line.erase(0, blank);
    return word;
}

bool isPort(const std::optional<std::string> &word)
{
    return word && word->size() <= 5
        && std::all_of(word->begin(), word->end(), [](unsigned char c) { return std::isdigit(c) != 0; })
        && std::stoi(*word) <= 0xffff;
}

/// Section 2.1.
Reading readLine(const std::string &input)
{
    constexpr size_t mostLineBytes = 107;
    const size_t end = input.substr(0, mostLineBytes).find("\r\n");
    if (end == std::string::npos)
        return {input.size() < mostLineBytes ? Verdict::Incomplete : Verdict::Malformed};
    std::string line = input.substr(0, end).substr(5); // behind "PROXY"
    Reading reading{Verdict::Complete, end + 2};
    if (line == " UNKNOWN" || line.starts_with(" UNKNOWN "))
        return reading;
    const auto protocol = wordFrom(line);
    if (protocol != "TCP4" && protocol != "TCP6")
        return {};
    reading.family = protocol == "TCP4" ? AF_INET : AF_INET6;
    const auto isAddress = [&reading](const std::optional<std::string> &word, unsigned char *into) {
        return word && word->find('\0') == std::string::npos
            && inet_pton(reading.family, word->c_str(), into) == 1;
    };
    std::array<unsigned char, 16> proxys;
    if (!isAddress(wordFrom(line), reading.address.data()) || !isAddress(wordFrom(line), proxys.data()))
        return {};
    if (!isPort(wordFrom(line)) || !isPort(wordFrom(line)) || !line.empty())
        return {};
    return reading;
}

/// Section 2.2.
Reading readBinary(const std::string &input)
{
    constexpr size_t fixedBytes = 16;
    if (input.size() < fixedBytes)
        return {Verdict::Incomplete};
    const auto byte = [&input](size_t at) { return size_t(static_cast<unsigned char>(input[at])); };
    const size_t size = fixedBytes + byte(14) * 256 + byte(15);
    if ((byte(12) != 0x20 && byte(12) != 0x21) || size > size_t(maxProxyHeaderBytes))
        return {};
    Reading reading{input.size() < size ? Verdict::Incomplete : Verdict::Complete, size};
    if (byte(12) == 0x20)
        return reading;
    constexpr size_t needed[] = {0, 12, 36, 216};
    if (byte(13) >= 0x40 || byte(13) % 16 > 2 || size - fixedBytes < needed[byte(13) / 16])
        return {};
    const size_t family = byte(13) / 16;
    if (reading.verdict == Verdict::Complete && (family == 1 || family == 2)) {
        reading.family = family == 1 ? AF_INET : AF_INET6;
        std::memcpy(reading.address.data(), input.data() + fixedBytes, family == 1 ? 4 : 16);
    }
    return reading;
}

Verdict verdictOf(const std::variant<ProxyHeader, HeadIncomplete, HeadError> &result)
{
    return std::holds_alternative<ProxyHeader>(result)   ? Verdict::Complete
        : std::holds_alternative<HeadIncomplete>(result) ? Verdict::Incomplete
                                                         : Verdict::Malformed;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes(data, qsizetype(size));
    const std::string input(reinterpret_cast<const char *>(data), size);
    const bool isLine = bytes.startsWith(proxyLineStart);
    if (!isLine && !bytes.startsWith(proxySignature))
        return 0;
    const Reading wanted = isLine ? readLine(input) : readBinary(input);
    const auto result = readProxyHeader(bytes);
    require(verdictOf(result) == wanted.verdict);
    if (const auto *header = std::get_if<ProxyHeader>(&result)) {
        require(size_t(header->size) == wanted.size);
        if (wanted.family == 0)
            require(header->client.isNull());
        else if (wanted.family == AF_INET)
            require(header->client.protocol() == QHostAddress::IPv4Protocol
                && ntohl(*reinterpret_cast<const uint32_t *>(wanted.address.data()))
                    == header->client.toIPv4Address());
        else
            require(header->client.protocol() == QHostAddress::IPv6Protocol
                && std::memcmp(header->client.toIPv6Address().c, wanted.address.data(), 16) == 0);
        // Its last byte is needed, and nothing behind it.
        require(verdictOf(readProxyHeader(bytes.first(header->size))) == Verdict::Complete);
        require(verdictOf(readProxyHeader(bytes.first(header->size - 1))) == Verdict::Incomplete);
    }
    // Fewer bytes of the same are never refused too early.
    const qsizetype half = std::max(bytes.size() / 2, (isLine ? proxyLineStart : proxySignature).size());
    require(verdictOf(readProxyHeader(bytes.first(half))) != Verdict::Malformed
        || wanted.verdict == Verdict::Malformed);
    return 0;
}
