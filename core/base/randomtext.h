// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

namespace rr {

/// Of the system's generator, which nobody can foresee. `count`: a multiple of four. Any thread.
QByteArray randomBytes(qsizetype count);

/// 128 bits of it as 22 characters of base64url (RFC 4648 5). Any thread.
QByteArray randomText();

} // namespace rr
