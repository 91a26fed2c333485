// SPDX-License-Identifier: MIT
#pragma once

#include "core/http/responsereader.h"
#include "core/monitor/troubles.h"

namespace rr {

/// What the upstream's answer to an exchange, whose head is known at least, says of the relay as a whole: it is reachable, and
/// takes the client's key, or the relay's own, or does not. `path`: the endpoint's; `client`: its address. Any thread.
void noteAnswer(Troubles &troubles, const ResponseReader &answer, QByteArrayView path, const QString &client,
    bool usesHeldKey = false);

} // namespace rr
