// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QLatin1String>
#include <QMap>

#include <array>
#include <mutex>

namespace rr {

/// What became of an exchange: a plain request that was passed to the upstream.
enum class ExchangeResult : quint8 {
    Succeeded,
    ClientError,
    ServerError, ///< the upstream's, or it was not reached
    Cancelled, ///< the client left, or the relay stopped
};

/// For machines; in the order of ExchangeResult.
inline constexpr std::array exchangeResultNames{
    QLatin1String("2xx"), QLatin1String("4xx"), QLatin1String("5xx"), QLatin1String("cancelled")};
static_assert(exchangeResultNames.size() == std::size_t(ExchangeResult::Cancelled) + 1);

/// Of one path; index: ExchangeResult.
using ExchangeTotals = std::array<qint64, exchangeResultNames.size()>;

/// How often each has happened since the start, by path. One for the whole relay; any thread; one mutex, held for
/// microseconds.
class ExchangeCounts
{
public:
    /// `path`: one of the program's own, never text from outside: every new one takes memory.
    void count(const QByteArray &path, ExchangeResult result)
    {
        const std::lock_guard lock(m_mutex);
        ++m_totals[path][std::size_t(result)];
    }
    QMap<QByteArray, ExchangeTotals> totals() const
    {
        const std::lock_guard lock(m_mutex);
        return m_totals;
    }

private:
    mutable std::mutex m_mutex; ///< guards all below
    QMap<QByteArray, ExchangeTotals> m_totals;
};

} // namespace rr
