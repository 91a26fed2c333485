// SPDX-License-Identifier: MIT
#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QObject>
#include <QStringList>

#include <optional>

namespace rr {

/// Reads other programs' windows as screen readers on Linux do: over AT-SPI, on the session's accessibility bus, which it
/// has started. Waits for the answers of those programs.
class ScreenReader : public QObject
{
    Q_OBJECT
public:
    ScreenReader();

    bool isListening() const { return m_isListening; } ///< the bus is there, and events have been asked for

    /// Something in a window, as long as its program runs.
    struct Thing
    {
        QString program; ///< its name on the bus
        QString path;
    };

    /// The first with that word in its role ("label", "button") whose property ("Name", "Description") has that value. Looks
    /// into all windows, but not into tables and lists.
    std::optional<Thing> find(const QString &role, const QString &property, const QString &value) const;
    QString name(const Thing &thing) const { return property(thing, QStringLiteral("Name")); }
    void press(const Thing &button) const;

    /// What it had to say wherever its user was: announcements, and the names of notifications that appeared.
    QStringList spoken() const { return m_spoken; }

private Q_SLOTS:
    void announced(const QDBusMessage &event);
    void stateChanged(const QDBusMessage &event);

private:
    QVariant ask(const Thing &thing, const QString &interface, const QString &method,
        const QVariantList &arguments = {}) const;
    QString property(const Thing &thing, const QString &name) const;
    QString role(const Thing &thing) const;
    QList<Thing> children(const Thing &thing) const;

    QDBusConnection m_bus{QString()};
    bool m_isListening = false;
    QStringList m_spoken;
};

} // namespace rr
