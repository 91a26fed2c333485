// SPDX-License-Identifier: MIT
// Whatever the patterns are: none lets in an origin that does not look like it. The first line is the Origin header of a
// request, each further one a pattern.
#include "core/admission/originpolicy.h"
#include "tests/fuzz/require.h"

#include <QStringList>
#include <QUrl>

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

using namespace rr;

namespace {

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
        [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return text;
}

/// Scheme, host and port as they are written; no port is that of the scheme.
struct Parts
{
    std::string scheme;
    std::string host;
    std::string port;
};

bool isNumber(const std::string &text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

Parts partsOf(const std::string &text)
{
    Parts parts;
    const size_t colon = text.find("://");
    if (colon == std::string::npos)
        return parts;
    parts.scheme = lower(text.substr(0, colon));
    parts.host = lower(text.substr(colon + 3));
    const size_t bracket = parts.host.find(']');
    const size_t port = parts.host.find(':', bracket == std::string::npos ? 0 : bracket);
    if (port != std::string::npos) {
        parts.port = parts.host.substr(port + 1);
        parts.host.resize(port);
    } else {
        parts.port = parts.scheme == "https" ? "443" : parts.scheme == "http" ? "80" : "";
    }
    if (isNumber(parts.port))
        parts.port.erase(0, parts.port.find_first_not_of('0'));
    return parts;
}

/// "*" stands for one character of a host or more.
bool looksLike(std::string_view pattern, std::string_view host)
{
    if (pattern.empty())
        return host.empty();
    if (pattern.front() != '*')
        return !host.empty() && host.front() == pattern.front()
            && looksLike(pattern.substr(1), host.substr(1));
    for (size_t taken = 1; taken <= host.size(); ++taken) {
        const char c = host[taken - 1];
        if (!(std::string_view("-._").find(c) != std::string_view::npos || (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')))
            return false;
        if (looksLike(pattern.substr(1), host.substr(taken)))
            return true;
    }
    return false;
}

bool isSameAddress(const std::string &a, const std::string &b)
{
    const auto bytesOf = [](const std::string &text, std::array<unsigned char, 16> &bytes) {
        return text.size() > 2 && text.front() == '[' && text.back() == ']'
            && inet_pton(AF_INET6, text.substr(1, text.size() - 2).c_str(), bytes.data()) == 1;
    };
    std::array<unsigned char, 16> ofA;
    std::array<unsigned char, 16> ofB;
    return bytesOf(a, ofA) && bytesOf(b, ofB) && ofA == ofB;
}

/// What a person would say who holds one against the other.
bool wouldLetIn(const QString &written, const std::string &origin)
{
    QString text = written.trimmed();
    if (text == QLatin1String("*"))
        return true;
    if (text.endsWith(u'/'))
        text.chop(1);
    Parts pattern = partsOf(text.toStdString());
    const Parts asked = partsOf(origin);
    if (!std::all_of(pattern.host.begin(), pattern.host.end(), [](char c) { return uchar(c) < 128; })) {
        const std::string star = pattern.host.starts_with("*.") ? "*." : "";
        const QString host = QString::fromStdString(pattern.host.substr(star.size()));
        pattern.host = star + lower(QUrl::toAce(host).toStdString());
    }
    return !asked.scheme.empty() && !asked.host.empty() && asked.scheme == pattern.scheme
        && (pattern.port == "*" ? asked.port.empty() || isNumber(asked.port) : asked.port == pattern.port)
        && (looksLike(pattern.host, asked.host) || isSameAddress(pattern.host, asked.host));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray input(reinterpret_cast<const char *>(data), qsizetype(size));
    QList<QByteArray> lines = input.split('\n');
    const QByteArray origin = lines.takeFirst();
    for (const QByteArray &line : lines) {
        const QString pattern = QString::fromUtf8(line);
        const auto parsed = parseOriginPattern(pattern);
        require(parsed.has_value() == !originPatternProblem(pattern));
        const OriginPolicy policy({pattern});
        require(policy.allows(QByteArrayView()));
        if (policy.allows(origin))
            require(parsed && (origin.isNull() || wouldLetIn(pattern, origin.toStdString())));
        if (parsed && !parsed->matchesEverything)
            require(!policy.allows("null") && !policy.allows(""));
    }
    // Together they let in what one of them does, and nothing else
    QStringList patterns;
    bool any = false;
    for (const QByteArray &line : lines) {
        patterns.append(QString::fromUtf8(line));
        any = any || OriginPolicy({patterns.last()}).allows(origin);
    }
    require(OriginPolicy(patterns).allows(origin) == (any || origin.isNull()));
    return 0;
}
