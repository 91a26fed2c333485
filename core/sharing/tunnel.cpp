// SPDX-License-Identifier: MIT
#include "core/sharing/tunnel.h"

#include "core/sharing/tunnelparts.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace rr {

Tunnel::Tunnel(QObject *parent)
    : Tunnel(TunnelPatience(), parent)
{
}

Tunnel::Tunnel(const TunnelPatience &patience, QObject *parent)
    : QObject(parent)
    , m_parts(new Parts(this, patience))
{
    Parts &parts = *m_parts;
    for (QTimer *const timer : {&parts.retry, &parts.readyBy, &parts.proven, &parts.renewal, &parts.telling})
        timer->setSingleShot(true);
    connect(&parts.retry, &QTimer::timeout, this, [&parts] { parts.begin(); });
    connect(&parts.readyBy, &QTimer::timeout, this, [&parts] {
        if (parts.failure) {
            parts.fail(parts.failure->code, parts.sentenceOf(*parts.failure),
                parts.failure->wait.count() * parts.patience.second);
            return;
        }
        parts.fail(u"not_ready"_s,
            parts.lastWords(QT_TRANSLATE_NOOP("Core", "“%1” does not get ready. Its program said last: %2"),
                QT_TRANSLATE_NOOP("Core", "“%1” does not get ready, and its program says nothing."),
                parts.details().title));
    });
    connect(&parts.proven, &QTimer::timeout, this, [&parts] { parts.tries = 0; });
    connect(&parts.renewal, &QTimer::timeout, this, [&parts] {
        parts.againAtOnce = true;
        parts.end();
        parts.set(State::Starting);
    });
    connect(&parts.telling, &QTimer::timeout, this, &Tunnel::changed);
}

Tunnel::~Tunnel()
{
    delete m_parts->run; // while the rest is still there
}

void Tunnel::start(const Way &way, const QMap<QString, QString> &fields, quint16 port)
{
    Q_ASSERT(m_parts->state == State::Off);
    m_parts->way = way;
    m_parts->fields = fields;
    for (const Ask &ask : way.ask)
        m_parts->fields[ask.name] = fields.value(ask.name, ask.preset).trimmed();
    m_parts->port = port;
    m_parts->tries = 0;
    m_parts->more.clear();
    m_parts->lines.clear();
    m_parts->forgetReason();
    m_parts->begin();
}

void Tunnel::stop()
{
    Parts &parts = *m_parts;
    if (parts.state == State::Off || parts.state == State::Stopping)
        return;
    parts.retry.stop();
    parts.againAtOnce = false;
    parts.set(State::Stopping);
    parts.end();
    if (!parts.run)
        QMetaObject::invokeMethod(
            this, [&parts] { parts.off(); }, Qt::QueuedConnection);
}

void Tunnel::networkChanged()
{
    Parts &parts = *m_parts;
    if (parts.state != State::Broken || (parts.failure && parts.failure->wait.count() > 0))
        return;
    parts.tries = 0;
    if (parts.run)
        parts.retry.setInterval(0);
    else
        parts.retry.start(0);
}

Tunnel::State Tunnel::state() const
{
    return m_parts->state;
}

QUrl Tunnel::address() const
{
    return m_parts->address;
}

Sentence Tunnel::reason() const
{
    return m_parts->reason;
}

QString Tunnel::reasonCode() const
{
    return m_parts->reasonCode;
}

QString Tunnel::offers() const
{
    return m_parts->offers;
}

QUrl Tunnel::link() const
{
    return m_parts->link;
}

std::chrono::milliseconds Tunnel::retryIn() const
{
    if (m_parts->state != State::Broken)
        return {};
    return m_parts->retry.isActive() ? m_parts->retry.remainingTimeAsDuration()
                                     : m_parts->retry.intervalAsDuration();
}

QDateTime Tunnel::endsAt() const
{
    return m_parts->endsAt;
}

QStringList Tunnel::lastLines() const
{
    QStringList shown;
    for (const QString &line : std::as_const(m_parts->lines))
        shown.append(m_parts->shown(line));
    return shown;
}

} // namespace rr
