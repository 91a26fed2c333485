// SPDX-License-Identifier: MIT
#include "core/sharing/dnsmessage.h"

#include <QUrl>
#include <QtEndian>

namespace rr {

namespace {

constexpr qsizetype headerBytes = 12; ///< RFC 1035 4.1.1
constexpr int isResponse = 0x8000;
constexpr int isTruncated = 0x0200;
constexpr int wantsRecursion = 0x0100;
constexpr int codeBits = 0x000F;
constexpr int noSuchName = 3;
constexpr quint16 classInternet = 1;

void append16(QByteArray &to, quint16 number)
{
    to += char(number >> 8);
    to += char(number & 0xFF);
}

/// The caller has seen that they are there.
quint16 number16(QByteArrayView bytes, qsizetype at)
{
    return qFromBigEndian<quint16>(bytes.data() + at);
}

/// Behind a name that begins at `at` (RFC 1035 4.1.4); -1: it does not end, or is none.
qsizetype behindName(QByteArrayView bytes, qsizetype at)
{
    while (at < bytes.size()) {
        const auto length = quint8(bytes[at]);
        if (length == 0)
            return at + 1;
        if (length >= 0xC0) // the rest of it stands elsewhere
            return at + 2;
        if (length > 63)
            return -1;
        at += length + 1;
    }
    return -1;
}

QHostAddress addressFrom(QByteArrayView data, DnsType type)
{
    if (type == DnsType::A && data.size() == 4)
        return QHostAddress(qFromBigEndian<quint32>(data.data()));
    if (type == DnsType::Aaaa && data.size() == 16)
        return QHostAddress(reinterpret_cast<const quint8 *>(data.data()));
    return {};
}

} // namespace

QByteArray dnsQuestion(quint16 id, const QString &host, DnsType type)
{
    QByteArray name = QUrl::toAce(host);
    if (name.endsWith('.'))
        name.chop(1);
    if (name.isEmpty() || name.size() > 253)
        return {};
    QByteArray message;
    for (const int number : {int(id), wantsRecursion, 1, 0, 0, 0})
        append16(message, quint16(number));
    for (const QByteArray &label : name.split('.')) {
        if (label.isEmpty() || label.size() > 63)
            return {};
        message += char(label.size()) + label;
    }
    message += '\0';
    append16(message, quint16(type));
    append16(message, classInternet);
    return message;
}

std::optional<DnsAnswer> readDnsAnswer(QByteArrayView bytes, const QByteArray &question)
{
    if (question.size() <= headerBytes || bytes.size() < question.size())
        return std::nullopt;
    const int flags = number16(bytes, 2);
    if (number16(bytes, 0) != number16(question, 0) || !(flags & isResponse) || number16(bytes, 4) != 1)
        return std::nullopt;
    // Some resolvers write the name in other letters. No length of a label is one.
    if (bytes.sliced(headerBytes, question.size() - headerBytes)
            .compare(QByteArrayView(question).sliced(headerBytes), Qt::CaseInsensitive)
        != 0)
        return std::nullopt;

    const auto asked = DnsType(number16(question, question.size() - 4));
    DnsAnswer answer;
    qsizetype at = question.size();
    for (int left = number16(bytes, 6); left > 0; --left) {
        at = behindName(bytes, at);
        if (at < 0 || bytes.size() - at < 10)
            return std::nullopt;
        const auto type = DnsType(number16(bytes, at));
        const quint16 ofClass = number16(bytes, at + 2);
        const qsizetype length = number16(bytes, at + 8);
        at += 10;
        if (bytes.size() - at < length)
            return std::nullopt;
        const QHostAddress address = addressFrom(bytes.sliced(at, length), type);
        if (type == asked && ofClass == classInternet && !address.isNull())
            answer.addresses.append(address);
        at += length;
    }
    const int code = flags & codeBits;
    if (code == noSuchName)
        answer.kind = DnsAnswer::Kind::NoSuchName;
    else if (code == 0 && (!(flags & isTruncated) || !answer.addresses.isEmpty()))
        answer.kind = DnsAnswer::Kind::Known;
    if (answer.kind != DnsAnswer::Kind::Known)
        answer.addresses.clear();
    return answer;
}

} // namespace rr
