// SPDX-License-Identifier: MIT
#include "core/config/regularfile.h"

#include <QFile>
#include <QFileInfo>

#include <optional>

#ifdef Q_OS_UNIX
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace rr {

namespace {

constexpr const char *isFolder = QT_TRANSLATE_NOOP("Core", "it is a folder");
constexpr const char *isNoFile = QT_TRANSLATE_NOOP("Core", "it is a pipe or a device, not a file");

#ifdef Q_OS_UNIX
/// What is open is looked at, not what the path leads to a moment before.
std::optional<Sentence> openFile(QFile &file)
{
    const int descriptor
        = ::open(QFile::encodeName(file.fileName()).constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return asTheySaid(qt_error_string(errno));
    struct stat status = {};
    const bool known = ::fstat(descriptor, &status) == 0;
    if (!known || !S_ISREG(status.st_mode)) {
        ::close(descriptor);
        return Sentence(known && S_ISDIR(status.st_mode) ? isFolder : isNoFile);
    }
    if (!file.open(descriptor, QIODevice::ReadOnly, QFile::AutoCloseHandle)) {
        ::close(descriptor);
        return asTheySaid(file.errorString());
    }
    return {};
}
#else
std::optional<Sentence> openFile(QFile &file)
{
    const QFileInfo info(file);
    if (info.exists() && !info.isFile())
        return Sentence(info.isDir() ? isFolder : isNoFile);
    if (!file.open(QIODevice::ReadOnly))
        return asTheySaid(file.errorString());
    return {};
}
#endif

} // namespace

std::variant<QByteArray, Sentence> readRegularFile(const QString &path, qint64 mostBytes)
{
    QFile file(path);
    if (const auto problem = openFile(file))
        return *problem;
    QByteArray content = file.read(mostBytes + 1);
    if (file.error() != QFileDevice::NoError)
        return asTheySaid(file.errorString());
    if (content.size() > mostBytes)
        return Sentence(QT_TRANSLATE_NOOP("Core", "it is larger than %1 bytes"), {mostBytes});
    return content;
}

} // namespace rr
