// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/money.h"
#include "core/base/usage.h"

#include <QLatin1String>
#include <QString>

namespace rr {

/// What was used, by one call or by many, and what that costs. What is told of usage is a *fact*: a response, a transcription,
/// the time of a Live session. A plain value.
struct UsageTotals
{
    Usage usage;
    Money cost; ///< of those facts that have a price; see isCostKnown()
    qint64 responses = 0; ///< cancelled ones among them
    qint64 cancelled = 0;
    qint64 unpriced = 0; ///< facts that no price is known for: the cost is at least what it says
    qint64 unread = 0; ///< facts that are not known: of a message without usage, or one too large to be read

    /// Otherwise it is unknown, which is never the same as nothing.
    bool isCostKnown() const { return unpriced == 0 || cost > Money(); }
    /// Nothing was told of usage at all.
    bool isEmpty() const
    {
        return usage.isEmpty() && responses == 0 && unpriced == 0 && unread == 0 && cost == Money();
    }

    UsageTotals &operator+=(const UsageTotals &other)
    {
        usage += other.usage;
        cost += other.cost;
        responses += other.responses;
        cancelled += other.cancelled;
        unpriced += other.unpriced;
        unread += other.unread;
        return *this;
    }
    bool operator==(const UsageTotals &) const = default;
};

/// The same by the model that it is billed as.
struct ModelUsage
{
    QString model; ///< empty: none was named
    UsageTotals totals;
};

/// The names of models come from outside. What is beyond so many of them is counted together, under a name that none has.
inline constexpr int mostModels = 64;
inline constexpr QLatin1String otherModels("(other)");

/// The same by the access token that it was used with.
struct AccessUsage
{
    QString name;
    qint64 calls = 0; ///< since the start
    qint64 active = 0; ///< of them
    UsageTotals totals;
};

/// Beyond so many names of tokens they are counted together.
inline constexpr int mostAccessNames = 64;
inline constexpr QLatin1String otherAccess("(other)");

} // namespace rr
