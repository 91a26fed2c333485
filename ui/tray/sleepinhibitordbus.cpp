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

namespace rr {

using namespace Qt::StringLiterals;

namespace {

const QString program = u"Realtime Relay"_s;

QDBusMessage powerManagement(const QString &method)
{
    return QDBusMessage::createMethodCall(u"org.freedesktop.PowerManagement.Inhibit"_s,
        u"/org/freedesktop/PowerManagement/Inhibit"_s, u"org.freedesktop.PowerManagement.Inhibit"_s, method);
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
        auto *cookie = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(power), this);
        connect(cookie, &QDBusPendingCallWatcher::finished, this, [this, cookie] {
            const QDBusPendingReply<uint> reply = *cookie;
            if (!reply.isError())
                m_cookie = reply.value();
            cookie->deleteLater();
        });
    }

    ~Platform() override
    {
        // An answer that is still on its way belongs to this connection: the service forgets it with the
        // program.
        if (m_cookie) {
            QDBusMessage release = powerManagement(u"UnInhibit"_s);
            release.setArguments({*m_cookie});
            QDBusConnection::sessionBus().send(release);
        }
    }

private:
    QDBusUnixFileDescriptor m_lock;
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
