// SPDX-License-Identifier: MIT
#include "ui/settings/certificatetext.h"

#include "core/sharing/addresscertificate.h"
#include "ui/control/certificatefile.h"
#include "ui/control/translated.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>

#include <optional>

namespace rr {

namespace {

constexpr qint64 soonDays = 14;

QString inWords(const char *text)
{
    return QCoreApplication::translate("rr::Certificate", text);
}

QString expiryText(const QSslCertificate &certificate, const QDateTime &now)
{
    const QString until = QLocale().toString(certificate.expiryDate().toLocalTime(), QLocale::ShortFormat);
    const qint64 days = now.daysTo(certificate.expiryDate());
    if (certificate.expiryDate() <= now)
        return inWords(QT_TRANSLATE_NOOP("rr::Certificate", "Expired on %1: renew it.")).arg(until);
    if (certificate.effectiveDate() > now)
        return inWords(QT_TRANSLATE_NOOP("rr::Certificate", "Not valid before %1."))
            .arg(QLocale().toString(certificate.effectiveDate().toLocalTime(), QLocale::ShortFormat));
    if (days <= soonDays)
        return inWords(QT_TRANSLATE_NOOP("rr::Certificate", "Expires soon, on %1: renew it.")).arg(until);
    return inWords(QT_TRANSLATE_NOOP("rr::Certificate", "Valid until %1.")).arg(until);
}

} // namespace

CertificateText certificateText(const QString &path, const QDateTime &now, const QString &shownHost)
{
    const QFileInfo info(path);
    if (path.isEmpty() || !info.isFile() || !info.isReadable())
        return {};
    const QSslCertificate certificate = firstCertificate(path);
    if (certificate.isNull())
        return {inWords(QT_TRANSLATE_NOOP("rr::Certificate", "This file holds no certificate in PEM form.")),
            true};

    const QString subject
        = inWords(QT_TRANSLATE_NOOP("rr::Certificate", "Subject: %1.")).arg(certificate.subjectDisplayName());
    const bool warning
        = certificate.expiryDate() <= now.addDays(soonDays) || certificate.effectiveDate() > now;
    const QString text = subject + u' ' + expiryText(certificate, now);
    const bool isValid
        = certificate.expiryDate() > now && certificate.effectiveDate() <= now; // else that is enough
    const auto problem
        = shownHost.isEmpty() || !isValid ? std::nullopt : certificateProblemOfFile(path, shownHost);
    return problem ? CertificateText{text + u' ' + translated(*problem), true}
                   : CertificateText{text, warning};
}

} // namespace rr
