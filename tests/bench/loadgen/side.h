// SPDX-License-Identifier: MIT
#pragma once

#include "connection.h"
#include "control.h"
#include "frames.h"
#include "options.h"

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace rr::bench {

/// What arrived at one side in one measuring window.
struct Traffic
{
    std::vector<int64_t> latencyNs; ///< of each stamped message, in the order of arrival
    std::vector<int64_t> latenessNs; ///< how long after its time each paced message was sent by this side
    uint64_t messages = 0; ///< latencyNs.size() and the bulk messages of slow readers
    uint64_t bytes = 0;
};

/// One end of all the calls: one thread, one epoll, paced and bulk sending, and a check of every message's
/// number. Clients and Upstream say what is different at their end. Constructed and read by the main thread,
/// before and after run(); the atomics may be read while it runs.
class Side
{
public:
    Side(const Options &options, const Control &control, bool masks);
    virtual ~Side();

    /// The body of the thread; returns when the control says stop.
    void run();

    const Traffic &traffic(int window) const { return m_traffic.at(size_t(window)); }
    /// What went wrong, and how often.
    const std::map<std::string, uint64_t> &errors() const { return m_errors; }

    std::atomic<uint32_t> opened{0}; ///< calls that were opened since the start
    std::atomic<uint32_t> alive{0}; ///< calls that are open now
    std::atomic<uint32_t> bulkDone{0}; ///< bulk loads that arrived whole since the start
    std::atomic<int64_t> lastBulkNs{0}; ///< when the last bulk message arrived
    std::atomic<uint64_t> arrived{0}; ///< messages since the start
    std::atomic<uint32_t> troubles{0}; ///< errors since the start

protected:
    /// Once a turn of the loop, before waiting.
    virtual void onTurn(int64_t nowNs) = 0;
    /// `connection.head` holds the other end's whole head; false refuses it.
    virtual bool onHead(Connection &connection) = 0;
    virtual void onMessage(Connection &connection, const Message &message, int64_t nowNs) = 0;
    virtual void onClosed(Connection &connection) = 0;
    /// A descriptor of the side's own (its listener) can be read.
    virtual void onDescriptor(int) { }

    bool mayPace(uint32_t call) const { return call >= m_options.slow; }
    Connection &add(std::unique_ptr<Connection> connection);
    void watch(int descriptor);
    void unwatch(int descriptor);
    void setInterest(Connection &connection, uint32_t events);
    /// The connection stands for this call from now on.
    void enter(Connection &connection, uint32_t call);
    /// The call's connection, null when it has none.
    Connection *callAt(uint32_t call) const { return m_calls.at(call); }
    /// Ends the connection at the end of this turn. `trouble` is counted unless it is empty.
    void end(Connection &connection, const std::string &trouble);
    void trouble(const std::string &what);
    void sendControl(Connection &connection, uint8_t opcode, std::string_view payload);
    void sendRaw(Connection &connection, std::string_view bytes);
    /// Sends one paced message now, or as soon as the socket takes it; stamped now either way.
    void sendPaced(Connection &connection);
    /// Sends everything that waits as far as the socket takes it.
    void transmit(Connection &connection);
    /// Checks the number, and counts the message in the window of the moment.
    void account(Connection &connection, const Message &message, int64_t nowNs);

    const Options &m_options;
    const Control &m_control;
    const bool m_masks;

private:
    int64_t sendWhatIsDue();
    void readFrom(Connection &connection);
    void consume(Connection &connection, std::string_view data, int64_t nowNs);
    void handleMessage(Connection &connection, const Message &message, int64_t nowNs);

    int m_epoll;
    double m_paceIntervalNs; ///< between two paced messages of all calls together; 0 = none are sent
    uint64_t m_paced = 0; ///< paced messages so far
    MessageFrame m_pacedFrame;
    MessageFrame m_bulkFrame;
    std::vector<Connection *> m_calls;
    std::unordered_map<Connection *, std::unique_ptr<Connection>> m_connections;
    std::vector<Connection *> m_dead;
    std::array<Traffic, maxWindows> m_traffic;
    std::map<std::string, uint64_t> m_errors;
    std::vector<char> m_buffer;
};

} // namespace rr::bench
