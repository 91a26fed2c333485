// SPDX-License-Identifier: MIT
#include "core/config/filewatcher.h"

#include <QDateTime>
#include <QFileInfo>
#include <QFileSystemWatcher>

using namespace Qt::StringLiterals;

namespace rr {

FileWatcher::FileWatcher(const QStringList &paths, QObject *parent, std::chrono::milliseconds settleTime)
    : QObject(parent)
{
    for (const QString &path : paths) {
        if (!path.isEmpty())
            m_paths.append(QFileInfo(path).absoluteFilePath());
    }
    m_settled.setSingleShot(true);
    m_settled.setInterval(settleTime);
    connect(&m_settled, &QTimer::timeout, this, [this] {
        watch();
        const QStringList now = state();
        if (now == m_state)
            return;
        m_state = now;
        Q_EMIT changed();
    });
    watch();
    m_state = state();
}

FileWatcher::~FileWatcher() = default;

bool FileWatcher::isBehind() const
{
    return state() != m_state;
}

/// A file that was replaced or deleted is no longer watched, hence its folder is too, or the nearest one
/// above that exists. Each time with a new watcher: the old one stays with the file that a link led to
/// before.
void FileWatcher::watch()
{
    m_watcher = std::make_unique<QFileSystemWatcher>();
    connect(m_watcher.get(), &QFileSystemWatcher::fileChanged, this, [this] { m_settled.start(); });
    connect(m_watcher.get(), &QFileSystemWatcher::directoryChanged, this, [this] {
        // A folder in which others are always busy must not put it off for ever.
        if (!m_settled.isActive())
            m_settled.start();
    });
    for (const QString &path : std::as_const(m_paths)) {
        QString folder = QFileInfo(path).absolutePath();
        while (!QFileInfo::exists(folder) && folder != QFileInfo(folder).absolutePath())
            folder = QFileInfo(folder).absolutePath();
        for (const QString &existing : {path, folder}) {
            if (QFileInfo::exists(existing))
                m_watcher->addPath(existing);
        }
    }
}

QStringList FileWatcher::state() const
{
    QStringList all;
    for (const QString &path : m_paths) {
        const QFileInfo info(path);
        if (!info.exists()) {
            all.append(QString());
            continue;
        }
        all.append(u"%1 %2 %3 "_s.arg(info.size())
                       .arg(info.lastModified().toMSecsSinceEpoch())
                       .arg(int(info.permissions()))
            + info.canonicalFilePath());
    }
    return all;
}

} // namespace rr
