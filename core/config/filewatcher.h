// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QStringList>
#include <QTimer>

#include <chrono>
#include <memory>

class QFileSystemWatcher;

namespace rr {

/// Tells when one of a few files has changed: written in place, replaced by a rename, made, deleted, given
/// other permissions, or reached through another symbolic link. Several changes in a row are told once. Lives
/// in the thread of its event loop.
class FileWatcher final : public QObject
{
    Q_OBJECT

public:
    /// The files, and their folders, need not exist yet. `settleTime`: how long a file must have been quiet.
    explicit FileWatcher(const QStringList &paths, QObject *parent = nullptr,
        std::chrono::milliseconds settleTime = std::chrono::milliseconds(200));
    ~FileWatcher() override;

    bool isBehind() const; ///< something has changed that was not told yet

Q_SIGNALS:
    void changed();

private:
    void watch();
    QStringList state() const;

    QStringList m_paths;
    std::unique_ptr<QFileSystemWatcher> m_watcher;
    QTimer m_settled;
    QStringList m_state; ///< as last told
};

} // namespace rr
