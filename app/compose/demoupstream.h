// SPDX-License-Identifier: MIT
#pragma once

#include <QThread>
#include <QUrl>

#include <optional>

namespace rr {

/// The simulator as the upstream of `--demo`, on a free port of this machine only and in a thread of its own.
/// Owned by the main thread; destroying it cuts its calls.
class DemoUpstream
{
public:
    DemoUpstream() = default;
    ~DemoUpstream();
    Q_DISABLE_COPY_MOVE(DemoUpstream)

    /// Returns what went wrong; nullopt when all is well, and url() is where the relay is to dial.
    std::optional<QString> start();
    QUrl url() const { return m_url; }

private:
    QThread m_thread;
    QUrl m_url;
};

} // namespace rr
