// SPDX-License-Identifier: MIT
#include "ui/tray/sharenotices.h"

#include "ui/control/translated.h"
#include "ui/sharing/sharewords.h"

#include <QCoreApplication>

namespace rr {

namespace {

class ShareNoticeText
{
    Q_DECLARE_TR_FUNCTIONS(ShareNoticeText)
};

QString hostOf(const QUrl &address)
{
    return address.authority(QUrl::PrettyDecoded);
}

} // namespace

QList<Notice> ShareNotices::next(const Sharing::Status &status, const QDateTime &now)
{
    QList<Notice> notices;
    const bool isNew = status.state != m_state;
    m_state = status.state;
    switch (status.state) {
    case Sharing::State::Shared:
        if (m_shared.isEmpty())
            notices.append({Notice::Shared, ShareNoticeText::tr("The relay is shared"),
                ShareNoticeText::tr("It can be reached from outside at %1. %2")
                    .arg(hostOf(status.address), untilText(status.until, now))});
        else if (m_shared != status.address)
            notices.append({Notice::ShareTrouble, ShareNoticeText::tr("The shared address is another now"),
                ShareNoticeText::tr(
                    "Links that you have given out open nothing any more. Give out the new one, at %1.")
                    .arg(hostOf(status.address))});
        m_shared = status.address;
        break;
    case Sharing::State::Broken:
        if (isNew && (!m_lastBroken.isValid() || m_lastBroken.secsTo(now) >= repeatSeconds)) {
            m_lastBroken = now;
            notices.append({Notice::ShareTrouble,
                m_shared.isEmpty() ? ShareNoticeText::tr("The relay is not shared yet")
                                   : ShareNoticeText::tr("The shared address does not work now"),
                translated(status.reason)});
        }
        break;
    case Sharing::State::NeedsYou:
        if (isNew)
            notices.append(
                {Notice::ShareTrouble, ShareNoticeText::tr("Sharing needs you"), translated(status.reason)});
        break;
    case Sharing::State::Off:
        // What somebody has asked for is no news.
        if (isNew && !status.reason.isEmpty())
            notices.append(
                {Notice::ShareTrouble, ShareNoticeText::tr("Sharing has ended"), translated(status.reason)});
        m_shared.clear();
        m_lastBroken = {};
        break;
    case Sharing::State::Starting:
    case Sharing::State::AddressKnown:
    case Sharing::State::Testing:
    case Sharing::State::Stopping:
        break;
    }
    if (status.visitor && !m_hasVisitor)
        notices.append({Notice::Shared,
            status.visitor->address.isEmpty() ? ShareNoticeText::tr("Somebody has opened the link")
                                              : ShareNoticeText::tr("Somebody came in from outside"),
            visitorText(*status.visitor)});
    m_hasVisitor = status.visitor.has_value();
    return notices;
}

} // namespace rr
