// SPDX-License-Identifier: MIT
#include "core/simulator/apierror.h"

using namespace Qt::StringLiterals;

namespace rr {

QJsonObject ApiError::toJson() const
{
    return {{u"type"_s, type}, {u"code"_s, code}, {u"message"_s, message},
        {u"param"_s, param.isNull() ? QJsonValue() : QJsonValue(param)}};
}

ApiError errorForClose(quint16 closeCode)
{
    switch (closeCode) {
    case 3000:
        return {u"invalid_api_key"_s,
            u"Incorrect API key provided. You can find your API key at "
            "https://platform.openai.com/account/api-keys."_s};
    case 4000:
        return {u"missing_model"_s, u"You must provide a model parameter."_s, u"model"_s};
    case 4004:
        return {u"model_not_found"_s,
            u"The requested model does not exist or you do not have access to it."_s, u"model"_s};
    case 1013:
        return {u"insufficient_quota"_s,
            u"You exceeded your current quota, please check your plan and billing details."_s, {},
            u"insufficient_quota"_s};
    default:
        return {u"server_error"_s, u"The server had an error while processing your request."_s, {},
            u"server_error"_s};
    }
}

ApiError errorForMissingKey()
{
    return {u"missing_authorization"_s,
        u"You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer "
        "auth (i.e. Authorization: Bearer YOUR_KEY)."_s};
}

ApiError errorForStatus(int status)
{
    switch (status) {
    case 401:
        return errorForClose(3000);
    case 403:
        return {u"unsupported_country_region_territory"_s, u"Country, region, or territory not supported"_s,
            {}, u"request_forbidden"_s};
    case 404:
        return {u"not_found"_s, u"Invalid URL (GET)."_s};
    case 426:
        return {u"upgrade_required"_s, u"The Realtime API speaks WebSocket: ask for an upgrade."_s};
    case 429:
        return {u"rate_limit_exceeded"_s, u"Rate limit reached for requests."_s, {}, u"requests"_s};
    default:
        return status < 500 ? ApiError{u"bad_request"_s, u"The request was refused."_s} : errorForClose(1011);
    }
}

} // namespace rr
