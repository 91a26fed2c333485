// SPDX-License-Identifier: MIT
#include "ui/settings/certificatetext.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QSslCertificate>

namespace rr {

namespace {

constexpr qint64 soonDays = 14;
constexpr qint64 largestFile = 1024 * 1024; // a chain is a few kilobytes

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
    if (path.isEmpty() || !info.isFile())
        return {};
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QList<QSslCertificate> chain = QSslCertificate::fromData(file.read(largestFile), QSsl::Pem);
    if (chain.isEmpty())
        return {
            words(QT_TRANSLATE_NOOP("rr::Certificate", "This file holds no certificate in PEM form.")), true};

    const QSslCertificate &certificate = chain.first();
    const QString subject
        = words(QT_TRANSLATE_NOOP("rr::Certificate", "Subject: %1.")).arg(certificate.subjectDisplayName());
    const bool warning
        = certificate.expiryDate() <= now.addDays(soonDays) || certificate.effectiveDate() > now;
    return {subject + u' ' + expiryText(certificate, now), warning};
}

} // namespace rr
