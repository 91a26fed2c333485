// SPDX-License-Identifier: MIT
#pragma once

#include <QDBusConnection>
#include <QDBusVariant>
#include <QObject>

namespace rr {

/// What a desktop says of its colours: org.freedesktop.portal.Settings.
class FakePortal : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")
public:
    FakePortal()
    {
        QDBusConnection bus = QDBusConnection::sessionBus();
        bus.registerService(QStringLiteral("org.freedesktop.portal.Desktop"));
        bus.registerObject(QStringLiteral("/org/freedesktop/portal/desktop"), this,
            QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals);
    }

    bool dark = false;

    /// As somebody who changes it while programs run.
    void choose(bool wanted)
    {
        dark = wanted;
        Q_EMIT SettingChanged(
            QStringLiteral("org.freedesktop.appearance"), QStringLiteral("color-scheme"), Read({}, {}));
    }

Q_SIGNALS:
    void SettingChanged(const QString &group, const QString &key, const QDBusVariant &value);

public Q_SLOTS:
    QDBusVariant Read(const QString &, const QString &) const { return QDBusVariant(uint(dark ? 1 : 2)); }
};

/// What keeps a desktop awake: org.freedesktop.PowerManagement.Inhibit.
class FakePower : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.PowerManagement.Inhibit")
public:
    FakePower()
    {
        QDBusConnection bus = QDBusConnection::sessionBus();
        bus.registerService(QStringLiteral("org.freedesktop.PowerManagement.Inhibit"));
        bus.registerObject(QStringLiteral("/org/freedesktop/PowerManagement/Inhibit"), this,
            QDBusConnection::ExportAllSlots);
    }

    int held = 0;

public Q_SLOTS:
    uint Inhibit(const QString &, const QString &)
    {
        ++held;
        return 7;
    }
    void UnInhibit(uint) { --held; }
};

} // namespace rr
