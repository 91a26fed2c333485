// SPDX-License-Identifier: MIT
#include "core/relay/doortroubles.h"

#include "core/relay/relayjournal.h"

namespace rr {

namespace {

void report(Troubles &troubles, TroubleCode code, const Sentence &message, const QHostAddress &client)
{
    troubles.report(
        code, {QT_TRANSLATE_NOOP("Core", "%1 The last client: %2."), {message, client.toString()}});
}

} // namespace

void noteFailed(Troubles &troubles, ConnectionFailure failure, const QHostAddress &client)
{
    const auto noted = [&](TroubleCode code) { report(troubles, code, describe(failure), client); };
    switch (failure) {
    case ConnectionFailure::TlsVersionTooOld:
        noted(TroubleCode::TlsVersionTooOld);
        break;
    case ConnectionFailure::CertificateNotTrusted:
    case ConnectionFailure::LeftAtCertificate:
        noted(TroubleCode::CertificateNotTrusted);
        break;
    case ConnectionFailure::TlsFailed:
        noted(TroubleCode::TlsFailed);
        break;
    case ConnectionFailure::LeftEarly:
    case ConnectionFailure::RequestTimeout:
        noted(TroubleCode::RequestsUnfinished);
        break;
    case ConnectionFailure::LeftAfterTls: // a health check's way
        break;
    }
}

void noteTurnedAway(
    Troubles &troubles, const QByteArray &code, const Sentence &message, const QHostAddress &client)
{
    for (const TroubleCode trouble : {TroubleCode::TlsOnPlainPort, TroubleCode::HttpOnTlsPort,
             TroubleCode::ProxyNotTrusted, TroubleCode::ProxyHeaderMalformed}) {
        if (code == nameOf(trouble).data())
            report(troubles, trouble, message, client);
    }
}

void noteWrongPath(Troubles &troubles, const Sentence &message, const QHostAddress &client)
{
    report(troubles, TroubleCode::WrongPath, message, client);
}

} // namespace rr
