// SPDX-License-Identifier: MIT
// The interfaces are those of at-spi2-core's xml/ folder (Accessible.xml, Action.xml, Event.xml, Registry.xml).
#include "tests/integration/desktop/screenreader.h"

#include <QDBusArgument>
#include <QDBusObjectPath>
#include <QDBusReply>
#include <QDBusVariant>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

const QString accessible = u"org.a11y.atspi.Accessible"_s;
const QString objectEvents = u"org.a11y.atspi.Event.Object"_s;
const ScreenReader::Thing desktop{u"org.a11y.atspi.Registry"_s, u"/org/a11y/atspi/accessible/root"_s};

} // namespace

ScreenReader::ScreenReader()
{
    const QDBusReply<QString> address = QDBusConnection::sessionBus().call(QDBusMessage::createMethodCall(
        u"org.a11y.Bus"_s, u"/org/a11y/bus"_s, u"org.a11y.Bus"_s, u"GetAddress"_s));
    if (!address.isValid())
        return;
    m_bus = QDBusConnection::connectToBus(address, u"reader"_s);
    // Programs send what somebody has asked for.
    const Thing registry{desktop.program, u"/org/a11y/atspi/registry"_s};
    for (const QString &event : {u"object:announcement"_s, u"object:state-changed:showing"_s})
        ask(registry, registry.program, u"RegisterEvent"_s, {event, QStringList(), QString()});
    m_isListening = m_bus.connect(QString(), QString(), objectEvents, u"Announcement"_s, this,
                        SLOT(announced(QDBusMessage)))
        && m_bus.connect(
            QString(), QString(), objectEvents, u"StateChanged"_s, this, SLOT(stateChanged(QDBusMessage)));
}

QVariant ScreenReader::ask(
    const Thing &thing, const QString &interface, const QString &method, const QVariantList &arguments) const
{
    QDBusMessage question = QDBusMessage::createMethodCall(thing.program, thing.path, interface, method);
    question.setArguments(arguments);
    return m_bus.call(question).arguments().value(0);
}

QString ScreenReader::property(const Thing &thing, const QString &name) const
{
    const QVariant value = ask(thing, u"org.freedesktop.DBus.Properties"_s, u"Get"_s, {accessible, name});
    return value.value<QDBusVariant>().variant().toString();
}

QString ScreenReader::role(const Thing &thing) const
{
    return ask(thing, accessible, u"GetRoleName"_s).toString();
}

QList<ScreenReader::Thing> ScreenReader::children(const Thing &thing) const
{
    QList<Thing> children;
    const QVariant answer = ask(thing, accessible, u"GetChildren"_s);
    if (!answer.canConvert<QDBusArgument>())
        return children;
    const auto list = answer.value<QDBusArgument>();
    list.beginArray();
    while (!list.atEnd()) {
        Thing child;
        QDBusObjectPath path;
        list.beginStructure();
        list >> child.program >> path;
        list.endStructure();
        child.path = path.path();
        children.append(child);
    }
    list.endArray();
    return children;
}

std::optional<ScreenReader::Thing> ScreenReader::find(
    const QString &role, const QString &property, const QString &value) const
{
    QList<Thing> toVisit = children(desktop);
    while (!toVisit.isEmpty()) { // in the order in which they are read
        const Thing thing = toVisit.takeFirst();
        const QString is = this->role(thing);
        if (is.contains(role) && this->property(thing, property) == value)
            return thing;
        if (!is.contains(u"table"_s) && !is.contains(u"list"_s))
            toVisit = children(thing) + toVisit;
    }
    return std::nullopt;
}

void ScreenReader::press(const Thing &button) const
{
    ask(button, u"org.a11y.atspi.Action"_s, u"DoAction"_s, {0});
}

void ScreenReader::announced(const QDBusMessage &event)
{
    m_spoken.append(event.arguments().value(3).value<QDBusVariant>().variant().toString());
}

void ScreenReader::stateChanged(const QDBusMessage &event)
{
    const Thing thing{event.service(), event.path()};
    if (event.arguments().value(0) == u"showing"_s && event.arguments().value(1) == 1
        && role(thing) == "notification"_L1)
        m_spoken.append(name(thing));
}

} // namespace rr
