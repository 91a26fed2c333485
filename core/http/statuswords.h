// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

namespace rr {

/// The reason phrase of a status as RFC 9110 15 names it; empty, which RFC 9112 4 allows, where the relay and the
/// simulator have no use for that status. Any thread.
QByteArray reasonPhrase(int status);

} // namespace rr
