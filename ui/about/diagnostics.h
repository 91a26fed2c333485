// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/checkstep.h"

#include <QList>
#include <QString>

namespace rr {

class RelayControl;

/// What someone who helps needs to know of the relay of this window: bundleText() of it. `steps`: what the Doctor has found,
/// where it was asked.
QString diagnosticsText(RelayControl &control, const QList<CheckStep> &steps = {});

} // namespace rr
