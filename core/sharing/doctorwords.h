// SPDX-License-Identifier: MIT
#pragma once

#include "core/realtime/upstreamfailure.h"
#include "core/sharing/checkstep.h"
#include "core/sharing/testcall.h"

#include <QDateTime>
#include <QString>

namespace rr {

/// What the Doctor says of what it has found: result, code, text and next of a step, without its id. Pure functions.

/// Of a connection that did not come about. `where`: "api.openai.com port 443".
CheckStep foundOf(const UpstreamFailure &failure, const Sentence &where);
/// Of a refusal of the upstream's to a dial without a key; Good: it is one that says that all is well.
CheckStep foundOfRefusal(const UpstreamFailure &failure, const QString &host);
/// Of a call that did not become a whole one.
CheckStep foundOfCall(const TestCallResult &result, const QString &host);
/// Of two clocks, of which the upstream's is taken for right; Good: they go alike.
CheckStep foundOfClocks(const QDateTime &here, const QDateTime &there);

/// By how much clocks may differ.
inline constexpr qint64 clockToleranceSeconds = 120;

} // namespace rr
