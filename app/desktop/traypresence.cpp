// SPDX-License-Identifier: MIT
#include "app/desktop/traypresence.h"

#include <QSystemTrayIcon>

namespace rr {

namespace {

constexpr auto lookInterval = std::chrono::seconds(5);

} // namespace

TrayPresence::TrayPresence(std::chrono::milliseconds patience, std::function<bool()> isHidden)
    : m_isHidden(std::move(isHidden))
{
    connect(&m_timer, &QTimer::timeout, this, &TrayPresence::look);
    m_timer.start(lookInterval);
    if (QSystemTrayIcon::isSystemTrayAvailable())
        return;
    QTimer::singleShot(patience, this, [this] {
        if (!QSystemTrayIcon::isSystemTrayAvailable())
            Q_EMIT missing();
    });
}

void TrayPresence::look()
{
    // A panel that starts anew is missed only once.
    const bool isMissed = m_isHidden() && !QSystemTrayIcon::isSystemTrayAvailable();
    if (isMissed && m_isMissed)
        Q_EMIT missing();
    m_isMissed = isMissed;
}

} // namespace rr
