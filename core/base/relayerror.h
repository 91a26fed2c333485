// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QByteArray>

namespace rr {

/// Why the relay could not listen, or a change of settings was not taken.
struct RelayError
{
    QByteArray code; ///< "port_in_use", "address_not_available", "permission_denied", "tls_files", …
    QByteArray setting; ///< JSON key of the setting it is about; may be empty
    Sentence detail; ///< what happened, to what, what to do
};

} // namespace rr
