// SPDX-License-Identifier: MIT
#pragma once

#include <QDBusConnection>
#include <QDBusContext>
#include <QDBusMessage>
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
    int asked = 0; ///< what it is; who asks has said before that it wants to hear of changes

    /// As somebody who changes it while programs run.
    void choose(bool wanted)
    {
        dark = wanted;
        Q_EMIT SettingChanged(
            QStringLiteral("org.freedesktop.appearance"), QStringLiteral("color-scheme"), scheme());
    }

Q_SIGNALS:
    void SettingChanged(const QString &group, const QString &key, const QDBusVariant &value);

public Q_SLOTS:
    QDBusVariant Read(const QString &, const QString &)
    {
        ++asked;
        return scheme();
    }

private:
    QDBusVariant scheme() const { return QDBusVariant(uint(dark ? 1 : 2)); }
};

/// What keeps a desktop awake: org.freedesktop.PowerManagement.Inhibit.
class FakePower : public QObject, protected QDBusContext
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.PowerManagement.Inhibit")
public:
    FakePower()
    {
        m_bus.registerService(QStringLiteral("org.freedesktop.PowerManagement.Inhibit"));
        m_bus.registerObject(QStringLiteral("/org/freedesktop/PowerManagement/Inhibit"), this,
            QDBusConnection::ExportAllSlots);
    }

    int held = 0;
    bool isSlow = false; ///< whoever asks has no answer before answer()

    void answer() { m_bus.send(m_question.createReply(cookie)); }

public Q_SLOTS:
    uint Inhibit(const QString &, const QString &)
    {
        ++held;
        setDelayedReply(isSlow);
        m_question = message();
        return cookie;
    }
    void UnInhibit(uint) { --held; }

private:
    static constexpr uint cookie = 7;

    /// Of its own: what asks in this program is another one on the bus.
    QDBusConnection m_bus
        = QDBusConnection::connectToBus(QDBusConnection::SessionBus, QStringLiteral("power"));
    QDBusMessage m_question;
};

} // namespace rr
