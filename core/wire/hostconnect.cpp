// SPDX-License-Identifier: MIT
#include "core/wire/hostconnect.h"

#include "core/wire/socketconnect.h"
#include "core/wire/tunnelconnect.h"

#ifdef Q_OS_UNIX
#include "core/wire/tcpconnect.h"

#include <cerrno>

#include <sys/socket.h>
#include <unistd.h>
#endif
#ifdef Q_OS_LINUX
#include "core/wire/tlsstream.h"
#endif

#include <QHostInfo>

#include <algorithm>
#include <utility>

namespace rr {

namespace {

using namespace std::chrono_literals;

/// RFC 8305 5: the recommended delay before the next address is tried.
constexpr auto nextAddressDelay = 250ms;

/// The last is tried first: the system's order, but the families in turn (RFC 8305 4).
std::vector<QHostAddress> inTurn(QList<QHostAddress> addresses)
{
    std::vector<QHostAddress> ordered;
    while (!addresses.isEmpty()) {
        const auto other = std::find_if(addresses.begin(), addresses.end(), [&](const QHostAddress &address) {
            return ordered.empty() || address.protocol() != ordered.back().protocol();
        });
        ordered.push_back(addresses.takeAt(other == addresses.end() ? 0 : other - addresses.begin()));
    }
    std::reverse(ordered.begin(), ordered.end());
    return ordered;
}

/// The search for an address needs some, too, and does not tell that it had none.
bool noDescriptorIsLeft()
{
#ifdef Q_OS_UNIX
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
    if (descriptor < 0)
        return errno == EMFILE || errno == ENFILE;
    ::close(descriptor);
#endif
    return false;
}

ConnectAttempt *beginAttempt(const Destination &to, const QHostAddress &address)
{
#ifdef Q_OS_UNIX
    if (!to.isThroughProxy() && !to.isSecuredByQt())
        return new TcpConnect(address, to.port);
#endif
    if (to.proxy.type() == QNetworkProxy::HttpProxy && !to.isSecuredByQt()
        && QHostAddress(to.host).protocol() == QHostAddress::IPv6Protocol)
        return new TunnelConnect(to);
    return new SocketConnect(to, address);
}

} // namespace

HostConnect::HostConnect(Destination to, QObject *parent)
    : QObject(parent)
    , m_to(std::move(to))
    , m_nextAddress(this)
{
    if (!m_to.sessions)
        m_to.sessions = std::make_shared<TlsSessionCache>();
    m_nextAddress.setSingleShot(true);
    connect(&m_nextAddress, &QTimer::timeout, this, &HostConnect::tryNextAddress);
}

HostConnect::~HostConnect()
{
    if (m_lookup >= 0)
        QHostInfo::abortHostLookup(m_lookup);
    for (ConnectAttempt *attempt : std::exchange(m_attempts, {}))
        drop(attempt);
}

void HostConnect::start()
{
    if (m_to.isThroughProxy())
        open(QHostAddress()); // which looks up the name itself
    else if (!m_to.address.isNull())
        open(m_to.address);
    else if (const QHostAddress address(m_to.host); !address.isNull())
        open(address);
    else
        m_lookup = QHostInfo::lookupHost(m_to.host, this, &HostConnect::lookedUp);
}

UpstreamFailure HostConnect::tookTooLong() const
{
    if (!m_reached && m_to.isThroughProxy())
        return {UpstreamFailure::Proxy, 0, QT_TRANSLATE_NOOP("Core", "it did not answer in time")};
    return {UpstreamFailure::Timeout, 0,
        m_reached ? Sentence(QT_TRANSLATE_NOOP("Core", "connected, but the handshake was not answered"))
                  : Sentence()};
}

bool HostConnect::lacksDescriptors() const
{
    if (m_lookup >= 0)
        return noDescriptorIsLeft();
    return !m_attempts.empty()
        && std::all_of(m_attempts.begin(), m_attempts.end(),
            [](const ConnectAttempt *attempt) { return attempt->lacksDescriptor(); });
}

void HostConnect::lookedUp(const QHostInfo &info)
{
    m_lookup = -1;
    if (info.error() != QHostInfo::NoError || info.addresses().isEmpty()) {
        fail(noDescriptorIsLeft() ? UpstreamFailure{UpstreamFailure::NoDescriptors}
                                  : UpstreamFailure{UpstreamFailure::Dns, 0, asTheySaid(info.errorString())});
        return;
    }
    m_addresses = inTurn(info.addresses());
    tryNextAddress();
}

void HostConnect::tryNextAddress()
{
    if (m_reached || m_addresses.empty())
        return;
    const QHostAddress address = m_addresses.back();
    m_addresses.pop_back();
    if (!m_addresses.empty())
        m_nextAddress.start(nextAddressDelay);
    open(address);
}

void HostConnect::open(const QHostAddress &address)
{
    ConnectAttempt *const attempt = beginAttempt(m_to, address);
    m_attempts.push_back(attempt);
    connect(attempt, &ConnectAttempt::reached, this, [this, attempt] { reached(attempt); });
    connect(attempt, &ConnectAttempt::connected, this, [this, attempt] {
        secure(attempt->takeStream());
        m_attempts.clear();
        drop(attempt);
    });
    connect(attempt, &ConnectAttempt::failed, this,
        [this, attempt](const UpstreamFailure &failure) { attemptFailed(attempt, failure); });
}

void HostConnect::reached(const ConnectAttempt *winner)
{
    m_reached = true;
    m_nextAddress.stop();
    m_addresses.clear();
    const auto losers = std::partition(m_attempts.begin(), m_attempts.end(),
        [winner](const ConnectAttempt *attempt) { return attempt == winner; });
    std::for_each(losers, m_attempts.end(), [this](ConnectAttempt *loser) { drop(loser); });
    m_attempts.erase(losers, m_attempts.end());
}

void HostConnect::attemptFailed(ConnectAttempt *attempt, const UpstreamFailure &failure)
{
    std::erase(m_attempts, attempt);
    // What came of a connection says most; what says least is "Network", as of a family of addresses that is not to be
    // had here.
    if (m_reached || !m_failure || m_failure->kind == UpstreamFailure::Network)
        m_failure = failure;
    drop(attempt);
    if (!m_addresses.empty())
        tryNextAddress();
    else if (m_attempts.empty())
        fail(*m_failure);
}

void HostConnect::drop(ConnectAttempt *attempt)
{
    attempt->disconnect(this);
    attempt->deleteLater(); // this may be its signal
}

#ifdef Q_OS_LINUX
void HostConnect::secure(std::unique_ptr<ByteStream> stream)
{
    if (!m_to.secure || m_to.isSecuredByQt()) {
        m_stream = std::move(stream);
        finish();
        return;
    }
    auto tls = std::make_unique<TlsStream>(std::move(stream), m_to.tls.client, m_to.host, m_to.sessions);
    tls->setOwner(this);
    connect(tls.get(), &TlsStream::secured, this, &HostConnect::finish);
    m_stream = std::move(tls);
}

void HostConnect::streamEnded(ByteStream &stream)
{
    const Sentence why = static_cast<TlsStream &>(stream).failure();
    fail(why.isEmpty() ? UpstreamFailure{UpstreamFailure::BadHandshake, 0,
             QT_TRANSLATE_NOOP("Core", "the connection was closed before the handshake was answered")}
                       : UpstreamFailure{UpstreamFailure::Tls, 0, why});
}
#else
void HostConnect::secure(std::unique_ptr<ByteStream> stream)
{
    m_stream = std::move(stream); // QSslSocket has seen to it
    finish();
}

void HostConnect::streamEnded(ByteStream &) { }
#endif

void HostConnect::finish()
{
    if (std::exchange(m_finished, true))
        return;
    m_stream->setOwner(nullptr);
    Q_EMIT connected();
}

void HostConnect::fail(const UpstreamFailure &failure)
{
    if (std::exchange(m_finished, true))
        return;
    m_nextAddress.stop();
    Q_EMIT failed(failure);
}

} // namespace rr
