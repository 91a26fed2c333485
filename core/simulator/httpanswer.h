// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/apierror.h"

#include <QByteArray>
#include <QJsonObject>

namespace rr {

/// An HTTP answer of the simulator's. A plain value.
struct HttpAnswer
{
    int status = 200;
    QByteArray body;
    QByteArray contentType = "application/json";

    static HttpAnswer json(const QJsonObject &body);
    static HttpAnswer error(int status, const ApiError &error); ///< in OpenAI's form: {"error": {…}}

    /// The whole response; the connection ends with it. It has what api.openai.com puts beside the body: x-request-id
    /// and its like, which a relay has to pass, and a cookie and the organization, which it must not.
    QByteArray bytes() const;
};

} // namespace rr
