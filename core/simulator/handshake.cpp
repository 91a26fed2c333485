// SPDX-License-Identifier: MIT
#include "core/simulator/handshake.h"

#include "core/simulator/livehandshake.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QJsonArray>
#include <QRegularExpression>
#include <QUrlQuery>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr QByteArrayView keySubprotocol = "openai-insecure-api-key.";

QByteArray bearer(const RequestHead &head)
{
    const QByteArray value = head.header("Authorization");
    return value.left(7).toLower() == "bearer " ? value.mid(7).trimmed() : QByteArray();
}

HandshakeVerdict refuse(int status)
{
    return {status, 0, errorForStatus(status), {}};
}

HandshakeVerdict close(quint16 code, const ApiError &error)
{
    return {0, code, error, error.closeReason()};
}

HandshakeVerdict judgeKey(Keys::Verdict key)
{
    switch (key) {
    case Keys::Verdict::Good:
        return {};
    case Keys::Verdict::Missing:
    case Keys::Verdict::Wrong:
        return close(3000, errorForClose(3000));
    case Keys::Verdict::Expired:
        return refuse(401);
    case Keys::Verdict::Forbidden:
        return refuse(403);
    case Keys::Verdict::NoQuota:
        break;
    }
    return close(1013, errorForClose(1013));
}

std::optional<ApiError> judgeModel(const QByteArray &query, Surface surface, const Models &models)
{
    const QUrlQuery parameters(QString::fromUtf8(query));
    // A transcription's model is in its configuration, a running call has one. Who names none gets the default one,
    // or that of his secret.
    if (surface == Surface::Realtime
        && (parameters.queryItemValue(u"intent"_s) == "transcription"_L1
            || parameters.hasQueryItem(u"call_id"_s)))
        return {};
    if (!parameters.hasQueryItem(u"model"_s))
        return {};
    return models.refusal(surface, parameters.queryItemValue(u"model"_s, QUrl::FullyDecoded));
}

/// Calls are made elsewhere, by WebRTC or SIP; any that could be one is taken for one.
bool isKnownCall(const QByteArray &query)
{
    const QUrlQuery parameters(QString::fromUtf8(query));
    return !parameters.hasQueryItem(u"call_id"_s)
        || parameters.queryItemValue(u"call_id"_s).startsWith("rtc_"_L1);
}

bool hasBetaHeader(const RequestHead &head)
{
    const QList<QByteArray> betas = head.list("OpenAI-Beta");
    return std::any_of(
        betas.begin(), betas.end(), [](const QByteArray &beta) { return beta.toLower() == "realtime=v1"; });
}

HandshakeVerdict judgeRealtime(
    const RequestHead &head, const Faults &faults, Surface surface, const Access &access)
{
    if (head.list("Sec-WebSocket-Protocol").contains("openai-beta.realtime-v1")) {
        return {
            400, 0, {u"beta_api_shape_disabled"_s, u"The Realtime beta API is no longer supported."_s}, {}};
    }
    if (hasBetaHeader(head)) {
        return close(4000,
            {u"beta_api_shape_disabled"_s,
                u"The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API."_s});
    }
    const QByteArray key = presentedKey(head);
    HandshakeVerdict verdict = judgeKey(access.keys.judge(key, QDateTime::currentSecsSinceEpoch()));
    if (verdict.refuseStatus || verdict.closeCode)
        return verdict;
    if (const auto error = judgeModel(head.query, surface, access.models))
        return close(error->code == "model_not_found"_L1 ? 4004 : 4000, *error);
    if (faults.errorCloseCode)
        return close(faults.errorCloseCode, errorForClose(faults.errorCloseCode));
    if (surface == Surface::Realtime && !isKnownCall(head.query))
        return refuse(404);
    verdict.configuration = access.keys.session(key);
    return verdict;
}

} // namespace

