// SPDX-License-Identifier: MIT
#include "clients.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace rr::bench {

namespace {

constexpr int64_t openTimeoutNs = 10'000'000'000;
constexpr int slowReceiveBuffer = 64 * 1024;
constexpr uint8_t maxAttempts = 3;

} // namespace

Clients::Clients(const Options &options, const Control &control)
    : Side(options, control, true)
    , m_attempts(options.sessions)
{
    if (options.connectTls) {
        // Nobody is authenticated here: the far end of the direct baseline is the other thread of this
        // program.
        m_tls = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_mode(m_tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSL_CTX_set_read_ahead(m_tls, 1);
        SSL_CTX_set_default_read_buffer_len(m_tls, 64 * 1024);
    }
}

Clients::~Clients()
{
    SSL_CTX_free(m_tls);
}

void Clients::openCall(uint32_t call)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        trouble(std::string("socket: ") + std::strerror(errno));
        return;
    }
    if (!mayPace(call))
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &slowReceiveBuffer, sizeof slowReceiveBuffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(m_options.connectPort);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int result = connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address);

    Connection &connection = add(std::make_unique<Connection>(fd, m_tls, false));
    enter(connection, call);
    ++m_opening;
    if (result != 0 && errno != EINPROGRESS) {
        end(connection, std::string("connect: ") + std::strerror(errno));
        return;
    }
    connection.rest = "GET /v1/realtime?model=gpt-realtime&call=" + std::to_string(call)
        + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(m_options.connectPort)
        + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer sk-bench\r\n"
          "User-Agent: relay-loadgen\r\n"
        + (m_options.beta ? "OpenAI-Beta: realtime=v1\r\n\r\n" : "\r\n");
    setInterest(connection, EPOLLIN | EPOLLOUT);
}

void Clients::onTurn(int64_t nowNs)
{
    if (!m_control.closing.load(std::memory_order_relaxed)) {
        while (m_opening < m_options.concurrency && !m_again.empty()) {
            const uint32_t call = m_again.back();
            m_again.pop_back();
            openCall(call);
        }
        while (m_opening < m_options.concurrency && m_next < m_options.sessions)
            openCall(m_next++);
    }
    if (nowNs - m_sweptNs > 250'000'000) {
        m_sweptNs = nowNs;
        cutStuck(nowNs);
    }
    if (const bool stalled = m_control.stalled.load(std::memory_order_relaxed); stalled != m_stalled) {
        m_stalled = stalled;
        for (uint32_t call = 0; call < m_options.slow; ++call) {
            if (Connection *const connection = callAt(call))
                setInterest(*connection,
                    stalled ? connection->interest & ~uint32_t(EPOLLIN) : connection->interest | EPOLLIN);
        }
    }
    if (!m_flooding && m_control.flooding.load(std::memory_order_relaxed)) {
        m_flooding = true;
        for (uint32_t call = 0; call < m_options.sessions; ++call) {
            for (unsigned i = 0; i < m_options.window; ++i) {
                if (Connection *const connection = callAt(call))
                    sendPaced(*connection);
            }
        }
    }
}

void Clients::cutStuck(int64_t nowNs)
{
    for (uint32_t call = 0; call < m_next; ++call) {
        Connection *const connection = callAt(call);
        if (connection && (!connection->open || connection->closeSent)
            && nowNs - connection->bornNs > openTimeoutNs)
            end(*connection, connection->open ? "close took more than 10 s" : "opening took more than 10 s");
    }
}

bool Clients::onHead(Connection &connection)
{
    return connection.head.starts_with("HTTP/1.1 101 ");
}

void Clients::onMessage(Connection &connection, const Message &message, int64_t nowNs)
{
    if (!connection.open) {
        Stamp stamp;
        if (!readStamp(message.start, &stamp)) {
            end(connection, "refused with: " + std::string(message.start));
            return;
        }
        connection.open = true;
        connection.received = stamp.number + 1;
        --m_opening;
        opened.fetch_add(1, std::memory_order_relaxed);
        alive.fetch_add(1, std::memory_order_relaxed);
        if (m_options.mode == Mode::Handshakes) {
            connection.closeSent = true;
            sendControl(connection, 0x8, std::string_view("\x03\xe8", 2));
        }
        return;
    }
    account(connection, message, nowNs);

    const bool bulk = m_options.mode == Mode::Burst || !mayPace(connection.call);
    if (bulk) {
        if (message.bytes != m_options.bulkBytes)
            trouble("a message of the wrong size");
        lastBulkNs.store(nowNs, std::memory_order_relaxed);
        if (++connection.bulkReceived % m_options.bulkCount == 0)
            bulkDone.fetch_add(1, std::memory_order_release);
    } else if (m_flooding && connection.received % 2 == 1) {
        sendPaced(connection); // two answers a message, as in a call; the first message of all was number 0
    }
}

void Clients::onClosed(Connection &connection)
{
    if (!connection.open)
        --m_opening;
    if (m_options.mode == Mode::Handshakes)
        m_again.push_back(connection.call);
    else if (!connection.open && ++m_attempts[connection.call] < maxAttempts)
        m_again.push_back(connection.call);
}

} // namespace rr::bench
