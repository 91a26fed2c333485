// SPDX-License-Identifier: MIT
#include "side.h"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace rr::bench {

namespace {

constexpr int64_t longestWaitNs = 10'000'000; // so that a change of the control is seen soon
constexpr int sendsPerTurn = 64; // so that reading goes on when sending is late
constexpr int bulkPerTurn = 4;
constexpr size_t readSize = 256 * 1024;

double paceInterval(const Options &options, bool masks)
{
    const double rate = (masks ? options.upRate : options.downRate) * (options.sessions - options.slow);
    return rate > 0 ? 1e9 / rate : 0;
}

} // namespace

Side::Side(const Options &options, const Control &control, bool masks)
    : m_options(options)
    , m_control(control)
    , m_masks(masks)
    , m_epoll(epoll_create1(EPOLL_CLOEXEC))
    , m_paceIntervalNs(paceInterval(options, masks))
    , m_pacedFrame(masks ? MessageFrame("input_audio_buffer.append", "audio", options.upBytes, true)
                         : MessageFrame("response.output_audio.delta", "delta", options.downBytes, false))
    , m_bulkFrame("response.output_audio.delta", "delta", options.bulkBytes, masks)
    , m_calls(options.sessions)
    , m_buffer(readSize)
{
    if (m_paceIntervalNs > 0) {
        const auto expected = size_t(1.1e9 * options.seconds / m_paceIntervalNs);
        m_traffic[0].latenessNs.reserve(expected);
        m_traffic[0].latencyNs.reserve(expected * 3);
    }
}

Side::~Side()
{
    ::close(m_epoll);
}

void Side::run()
{
    prctl(PR_SET_TIMERSLACK, 1000); // ns; the default of 50 us would blur the pace
    std::array<epoll_event, 256> events;
    while (!m_control.stop.load(std::memory_order_relaxed)) {
        const int64_t nextNs = sendWhatIsDue();
        const int64_t now = monotonicNs();
        onTurn(now);
        const int64_t waitNs = std::clamp<int64_t>(nextNs - now, 0, longestWaitNs);
        const timespec wait{0, waitNs};
        const int count = epoll_pwait2(m_epoll, events.data(), int(events.size()), &wait, nullptr);
        for (int i = 0; i < count; ++i) {
            // Descriptors of the side's own are stored as odd numbers, connections as their address.
            const epoll_event &event = events[size_t(i)];
            if (event.data.u64 & 1) {
                onDescriptor(int(event.data.u64 >> 1));
                continue;
            }
            Connection &connection = *static_cast<Connection *>(event.data.ptr);
            if (!connection.dead && (event.events & EPOLLOUT))
                transmit(connection);
            if (connection.dead)
                continue;
            if (connection.interest & EPOLLIN) {
                if (event.events & (EPOLLIN | EPOLLHUP | EPOLLERR))
                    readFrom(connection);
            } else if (event.events & (EPOLLHUP | EPOLLERR)) {
                end(connection, "connection lost while it was not read");
            }
        }
        for (Connection *connection : m_dead)
            m_connections.erase(connection);
        m_dead.clear();
    }
    m_connections.clear();
}

int64_t Side::sendWhatIsDue()
{
    const int64_t from = m_control.paceFrom.load(std::memory_order_relaxed);
    if (from == 0 || m_paceIntervalNs == 0)
        return INT64_MAX;
    const uint32_t pacedCalls = m_options.sessions - m_options.slow;
    const int window = m_control.window.load(std::memory_order_relaxed);
    for (int i = 0; i < sendsPerTurn; ++i) {
        const int64_t dueNs = from + int64_t(double(m_paced) * m_paceIntervalNs);
        const int64_t late = monotonicNs() - dueNs;
        if (late < 0)
            return dueNs;
        Connection *const connection = m_calls[m_options.slow + m_paced++ % pacedCalls];
        if (!connection || !connection->open)
            continue;
        if (window >= 0)
            m_traffic[size_t(window)].latenessNs.push_back(late);
        sendPaced(*connection);
    }
    return 0;
}

Connection &Side::add(std::unique_ptr<Connection> connection)
{
    Connection &added = *connection;
    m_connections.emplace(&added, std::move(connection));
    epoll_event event{EPOLLIN, {.ptr = &added}};
    added.interest = EPOLLIN;
    if (epoll_ctl(m_epoll, EPOLL_CTL_ADD, added.fd, &event) != 0)
        end(added, std::string("epoll_ctl: ") + std::strerror(errno));
    return added;
}

void Side::watch(int descriptor)
{
    epoll_event event{EPOLLIN, {.u64 = uint64_t(descriptor) << 1 | 1}};
    epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &event);
}

void Side::unwatch(int descriptor)
{
    epoll_ctl(m_epoll, EPOLL_CTL_DEL, descriptor, nullptr);
}

void Side::setInterest(Connection &connection, uint32_t events)
{
    if (connection.interest == events || connection.dead)
        return;
    epoll_event event{events, {.ptr = &connection}};
    epoll_ctl(m_epoll, EPOLL_CTL_MOD, connection.fd, &event);
    connection.interest = events;
}

void Side::enter(Connection &connection, uint32_t call)
{
    connection.call = call;
    m_calls.at(call) = &connection;
}

