// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/admission.h"
#include "core/base/door.h"
#include "core/call/call.h"
#include "core/call/callcontext.h"
#include "core/realtime/credentials.h"
#include "core/relay/accessdesk.h"
#include "core/relay/exchanges.h"
#include "core/relay/incomingconnection.h"
#include "core/relay/relayrules.h"
#include "core/relay/sharefront.h"
#include "core/wire/serverhandshake.h"

#include <QObject>
#include <QTimer>

#include <array>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>

namespace rr {

/// Answers the requests of one worker's connections: who may come in, what is told to whom, and what a call is to be like that
/// may begin. Lives in the worker's thread; owned by it.
///
/// A call with an access token may have to wait for the ledger, with its place among all calls, HANDSHAKE_TIMEOUT at the most; who
/// leaves meanwhile gives its place back.
class Reception final : public QObject
{
    Q_OBJECT
public:
    using Request = IncomingConnection::Request;

    /// A call that is let in, or that is to be told why it is not.
    struct Arrival
    {
        std::shared_ptr<CallRecord> record;
        Ticket ticket;
        Call::Plan plan;
        Call::Client client;
    };
    using Begin = std::function<void(Arrival)>;

    /// `begin`: whom arrivals are given to.
    Reception(CallContext &context, const Handover &handover, Begin begin, QObject *parent);
    ~Reception() override;

    /// Before anything is asked, and whenever they change.
    void setRules(std::shared_ptr<const RelayRules> rules);
    /// Lives as long as this.
    IncomingConnection::Handler &handlerAt(Door door) { return m_handlers[std::size_t(door)]; }

    void accessChanged(); ///< there is another book of access tokens
    /// No exchange is under way, and nobody waits for the ledger.
    bool isEmpty() const { return m_exchanges.isEmpty() && m_waiting.empty(); }
    void endAt(Door door); ///< all that came in there, but for connections and calls
    void endAll();

Q_SIGNALS:
    void emptied();

private:
    /// Who answers what comes in by a door.
    struct DoorHandler final : IncomingConnection::Handler
    {
        DoorHandler(Reception &owner, Door which)
            : reception(owner)
            , door(which)
        {
        }
        const Endpoint *endpointOf(Request &request) override
        {
            return door == Door::Share ? reception.m_share.endpointOf(request) : Handler::endpointOf(request);
        }
        void answerRequest(const Request &request, Responder responder) override
        {
            reception.answerAt(door, request, responder);
        }
        HttpResponse answerBadRequest(
            const QHostAddress &peer, const QByteArray &origin, const HeadError &error) override
        {
            return reception.answerBadRequest(door, peer, origin, error);
        }
        void connectionFailed(const QHostAddress &peer, ConnectionFailure why, const QString &error) override
        {
            reception.connectionFailed(door, peer, why, error);
        }
        Reception &reception;
        const Door door;
    };
    /// Somebody who asks for a call, and is admitted as far as it is not a matter of access tokens.
    struct Caller
    {
        Responder responder;
        RequestHead head;
        CallSurface surface;
        Credentials credentials;
        AdmissionRequest asked;
        QByteArray switchingProtocols; ///< the answer 101
        Ticket ticket;
    };
    struct Waiting
    {
        quint64 number;
        std::unique_ptr<QTimer> deadline;
        Caller caller;
    };

    HttpResponse answerBadRequest(
        Door door, const QHostAddress &peer, const QByteArray &origin, const HeadError &error);
    void connectionFailed(Door door, const QHostAddress &peer, ConnectionFailure why, const QString &error);

    void answerAt(Door door, const Request &request, const Responder &responder);
    std::optional<Refusal> refusalAt(Door door, const Request &request);
    HttpResponse answerPlainly(Door door, const Request &request);
    bool hasAdminDoor() const { return m_rules->settings->adminPort != 0; }
    bool isFromProxy(const Request &request) const;
    QHostAddress clientOf(Door door, const Request &request) const;
    AdmissionRequest askedBy(Door door, const Request &request, const Credentials &credentials) const;
    QString shown(const QString &text, const Credentials &credentials, int maxLength = 200) const;
    void refuse(const Responder &responder, const AdmissionRequest &asked, const Refusal &refusal);
    void tellRefused(const Responder &responder, const Refusal &refusal);

    void startExchange(Door door, const Request &request, const Responder &responder);
    void startCall(Door door, const Request &request, const Responder &responder);
    void askForAccess(Caller caller);
    void accessKnown(quint64 number, AccessDesk::Answer answer);
    void look();
    RequestHead passedOn(const Caller &caller) const;
    CallKind kindOf(const Caller &caller) const;
    void arrive(Caller caller, std::optional<AccessDesk::Answer> access);
    Call::Plan planFor(
        const RequestHead &head, const Credentials &credentials, const QHostAddress &client) const;

    CallContext &m_context;
    const Begin m_begin;
    std::shared_ptr<const RelayRules> m_rules;
    std::shared_ptr<TlsSessionCache> m_tlsSessions; ///< for these rules
    ServerHandshake m_handshake;
    AccessDesk m_desk;
    Exchanges m_exchanges;
    ShareFront m_share;
    std::array<DoorHandler, doorNames.size()> m_handlers{
        DoorHandler(*this, Door::Public), DoorHandler(*this, Door::Admin), DoorHandler(*this, Door::Share)};
    std::list<Waiting> m_waiting; ///< for the ledger
    quint64 m_lastWaiting = 0;
    QTimer m_look; ///< whether they are still there
    int m_held = 0; ///< refusals that are yet to be told
};

} // namespace rr
