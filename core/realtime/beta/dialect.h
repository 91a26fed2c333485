// SPDX-License-Identifier: MIT
#pragma once

#include "core/realtime/beta/memory.h"
#include "core/realtime/eventtype.h"

#include <QByteArray>
#include <QStringList>

#include <optional>

namespace rr {

/// A call whose client speaks the Realtime API's beta, which OpenAI removed in May 2026, while the upstream speaks today's:
/// message in, message or nothing out. One event becomes one event or none, so that every event_id stays true. What is not
/// JSON, or is no event, goes on as it came. doc/beta.md has the tables. A plain value, one a call.
class BetaDialect
{
public:
    /// `query` as the client sent it; `modelAliases` as in Settings. An event that becomes one of more than `mostBytes` is no
    /// event any more, but says that it is too large; it is hardly larger than what it was made of.
    BetaDialect(const QByteArray &query, const QStringList &modelAliases, qint64 mostBytes);

    /// Whether a message goes on as it comes, by its type as sniffEventType() tells it from the message's start. False where
    /// that is not known: then the whole of it decides.
    static bool passesUp(EventType type);
    static bool passesDown(EventType type);

    /// What the upstream gets for an event of the client.
    QByteArray toUpstream(const QByteArray &event);

    struct ForClient
    {
        std::optional<QByteArray> event; ///< nothing: the beta had no such event
        QByteArray unforeseenType; ///< not empty: nor does this table know it
    };
    /// What the client gets for an event of the upstream.
    ForClient toClient(const QByteArray &event);

    /// What the client asked for and cannot be told that it does not get.
    bool askedTemperature() const { return m_memory.temperatureAsked; }
    /// By an update; of a model in the query core/realtime/modelaliases.h knows. Empty: none was replaced.
    const QByteArray &askedModel() const { return m_memory.modelAsked; }
    const QByteArray &answeringModel() const { return m_memory.modelAnswers; }

private:
    BetaMemory m_memory;
};

} // namespace rr
