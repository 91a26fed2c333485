// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/secret.h"

#include <QList>
#include <QString>

namespace rr {

/// The text with everything that looks like a key cut out: `sk-…` and `ek_…`, what follows Bearer or Basic, a
/// key subprotocol, the secret of a link, a named value such as `api-key=…` or `token: …`, a password in a URL, a JSON Web Token,
/// and any run of 32 or more letters and digits mixed. For text that comes from outside: Qt's messages, an
/// upstream's answers. Rather cuts too much than too little. Any thread.
QString redacted(const QString &text);

/// The text without these very keys, however little it looks like one: also where blanks or line ends stand in it, and
/// where the text ends within it, as a close reason does that is cut at 123 bytes, or holds so much of its beginning that
/// it is as good as all of it.
QString withoutKeys(const QString &text, const QList<Secret> &keys);

/// Text from outside as it may stand in a sentence of ours: redacted, on one line, without control or
/// direction-changing characters, at most `maxLength` characters (an ellipsis says that it was cut).
QString outsideText(const QString &text, int maxLength = 200);

} // namespace rr
