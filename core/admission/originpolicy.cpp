// SPDX-License-Identifier: MIT
#include "core/admission/originpolicy.h"

#include <algorithm>

namespace rr {
namespace {

/// An origin is written as a pattern without wildcards; and where a pattern forgives blanks and a slash at
/// the end, browsers send neither.
std::optional<OriginPattern> parseOrigin(QByteArrayView text)
{
    const auto isVisible = [](char c) { return c > 0x20 && c < 0x7f; };
    if (text.endsWith('/') || !std::all_of(text.begin(), text.end(), isVisible))
        return std::nullopt;
    auto origin = parseOriginPattern(QString::fromLatin1(text));
    if (origin && (origin->matchesEverything || origin->wildcardSubdomain || origin->anyPort))
        return std::nullopt;
    return origin;
}

bool matches(const OriginPattern &pattern, const OriginPattern &origin)
{
    const bool hostMatches
        = pattern.wildcardSubdomain ? origin.host.endsWith(u'.' + pattern.host) : origin.host == pattern.host;
    return hostMatches && origin.scheme == pattern.scheme && (pattern.anyPort || origin.port == pattern.port);
}

} // namespace

OriginPolicy::OriginPolicy(const QStringList &patterns)
{
    for (const QString &text : patterns) {
        if (const auto pattern = parseOriginPattern(text))
            m_patterns.append(*pattern);
    }
}

bool OriginPolicy::allows(QByteArrayView origin) const
{
    if (origin.isNull())
        return true;
    const auto parsed = parseOrigin(origin);
    return std::any_of(m_patterns.begin(), m_patterns.end(), [&parsed](const OriginPattern &pattern) {
        return pattern.matchesEverything || (parsed && matches(pattern, *parsed));
    });
}

} // namespace rr
