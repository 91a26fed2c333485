// SPDX-License-Identifier: MIT
#include "core/relay/relayjournal.h"

#include <utility>

namespace rr {

namespace {

LogLevel levelOf(Severity severity)
{
    switch (severity) {
    case Severity::Note:
        return LogLevel::Info;
    case Severity::Warning:
        return LogLevel::Warning;
    case Severity::Error:
        break;
    }
    return LogLevel::Error;
}

JournalEntry by(Door door, JournalEntry entry)
{
    if (door == Door::Share)
        entry.fields.append({"door", nameOf(door)});
    return entry;
}

} // namespace

JournalEntry requestRefused(int status, const QByteArray &code, const Sentence &message,
    const QHostAddress &client, const QString &origin, Door door)
{
    return by(door,
        journalEntry(LogLevel::Warning, "refused", message,
            {{"code", QString::fromLatin1(code)}, {"status", status}, {"client", client.toString()},
                {"origin", origin}}));
}

JournalEntry exchangeEnded(LogLevel level, const Sentence &message, const EndedExchange &exchange)
{
    JournalEntry entry = journalEntry(level, "exchange", message,
        {{"method", QString::fromLatin1(exchange.method)}, {"path", QString::fromLatin1(exchange.path)},
            {"status", exchange.status}, {"duration_ms", exchange.durationMs},
            {"client", exchange.client.toString()}, {"origin", exchange.origin}});
    if (!exchange.access.isEmpty())
        entry.fields.append({"access", exchange.access});
    return by(exchange.door, std::move(entry));
}

Sentence describe(ConnectionFailure failure)
{
    switch (failure) {
    case ConnectionFailure::TlsVersionTooOld:
        return QT_TRANSLATE_NOOP("Core",
            "The client speaks a version of TLS older than 1.2, which is not taken here. Update the client, or what it "
            "speaks TLS with.");
    case ConnectionFailure::CertificateNotTrusted:
        return QT_TRANSLATE_NOOP("Core",
            "The client does not accept the relay's certificate. Check that it is for the name that the client connects "
            "to, that TLS_CERT_FILE holds its whole chain, and that the client trusts its authority.");
    case ConnectionFailure::TlsFailed:
        return QT_TRANSLATE_NOOP("Core",
            "The TLS handshake with the client failed. Check what it speaks: TLS 1.2 and 1.3 are taken here.");
    case ConnectionFailure::LeftAtCertificate:
        return QT_TRANSLATE_NOOP("Core",
            "The client left when it had seen the relay's certificate, as Node.js does where it does not accept one. Check "
            "that it is for the name that the client connects to, that TLS_CERT_FILE holds its whole chain, and that the "
            "client trusts its authority.");
    case ConnectionFailure::LeftAfterTls:
        return QT_TRANSLATE_NOOP("Core",
            "The client left after the TLS handshake without asking for anything. If that is no health check, see whether "
            "it accepts the relay's certificate.");
    case ConnectionFailure::LeftEarly:
        return QT_TRANSLATE_NOOP("Core",
            "The client left before its request was whole, or before it had its answer. If that goes on, look at its "
            "log, and at what stands between.");
    case ConnectionFailure::RequestTimeout:
        break;
    }
    return QT_TRANSLATE_NOOP("Core",
        "The client did not send its whole request, or did not take the answer, within HANDSHAKE_TIMEOUT. Raise that if "
        "clients are just slow.");
}

JournalEntry connectionFailed(
    ConnectionFailure why, const QHostAddress &client, const QString &error, Door door)
{
    // Who leaves may have reasons of his own.
    const bool isUsual = why == ConnectionFailure::LeftAfterTls || why == ConnectionFailure::LeftEarly;
    JournalEntry entry = journalEntry(isUsual ? LogLevel::Info : LogLevel::Warning, "connection_failed",
        describe(why), {{"code", QString(nameOf(why))}, {"client", client.toString()}});
    if (!error.isEmpty())
        entry.fields.append({"error", error});
    return by(door, std::move(entry));
}

JournalEntry acceptFailed(const Sentence &advice, const QString &error)
{
    return journalEntry(LogLevel::Error, "accept_failed",
        joined(
            QT_TRANSLATE_NOOP("Core", "No connections can be accepted: a resource of the system is used up."),
            advice),
        {{"error", error}});
}

JournalEntry acceptRecovered()
{
    return journalEntry(
        LogLevel::Info, "accept_recovered", QT_TRANSLATE_NOOP("Core", "Connections are accepted again."), {});
}

JournalEntry troubleBegan(const Trouble &trouble)
{
    return journalEntry(levelOf(trouble.severity), "trouble_began", joined(trouble.title, trouble.text),
        {{"code", nameOf(trouble.code)}});
}

JournalEntry troubleEnded(const Trouble &trouble)
{
    return journalEntry(levelOf(trouble.severity), "trouble_ended",
        {QT_TRANSLATE_NOOP("Core", "No longer so: %1"), {trouble.title}},
        {{"code", nameOf(trouble.code)},
            {"lasted_ms", qint64((Moment::now().steady - trouble.steadySince).count())}});
}

} // namespace rr
