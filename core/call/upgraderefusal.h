// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/response.h"
#include "core/realtime/endreason.h"

namespace rr {

/// An upstream's body as a client may be told it: as it came, unless a key stands in it. Empty: there is none that can be told, such
/// as a compressed one.
QByteArray bodyToTell(const QByteArray &body, const QList<Secret> &keys);

/// What a client is told in place of its 101 when the call ends before that: as OpenAI itself would, with an HTTP status.
/// Of an upstream that refused it is that one's own answer: status, body, and the headers that say what to do next. Else
/// an error of OpenAI's shape with a status that stands for `reason`, and a time to wait where that can help. The key is
/// cut out of it, and all that looks like one. `end` is describe() of the other two. Any thread.
HttpResponse upgradeRefusal(EndReason reason, const EndDetails &details, const EndDescription &end);

} // namespace rr
