// SPDX-License-Identifier: MIT
#include "core/wire/acceptedstream.h"

#include "core/wire/qtstream.h"
#include "core/wire/socketoptions.h"

#include <QSslSocket>

#ifdef Q_OS_UNIX
#include "core/wire/plainstream.h"

#include <QNetworkInterface>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#endif
#ifdef Q_OS_LINUX
#include "core/wire/tlsstream.h"
#endif
#ifdef Q_OS_WIN
#include <winsock2.h>
#endif

namespace rr {

namespace {

void closeDescriptor(qintptr descriptor)
{
#ifdef Q_OS_WIN
    ::closesocket(SOCKET(descriptor));
#else
    ::close(int(descriptor));
#endif
}

} // namespace

AcceptedStream acceptThroughQt(qintptr descriptor, const QSslConfiguration *tls)
{
    auto socket = std::unique_ptr<QTcpSocket>(tls ? new QSslSocket : new QTcpSocket);
    if (!socket->setSocketDescriptor(descriptor)) {
        closeDescriptor(descriptor);
        return {};
    }
    setRelayOptions(*socket);
    limitUnsent(socket->socketDescriptor(), clientNotSentLowBytes);
    if (auto *secure = qobject_cast<QSslSocket *>(socket.get())) {
        secure->setSslConfiguration(*tls);
        secure->startServerEncryption();
    }
    const QHostAddress peer = socket->peerAddress();
    QTcpSocket *const kept = socket.release();
    return {std::make_unique<QtStream>(kept, kept), peer, nullptr, tls == nullptr};
}

#ifdef Q_OS_UNIX
namespace {

QHostAddress peerAddress(int descriptor)
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto *address = reinterpret_cast<sockaddr *>(&storage);
    if (::getpeername(descriptor, address, &size) != 0
        || (storage.ss_family != AF_INET && storage.ss_family != AF_INET6))
        return {};
    QHostAddress peer(address);
    if (storage.ss_family == AF_INET6) { // which QHostAddress leaves out
        if (const auto scope = reinterpret_cast<const sockaddr_in6 *>(&storage)->sin6_scope_id)
            peer.setScopeId(QNetworkInterface::interfaceNameFromIndex(int(scope)));
    }
    return peer;
}

AcceptedStream acceptPlain(int descriptor)
{
    ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
    setRelayOptions(descriptor);
    limitUnsent(descriptor, clientNotSentLowBytes);
    const QHostAddress peer = peerAddress(descriptor);
    return {std::make_unique<PlainStream>(descriptor), peer, nullptr};
}

} // namespace
#endif

AcceptedStream acceptStream(qintptr descriptor, const std::shared_ptr<const TlsServer> &tls)
{
#if defined(Q_OS_LINUX)
    AcceptedStream accepted = acceptPlain(int(descriptor));
    accepted.tls = tls;
    return accepted;
#elif defined(Q_OS_UNIX)
    return tls ? acceptThroughQt(descriptor, &tls->configuration()) : acceptPlain(int(descriptor));
#else
    return acceptThroughQt(descriptor, tls ? &tls->configuration() : nullptr);
#endif
}

std::unique_ptr<ByteStream> beginTls(
    std::unique_ptr<ByteStream> stream, [[maybe_unused]] const std::shared_ptr<const TlsServer> &tls)
{
#ifdef Q_OS_LINUX
    return std::make_unique<TlsStream>(std::move(stream), tls);
#else
    return stream; // which acceptStream() never leaves to it
#endif
}

} // namespace rr
