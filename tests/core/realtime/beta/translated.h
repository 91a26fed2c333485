// SPDX-License-Identifier: MIT
#pragma once

#include "core/realtime/beta/dialect.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <optional>

/// One event of a call of the beta, translated.
namespace rr {

inline QJsonObject readEvent(const QByteArray &event)
{
    return QJsonDocument::fromJson(event).object();
}

inline constexpr qint64 mostEventBytes = 1024 * 1024;
inline const QByteArray aliased = "model=gpt-4o-realtime-preview-2024-12-17";

inline QByteArray up(const QByteArray &event, const QByteArray &query = aliased)
{
    return BetaDialect(query, {}, mostEventBytes).toUpstream(event);
}

inline std::optional<QByteArray> down(const QByteArray &event, const QByteArray &query = aliased)
{
    return BetaDialect(query, {}, mostEventBytes).toClient(event).event;
}

} // namespace rr
