// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settings.h"
#include "core/monitor/snapshot.h"
#include "core/relay/patience.h"

#include <QObject>

#include <memory>
#include <optional>

namespace rr {

class Journal;
class Listener;
class Worker;

/// Why the relay could not listen, or a change of settings was not taken.
struct RelayError
{
    QByteArray code; ///< "port_in_use", "address_not_available", "permission_denied", "tls_files", …
    QByteArray setting; ///< JSON key of the setting it is about; may be empty
    QString detail; ///< one sentence: what happened, to what, what to do
};

/// The relay as a program sees it: the composition of listener, workers and sessions. Lives in the thread that
/// made it (the main thread), which must run an event loop; every function is called there and returns at
/// once. Signals come in that thread.
class Relay : public QObject
{
    Q_OBJECT
public:
    explicit Relay(Journal &journal, const Patience &patience = {});
    ~Relay() override; ///< ends what is still live, at once

    /// What start() would have against these settings, before it tries to listen: certificates and keys. Reads files.
    static std::optional<RelayError> check(const Settings &settings);

    /// Listens and serves. On error nothing is changed.
    std::optional<RelayError> start(const Settings &settings);

    /// Takes a change of settings while running: limits and origins at once, address, port and certificate by
    /// listening anew. No live session is dropped. On error the running settings stay in force.
    std::optional<RelayError> apply(const Settings &settings);

    /// Takes no new calls (503), lets live ones finish for at most `Settings::drainTimeout`, then closes them
    /// with 1001. stopped() follows.
    void drain();
    /// Closes all sessions with 1001 now. stopped() follows.
    void stopNow();

    void endSessions(const QList<quint64> &numbers); ///< close 4410; unknown numbers are passed over

    RelayState state() const;
    quint16 port() const; ///< the bound one; 0 while stopped
    const Settings &settings() const;

    enum class Detail : quint8 { Totals, Sessions };
    Snapshot snapshot(Detail detail = Detail::Totals) const;

Q_SIGNALS:
    void stateChanged(rr::RelayState state);
    void stopped();

private:
    std::unique_ptr<Listener> makeListener();
    void enforceRules();
    void startWorkers();
    void stopWorkers();
    void startDraining();
    void workerIdle(const Worker *worker);
    void setState(RelayState state);

    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace rr
