// SPDX-License-Identifier: MIT
#include "core/wire/tunnelconnect.h"

#include "core/http/responsehead.h"

namespace rr {

namespace {

constexpr qsizetype mostAnswerBytes = 16 * 1024;

Destination proxyOf(const Destination &to)
{
    Destination proxy;
    proxy.host = to.proxy.hostName();
    proxy.port = to.proxy.port();
    proxy.secure = false;
    return proxy;
}

QByteArray requestFor(const Destination &to)
{
    const QByteArray authority = '[' + to.host.toLatin1() + "]:" + QByteArray::number(to.port);
    QByteArray request = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
    if (!to.proxy.user().isEmpty())
        request += "Proxy-Authorization: Basic "
            + (to.proxy.user() + u':' + to.proxy.password()).toUtf8().toBase64() + "\r\n";
    return request + "\r\n";
}

} // namespace

TunnelConnect::TunnelConnect(const Destination &to, QObject *parent)
    : ConnectAttempt(parent)
    , m_request(requestFor(to))
    , m_toProxy(proxyOf(to))
{
    connect(&m_toProxy, &HostConnect::connected, this, &TunnelConnect::ask);
    connect(&m_toProxy, &HostConnect::failed, this, [this](const UpstreamFailure &failure) {
        const bool isOwnFault = failure.kind == UpstreamFailure::NoDescriptors;
        Q_EMIT failed(
            {isOwnFault ? UpstreamFailure::NoDescriptors : UpstreamFailure::Proxy, 0, failure.detail});
    });
    m_toProxy.start();
}

bool TunnelConnect::lacksDescriptor() const
{
    return m_toProxy.lacksDescriptors();
}

void TunnelConnect::ask()
{
    m_stream = m_toProxy.takeStream();
    m_stream->setOwner(this);
    m_stream->setReading(true);
    m_stream->write(m_request);
}

void TunnelConnect::streamReadable(ByteStream &stream)
{
    char bytes[4096];
    while (const qint64 n = stream.read(bytes, sizeof bytes)) {
        m_answer.append(bytes, n);
        const auto parsed = parseResponseHead(m_answer, mostAnswerBytes, m_seen);
        m_seen = m_answer.size();
        if (std::holds_alternative<HeadIncomplete>(parsed))
            continue;
        const auto *head = std::get_if<ResponseHead>(&parsed);
        if (!head || head->status / 100 != 2) {
            fail(head ? Sentence("HTTP %1", {QString::number(head->status)})
                      : Sentence(QT_TRANSLATE_NOOP("Core", "its answer is none of HTTP")));
            return;
        }
        stream.setReading(false);
        stream.setOwner(nullptr);
        stream.unread(m_answer.sliced(head->size));
        Q_EMIT reached();
        // Later: the stream may not go from inside its call.
        QMetaObject::invokeMethod(this, &ConnectAttempt::connected, Qt::QueuedConnection);
        return;
    }
}

void TunnelConnect::streamEnded(ByteStream &)
{
    fail(QT_TRANSLATE_NOOP("Core", "it closed the connection and did not answer"));
}

void TunnelConnect::fail(const Sentence &why)
{
    m_stream->setReading(false);
    m_stream->setOwner(nullptr);
    Q_EMIT failed({UpstreamFailure::Proxy, 0, why});
}

} // namespace rr
