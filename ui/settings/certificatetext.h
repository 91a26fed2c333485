// SPDX-License-Identifier: MIT
#pragma once

#include <QDateTime>
#include <QString>

namespace rr {

/// What a certificate file says of itself, for people.
struct CertificateText
{
    QString text; ///< subject and expiry, or that there is none; empty for no file
    bool warning
        = false; ///< expired, not valid yet, about to expire, not for what is shown, not trusted, or none
};

/// Reads the PEM file. `shownHost`: what others are given to connect to, which it has to be for; empty: nothing yet.
CertificateText certificateText(const QString &file, const QDateTime &now, const QString &shownHost = {});

} // namespace rr
