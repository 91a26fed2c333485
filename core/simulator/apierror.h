// SPDX-License-Identifier: MIT
#pragma once

#include <QJsonObject>
#include <QString>

#include <utility>

namespace rr {

/// An error as the Realtime API words it: the `error` object of an `error` event or of a refusal's JSON body.
/// A plain value.
struct ApiError
{
    QString code; ///< "invalid_value", "invalid_api_key", …
    QString message;
    QString param{}; ///< path of the parameter it is about; null when it is about none
    QString type = QStringLiteral("invalid_request_error");

    QJsonObject toJson() const; ///< type, code, message, param
    QString closeReason() const { return type + u'.' + code; } ///< as a close frame names it
};

/// The error that goes before a close with this code: 3000, 4000, 4004 or 1013. Any other code gets a
/// server_error.
ApiError errorForClose(quint16 closeCode);

/// Of a request that shows no key: 401 where the status can say so.
ApiError errorForMissingKey();

/// The error in the body of a refused handshake.
ApiError errorForStatus(int status);

} // namespace rr
