// SPDX-License-Identifier: MIT
#include "ui/settings/certificatetext.h"

#include "ui/control/certificatefile.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>

namespace rr {

namespace {

constexpr qint64 soonDays = 14;

QString words(const char *text)
{
    return QCoreApplication::translate("rr::Certificate", text);
}

QString expiryText(const QSslCertificate &certificate, const QDateTime &now)
{
    const QString until = QLocale().toString(certificate.expiryDate().toLocalTime(), QLocale::ShortFormat);
    const qint64 days = now.daysTo(certificate.expiryDate());
    if (certificate.expiryDate() <= now)
        return words(QT_TRANSLATE_NOOP("rr::Certificate", "Expired on %1: renew it.")).arg(until);
    if (certificate.effectiveDate() > now)
        return words(QT_TRANSLATE_NOOP("rr::Certificate", "Not valid before %1."))
            .arg(QLocale().toString(certificate.effectiveDate().toLocalTime(), QLocale::ShortFormat));
    if (days <= soonDays)
        return words(QT_TRANSLATE_NOOP("rr::Certificate", "Expires soon, on %1: renew it.")).arg(until);
    return words(QT_TRANSLATE_NOOP("rr::Certificate", "Valid until %1.")).arg(until);
}

} // namespace

CertificateText certificateText(const QString &path, const QDateTime &now)
{
    const QFileInfo info(path);
    if (path.isEmpty() || !info.isFile() || !info.isReadable())
        return {};
    const QSslCertificate certificate = firstCertificate(path);
    if (certificate.isNull())
        return {
            words(QT_TRANSLATE_NOOP("rr::Certificate", "This file holds no certificate in PEM form.")), true};

    const QString subject
        = words(QT_TRANSLATE_NOOP("rr::Certificate", "Subject: %1.")).arg(certificate.subjectDisplayName());
    const bool warning
        = certificate.expiryDate() <= now.addDays(soonDays) || certificate.effectiveDate() > now;
    return {subject + u' ' + expiryText(certificate, now), warning};
}

} // namespace rr
