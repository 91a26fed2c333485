// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <optional>

namespace rr {

/// One entry of the allowed origins, taken apart. Written as "*", "scheme://host", "scheme://host:port",
/// "scheme://host:*" or with "*." before the host. A plain value; the matching is admission's.
struct OriginPattern
{
    bool matchesEverything = false; ///< "*": the other fields are empty
    QString scheme = {}; ///< lower case
    QString host = {}; ///< lower case, as browsers send it: punycode, IPv6 in brackets; without the "*."
    bool wildcardSubdomain = false; ///< one or more labels before the host, not the host itself
    bool anyPort = false; ///< ":*", also no port at all
    quint16 port = 0; ///< 0: none in the origin. 80 of http and 443 of https are 0: browsers leave them out.

    bool operator==(const OriginPattern &) const = default;
};

/// One trailing slash and white space around it are forgiven. Nothing when it is not a pattern.
std::optional<OriginPattern> parseOriginPattern(const QString &text);

/// Why it is not a pattern and what to write instead, as a sentence without capital and full stop; nothing
/// when it is one.
std::optional<QString> originPatternProblem(const QString &text);

} // namespace rr
