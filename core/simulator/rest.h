// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/requesthead.h"
#include "core/simulator/httpanswer.h"
#include "core/simulator/keys.h"
#include "core/simulator/livesessions.h"
#include "core/simulator/models.h"

namespace rr {

/// A whole request beside the WebSocket.
struct RestRequest
{
    RequestHead head;
    QByteArray body;
    QByteArray id{}; ///< what stands for {id} in the row's path, as it came
};

/// What answers have to do with; the server's.
struct RestDesk
{
    Keys &keys;
    const Models &models;
    const LiveSessions &live;
};

/// Answers after the table of calls that are played, or with 404 as OpenAI does. Says nothing of the key; whatever is
/// in the table wants a good one.
HttpAnswer answerRest(const RestRequest &request, const RestDesk &desk);

} // namespace rr
