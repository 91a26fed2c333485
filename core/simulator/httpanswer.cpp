// SPDX-License-Identifier: MIT
#include "core/simulator/httpanswer.h"

#include "core/http/statuswords.h"

#include <QJsonDocument>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace rr {

HttpAnswer HttpAnswer::json(const QJsonObject &body)
{
    return {200, QJsonDocument(body).toJson(QJsonDocument::Compact)};
}

HttpAnswer HttpAnswer::error(int status, const ApiError &error)
{
    HttpAnswer answer = json({{u"error"_s, error.toJson()}});
    answer.status = status;
    return answer;
}

QByteArray HttpAnswer::bytes() const
{
    QByteArray answer = "HTTP/1.1 " + QByteArray::number(status) + ' ' + reasonPhrase(status)
        + "\r\nContent-Type: " + contentType + "\r\nContent-Length: " + QByteArray::number(body.size())
        + "\r\nConnection: close\r\nx-request-id: req_" + QUuid::createUuid().toByteArray(QUuid::Id128)
        + "\r\nopenai-processing-ms: 12\r\nopenai-version: 2020-10-01\r\nopenai-organization: org-simulator"
          "\r\nSet-Cookie: __cf_bm=simulator; path=/; HttpOnly; Secure"
          "\r\nAccess-Control-Expose-Headers: X-Request-ID\r\n";
    if (status == 429 || status == 503)
        answer += "Retry-After: 1\r\n";
    if (status == 426)
        answer += "Upgrade: websocket\r\n";
    return answer + "\r\n" + body;
}

} // namespace rr
