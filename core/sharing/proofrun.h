// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/checkrequest.h"
#include "core/sharing/checkverdict.h"
#include "core/sharing/publicproof.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>

namespace rr {

class CheckSocket;
class EchoCheck;
class NameCheck;
class Probe;
class TlsCheck;
struct NameFinding;

/// One run of PublicProof, which owns it: the steps, each after the one before. The first that is bad ends it, but where
/// there is a proxy all that goes outside is tried once more through that. Main thread.
class ProofRun final : public QObject
{
    Q_OBJECT
public:
    explicit ProofRun(const ProofPlan &plan, QObject *parent = nullptr);
    ~ProofRun() override;

    void start();

Q_SIGNALS:
    void stepChanged(const rr::CheckStep &step);
    void finished(const rr::ProofResult &result);

private:
    using Next = void (ProofRun::*)();

    void here();
    void name();
    void named(const NameFinding &finding);
    void tls();
    void http();
    void browser();
    void webSocket();
    void webSocketOpened(const QByteArray &nonce);
    void messages();
    void address();
    void throughProxy();

    void begin(const char *id);
    void done(const CheckVerdict &verdict, Next next);
    void set(const CheckStep &step);
    CheckStep &at(QLatin1String id);
    void fail();
    void finish();

    CheckRequest newRequest(Guise guise) const;
    Destination publicly() const;
    /// Asks; then `judge` with the answer, or `done` with why there was none.
    void ask(const Destination &to, const CheckRequest &request, Next next,
        const std::function<CheckVerdict(const Probe &)> &judge);
    template <typename Part>
    static void dropLater(std::unique_ptr<Part> &part)
    {
        if (part)
            part.release()->deleteLater(); // this may be its signal
    }

    const ProofPlan m_plan;
    const QString m_host; ///< as people read it
    ProofResult m_result;
    QList<QHostAddress> m_addresses;
    QList<CheckStep> m_direct; ///< the steps as they were without the proxy; empty: it has not come to that
    QLatin1String m_step; ///< that is running
    QElapsedTimer m_since; ///< its beginning
    QElapsedTimer m_wayDown; ///< since the service has said so first
    QTimer m_again;
    std::unique_ptr<NameCheck> m_nameCheck;
    std::unique_ptr<TlsCheck> m_tlsCheck;
    std::unique_ptr<Probe> m_probe;
    std::unique_ptr<CheckSocket> m_socket;
    std::unique_ptr<EchoCheck> m_echo;
};

} // namespace rr