QByteArray presentedKey(const RequestHead &head)
{
    const QList<QByteArray> subprotocols = head.list("Sec-WebSocket-Protocol");
    for (const QByteArray &subprotocol : subprotocols) {
        if (subprotocol.startsWith(keySubprotocol))
            return subprotocol.mid(keySubprotocol.size());
    }
    if (const QByteArray key = bearer(head); !key.isEmpty())
        return key;
    if (const QByteArray key = head.header("api-key"); !key.isEmpty())
        return key;
    return QUrlQuery(QString::fromUtf8(head.query)).queryItemValue(u"api-key"_s, QUrl::FullyDecoded).toUtf8();
}

HandshakeVerdict judgeHandshake(const RequestHead &head, Faults &faults, const Access &access)
{
    const auto path = surfaceAt(head.path);
    if (!path)
        return refuse(404);
    if (const auto error = checkUpgrade(head))
        return {error->status, 0, {u"bad_request"_s, plain(error->detail)}, {}};
    if (const auto wrong = faults.addFromQuery(head.query))
        return {400, 0, {u"invalid_value"_s, u"simulate: %1"_s.arg(*wrong), u"simulate"_s}, {}};
    if (faults.refuseStatus)
        return refuse(faults.refuseStatus);
    HandshakeVerdict verdict;
    switch (path->surface) {
    case Surface::Realtime:
    case Surface::Translations:
        verdict = judgeRealtime(head, faults, path->surface, access);
        break;
    case Surface::Live:
    case Surface::LiveAttach:
    case Surface::LiveFork:
        verdict = judgeLive(head, faults, access.keys);
        break;
    }
    verdict.path = *path;
    return verdict;
}

QByteArray acceptance(const RequestHead &head)
{
    static constexpr char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 4.2.2
    const QByteArray accept
        = QCryptographicHash::hash(head.header("Sec-WebSocket-Key") + guid, QCryptographicHash::Sha1)
              .toBase64();
    QByteArray answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Accept: "
        + accept + "\r\n";
    const auto path = surfaceAt(head.path);
    const bool live = path && path->surface != Surface::Realtime && path->surface != Surface::Translations;
    if (!live && head.list("Sec-WebSocket-Protocol").contains("realtime"))
        answer += "Sec-WebSocket-Protocol: realtime\r\n";
    return answer + "\r\n";
}

QJsonObject describeHandshake(const RequestHead &head, const QByteArray &expectedKey)
{
    static const QRegularExpression keyInSubprotocol(
        u"(openai-insecure-api-key\\.)[^,\\s]*"_s, QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression blank(u"\\s"_s);
    QList<QByteArray> query = head.query.split('&');
    for (QByteArray &parameter : query) {
        const qsizetype equals = parameter.indexOf('=');
        if (QByteArray::fromPercentEncoding(parameter.left(equals)).toLower() == "api-key")
            parameter = "api-key=\xe2\x80\xa6"; // an ellipsis
    }
    QJsonArray headers;
    for (const HttpHeader &header : head.headers) {
        const QByteArray name = header.name.toLower();
        QString value = QString::fromLatin1(header.value);
        if (name == "authorization")
            value = value.left(std::max<qsizetype>(0, value.indexOf(blank))) + u" …"_s;
        else if (name == "api-key")
            value = u"…"_s;
        else if (name == "sec-websocket-protocol")
            value.replace(keyInSubprotocol, u"\\1…"_s);
        headers.append(QJsonArray{QString::fromLatin1(header.name), value});
    }
    QJsonObject json{{u"path"_s, QString::fromLatin1(head.path)},
        {u"query"_s, QString::fromUtf8(query.join('&'))}, {u"headers"_s, headers}};
    if (!head.wantsUpgrade())
        json[u"method"_s] = QString::fromLatin1(head.method);
    if (!expectedKey.isEmpty())
        json[u"key_ok"_s] = presentedKey(head) == expectedKey;
    return json;
}

} // namespace rr
