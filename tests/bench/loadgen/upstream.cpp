// SPDX-License-Identifier: MIT
#include "upstream.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <strings.h>

namespace rr::bench {

namespace {

constexpr int backlog = 4096;
constexpr int slowSendBuffer = 128 * 1024;

int listenOn(int family, const sockaddr *address, socklen_t size)
{
    const int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (fd >= 0 && bind(fd, address, size) == 0 && listen(fd, backlog) == 0)
        return fd;
    if (fd >= 0)
        ::close(fd);
    return -1;
}

[[noreturn]] void fail(const char *what)
{
    std::fprintf(stderr, "relay-loadgen: %s: %s\n", what, errno ? std::strerror(errno) : "");
    ERR_print_errors_fp(stderr);
    std::exit(2);
}

SSL_CTX *makeTls(const Options &options)
{
    SSL_CTX *const tls = SSL_CTX_new(TLS_server_method());
    if (SSL_CTX_use_certificate_chain_file(tls, options.certFile.c_str()) != 1
        || SSL_CTX_use_PrivateKey_file(tls, options.keyFile.c_str(), SSL_FILETYPE_PEM) != 1)
        fail("the certificate or its key cannot be used");
    SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(tls, 1);
    SSL_CTX_set_default_read_buffer_len(tls, 64 * 1024);
    return tls;
}

/// The value of a header, empty when it is not there.
std::string_view headerValue(std::string_view head, std::string_view name)
{
    for (size_t at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at)) {
        at += 2;
        const std::string_view line = head.substr(at, head.find("\r\n", at) - at);
        if (line.size() > name.size() && line[name.size()] == ':'
            && strncasecmp(line.data(), name.data(), name.size()) == 0) {
            const size_t start = line.find_first_not_of(' ', name.size() + 1);
            return start == line.npos ? std::string_view() : line.substr(start);
        }
    }
    return {};
}

std::string acceptFor(std::string_view key)
{
    const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1(reinterpret_cast<const unsigned char *>(text.data()), text.size(), digest);
    unsigned char base64[32];
    return {reinterpret_cast<char *>(base64), size_t(EVP_EncodeBlock(base64, digest, SHA_DIGEST_LENGTH))};
}

} // namespace

Upstream::Upstream(const Options &options, const Control &control)
    : Side(options, control, false)
    , m_greeting("session.created", "session", 900, false)
{
    if (!options.certFile.empty())
        m_tls = makeTls(options);

    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(options.listenPort);
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(options.listenPort);
    v6.sin6_addr = in6addr_loopback;
    const int listener = listenOn(AF_INET, reinterpret_cast<sockaddr *>(&v4), sizeof v4);
    if (listener < 0)
        fail("cannot listen");
    m_listeners.push_back(listener);
    if (const int second = listenOn(AF_INET6, reinterpret_cast<sockaddr *>(&v6), sizeof v6); second >= 0)
        m_listeners.push_back(second);
    for (const int fd : m_listeners)
        watch(fd);
}

Upstream::Upstream(const Options &options, const Control &control, const Upstream &other)
    : Side(options, control, false)
    , m_tls(options.certFile.empty() ? nullptr : makeTls(options))
    , m_listeners(other.m_listeners)
    , m_ownsListeners(false)
    , m_greeting("session.created", "session", 900, false)
{
    for (const int fd : m_listeners)
        watch(fd);
}

Upstream::~Upstream()
{
    for (const int fd : m_ownsListeners ? m_listeners : std::vector<int>())
        ::close(fd);
    SSL_CTX_free(m_tls);
}

void Upstream::onTurn(int64_t nowNs)
{
    if (m_ownsListeners && m_accepts && m_control.storming.load(std::memory_order_relaxed)) {
        m_accepts = false;
        for (const int fd : m_listeners)
            unwatch(fd);
    }
    const uint32_t round = m_control.round.load(std::memory_order_relaxed);
    if (round == m_round)
        return;
    m_round = round;
    const uint32_t calls = m_options.mode == Mode::Burst ? m_options.sessions : m_options.slow;
    for (uint32_t call = 0; call < calls; ++call) {
        if (Connection *const connection = callAt(call)) {
            connection->bulkLeft += m_options.bulkCount;
            connection->bulkNs = nowNs;
            setInterest(*connection, connection->interest | EPOLLOUT);
        }
    }
}

void Upstream::onDescriptor(int descriptor)
{
    for (;;) {
        const int fd = accept4(descriptor, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
                trouble(std::string("accept: ") + std::strerror(errno));
            return;
        }
        add(std::make_unique<Connection>(fd, m_tls, true));
    }
}

bool Upstream::onHead(Connection &connection)
{
    const std::string_view head = connection.head;
    const std::string_view target = head.substr(0, head.find("\r\n"));
    const size_t at = target.find("call=");
    uint32_t call = 0;
    if (at == target.npos || headerValue(head, "Authorization") != "Bearer sk-bench")
        return false;
    std::from_chars(target.data() + at + 5, target.data() + target.size(), call);
    const std::string_view key = headerValue(head, "Sec-WebSocket-Key");
    if (call >= m_options.sessions || key.empty())
        return false;
    enter(connection, call);
    if (!mayPace(call))
        setsockopt(connection.fd, SOL_SOCKET, SO_SNDBUF, &slowSendBuffer, sizeof slowSendBuffer);

    std::string answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         "Sec-WebSocket-Accept: "
        + acceptFor(key) + "\r\n\r\n";
    answer += m_greeting.stamped(monotonicNs(), connection.sent++);
    connection.open = true;
    opened.fetch_add(1, std::memory_order_relaxed);
    alive.fetch_add(1, std::memory_order_relaxed);
    sendRaw(connection, answer);
    return true;
}

void Upstream::onMessage(Connection &connection, const Message &message, int64_t nowNs)
{
    account(connection, message, nowNs);
    if (m_options.mode == Mode::Saturate) {
        sendPaced(connection);
        sendPaced(connection);
    }
}

} // namespace rr::bench
