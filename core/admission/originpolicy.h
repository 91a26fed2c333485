// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/originpattern.h"

#include <QList>
#include <QStringList>

#include <optional>

namespace rr {

/// An Origin header taken apart, in the form of a pattern without wildcards; nothing where it is none, such as "null".
std::optional<OriginPattern> parseOrigin(QByteArrayView text);

/// Which web pages may use the relay: Settings::allowedOrigins, compiled once. A plain value.
class OriginPolicy
{
public:
    /// What is not a pattern allows nothing; the settings' validation has told of it.
    explicit OriginPolicy(const QStringList &patterns = {});

    /// `origin`: the value of the Origin header, a scheme, host and port in the form of RFC 6454 6.2. Null
    /// means there is no such header, so no browser, and is allowed. "null" (a page from a file, a sandboxed
    /// frame) and whatever is not an origin are allowed by "*" alone: anyone's page can make itself such a
    /// one.
    bool allows(QByteArrayView origin) const;
    /// Whether an entry of the same words would let this origin in, and no other one: not "null", nor what somebody has
    /// sent in the hope that it will be taken for a pattern.
    static bool canBeAllowed(QByteArrayView origin);

private:
    QList<OriginPattern> m_patterns;
};

} // namespace rr
