// SPDX-License-Identifier: MIT
// Whatever a resolver answers: the addresses are those that the C library's reader of DNS finds in the answer, and no answer is
// none that this one can read. The first byte says what was asked for, and whether the rest is a whole message, or what stands
// before and behind the question in one.
#include "core/sharing/dnsmessage.h"
#include "tests/fuzz/require.h"

#include <arpa/nameser.h>

#include <optional>

using namespace rr;

namespace {

/// Null: there is a record that cannot be read. Only for what ns_initparse() takes.
std::optional<QList<QHostAddress>> addressesIn(ns_msg &message, int type)
{
    QList<QHostAddress> addresses;
    for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
        ns_rr record;
        if (ns_parserr(&message, ns_s_an, i, &record) != 0)
            return std::nullopt;
        if (ns_rr_type(record) != type || ns_rr_class(record) != ns_c_in)
            continue;
        const unsigned char *data = ns_rr_rdata(record);
        if (type == ns_t_a && ns_rr_rdlen(record) == NS_INADDRSZ)
            addresses.append(QHostAddress(quint32(ns_get32(data))));
        if (type == ns_t_aaaa && ns_rr_rdlen(record) == NS_IN6ADDRSZ)
            addresses.append(QHostAddress(data));
    }
    return addresses;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    constexpr qsizetype headBytes = 10; // behind the number of a message
    if (size < 1 + headBytes)
        return 0;
    const bool isSix = data[0] & 1;
    const QByteArray question
        = dnsQuestion(0x1234, QStringLiteral("relay.example"), isSix ? DnsType::Aaaa : DnsType::A);
    QByteArray bytes(reinterpret_cast<const char *>(data + 1), qsizetype(size - 1));
    if (!(data[0] & 2))
        bytes = question.left(2) + bytes.left(headBytes) + question.mid(2 + headBytes) + bytes.mid(headBytes);

    const auto answer = readDnsAnswer(bytes, question);
    if (answer)
        require(answer->kind == DnsAnswer::Kind::Known || answer->addresses.isEmpty());
    ns_msg message;
    if (ns_initparse(reinterpret_cast<const unsigned char *>(bytes.constData()), int(bytes.size()), &message)
        != 0)
        return 0; // it reads what stands behind the answer, too, and minds that
    const bool isAnswer = ns_msg_id(message) == 0x1234 && ns_msg_getflag(message, ns_f_qr)
        && ns_msg_count(message, ns_s_qd) == 1
        && bytes.mid(12, question.size() - 12).toLower() == question.mid(12).toLower();
    require(answer.has_value() == isAnswer);
    if (!answer)
        return 0;
    const auto addresses = addressesIn(message, isSix ? ns_t_aaaa : ns_t_a);
    const int code = ns_msg_getflag(message, ns_f_rcode);
    require((answer->kind == DnsAnswer::Kind::NoSuchName) == (code == ns_r_nxdomain));
    if (addresses && code == ns_r_noerror)
        require(answer->addresses == *addresses);
    return 0;
}
