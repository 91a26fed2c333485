// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/apierror.h"
#include "core/simulator/response.h"

#include <optional>
#include <utility>

namespace rr {

/// What a client does with the items of its call, and what it is told of it. Takes client events that
/// checkClientEvent() has let pass; returns what is wrong nevertheless.
class ConversationEditor
{
public:
    explicit ConversationEditor(ResponseStage stage)
        : m_stage(std::move(stage))
    {
    }

    /// `format`: of the audio that the item may hold.
    std::optional<ApiError> create(const QJsonObject &event, AudioFormat format);
    std::optional<ApiError> remove(const QJsonObject &event);
    std::optional<ApiError> retrieve(const QJsonObject &event);
    std::optional<ApiError> truncate(const QJsonObject &event);

    /// Tells of an item that is in the conversation now, and whole.
    void announce(const ConversationItem &item);
    /// The item as the server keeps it: with an id, and its audio apart. Empty: a reference to none.
    ConversationItem madeItem(const QJsonObject &given, AudioFormat format);

    static ApiError noSuchItem(const QString &id, const QString &verb);

private:
    void send(QLatin1StringView type, const QJsonObject &body);

    ResponseStage m_stage;
};

} // namespace rr
