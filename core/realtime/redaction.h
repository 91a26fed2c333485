// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/secret.h"

#include <QString>

namespace rr {

/// The text with everything that looks like a key cut out: `sk-…` and `ek_…`, what follows Bearer or Basic, a
/// key subprotocol, a named value such as `api-key=…` or `token: …`, a password in a URL, a JSON Web Token,
/// and any run of 32 or more letters and digits mixed. For text that comes from outside: Qt's messages, an
/// upstream's answers. Rather cuts too much than too little. Any thread.
QString redacted(const QString &text);

/// The text without this very key, however little it looks like one.
QString withoutKey(const QString &text, const Secret &key);

/// Text from outside as it may stand in a sentence of ours: redacted, on one line, without control or
/// direction-changing characters, at most `maxLength` characters (an ellipsis says that it was cut).
QString outsideText(const QString &text, int maxLength = 200);

} // namespace rr
