// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/admission.h"
#include "core/admission/probation.h"
#include "core/call/callcontext.h"
#include "core/realtime/beta/memory.h"
#include "core/realtime/credentials.h"
#include "core/relay/accessdesk.h"
#include "core/relay/exchange.h"
#include "core/relay/incomingconnection.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QList>
#include <QObject>
#include <QTimer>

#include <list>
#include <memory>

namespace rr {

class Download;

/// The exchanges of one worker: plain requests that the upstream answers. Lets them in, asks for them, tells the client, the
/// journal and the counters. They take no place of a call, so that neither stands in the other's way; they are bounded by the
/// rate of their client's address, by its Probation, and by how many there may be at once. Lives in the worker's thread; owned
/// by it.
///
/// With an access token a client secret can be made, at the upstream with the relay's own key, and nothing else be asked for. The
/// client is given a minted token in the place of the upstream's, which it never sees. The answer waits until the ledger has kept
/// whose it is; where that does not come about the client gets none.
class Exchanges final : public QObject
{
    Q_OBJECT
public:
    struct Asked
    {
        const IncomingConnection::Request
            &request; ///< its endpoint isExchange(), and its method is allowed there
        Responder responder;
        AdmissionRequest by;
        Credentials credentials;
    };

    static constexpr std::size_t mostAtOnce = 64;
    static constexpr std::size_t mostRecordings = 16; ///< among them
    static constexpr std::size_t mostRecordingsOfClient
        = 4; ///< of one client network: a slow reader keeps its own
    /// Answers that are yet to be told, beside those: what they were asked by is gone. More are told at once.
    static constexpr std::size_t mostHeld = 64;

    Exchanges(CallContext &context, AccessDesk &desk, const Handover &handover, QObject *parent);
    ~Exchanges() override;

    /// `sessions`: of TLS, with `rules`.
    void begin(const Asked &asked, const std::shared_ptr<const RelayRules> &rules,
        const std::shared_ptr<TlsSessionCache> &sessions);
    bool isEmpty() const { return m_all.empty(); }
    void endAll(); ///< calls all of them off: the relay stops
    void endAt(Door door); ///< those that came in there, which is closed

Q_SIGNALS:
    void emptied();

private:
    /// One of them, from its request to the end of its answer.
    struct One
    {
        quint64 number;
        Responder responder;
        const Endpoint *endpoint;
        QByteArray method;
        QHostAddress client;
        QString shownOrigin;
        QByteArray page; ///< the origin that may read the answer; null: none
        QString host; ///< the upstream's
        bool takesChunks = true;
        BetaMemory beta{}; ///< of what is asked, for the answer
        std::chrono::milliseconds stallTimeout{0};
        std::chrono::milliseconds patience{0}; ///< of the client's connection, since the beginning
        QElapsedTimer since{};
        std::unique_ptr<Exchange> exchange{};
        std::unique_ptr<Download> download{};
        std::unique_ptr<QTimer> pause{}; ///< before it is told: nothing of it is under way any more
        bool onTrial = true; ///< its end is yet to be told to the probation
        QHostAddress network{}; ///< AdmissionRequest::network()
        Door door = Door::Public;
        std::shared_ptr<AccessPlace> access{}; ///< whose access token it came with; null: none
        QList<Secret>
            keys{}; ///< to be cut out of what it is told: the relay's own, and the token; empty: none of these
        std::unique_ptr<QTimer> patienceEnd{}; ///< while the ledger is asked
    };
    /// What goes upstream, once it is known with which key.
    struct Sent
    {
        RequestHead head;
        Credentials credentials;
        QByteArray body;
        std::shared_ptr<const RelayRules> rules;
        std::shared_ptr<TlsSessionCache> sessions;
    };

    static const Sentence passedOn; ///< what the journal is told of an answer
    static const Sentence upstreamsError;

    std::optional<Refusal> refusal(const Asked &asked);
    One *find(quint64 number);
    void askForAccess(One &one, const Sent &sent, const QByteArray &origin);
    void accessKnown(quint64 number, Sent sent, AccessDesk::Answer answer);
    void send(One &one, const Sent &sent);
    bool waitForLedger(One &one, std::chrono::milliseconds most);
    void stopWaiting(One &one);
    void refuse(One &one, const Refusal &refusal);
    void answeredToToken(One &one, HttpResponse response);
    void keepMinted(One &one, const HttpResponse &response, const Secret &minted, const QByteArray &sealed,
        const QDateTime &expiresAt);
    void mintedKept(quint64 number, const HttpResponse &response, bool isKept);
    bool hasRoom(const Endpoint &endpoint, const QHostAddress &network) const;
    void refuse(const Asked &asked, const Refusal &refusal, const QByteArray &page);
    void answered(One &one);
    void failed(One &one, const ExchangeFailure &failure);
    void stream(One &one);
    void answer(One &one, const HttpResponse &response, const Sentence &message);
    void tell(One &one, HttpResponse response, const Sentence &message);
    void endTrial(One &one, bool failed);
    void note(const One &one, int status, ExchangeResult result, const Sentence &message);
    void remove(One &one);
    void look();

    CallContext &m_context;
    AccessDesk &m_desk;
    const Handover m_handover;
    std::list<One> m_all;
    quint64 m_lastNumber = 0;
    Probation m_probation; ///< of the requests of this worker's clients
    QTimer m_look; ///< whether clients have left
};

} // namespace rr
