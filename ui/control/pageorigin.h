// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

namespace rr {

/// RFC 6454, 6.2: what a browser sends for a page of this address, such as "https://app.example.org"; empty when it is no
/// address of a page. The scheme must be there.
QString originOf(const QString &address);

/// The same of whatever people paste: without a scheme it is a page of https, on this machine one of http. An entry with
/// wildcards is taken as it is. Empty: it is nothing of that, or "*", which is not one page but all.
QString pastedOrigin(const QString &text);

/// Whether an allowed origin is that of pages that this machine itself serves.
bool isOfThisMachine(const QString &allowedOrigin);
/// Those that are not.
QStringList originsElsewhere(const QStringList &allowedOrigins);

} // namespace rr
