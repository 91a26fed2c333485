// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QString>

#include <optional>

namespace rr {

/// One entry of the allowed origins, taken apart. Written as "*", "scheme://host", "scheme://host:port" or
/// "scheme://host:*". In the host "*." at the front stands for one or more labels, any other "*" for one or more characters
/// of its label, never for a dot: "https://app-*-team.vercel.app", "moz-extension://*".
///
/// Of a web page's host the last two labels have no "*" (the last one of names that nobody can register, such as
/// "localhost"): "https://*.com" and "https://*-app.com" would let in whoever registers such a name, which is no narrower
/// than "*" and looks as if it were. Schemes of programs (extensions, app shells) have no such labels. A plain value; the
/// matching is admission's.
struct OriginPattern
{
    bool matchesEverything = false; ///< "*": the other fields are empty
    QString scheme = {}; ///< lower case
    QString host
        = {}; ///< lower case, as browsers send it: punycode, IPv6 in brackets; without the "*." at its front
    bool wildcardSubdomain = false; ///< one or more labels before the host, not the host itself
    bool anyPort = false; ///< ":*", also no port at all
    quint16 port = 0; ///< 0: none in the origin. 80 of http and 443 of https are 0: browsers leave them out.

    bool operator==(const OriginPattern &) const = default;
};

/// Whether the host in the form of OriginPattern::host is one that the pattern names, its port and scheme apart.
bool hostMatches(const OriginPattern &pattern, const QString &host);

/// Whether the pattern has a wildcard in the domain of a provider that gives everybody a name there ("https://*.vercel.app"):
/// it lets in strangers' pages. The best known of them; nothing is refused for it.
bool isSharedDomain(const OriginPattern &pattern);

/// One trailing slash and white space around it are forgiven. Nothing when it is not a pattern.
std::optional<OriginPattern> parseOriginPattern(const QString &text);

/// Why it is not a pattern and what to write instead, as a sentence without capital and full stop; nothing
/// when it is one.
std::optional<Sentence> originPatternProblem(const QString &text);

} // namespace rr
