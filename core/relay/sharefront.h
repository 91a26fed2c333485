// SPDX-License-Identifier: MIT
#pragma once

#include "core/call/relayservices.h"
#include "core/config/secret.h"
#include "core/relay/incomingconnection.h"
#include "core/relay/proofecho.h"
#include "core/wire/serverhandshake.h"

#include <QObject>

#include <list>
#include <memory>
#include <optional>

namespace rr {

/// What one worker says by the door of a share, before anything else: who has the link, to whom there is nothing at all, and the
/// proofs. What is there for those who have it, calls above all, is the worker's as by any other door. Lives in the worker's
/// thread; owned by it.
///
/// Nothing of it tells whether there is a relay: without the link's secret, or a nonce, there is nothing at any path but
/// those that do not needsLink(), in the same words. The secret is taken out of a request before anybody else sees it, and so is
/// what is not the secret, which may be most of it.
class ShareFront final : public QObject
{
    Q_OBJECT
public:
    using Request = IncomingConnection::Request;

    /// Open at once; then the oldest goes, for who asks can only be this program.
    static constexpr std::size_t mostEchoes = 8;

    ShareFront(RelayServices &services, QObject *parent);
    ~ShareFront() override;

    /// See IncomingConnection::Handler.
    const Endpoint *endpointOf(Request &request) const;
    /// Why there is nothing for it; tells the journal. Nothing: it may go on. Notes who has come with the link.
    std::optional<Refusal> refusal(const Request &request, const QHostAddress &client);
    /// Whose address is known as the caller's, else the tunnel's.
    QHostAddress clientOf(const Request &request) const;
    /// To be cut out of what is shown; empty: it is not shared.
    Secret secret() const;

    /// The answer to who asks for a proof. `endpoint` of the request is that of the check.
    HttpResponse proof(const Request &request);
    void startEcho(const Request &request, const Responder &responder, ServerHandshake &handshake,
        std::chrono::milliseconds heartbeat);
    /// It is no longer shared, or the relay stops.
    void endEchoes();

private:
    void noteVisitor(const Request &request, const QHostAddress &client);

    RelayServices &m_services;
    std::list<std::unique_ptr<ProofEcho>> m_echoes; ///< the oldest first
};

} // namespace rr
