// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QByteArrayView>
#include <QString>
#include <QStringList>

#include <optional>

/// The entries of Settings::forwardHeaders: a header's name, or its beginning with a "*" behind it. Case does not matter.
namespace rr {

/// Why an entry cannot be one, as a sentence without capital and full stop; nothing when it can. Never forwarded are
/// headers of one connection (RFC 9110 7.6.1), those of the handshake, which the relay makes anew, Origin, for the relay is
/// no page, OpenAI-Beta, for the upstream has no beta, and where clients put their key, which the relay passes on by itself.
std::optional<Sentence> forwardHeaderProblem(const QString &entry);

/// Whether one of the entries means the header. One that says where a client is, and Cookie, has to be named in full: a
/// beginning such as X-* must not give it away by the way.
bool isForwarded(QByteArrayView header, const QStringList &entries);

} // namespace rr
