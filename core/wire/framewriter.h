// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/framescanner.h"

#include <QByteArray>

namespace rr {

/// One whole, unfragmented frame (RFC 6455 5.2) for what the relay itself has to say. As a client (towards the
/// upstream) it is masked with a fresh unpredictable key (RFC 6455 5.3), as a server it is not.
/// A control frame's payload is at most 125 bytes.
QByteArray makeFrame(FrameScanner::Sender sender, Opcode opcode, QByteArrayView payload);

} // namespace rr
