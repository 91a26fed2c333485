// SPDX-License-Identifier: MIT
#include "core/simulator/livehandshake.h"

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

HandshakeVerdict refuse(int status, const ApiError &error)
{
    return {status, 0, error, {}, {}};
}

HandshakeVerdict refuseAs(quint16 closeCode)
{
    const int status = closeCode == 3000 ? 401 : closeCode == 4004 ? 404 : closeCode == 1013 ? 429 : 400;
    return refuse(status, errorForClose(closeCode));
}

} // namespace

HandshakeVerdict judgeLive(const RequestHead &head, const Faults &faults, const Keys &keys)
{
    if (!head.header("Origin").isNull())
        return refuse(403, {u"forbidden"_s, u"Forbidden"_s});
    const QByteArray authorization = head.header("Authorization");
    const QByteArray key
        = authorization.left(7).toLower() == "bearer " ? authorization.mid(7).trimmed() : QByteArray();
    switch (keys.judgeForRest(key, QDateTime::currentSecsSinceEpoch())) {
    case Keys::Verdict::Good:
        break;
    case Keys::Verdict::Missing:
        return refuse(401, errorForMissingKey());
    case Keys::Verdict::Wrong:
    case Keys::Verdict::Expired:
        return refuse(401, errorForStatus(401));
    case Keys::Verdict::Forbidden:
        return refuse(403, errorForStatus(403));
    case Keys::Verdict::NoQuota:
        return refuseAs(1013);
    }
    return faults.errorCloseCode ? refuseAs(faults.errorCloseCode) : HandshakeVerdict();
}

HandshakeVerdict noSuchLiveSession()
{
    return refuse(404, {u"session_not_found"_s, u"There is no such Live session."_s, u"session_id"_s});
}

} // namespace rr
