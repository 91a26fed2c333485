// SPDX-License-Identifier: MIT
#include "ui/window/colorscheme.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QLabel>
#include <QPalette>
#include <QTextDocument>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr QLatin1String group("org.freedesktop.appearance");
constexpr QLatin1String key("color-scheme");
constexpr uint prefersDark = 1;

uint valueOf(QVariant variant)
{
    // Read() wraps its answer in a variant twice.
    while (variant.canConvert<QDBusVariant>())
        variant = variant.value<QDBusVariant>().variant();
    return variant.toUInt();
}

QPalette darkPalette()
{
    const QColor window(0x26, 0x28, 0x2c);
    const QColor base(0x1c, 0x1e, 0x21);
    const QColor text(0xe8, 0xea, 0xed);
    const QColor faint(0x80, 0x86, 0x8b);
    QPalette palette(text, QColor(0x36, 0x39, 0x3e), window.lighter(160), window.darker(160),
        QColor(0x4a, 0x4e, 0x54), text, Qt::white, base, window);
    palette.setColor(QPalette::AlternateBase, QColor(0x22, 0x24, 0x28));
    palette.setColor(QPalette::Highlight, QColor(0x0f, 0x76, 0x6e));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::ToolTipBase, QColor(0x36, 0x39, 0x3e));
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::PlaceholderText, faint);
    palette.setColor(QPalette::Link, QColor(0x5e, 0xea, 0xd4));
    palette.setColor(QPalette::LinkVisited, QColor(0x5e, 0xea, 0xd4));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, faint);
    return palette;
}

} // namespace

ColorScheme::ColorScheme(QObject *parent)
    : QObject(parent)
{
    const QString service = u"org.freedesktop.portal.Desktop"_s;
    const QString path = u"/org/freedesktop/portal/desktop"_s;
    const QString interface = u"org.freedesktop.portal.Settings"_s;
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    qRegisterMetaType<QDBusVariant>(); // without which Qt D-Bus does not take the slot
    bus.connect(service, path, interface, u"SettingChanged"_s, this,
        SLOT(settingChanged(QString, QString, QDBusVariant)));
    QDBusMessage read = QDBusMessage::createMethodCall(service, path, interface, u"Read"_s);
    read.setArguments({QString(group), QString(key)});
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(read), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (!reply.isError())
            use(valueOf(QVariant::fromValue(reply.value())) == prefersDark);
    });
}

void ColorScheme::settingChanged(
    const QString &changedGroup, const QString &changedKey, const QDBusVariant &value)
{
    if (changedGroup == group && changedKey == key)
        use(valueOf(value.variant()) == prefersDark);
}

void ColorScheme::use(bool dark)
{
    const bool alreadyDark = QApplication::palette().color(QPalette::Window).lightnessF() < 0.5;
    if (dark == m_dark || (dark && alreadyDark))
        return;
    m_dark = dark;
    QApplication::setPalette(dark ? darkPalette() : QPalette());
    if (dark) {
        // An empty box or circle could hardly be seen; Fusion fills it with this.
        QPalette boxes = darkPalette();
        boxes.setColor(QPalette::Base, QColor(0x5f, 0x63, 0x68));
        QApplication::setPalette(boxes, "QCheckBox");
        QApplication::setPalette(boxes, "QRadioButton");
    }
    // Labels read the colour of links when their text is set.
    const auto widgets = QApplication::allWidgets();
    for (QWidget *widget : widgets) {
        auto *label = qobject_cast<QLabel *>(widget);
        if (label && Qt::mightBeRichText(label->text())) {
            const QString text = label->text();
            label->clear();
            label->setText(text);
        }
    }
}

} // namespace rr
