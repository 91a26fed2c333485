// SPDX-License-Identifier: MIT
// Two ways, both tried, because desktops honour one or the other: systemd-logind's inhibitor locks
// (https://systemd.io/INHIBITOR_LOCKS), a descriptor that holds the lock while it is open; and
// org.freedesktop.PowerManagement.Inhibit, a cookie that is given back.
#include "ui/tray/sleepinhibitor.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusUnixFileDescriptor>

#include <optional>
#include <utility>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

const QString program = u"Realtime Relay"_s;

QDBusMessage powerManagement(const QString &method)
{
    return QDBusMessage::createMethodCall(u"org.freedesktop.PowerManagement.Inhibit"_s,
        u"/org/freedesktop/PowerManagement/Inhibit"_s, u"org.freedesktop.PowerManagement.Inhibit"_s, method);
}

void giveBack(uint cookie)
{
    QDBusMessage release = powerManagement(u"UnInhibit"_s);
    release.setArguments({cookie});
    QDBusConnection::sessionBus().send(release);
}

/// What brings the cookie, where nobody needs it any more: the machine would stay awake for as long as the program runs.
void giveBackOnceThere(QDBusPendingCallWatcher *answer)
{
    answer->setParent(QCoreApplication::instance());
    QObject::connect(answer, &QDBusPendingCallWatcher::finished, answer, [answer] {
        const QDBusPendingReply<uint> reply = *answer;
        if (!reply.isError())
            giveBack(reply.value());
        answer->deleteLater();
    });
}

} // namespace

class SleepInhibitor::Platform : public QObject
{
public:
    Platform()
    {
        const QString reason = QCoreApplication::translate("SleepInhibitor", "Calls are live");
        QDBusMessage login = QDBusMessage::createMethodCall(u"org.freedesktop.login1"_s,
            u"/org/freedesktop/login1"_s, u"org.freedesktop.login1.Manager"_s, u"Inhibit"_s);
        login.setArguments({u"sleep:idle"_s, program, reason, u"block"_s});
        auto *lock = new QDBusPendingCallWatcher(QDBusConnection::systemBus().asyncCall(login), this);
        connect(lock, &QDBusPendingCallWatcher::finished, this, [this, lock] {
            const QDBusPendingReply<QDBusUnixFileDescriptor> reply = *lock;
            if (!reply.isError())
                m_lock = reply.value();
            lock->deleteLater();
        });

        QDBusMessage power = powerManagement(u"Inhibit"_s);
        power.setArguments({program, reason});
        m_answer = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(power), this);
        connect(m_answer, &QDBusPendingCallWatcher::finished, this, [this] {
            const QDBusPendingReply<uint> reply = *m_answer;
            if (!reply.isError())
                m_cookie = reply.value();
            std::exchange(m_answer, nullptr)->deleteLater();
        });
    }

    ~Platform() override
    {
        if (m_cookie)
            giveBack(*m_cookie);
        else if (m_answer)
            giveBackOnceThere(m_answer);
    }

private:
    QDBusUnixFileDescriptor m_lock;
    QDBusPendingCallWatcher *m_answer = nullptr; ///< while it is on its way
    std::optional<uint> m_cookie;
};

SleepInhibitor::SleepInhibitor() = default;
SleepInhibitor::~SleepInhibitor() = default;

void SleepInhibitor::set(bool on)
{
    if (on == m_on)
        return;
    m_on = on;
    m_platform = on ? std::make_unique<Platform>() : nullptr;
}

} // namespace rr
