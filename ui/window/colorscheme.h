// SPDX-License-Identifier: MIT
#pragma once

#include <QDBusVariant>
#include <QObject>

namespace rr {

/// Follows the desktop's choice of light or dark where Qt 6.4 does not do so itself: it is told by the
/// freedesktop portal (org.freedesktop.portal.Settings, org.freedesktop.appearance color-scheme). Leaves the
/// colours alone where nobody tells. Linux only; main thread.
class ColorScheme : public QObject
{
    Q_OBJECT
public:
    explicit ColorScheme(QObject *parent = nullptr);

private Q_SLOTS:
    void settingChanged(const QString &group, const QString &key, const QDBusVariant &value);

private:
    void use(bool dark);

    bool m_dark = false;
};

} // namespace rr
