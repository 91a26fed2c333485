// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QHostAddress>
#include <QList>
#include <QString>

#include <optional>

namespace rr {

/// What is asked of a resolver, as RFC 1035 and RFC 3596 have it. QDnsLookup would ask as well, but takes no port of a
/// resolver before Qt 6.6 and cannot be stopped while it waits.
enum class DnsType : quint16 { A = 1, Aaaa = 28 };

/// A message that asks for a host's addresses, recursively. Empty: it is no name that can be asked for (RFC 1035 2.3.4).
QByteArray dnsQuestion(quint16 id, const QString &host, DnsType type);

/// What a resolver says. A plain value.
struct DnsAnswer
{
    enum class Kind : quint8 {
        Known, ///< the name exists; `addresses` may be empty all the same
        NoSuchName,
        Failed, ///< it cannot tell, or does not want to
    };
    Kind kind = Kind::Failed;
    QList<QHostAddress>
        addresses; ///< at the name's end, behind all of its aliases; of the type that was asked for
};

/// Reads a datagram. Null: it is no answer to `question` (dnsQuestion()), or malformed. A pure function.
std::optional<DnsAnswer> readDnsAnswer(QByteArrayView bytes, const QByteArray &question);

} // namespace rr
