// SPDX-License-Identifier: MIT
#include "core/simulator/handshake.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QUrlQuery>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

constexpr QByteArrayView keySubprotocol = "openai-insecure-api-key.";

bool isRealtimePath(const QByteArray &path)
{
    return path == "/v1/realtime" || path == "/realtime" || path == "/v1/realtime/translations"
        || path == "/realtime/translations" || path == "/openai/v1/realtime";
}

QByteArray bearer(const RequestHead &head)
{
    const QByteArray value = head.header("Authorization");
    return value.left(7).toLower() == "bearer " ? value.mid(7).trimmed() : QByteArray();
}

HandshakeVerdict refuse(int status)
{
    return {status, 0, errorForStatus(status), {}};
}

HandshakeVerdict close(quint16 code)
{
    const ApiError error = errorForClose(code);
    return {0, code, error, error.closeReason()};
}

HandshakeVerdict judgeKey(const QByteArray &key)
{
    if (key.isEmpty() || key == "null" || key.contains("nokey") || key.contains("invalid"))
        return close(3000);
    if (key.contains("expired"))
        return refuse(401);
    if (key.contains("forbidden"))
        return refuse(403);
    if (key.contains("quota"))
        return close(1013);
    return {};
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

HandshakeVerdict judgeHandshake(const RequestHead &head, Faults &faults)
{
    if (!isRealtimePath(head.path))
        return refuse(404);
    if (const auto error = checkUpgrade(head))
        return {error->status, 0, {u"bad_request"_s, error->detail}, {}};
    if (const auto wrong = faults.addFromQuery(head.query))
        return {400, 0, {u"invalid_value"_s, u"simulate: %1"_s.arg(*wrong), u"simulate"_s}, {}};
    if (faults.refuseStatus)
        return refuse(faults.refuseStatus);
    if (head.list("Sec-WebSocket-Protocol").contains("openai-beta.realtime-v1")) {
        return {
            400, 0, {u"beta_api_shape_disabled"_s, u"The Realtime beta API is no longer supported."_s}, {}};
    }
    if (head.list("OpenAI-Beta").contains("realtime=v1")) {
        const ApiError error{u"beta_api_shape_disabled"_s,
            u"The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API."_s};
        return {0, 4000, error, error.closeReason()};
    }
    const HandshakeVerdict verdict = judgeKey(presentedKey(head));
    if (verdict.refuseStatus || verdict.closeCode || faults.errorCloseCode == 0)
        return verdict;
    return close(faults.errorCloseCode);
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
    if (head.list("Sec-WebSocket-Protocol").contains("realtime"))
        answer += "Sec-WebSocket-Protocol: realtime\r\n";
    return answer + "\r\n";
}

QByteArray refusal(int status, const ApiError &error)
{
    const QByteArray body
        = QJsonDocument(QJsonObject{{u"error"_s, error.toJson()}}).toJson(QJsonDocument::Compact);
    QByteArray answer = "HTTP/1.1 " + QByteArray::number(status) + ' ' + reasonPhrase(status)
        + "\r\nContent-Type: application/json\r\nContent-Length: " + QByteArray::number(body.size())
        + "\r\nConnection: close\r\n";
    if (status == 429 || status == 503)
        answer += "Retry-After: 1\r\n";
    if (status == 426)
        answer += "Upgrade: websocket\r\n";
    return answer + "\r\n" + body;
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
    if (!expectedKey.isEmpty())
        json[u"key_ok"_s] = presentedKey(head) == expectedKey;
    return json;
}

} // namespace rr
