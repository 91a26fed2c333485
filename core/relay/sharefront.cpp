// SPDX-License-Identifier: MIT
#include "core/relay/sharefront.h"

#include "core/admission/clientaddress.h"
#include "core/admission/sharerules.h"
#include "core/http/linksecret.h"
#include "core/http/query.h"
#include "core/realtime/redaction.h"
#include "core/relay/relayjournal.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkInterface>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

using Link = IncomingConnection::Request::Link;

QByteArray nonceOf(const RequestHead &head)
{
    return queryValue(head.query, "n");
}

QByteArrayView kindOf(const RequestHead &head)
{
    return head.wantsUpgrade() ? ShareProofs::ws : ShareProofs::http;
}

ShareProofs::Arrival arrivalOf(const IncomingConnection::Request &request)
{
    const RequestHead &head = request.head;
    return {head.header("Host"), head.header("Origin"), head.header("User-Agent"),
        head.list("X-Forwarded-For").join(", "), head.list("Sec-WebSocket-Protocol"), request.otherEnd};
}

} // namespace

ShareFront::ShareFront(RelayServices &services, QObject *parent)
    : QObject(parent)
    , m_services(services)
{
}

ShareFront::~ShareFront() = default;

const Endpoint *ShareFront::endpointOf(Request &request) const
{
    RequestHead &head = request.head;
    const Endpoint *endpoint = findEndpoint(relayEndpoints, head);
    if (endpoint && endpoint->kind == Endpoint::Kind::Check)
        return m_services.proofs.isFresh(kindOf(head), nonceOf(head)) ? endpoint : nullptr;
    if (const QByteArray secret = takeLinkSecret(head); !secret.isNull()) {
        request.link = m_services.admission.isLinkSecret(secret) ? Link::Right : Link::Wrong;
        endpoint = findEndpoint(relayEndpoints, head);
    }
    if (!endpoint || request.link == Link::Wrong || !isFor(*endpoint, Audience::Guests))
        return nullptr;
    return request.link == Link::Right || !needsLink(*endpoint) ? endpoint : nullptr;
}

std::optional<Refusal> ShareFront::refusal(const Request &request, const QHostAddress &client)
{
    Admission &admission = m_services.admission;
    const auto noted = [&](Refusal refusal, const QByteArray &code, const Sentence &message) {
        m_services.journal.addFolded(requestRefused(refusal.status, code, message, client, {}, Door::Share));
        return refusal;
    };
    const bool isCheck = request.endpoint && request.endpoint->kind == Endpoint::Kind::Check;
    if (isCheck) // with a nonce; by which name it comes is a part of the question
        return std::nullopt;
    AdmissionRequest guest{client, {}};
    guest.door = Door::Share;
    if (request.link
        == Link::Wrong) // whatever the name, or guesses under another one would not be slowed down
        return noted(admission.refuseLink(guest), "wrong_link"_ba,
            QT_TRANSLATE_NOOP("Core",
                "A link was used that does not lead here any more, or was copied in part. Send the present one to those who "
                "are to have it."));
    if (const auto refusal = admission.checkHost(Door::Share, request.head.header("Host"), false))
        return noted(
            request.link == Link::Right ? *refusal : nothingShared(), refusal->code, refusal->message);
    if (request.link == Link::Right)
        noteVisitor(request, client);
    if (request.endpoint)
        return std::nullopt;
    admission.countRefusal("not_found"_ba);
    if (!request.head.wantsUpgrade())
        return nothingShared();
    return noted(nothingShared(), "not_found"_ba,
        request.link == Link::Right
            ? QT_TRANSLATE_NOOP("Core",
                "A WebSocket was asked for with the link, but at a path where there are no calls. They go to "
                "/v1/realtime behind the link's secret.")
            : QT_TRANSLATE_NOOP("Core",
                "A WebSocket was asked for where the relay is shared, without the link's secret. See whether the program "
                "keeps the path of the address that it is given; browsers may put the secret into a subprotocol."));
}

QHostAddress ShareFront::clientOf(const Request &request) const
{
    const auto terms = m_services.admission.share();
    return terms && terms->trustsForwardedFor
        ? lastForwarded(request.peer, request.head.list("X-Forwarded-For"))
        : canonical(request.peer);
}

Secret ShareFront::secret() const
{
    const auto terms = m_services.admission.share();
    return terms ? Secret(terms->secret) : Secret();
}

/// Unless it is this machine, as far as that can be known: by an address of its own, or by one that its own checks came from.
/// Before a proof has told the public name nobody has the link but whoever shares.
void ShareFront::noteVisitor(const Request &request, const QHostAddress &client)
{
    const auto terms = m_services.admission.share();
    if (!terms || terms->host.isEmpty() || !m_services.witness.isAwaited())
        return;
    const bool isKnown = !client.isLoopback();
    if (isKnown
        && (QNetworkInterface::allAddresses().contains(client) || m_services.proofs.hasComeFrom(client)))
        return;
    const QString userAgent = QString::fromUtf8(request.head.header("User-Agent"));
    m_services.witness.note({isKnown ? client.toString() : QString(),
        outsideText(withoutKeys(userAgent, {secret()})), QDateTime::currentDateTimeUtc()});
}

HttpResponse ShareFront::proof(const Request &request)
{
    const auto proof = m_services.proofs.answer(ShareProofs::http, nonceOf(request.head), arrivalOf(request));
    if (!proof) // somebody has been faster
        return errorResponse(404, nothingShared().code, plain(nothingShared().message));
    const QJsonObject body{{u"proof"_s, QString::fromLatin1(*proof)}};
    return {200, "application/json"_ba, QJsonDocument(body).toJson(QJsonDocument::Compact), {}};
}

void ShareFront::startEcho(const Request &request, const Responder &responder, ServerHandshake &handshake,
    std::chrono::milliseconds heartbeat)
{
    const RequestHead &head = request.head;
    const auto proof = m_services.proofs.answer(ShareProofs::ws, nonceOf(head), arrivalOf(request));
    const QByteArray switchingProtocols = handshake.answer(
        head.header("Sec-WebSocket-Key"), head.list("Sec-WebSocket-Protocol").contains("realtime"));
    if (!proof || switchingProtocols.isEmpty()) {
        responder.answer(errorResponse(404, nothingShared().code, plain(nothingShared().message)));
        return;
    }
    const bool stays = queryValue(head.query, "keep") == "1";
    auto echo = std::make_unique<ProofEcho>(
        ProofEcho::Plan{responder.takeStream(), switchingProtocols, *proof, stays, heartbeat},
        ProofEcho::lasts, nullptr);
    connect(echo.get(), &ProofEcho::finished, this, [this, ended = echo.get()] {
        const auto found = std::find_if(
            m_echoes.begin(), m_echoes.end(), [ended](const auto &each) { return each.get() == ended; });
        if (found == m_echoes.end())
            return;
        found->release()->deleteLater(); // this is its signal
        m_echoes.erase(found);
    });
    m_echoes.push_back(std::move(echo));
    if (m_echoes.size() > mostEchoes)
        m_echoes.pop_front();
}

void ShareFront::endEchoes()
{
    for (const auto &echo : m_echoes)
        echo->end(1001);
}

} // namespace rr
