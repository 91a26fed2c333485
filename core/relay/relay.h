// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/accessbook.h"
#include "core/admission/ledger.h"
#include "core/admission/shareproofs.h"
#include "core/admission/shareterms.h"
#include "core/base/door.h"
#include "core/base/relayerror.h"
#include "core/call/patience.h"
#include "core/config/settings.h"
#include "core/monitor/snapshot.h"

#include <QObject>

#include <chrono>
#include <memory>
#include <optional>
#include <variant>

namespace rr {

class Journal;
class Listener;

/// The relay as a program sees it: the composition of listener, workers and calls. Lives in the thread that
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
    /// While stopped: the settings are others than those it could not start with, which is no trouble any more.
    void forgetFailedStart();

    /// Takes a change of settings while running: limits and origins at once, address, port and certificate by
    /// listening anew. No live call is dropped. On error the running settings stay in force.
    std::optional<RelayError> apply(const Settings &settings);

    /// Takes no new calls (503), lets live ones finish for at most `Settings::drainTimeout`, then closes them
    /// with 1001. stopped() follows.
    void drain();
    /// Closes all calls with 1001 now. stopped() follows.
    void stopNow();

    /// While draining by drain(): takes new calls again, and no live one is closed.
    void keepRunning();

    /// The upstream has been reached without a call: that dials have failed is no trouble any more; nor, with
    /// `takesCalls`, that calls were refused.
    void upstreamAnswered(bool takesCalls);
    /// It has not: UpstreamUnreachable or UpstreamRefused, until it is reached.
    void upstreamFailed(TroubleCode code, const Sentence &text);
    /// The upstream is the program's own simulator, which takes any key: see Snapshot.
    void setDemo();

    /// Who keeps the books of calls and budgets; null: nobody, and no access token is any good. Before start(); it outlives the
    /// Relay, or until it is set anew while stopped.
    void setLedger(Ledger *ledger);
    /// The access tokens there are, from now on: calls with one that is revoked, has expired, or is not there any more, end with
    /// 4412. At any time; null: there are none.
    void setAccess(std::shared_ptr<const AccessBook> book);
    /// The budget of the relay's day is another one, and the ledger knows of it: it is asked at once what each token that is in use
    /// may still spend. At any time.
    void budgetChanged();
    /// What is spent of each budget: BudgetNearlySpent from four fifths, BudgetSpent at the limit. Whenever that changes, all of
    /// them each time; kept over a stop.
    void budgetsStand(const QList<BudgetStand> &budgets);
    /// How the store fares: no new call with an access token, and StoreAway with `why`, while it is away; StoreRowsLost when
    /// `dropped`, since its start, has grown.
    void storeStands(bool isAway, const Sentence &why, qint64 dropped);

    void endCalls(const QList<quint64> &numbers); ///< close 4410; unknown numbers are passed over

    /// While running: shares the relay, i.e. listens on 127.0.0.1 at the port that is returned, in plain HTTP, for a tunnel to
    /// bring there who has the link. By that door there are calls and the requests beside them, for who has
    /// ShareTerms::secret, the answers to shareProofs(), and nothing else. It stays open whatever apply() changes, takes no calls while
    /// the relay drains, like any other door, and ends with it. While shared: as changeShare().
    std::variant<quint16, RelayError> openShare(const ShareTerms &terms);
    /// Other terms from now on, at the same port. With another secret the old link leads nowhere at once; calls that
    /// came by it stay, for who hands out a new link does not want to interrupt those who talk. Not shared: without effect.
    void changeShare(const ShareTerms &terms);
    /// Nobody comes by that door any more; then ends what has come by it, calls with 4410. Nothing of it outlasts the call of
    /// this function by more than the time that a close takes.
    void closeShare();
    /// What leads to that door from outside does not, or does: ShareBroken, until it does or nothing is shared any more.
    void shareFailed(const Sentence &why);
    void shareWorks();
    quint16 sharePort() const; ///< 0: it is not shared
    ShareProofs &shareProofs(); ///< any thread, as long as the Relay is there

    RelayState state() const;
    quint16 port() const; ///< the bound one; 0 while stopped
    quint16 adminPort() const; ///< likewise; 0 where there is none
    const Settings &settings() const;

    enum class Detail : quint8 { Totals, Calls };
    Snapshot snapshot(Detail detail = Detail::Totals) const;

Q_SIGNALS:
    void stateChanged(rr::RelayState state);
    void stopped();

private:
    std::unique_ptr<Listener> makeListener(Door door);
    void enforceRules();
    void forgetShare();
    RelayError notListening(const RelayError &error);
    void noteTroubles();
    void startDraining(std::chrono::milliseconds time);
    void workersIdle();
    void setState(RelayState state);

    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace rr
