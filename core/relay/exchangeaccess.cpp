// SPDX-License-Identifier: MIT
// The part of Exchanges that has to do with access tokens: who may ask, and whose the secret is that the upstream made.
#include "core/relay/exchanges.h"

#include "core/admission/mintedtoken.h"
#include "core/call/upgraderefusal.h"
#include "core/http/query.h"
#include "core/realtime/jsontext.h"
#include "core/realtime/redaction.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QJsonValue>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

using namespace std::chrono_literals;

/// Of a client secret, where its answer does not say when it expires.
constexpr std::chrono::hours longestLife{2};

/// All models that a client secret's session names.
QList<QByteArray> modelsOf(const QJsonObject &session)
{
    QList<QByteArray> models;
    const QJsonValue own = session[u"model"_s];
    if (!own.isUndefined())
        models.append(own.toString().toUtf8());
    if (own.isUndefined() && session[u"type"_s].toString() != u"transcription"_s)
        return models; // the others are named beside one
    const QJsonValue all(session);
    for (const QJsonValue &other :
        {all[u"audio"_s][u"input"_s][u"transcription"_s], all[u"input_audio_transcription"_s],
            all[u"delegation"_s][u"responses"_s], all[u"delegation"_s][u"decisions"_s]}) {
        const QJsonValue model = other[u"model"_s];
        if (!model.isUndefined())
            models.append(model.toString().toUtf8());
    }
    return models;
}

/// Puts `text` where `value` stands in `body`, which it is a view into; nothing where that is empty.
void putInto(QByteArray &body, QByteArrayView value, const QByteArray &text)
{
    if (!value.isEmpty())
        body.replace(value.data() - body.constData(), value.size(), text);
}

/// The upstream's answer with a token of the relay's own in the place of its, wherever it stands; and with an end of its own where
/// that is earlier. Null: the upstream's would be seen all the same.
QByteArray withMinted(
    QByteArray body, const Secret &upstreams, const Secret &minted, std::optional<qint64> expiresAt)
{
    if (!isJson(body))
        return {};
    body.replace('"' + upstreams.reveal() + '"', '"' + minted.reveal() + '"');
    if (expiresAt) {
        const QByteArray end = QByteArray::number(*expiresAt);
        putInto(body, jsonMemberValue(body, "expires_at"), end);
        putInto(body, jsonMemberValue(jsonMemberValue(body, "client_secret"), "expires_at"), end);
        putInto(body,
            jsonMemberValue(jsonMemberValue(jsonMemberValue(body, "session"), "client_secret"), "expires_at"),
            end);
    }
    const QJsonDocument told = QJsonDocument::fromJson(body);
    const bool isSeen = body.contains(upstreams.reveal()) // or behind escapes
        || told.toJson(QJsonDocument::Compact).contains(upstreams.reveal());
    return isSeen || told[u"value"_s].toString().toUtf8() != minted.reveal() ? QByteArray() : body;
}

} // namespace

/// False: there is no time for it. Else it is told storeAway() in time.
bool Exchanges::waitForLedger(One &one, std::chrono::milliseconds most)
{
    const auto left = one.patience * 9 / 10 - std::chrono::milliseconds(one.since.elapsed());
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
            asked.models = modelsOf(body[u"session"_s].toObject());
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
    const Secret upstreams(made[u"value"_s].toString().toUtf8());
    const bool holdsKey = std::any_of(one.keys.begin(), one.keys.end(),
        [&response](const Secret &key) { return response.body.contains(key.reveal()); });
    if (upstreams.isEmpty() || holdsKey) {
        failed(one, {ExchangeFailure::NotUnderstood});
        return;
    }
    const qint64 seconds = made[u"expires_at"_s].toInteger();
    const QDateTime upstreamsEnd = seconds > 0
        ? QDateTime::fromSecsSinceEpoch(seconds).toUTC()
        : QDateTime::currentDateTimeUtc().addSecs(std::chrono::seconds(longestLife).count());
    // It is never good for longer than the token that it is made for.
    const QDateTime tokensEnd = one.access->terms()->expiresAt;
    const bool endsEarlier = tokensEnd.isValid() && tokensEnd < upstreamsEnd;
    const Secret minted = makeMintedToken();
    response.body = withMinted(response.body, upstreams, minted,
        endsEarlier ? std::optional(tokensEnd.toSecsSinceEpoch()) : std::nullopt);
    if (response.body.isNull()) {
        failed(one, {ExchangeFailure::NotUnderstood});
        return;
    }
    keepMinted(one, response, minted, sealed(upstreams, minted), endsEarlier ? tokensEnd : upstreamsEnd);
}

void Exchanges::keepMinted(One &one, const HttpResponse &response, const Secret &minted,
    const QByteArray &sealed, const QDateTime &expiresAt)
{
    Ledger *const ledger = m_context.services.accounts.ledger();
    if (!ledger || !waitForLedger(one, one.patience)) {
        refuse(one, storeAway());
        return;
    }
    ledger->keepMinted(hashOfToken(minted), {one.access->terms()->id, sealed}, expiresAt,
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
    // The upstream and the ledger have taken their time, in which the token may have been revoked.
    if (!AccessDesk::isGood(m_context.services.accounts.book()->find(one->access->terms()->id).get()))
        refuse(*one, AccessDesk::notGood());
    else if (isKept)
        answer(*one, response, passedOn);
    else
        refuse(*one, storeAway());
}

} // namespace rr
