// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QDateTime>
#include <QList>
#include <QSslCertificate>
#include <QString>

#include <optional>

namespace rr {

/// Whether what clients are shown will do for the address that they are given: `chain` with the relay's own certificate
/// first (of Settings::tlsCertFile, or as a peer has sent it), `shownHost` a name or an address, without brackets. nullopt
/// when it will; else what is wrong and what to do: nothing that is not the one or the other family's business. The first
/// of these: not valid yet, expired, another name, signed by itself, an issuer that this system does not know (which is
/// then either one of the operator's own, or a chain that is not whole). Another's system may trust others than this one.
///
/// Of a chain whose issuer is missing from it nothing is fetched. Takes some milliseconds, for the system's authorities are
/// read: not on every tick. Any thread.
std::optional<Sentence> certificateProblem(const QList<QSslCertificate> &chain, const QString &shownHost,
    const QDateTime &now = QDateTime::currentDateTimeUtc());

/// The same for the files in the settings. A file that cannot be read is a problem, too.
std::optional<Sentence> certificateProblemOfFile(const QString &certFile, const QString &shownHost);

} // namespace rr
