// SPDX-License-Identifier: MIT
#include "core/store/databasefile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#ifdef Q_OS_UNIX
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace rr {

namespace {

constexpr QFile::Permissions ownerAlone = QFile::ReadOwner | QFile::WriteOwner;
constexpr QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup
    | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;

Sentence cannotBe(const QString &path, const QString &why)
{
    return {
        QT_TRANSLATE_NOOP("Core",
            "The store %1 cannot be opened: %2. Check that the folder exists, that you may write to it and that the disk "
            "is not full; or name another file as STORE_URL."),
        {path, why}};
}

/// What root makes for a service in its folder is the service's.
void giveToOwnerOfFolder(const QString &path)
{
#ifdef Q_OS_UNIX
    struct stat folder = {};
    if (::geteuid() != 0
        || ::stat(QFile::encodeName(QFileInfo(path).absolutePath()).constData(), &folder) != 0
        || (folder.st_mode & S_IWOTH) != 0) // everybody's, as /tmp is, is nobody's
        return;
    if (::chown(QFile::encodeName(path).constData(), folder.st_uid, folder.st_gid) != 0)
        return; // then it stays root's
#else
    Q_UNUSED(path)
#endif
}

} // namespace

std::optional<Sentence> makeDatabaseFile(const QString &path)
{
    const QFileInfo info(path);
    const QString folder = info.absolutePath();
    if (!QFileInfo::exists(folder)) {
        if (!QDir().mkpath(folder))
            return cannotBe(path, QStringLiteral("no folder %1").arg(folder));
        QFile::setPermissions(folder, ownerAlone | QFile::ExeOwner);
    }
    QFile file(path);
    if (!info.exists()) {
        if (!file.open(QIODevice::ReadWrite | QIODevice::NewOnly, ownerAlone)) {
            if (!QFileInfo::exists(path)) // another program may have been faster
                return cannotBe(path, file.errorString());
        } else {
            giveToOwnerOfFolder(path);
        }
    }
    if (!QFileInfo(path).isFile())
        return cannotBe(path, QStringLiteral("not a file"));
    const QFile::Permissions now = file.permissions();
    if (now & others)
        file.setPermissions(now & ~others); // of another's file it may fail
    return {};
}

} // namespace rr
