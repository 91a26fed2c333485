// SPDX-License-Identifier: MIT
#include "core/realtime/kindofcall.h"

#include "core/http/query.h"

namespace rr {

CallKind kindOf(CallSurface surface, QByteArrayView query, bool beta)
{
    switch (surface) {
    case CallSurface::Translations:
        return CallKind::Translation;
    case CallSurface::Live:
    case CallSurface::LiveFork:
        return CallKind::Live;
    case CallSurface::LiveAttach:
        return CallKind::Sideband;
    case CallSurface::Realtime:
        break;
    }
    if (beta)
        return CallKind::Beta;
    if (!queryValue(query, "call_id").isEmpty())
        return CallKind::Sideband;
    return queryValue(query, "intent") == "transcription" ? CallKind::Transcription : CallKind::Realtime;
}

} // namespace rr
