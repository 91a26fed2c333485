// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QByteArray>
#include <QElapsedTimer>
#include <QHostAddress>
#include <QList>
#include <QNetworkProxy>
#include <QObject>
#include <QSslCertificate>
#include <QString>
#include <QTimer>
#include <QUrl>

#include <chrono>
#include <memory>

namespace rr {

struct CheckRequest;
class CheckSocket;
class Probe;
class ShareProofs;

/// Where the canary goes, and how. A plain value.
struct CanaryPlan
{
    QUrl address; ///< as in ProofPlan
    QByteArray origin; ///< as in ProofPlan
    ShareProofs *proofs = nullptr; ///< outlives the canary
    QHostAddress connectTo; ///< ProofResult::connectedTo; null: the name is looked up
    QNetworkProxy proxy = QNetworkProxy(QNetworkProxy::NoProxy); ///< ProofResult::proxy
    std::chrono::milliseconds heartbeat{30'000}; ///< that of calls: Settings::heartbeatInterval; 0: none
    std::chrono::milliseconds patience{10'000}; ///< for the connection, and for the answer to a heartbeat
    QList<QSslCertificate> authorities; ///< empty: those that the system trusts
};

/// A WebSocket through the share's public address that says no more than a quiet call does, as long as it is shared: what
/// cuts quiet calls cuts it, too, and a way that has died is noticed. Owned by whoever shares; main thread.
class Canary final : public QObject
{
    Q_OBJECT
public:
    explicit Canary(QObject *parent = nullptr);
    ~Canary() override;

    void start(const CanaryPlan &plan); ///< one that is under way is stopped; opened() or failed() follows
    void stop(); ///< no signal follows
    bool isOpen() const { return m_open; }

Q_SIGNALS:
    void opened();
    void failed(const rr::Sentence &why); ///< it could not be opened
    /// It was cut, or answers no more, so long after opened(). It does not come again by itself.
    void cut(std::chrono::milliseconds after);

private:
    void answered(const CheckRequest &request);
    void received(const QByteArray &message);
    void beat();
    void end();
    void giveUp(const Sentence &why);
    QString host() const; ///< as people read it

    CanaryPlan m_plan;
    std::unique_ptr<Probe> m_probe;
    std::unique_ptr<CheckSocket> m_socket;
    QByteArray m_expected; ///< the next message
    int m_beats = 0;
    QElapsedTimer m_since; ///< opened()
    QTimer m_heartbeat;
    QTimer m_deadline; ///< of the first message, and of the answer to a heartbeat
    bool m_open = false;
};

} // namespace rr
