// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/callkind.h"

#include <QByteArrayView>

namespace rr {

/// What a call is, by its handshake alone. `query`: as received; `beta`: Credentials::beta, which counts at the Realtime path
/// only, and there before all that the query says.
CallKind kindOf(CallSurface surface, QByteArrayView query, bool beta);

/// Whether a session.closed of the upstream is the end of a call of that kind. Behind it Live's servers send no close frame and
/// answer none; they cut the connection some two seconds later.
constexpr bool endsWithItsSession(CallKind kind)
{
    return kind == CallKind::Live || kind == CallKind::Translation || kind == CallKind::Sideband;
}

/// Whether the first audio of the upstream is the beginning of an answer. That of Live never stops, silence included, and is told
/// to its sidebands.
constexpr bool answersWithAudio(CallKind kind)
{
    return kind != CallKind::Live && kind != CallKind::Sideband;
}

} // namespace rr
