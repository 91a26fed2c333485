// SPDX-License-Identifier: MIT
#include "ui/control/certificatefile.h"

#include <QFile>
#include <QFileInfo>

namespace rr {

namespace {

constexpr qint64 beginningBytes = 64 * 1024; // a whole chain is a few kilobytes

} // namespace

QSslCertificate firstCertificate(const QString &path)
{
    QFile file(path);
    // Not a pipe, which would wait for its writer.
    if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly))
        return QSslCertificate();
    return QSslCertificate::fromData(file.read(beginningBytes), QSsl::Pem).value(0);
}

} // namespace rr
