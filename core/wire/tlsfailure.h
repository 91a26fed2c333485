// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace rr {

/// Why the handshake with a client that was to speak TLS failed.
enum class TlsFailure : quint8 {
    None, ///< it did not, or has not begun
    Unfinished, ///< it had begun, and was not over when the connection ended
    OldVersion, ///< it speaks no version of TLS that is taken here
    NotTrusted, ///< it does not accept the certificate
    Other, ///< anything else; all that is known where there is no OpenSSL
};

} // namespace rr
