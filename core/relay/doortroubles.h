// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/connectionfailure.h"
#include "core/monitor/troubles.h"

#include <QHostAddress>

namespace rr {

// What becomes of connections before there is a call, and what that says of the relay as a whole. Any thread.

void noteFailed(Troubles &troubles, ConnectionFailure failure, const QHostAddress &client);
/// A request that was refused. `code`: of the refusal; not every one is a trouble. `message`: with what to do.
void noteTurnedAway(
    Troubles &troubles, const QByteArray &code, const Sentence &message, const QHostAddress &client);
/// A WebSocket that was asked for where there is none.
void noteWrongPath(Troubles &troubles, const Sentence &message, const QHostAddress &client);

} // namespace rr
