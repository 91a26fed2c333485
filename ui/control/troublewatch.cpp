// SPDX-License-Identifier: MIT
#include "ui/control/troublewatch.h"

#include "ui/control/certificatefile.h"
#include "ui/control/relaycontrol.h"

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int entriesAtOnce = 500;
constexpr auto certificateInterval = std::chrono::hours(1);

QVariant field(const JournalEntry &entry, const QByteArray &name)
{
    const auto found = std::find_if(
        entry.fields.cbegin(), entry.fields.cend(), [&name](const auto &each) { return each.first == name; });
    return found == entry.fields.cend() ? QVariant() : found->second;
}

/// A dial that failed for a reason that lies with the relay, its network or the upstream, not with the key, the model or
/// the account of one client.
bool concernsOperator(const JournalEntry &entry)
{
    switch (field(entry, "code").toInt()) {
    case 1013: // unreachable, or the upstream has a problem that passes
    case 3003: // access, or the region
        return true;
    case 4000: // it is no Realtime API that answers
        return entry.message.contains("HTTP 2"_L1) || entry.message.contains("HTTP 3"_L1);
    default:
        return false;
    }
}

} // namespace

TroubleWatch::TroubleWatch(RelayControl &control, QObject *parent)
    : QObject(parent)
    , m_control(control)
    , m_lastEntry(control.journal().lastNumber())
{
    connect(&control, &RelayControl::snapshotTaken, this, &TroubleWatch::readJournal);
    connect(&control, &RelayControl::settingsChanged, this, &TroubleWatch::readCertificate);
    connect(&control, &RelayControl::settingsChanged, this, &TroubleWatch::clearUpstream);
    connect(&control, &RelayControl::stateChanged, this, [this](RelayState state) {
        if (state == RelayState::Stopped)
            forgetCalls();
    });
    connect(&m_certificateTimer, &QTimer::timeout, this, &TroubleWatch::readCertificate);
    m_certificateTimer.start(certificateInterval);
    readCertificate();
}

void TroubleWatch::clearUpstream()
{
    if (m_troubles.upstream.isEmpty())
        return;
    m_troubles.upstream.clear();
    m_troubles.upstreamSince = {};
    Q_EMIT changed();
}

void TroubleWatch::forgetCalls()
{
    m_dialling.clear();
    m_troubles.lastFull = {};
    clearUpstream();
}

void TroubleWatch::readJournal()
{
    const quint64 last = m_control.journal().lastNumber();
    if (last == m_lastEntry)
        return;
    const Troubles before = m_troubles;
    const auto entries = m_control.journal().entriesAfter(m_lastEntry, entriesAtOnce);
    for (const JournalEntry &entry : entries)
        readEntry(entry);
    m_lastEntry = last;
    if (m_troubles != before)
        Q_EMIT changed();
}

void TroubleWatch::readEntry(const JournalEntry &entry)
{
    if (entry.event == "session_opened") {
        m_dialling.insert(entry.session);
    } else if (entry.event == "upstream_connected") {
        m_dialling.remove(entry.session);
        m_troubles.upstream.clear();
        m_troubles.upstreamSince = {};
    } else if (entry.event == "session_closed") {
        if (m_dialling.remove(entry.session) && entry.level >= LogLevel::Warning && concernsOperator(entry)) {
            if (m_troubles.upstream.isEmpty())
                m_troubles.upstreamSince = entry.time;
            m_troubles.upstream = entry.message;
        }
    } else if (entry.event == "refused" && field(entry, "code").toString() == "relay_full"_L1) {
        m_troubles.lastFull = entry.time;
    }
}

void TroubleWatch::readCertificate()
{
    const Troubles before = m_troubles;
    m_troubles.certificateExpiry = firstCertificate(m_control.settings().tlsCertFile).expiryDate();
    if (m_troubles != before)
        Q_EMIT changed();
}

} // namespace rr