void Side::end(Connection &connection, const std::string &what)
{
    if (connection.dead)
        return;
    connection.dead = true;
    m_dead.push_back(&connection);
    epoll_ctl(m_epoll, EPOLL_CTL_DEL, connection.fd, nullptr);
    if (!what.empty())
        trouble(what);
    if (connection.open)
        alive.fetch_sub(1, std::memory_order_relaxed);
    if (m_calls[connection.call] == &connection)
        m_calls[connection.call] = nullptr;
    onClosed(connection);
}

void Side::trouble(const std::string &what)
{
    if (m_control.stop.load(std::memory_order_relaxed))
        return; // the other side closes everything at this moment
    ++m_errors[what];
    troubles.fetch_add(1, std::memory_order_relaxed);
}

void Side::sendControl(Connection &connection, uint8_t opcode, std::string_view payload)
{
    sendRaw(connection, controlFrame(opcode, payload, m_masks));
}

void Side::sendRaw(Connection &connection, std::string_view bytes)
{
    if (connection.dead)
        return;
    if (!connection.writeOrKeep(bytes))
        end(connection, "connection lost while writing");
    else if (!connection.rest.empty())
        setInterest(connection, connection.interest | EPOLLOUT);
}

void Side::sendPaced(Connection &connection)
{
    const int64_t now = monotonicNs();
    if (connection.rest.empty() && connection.due.empty())
        sendRaw(connection, m_pacedFrame.stamped(now, connection.sent++));
    else
        connection.due.push_back(now);
}

void Side::transmit(Connection &connection)
{
    if (!connection.writeRest()) {
        end(connection, connection.upgraded ? "connection lost while writing" : "cannot connect");
        return;
    }
    while (connection.rest.empty() && connection.dueAt < connection.due.size() && !connection.dead)
        sendRaw(connection, m_pacedFrame.stamped(connection.due[connection.dueAt++], connection.sent++));
    if (connection.dueAt == connection.due.size()) {
        connection.due.clear();
        connection.dueAt = 0;
    }
    for (int i = 0; i < bulkPerTurn && connection.rest.empty() && connection.bulkLeft && !connection.dead;
         ++i) {
        --connection.bulkLeft;
        sendRaw(connection, m_bulkFrame.stamped(connection.bulkNs, connection.sent++));
    }
    if (connection.rest.empty() && connection.bulkLeft == 0)
        setInterest(connection, connection.interest & ~uint32_t(EPOLLOUT));
}

void Side::readFrom(Connection &connection)
{
    // A short read of a plain socket has emptied it; what TLS has decrypted epoll knows nothing of.
    while (!connection.dead) {
        const ssize_t n = connection.read(m_buffer.data(), m_buffer.size());
        if (n < 0) {
            end(connection, connection.closeSeen ? "" : connection.upgraded ? "connection lost" : "refused");
            return;
        }
        if (n == 0)
            return;
        consume(connection, {m_buffer.data(), size_t(n)}, monotonicNs());
        if (!connection.ssl)
            return;
    }
}

void Side::consume(Connection &connection, std::string_view data, int64_t nowNs)
{
    if (!connection.upgraded) {
        const size_t before = connection.head.size();
        connection.head.append(data);
        const size_t headEnd = connection.head.find("\r\n\r\n", before < 3 ? 0 : before - 3);
        if (headEnd == std::string::npos) {
            if (connection.head.size() > 16 * 1024)
                end(connection, "head too large");
            return;
        }
        data.remove_prefix(headEnd + 4 - before);
        connection.head.resize(headEnd + 4);
        connection.upgraded = true;
        if (!onHead(connection)) {
            end(connection, "handshake: " + connection.head.substr(0, connection.head.find("\r\n")));
            return;
        }
        connection.head = {};
    }
    connection.reader.feed(data.data(), data.size(), [&](const Message &message) {
        if (!connection.dead)
            handleMessage(connection, message, nowNs);
    });
}

void Side::handleMessage(Connection &connection, const Message &message, int64_t nowNs)
{
    switch (message.opcode) {
    case 0x9:
        sendControl(connection, 0xA, message.start);
        break;
    case 0xA:
        break;
    case 0x8:
        connection.closeSeen = true;
        if (!connection.closeSent) {
            connection.closeSent = true;
            if (m_masks) {
                const int code = message.start.size() < 2
                    ? 1005
                    : uint8_t(message.start[0]) << 8 | uint8_t(message.start[1]);
                trouble("closed by the other side with " + std::to_string(code));
            }
            sendControl(connection, 0x8, message.start.substr(0, 2));
        }
        if (!m_masks) // the server closes the connection first (RFC 6455, 7.1.1)
            end(connection, "");
        break;
    default:
        onMessage(connection, message, nowNs);
    }
}

void Side::account(Connection &connection, const Message &message, int64_t nowNs)
{
    Stamp stamp;
    if (!readStamp(message.start, &stamp)) {
        trouble("unknown message: " + std::string(message.start.substr(0, 120)));
        return;
    }
    if (stamp.number != connection.received)
        trouble("messages lost, repeated or out of order");
    connection.received = stamp.number + 1;
    arrived.fetch_add(1, std::memory_order_relaxed);

    const int window = m_control.window.load(std::memory_order_relaxed);
    if (window < 0)
        return;
    Traffic &traffic = m_traffic[size_t(window)];
    ++traffic.messages;
    traffic.bytes += message.bytes;
    if (mayPace(connection.call))
        traffic.latencyNs.push_back(nowNs - stamp.sentNs);
}

} // namespace rr::bench
