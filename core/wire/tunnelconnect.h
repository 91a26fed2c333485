// SPDX-License-Identifier: MIT
#pragma once

#include "core/wire/connectattempt.h"
#include "core/wire/hostconnect.h"

namespace rr {

/// A ConnectAttempt through an HTTP proxy (CONNECT, RFC 9110 9.3.6) to an IPv6 address, which Qt asks for without its
/// brackets, so that no proxy can tell the port. Of the ways to show a password it knows Basic alone.
class TunnelConnect final : public ConnectAttempt, private ByteStream::Owner
{
    Q_OBJECT
public:
    explicit TunnelConnect(const Destination &to, QObject *parent = nullptr);

    std::unique_ptr<ByteStream> takeStream() override { return std::move(m_stream); }
    bool lacksDescriptor() const override;

private:
    void streamReadable(ByteStream &stream) override;
    void streamWritten(ByteStream &) override { }
    void streamEnded(ByteStream &stream) override;

    void ask();
    void fail(const Sentence &why);

    const QByteArray m_request;
    HostConnect m_toProxy;
    std::unique_ptr<ByteStream> m_stream;
    QByteArray m_answer;
    qsizetype m_seen = 0; ///< of it, without the end of a head
};

} // namespace rr
