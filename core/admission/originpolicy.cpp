// SPDX-License-Identifier: MIT
#include "core/admission/originpolicy.h"

#include <algorithm>

namespace rr {
namespace {

bool matches(const OriginPattern &pattern, const OriginPattern &origin)
{
    return hostMatches(pattern, origin.host) && origin.scheme == pattern.scheme
        && (pattern.anyPort || origin.port == pattern.port);
}

} // namespace

/// An origin is written as a pattern without wildcards; and where a pattern forgives blanks and a slash at
/// the end, browsers send neither.
std::optional<OriginPattern> parseOrigin(QByteArrayView text)
{
    const auto isVisible = [](char c) { return c > 0x20 && c < 0x7f; };
    if (text.endsWith('/') || !std::all_of(text.begin(), text.end(), isVisible))
        return std::nullopt;
    const auto origin = parseOriginPattern(QString::fromLatin1(text));
    return text.contains('*') ? std::nullopt : origin;
}

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

bool OriginPolicy::canBeAllowed(QByteArrayView origin)
{
    return parseOrigin(origin).has_value();
}

} // namespace rr
