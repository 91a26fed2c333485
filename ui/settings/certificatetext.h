// SPDX-License-Identifier: MIT
#pragma once

#include <QDateTime>
#include <QString>

namespace rr {

/// What a certificate file says of itself, for people.
struct CertificateText
{
    QString text; ///< subject and expiry, or that there is none; empty for no file
    bool warning = false; ///< expired, not valid yet, about to expire, or no certificate
};

/// Reads the first certificate of the PEM file.
CertificateText certificateText(const QString &file, const QDateTime &now);

} // namespace rr
