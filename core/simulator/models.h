// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/apierror.h"
#include "core/simulator/surface.h"

#include <QStringList>

#include <optional>

namespace rr {

/// The model of a session whose client names none.
inline QString defaultModel()
{
    return QStringLiteral("gpt-realtime");
}

/// The models that are served, by name. A plain value.
class Models
{
public:
    /// OpenAI's of November 2026; the names it has retired are in none of its lists.
    Models() = default;
    /// From "NAME,…": these alone, at every surface, were they retired. "any" among them adds every name that is not
    /// retired, as it suits upstreams that have names of their own.
    explicit Models(const QString &list);

    /// Why a session of this surface cannot have the model; nullopt: it can.
    std::optional<ApiError> refusal(Surface surface, const QString &model) const;

private:
    QStringList m_named;
    bool m_any = false;
};

} // namespace rr
