// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QSslKey>

#include <variant>

namespace rr {

/// The first private key in a text of PEM, where other things may stand before and behind it: RSA, EC, on Linux also
/// RSA-PSS, Ed25519 and Ed448, as PKCS #8 or in the older form of its kind. Qt has no name for the latter three, whose
/// algorithm() is Opaque and whose handle() is an EVP_PKEY. On error why, as a part of a sentence. Any thread.
std::variant<QSslKey, Sentence> readPrivateKey(const QByteArray &pem);

} // namespace rr
