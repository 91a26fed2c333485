// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace rr {

/// A sentence of the core, or several, a line each, in the user's language: why a setting is refused, why the
/// relay did not start, how a session ended and what to do. What is not known stays as the core says it.
/// Journal and diagnostics keep the core's own words, so that everybody who reads them reads the same.
QString coreText(const QString &sentence);

} // namespace rr
