// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/journal.h"

#include <QDateTime>
#include <QObject>
#include <QSet>
#include <QTimer>

namespace rr {

class RelayControl;

/// What the operator should know of while the relay runs. A plain value.
struct Troubles
{
    QString upstream; ///< the last failed dial, a sentence; empty: dials succeed, or there was none
    QDateTime upstreamSince; ///< of the first failed dial in a row
    QDateTime certificateExpiry; ///< of Settings::tlsCertFile; null: none
    QDateTime lastFull; ///< when a client was last turned away because all places were taken; null: never

    bool operator==(const Troubles &) const = default;
};

/// Reads from the journal, from the settings and from the clock whether something needs the operator. Main
/// thread; looks when a snapshot is taken, so costs nothing beside it.
class TroubleWatch : public QObject
{
    Q_OBJECT
public:
    explicit TroubleWatch(RelayControl &control, QObject *parent = nullptr);

    const Troubles &troubles() const { return m_troubles; }
    /// Forgets the failed dials: after a successful check, for example.
    void clearUpstream();

Q_SIGNALS:
    void changed();

private:
    void readJournal();
    void readEntry(const JournalEntry &entry);
    void readCertificate();
    void forgetCalls();

    RelayControl &m_control;
    Troubles m_troubles;
    QSet<QString> m_dialling; ///< ids of sessions that are not connected yet
    quint64 m_lastEntry = 0;
    QTimer m_certificateTimer;
};

} // namespace rr
