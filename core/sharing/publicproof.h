// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/checkstep.h"
#include "core/sharing/publicnames.h"

#include <QByteArray>
#include <QDateTime>
#include <QHostAddress>
#include <QList>
#include <QNetworkProxy>
#include <QObject>
#include <QSslCertificate>
#include <QUrl>

#include <chrono>
#include <memory>
#include <optional>

namespace rr {

class ProofRun;
class ShareProofs;

/// How long the proof waits for what may still come.
struct ProofPatience
{
    std::chrono::milliseconds name{60'000}; ///< for a name that is new
    std::chrono::milliseconds way{30'000}; ///< while the service says that it does not reach this machine
    std::chrono::milliseconds step{10'000}; ///< for each connection, request, and message
    std::chrono::milliseconds again{1'000}; ///< from one such answer to the next question
};

/// What is to be proven. A plain value.
struct ProofPlan
{
    QUrl address; ///< "https://HOST" or "https://HOST:PORT"; http:// is taken, too
    quint16 sharePort = 0; ///< of the share's own listener, on 127.0.0.1
    QByteArray
        origin; ///< the first that is let in; empty: programs only, then it is that of the address itself
    bool settleDns = false; ///< the name may be new: it is waited for, and the system is asked last
    ShareProofs *proofs = nullptr; ///< of the relay; outlives the proof
    /// Asked for where the direct way fails, which is said then; NoProxy: there is none.
    QNetworkProxy proxy = QNetworkProxy(QNetworkProxy::NoProxy);

    NameSources names; ///< whom names are asked of
    QList<QSslCertificate> authorities; ///< empty: those that the system trusts
    ProofPatience patience;
};

/// What came of it. A plain value.
struct ProofResult
{
    /// All of them, in order, those of PublicProof::titleOf(): what was not looked at is Skipped. "proxy" is there only
    /// where it was tried.
    QList<CheckStep> steps;
    bool works = false; ///< none is bad
    /// Whether the last address of X-Forwarded-For is a caller's, which nobody can forge. Null: not found out.
    std::optional<bool> trustsForwardedFor;
    QByteArray host; ///< the header of that name as calls through the service bring it; empty: not found out
    qint64 roundTripMs = -1; ///< the median of ten messages; -1: not found out
    QDateTime at; ///< when it was done
    /// The way that it went, for the canary: what the name stood for, or null and the proxy.
    QHostAddress connectedTo;
    QNetworkProxy proxy = QNetworkProxy(QNetworkProxy::NoProxy);

    /// The first step that is bad; null: none.
    const CheckStep *failure() const;
};

/// Proves from here that the share can be reached from outside: goes out to its public address and comes back in through
/// the service in between, first as a program and then as a browser, with questions that only this relay can answer. What
/// arrived is compared inside (ShareProofs). It proves the way from this network, and from no other. Owned by whoever
/// shares; main thread; nothing blocks.
class PublicProof final : public QObject
{
    Q_OBJECT
public:
    explicit PublicProof(QObject *parent = nullptr);
    ~PublicProof() override;

    void run(
        const ProofPlan &plan); ///< one that is under way is cancelled; finished() follows, in a later turn
    void cancel(); ///< no signal follows
    bool isRunning() const { return m_run != nullptr; }

    /// What a step is called: "here", "name", "tls", "http", "browser", "websocket", "messages", "address", "proxy".
    static Sentence titleOf(QLatin1String id);

Q_SIGNALS:
    void stepChanged(const rr::CheckStep &step); ///< it has begun, or is done
    void finished(const rr::ProofResult &result);

private:
    std::unique_ptr<ProofRun> m_run;
    int m_runs = 0; ///< so many were begun or cancelled
};

} // namespace rr

Q_DECLARE_METATYPE(rr::ProofResult)
