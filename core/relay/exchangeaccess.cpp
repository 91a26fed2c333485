// SPDX-License-Identifier: MIT
// The part of Exchanges that has to do with access tokens: who may ask, and whose the secret is that the upstream made.
#include "core/relay/exchanges.h"

#include "core/call/upgraderefusal.h"
#include "core/http/query.h"
#include "core/realtime/redaction.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QJsonValue>

#include <algorithm>
#include <chrono>
#include <utility>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

using namespace std::chrono_literals;

/// Of a client secret, where its answer does not say when it expires.
constexpr std::chrono::hours longestLife{2};

} // namespace

/// False: there is no time for it. Else it is told storeAway() in time.
bool Exchanges::waitForLedger(One &one, std::chrono::milliseconds most)
{
    const auto left = one.patience * 19 / 20 - std::chrono::milliseconds(one.since.elapsed());
    if (left <= 0ms)
        return false;
    one.patienceEnd = std::make_unique<QTimer>();
    one.patienceEnd->setSingleShot(true);
    connect(one.patienceEnd.get(), &QTimer::timeout, this, [this, &one] { refuse(one, storeAway()); });
    one.patienceEnd->start(std::min(most, left));
    return true;
}

void Exchanges::stopWaiting(One &one)
{
    if (!one.patienceEnd)
        return;
    one.patienceEnd->disconnect(this); // this may be its signal
    one.patienceEnd.release()->deleteLater();
}

void Exchanges::askForAccess(One &one, const Sent &sent, const QByteArray &origin)
{
    Sent written = sent;
    AccessDesk::Asked asked;
    asked.key = sent.credentials.key;
    asked.origin = origin;
    asked.use = AccessUse::Request;
    asked.client = one.client.toString();
    if (one.endpoint->kind != Endpoint::Kind::Recording) {
        if (!sent.body.trimmed().isEmpty()) {
            // Written anew: of a member that stands there twice the upstream may take the other one.
            const QJsonDocument body = QJsonDocument::fromJson(sent.body);
            if (!body.isObject()) {
                refuse(one,
                    {400, "bad_request"_ba,
                        QT_TRANSLATE_NOOP("Core", "The body of this request is no object in JSON."), 0});
                return;
            }
            written.body = body.toJson(QJsonDocument::Compact);
            const QJsonValue model = body[u"session"_s][u"model"_s];
            if (!model.isUndefined())
                asked.models.append(model.toString().toUtf8());
        }
        asked.models += queryValues(sent.head.query, "model");
    } else {
        asked.namesModelLater = true;
    }
    one.keys = {sent.credentials.key, sent.rules->heldKey};
    if (!waitForLedger(one, sent.rules->settings->handshakeTimeout)) {
        refuse(one, storeAway());
        return;
    }
    m_desk.ask(asked, [this, number = one.number, written](AccessDesk::Answer answer) {
        accessKnown(number, written, std::move(answer));
    });
}

void Exchanges::accessKnown(quint64 number, Sent sent, AccessDesk::Answer answer)
{
    One *const one = find(number);
    if (!one || !one->patienceEnd) // it has left, or has been told
        return;
    stopWaiting(*one);
    if (std::holds_alternative<AccessDesk::NotOurs>(answer)) {
        one->keys.clear();
        send(*one, sent);
        return;
    }
    if (const auto *out = std::get_if<AccessDesk::Out>(&answer)) {
        refuse(*one, out->refusal);
        return;
    }
    auto &in = std::get<AccessDesk::In>(answer);
    if (one->endpoint->kind == Endpoint::Kind::Recording || !in.isHeldKey) {
        refuse(*one,
            {403, "request_not_allowed"_ba,
                QT_TRANSLATE_NOOP("Core",
                    "An access token opens calls and makes client secrets. For this the relay passes on a key of the "
                    "upstream's only."),
                0});
        return;
    }
    one->access = std::move(in.place);
    sent.head = withoutKey(sent.head, sent.credentials.key);
    sent.credentials = withKey(sent.credentials, in.key);
    send(*one, sent);
}

/// The relay's own key has been sent there, and is nobody's to see.
void Exchanges::answeredToToken(One &one, HttpResponse response)
{
    const QByteArray body = one.exchange->answer().body(); // which the beta's may be made of
    for (HttpHeader &header : response.headers)
        header.value = withoutKeys(QString::fromLatin1(header.value), one.keys).toLatin1();
    if (response.status >= 400) {
        response.body = bodyToTell(body, one.keys);
        if (response.body.isEmpty()) {
            const QList<HttpHeader> headers = std::exchange(response.headers, {});
            response = errorResponse(response.status, "upstream_refused"_ba, plain(upstreamsError));
            response.headers += headers;
        }
        answer(one, response, upstreamsError);
        return;
    }
    const QJsonDocument made = QJsonDocument::fromJson(body);
    const Secret secret(made[u"value"_s].toString().toUtf8());
    const bool holdsKey = std::any_of(one.keys.begin(), one.keys.end(),
        [&response](const Secret &key) { return response.body.contains(key.reveal()); });
    if (secret.isEmpty() || holdsKey) {
        failed(one, {ExchangeFailure::NotUnderstood});
        return;
    }
    const qint64 seconds = made[u"expires_at"_s].toInteger();
    const QDateTime expiresAt = seconds > 0
        ? QDateTime::fromSecsSinceEpoch(seconds).toUTC()
        : QDateTime::currentDateTimeUtc().addSecs(std::chrono::seconds(longestLife).count());
    keepMinted(one, response, secret, expiresAt);
}

void Exchanges::keepMinted(
    One &one, const HttpResponse &response, const Secret &secret, const QDateTime &expiresAt)
{
    Ledger *const ledger = m_context.services.accounts.ledger();
    if (!ledger || !waitForLedger(one, one.patience)) {
        refuse(one, storeAway());
        return;
    }
    ledger->keepMinted(hashOfToken(secret), one.access->terms()->id, expiresAt,
        [this, number = one.number, response, handover = m_handover](bool isKept) {
            handover.call([this, number, response, isKept] { mintedKept(number, response, isKept); });
        });
}

void Exchanges::mintedKept(quint64 number, const HttpResponse &response, bool isKept)
{
    One *const one = find(number);
    if (!one || !one->patienceEnd) // it has left, or has been told
        return;
    stopWaiting(*one);
    if (isKept)
        answer(*one, response, passedOn);
    else
        refuse(*one, storeAway());
}

} // namespace rr
