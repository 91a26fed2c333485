// SPDX-License-Identifier: MIT
#include "core/sharing/way.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

/// Where programs are put by custom besides PATH, which a program that was started from a desktop has the least of.
QStringList customaryFolders()
{
    const QString home = QDir::homePath();
#if defined(Q_OS_WIN)
    return {home + u"/AppData/Local/Microsoft/WinGet/Links"_s, home + u"/scoop/shims"_s,
        u"C:/Program Files/cloudflared"_s, u"C:/Program Files (x86)/cloudflared"_s};
#elif defined(Q_OS_MACOS)
    return {u"/opt/homebrew/bin"_s, u"/usr/local/bin"_s, home + u"/bin"_s, home + u"/go/bin"_s};
#else
    return {u"/usr/local/bin"_s, u"/usr/bin"_s, u"/snap/bin"_s, home + u"/.local/bin"_s, home + u"/bin"_s,
        home + u"/go/bin"_s, u"/home/linuxbrew/.linuxbrew/bin"_s};
#endif
}

Sentence howToGet(const Way &way)
{
    if (!way.installCommand.isEmpty())
        return {QT_TRANSLATE_NOOP("Core", "%1 is not installed on this machine. To install it, run: %2"),
            {way.program, way.installCommand}};
    if (!way.installPage.isEmpty())
        return {QT_TRANSLATE_NOOP("Core", "%1 is not installed on this machine. How to install it: %2"),
            {way.program, way.installPage}};
    return {QT_TRANSLATE_NOOP("Core", "%1 is not installed on this machine, nor anywhere that PATH names."),
        {way.program}};
}

} // namespace

Finding findProgram(const Way &way)
{
    if (way.program.startsWith(u'{'))
        return {way.program, true, {}};
    QString path = QStandardPaths::findExecutable(way.program);
    for (qsizetype i = 0; path.isEmpty() && i < way.paths.size(); ++i) {
        if (QFileInfo(way.paths[i]).isExecutable())
            path = way.paths[i];
    }
    if (path.isEmpty())
        path = QStandardPaths::findExecutable(way.program, customaryFolders());
    if (path.isEmpty())
        return {way.program, false, howToGet(way)};
    return {path, true, {}};
}

} // namespace rr
