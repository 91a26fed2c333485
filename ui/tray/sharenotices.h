// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/relaycontrol.h"
#include "ui/tray/notices.h"

#include <QDateTime>
#include <QList>
#include <QUrl>

namespace rr {

/// Decides what of a share is worth a notification: that it can be reached, that its address is another, that it broke, needs
/// its operator or has ended by itself, and the first one who came. Told of every status, decides by the given time, shows
/// nothing. None of them holds the secret.
class ShareNotices
{
public:
    static constexpr qint64 repeatSeconds = 5 * 60; ///< between two of a way that breaks again and again

    QList<Notice> next(const Sharing::Status &status, const QDateTime &now);

private:
    Sharing::State m_state = Sharing::State::Off;
    QUrl m_shared; ///< the address that was told
    bool m_hasVisitor = false;
    QDateTime m_lastBroken;
};

} // namespace rr
