// SPDX-License-Identifier: MIT
#include "ui/tray/notices.h"

#include "core/admission/originpolicy.h"
#include "ui/control/translated.h"

#include <QCoreApplication>

#include <algorithm>

namespace rr {

namespace {

class NoticeText
{
    Q_DECLARE_TR_FUNCTIONS(NoticeText)
};

bool isOver(const QDateTime &last, const QDateTime &now, qint64 seconds)
{
    return !last.isValid() || last.secsTo(now) >= seconds;
}

} // namespace

QList<Notice> Notices::next(const Snapshot &snapshot)
{
    QList<Notice> notices;
    const QDateTime &now = snapshot.takenAt;
    if (snapshot.state != RelayState::Stopped)
        m_failure.clear();
    // A short one is over before it is seen.
    const bool called = snapshot.totalConnections != m_callsSoFar && snapshot.totalConnections > 0;
    m_callsSoFar = snapshot.totalConnections;
    if (called || snapshot.activeConnections > 0) {
        if (isOver(m_lastCall, now, quietSeconds))
            notices.append({Notice::FirstCall, NoticeText::tr("A call has started"),
                NoticeText::tr("The first one in a while is being relayed.")});
        m_lastCall = now;
    }
    m_budgets.removeIf([&snapshot](const QHash<TroubleCode, QSet<QString>>::iterator &told) {
        return std::none_of(snapshot.troubles.cbegin(), snapshot.troubles.cend(),
            [&told](const Trouble &trouble) { return trouble.code == told.key(); });
    });
    // Told when it begins; again only if it goes on or comes back after a while.
    for (const Trouble &trouble : snapshot.troubles) {
        if (snapshot.state == RelayState::Stopped && trouble.code == TroubleCode::NotListening)
            continue; // failedStart() tells
        if (trouble.code == TroubleCode::ShareBroken)
            continue; // ShareNotices do
        if (trouble.code == TroubleCode::OriginRefused || trouble.code == TroubleCode::ShareOriginRefused) {
            if (const auto notice = turnedAway(trouble, now))
                notices.append(*notice);
        }
        if (trouble.code == TroubleCode::BudgetSpent || trouble.code == TroubleCode::BudgetNearlySpent) {
            if (const auto notice = budget(trouble))
                notices.append(*notice);
            continue; // it stays so until midnight
        }
        if (trouble.severity == Severity::Note
            || !isOver(m_lastTroubles.value(trouble.code), now, repeatSeconds))
            continue;
        m_lastTroubles.insert(trouble.code, now);
        notices.append({Notice::NewTrouble, translated(trouble.title), translated(trouble.text)});
    }
    return notices;
}

/// Of those that were not told of yet.
std::optional<Notice> Notices::budget(const Trouble &trouble)
{
    QSet<QString> names;
    for (const TroubleSubject &subject : trouble.subjects)
        names.insert(subject.name);
    const QSet<QString> before = m_budgets.value(trouble.code);
    const bool isKnown = m_budgets.contains(trouble.code) && (names - before).isEmpty();
    m_budgets.insert(trouble.code, names);
    if (isKnown)
        return {};
    // The text is of one of them; when there are more, each is named.
    const QSet<QString> fresh = names - before;
    QStringList all(fresh.cbegin(), fresh.cend());
    all.sort();
    QString text = translated(trouble.text);
    if (all.size() > 1)
        text += u'\n' + NoticeText::tr("Access tokens: %1").arg(all.join(QStringLiteral(", ")));
    return Notice{Notice::NewTrouble, translated(trouble.title), text};
}

/// The first of a trouble's pages whose turn it is.
std::optional<Notice> Notices::turnedAway(const Trouble &trouble, const QDateTime &now)
{
    const auto isAmongThem = [&trouble](const QString &origin) {
        return std::any_of(trouble.subjects.cbegin(), trouble.subjects.cend(),
            [&origin](const TroubleSubject &subject) { return subject.name == origin; });
    };
    QHash<QString, QDateTime> &lastPages = m_lastPages[trouble.code];
    lastPages.removeIf(
        [&isAmongThem](const QHash<QString, QDateTime>::iterator &page) { return !isAmongThem(page.key()); });
    if (!isOver(m_lastPage, now, pageSeconds))
        return {};
    for (const TroubleSubject &subject : trouble.subjects) {
        const QDateTime told = lastPages.value(subject.name);
        // One that has not been heard of since is not told again.
        if (!OriginPolicy::canBeAllowed(subject.name.toUtf8()) || !isOver(told, now, repeatSeconds)
            || (told.isValid() && subject.last <= told))
            continue;
        lastPages.insert(subject.name, now);
        m_lastPage = now;
        const QString text = trouble.code == TroubleCode::ShareOriginRefused
            ? NoticeText::tr("%1 came with the link. If it shall call through it, click here and allow it.")
            : NoticeText::tr("%1 wanted to come in. If it shall use the relay, click here and allow it.");
        return Notice{
            Notice::PageTurnedAway, NoticeText::tr("A page was turned away"), text.arg(subject.name)};
    }
    return {};
}

bool Notices::failedStart(const QString &reason, const Snapshot &snapshot)
{
    if (reason == m_failure && !isOver(m_lastFailure, snapshot.takenAt, repeatSeconds))
        return false;
    m_failure = reason;
    m_lastFailure = snapshot.takenAt;
    return true;
}

} // namespace rr
