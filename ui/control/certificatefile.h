// SPDX-License-Identifier: MIT
#pragma once

#include <QSslCertificate>
#include <QString>

namespace rr {

/// The first certificate of a PEM file; null when there is none. Looks at the beginning of the file only, so
/// that a wrong one, however large, costs no time; any thread.
QSslCertificate firstCertificate(const QString &path);

} // namespace rr
