// SPDX-License-Identifier: MIT
#include "scenario.h"

#include "latency.h"

#include <cmath>
#include <ctime>

namespace rr::bench {

namespace {

constexpr int64_t stuckNs = 5'000'000'000; // a load of which nothing arrives for so long will not arrive

Json latencyReport(std::vector<int64_t> samples)
{
    const Latency latency = latencyOf(std::move(samples));
    return Json()
        .add("count", latency.count)
        .add("p50Us", latency.p50Us)
        .add("p99Us", latency.p99Us)
        .add("maxUs", latency.maxUs);
}

Json memoryReport(const Memory &memory)
{
    return Json().add("rssKiB", memory.rssKiB).add("pssKiB", memory.pssKiB);
}

} // namespace

Scenario::Scenario(const Options &options)
    : m_options(options)
    , m_relay(options.pid)
    , m_upstream(m_options, m_control)
    , m_clients(m_options, m_control)
{
}

Scenario::~Scenario()
{
    stopSides();
}

Json Scenario::run()
{
    const Memory before = m_relay.memory();
    m_upstreamThread = std::thread([this] { m_upstream.run(); });
    const int64_t startedNs = monotonicNs();
    m_clientsThread = std::thread([this] { m_clients.run(); });

    if (m_options.mode == Mode::Handshakes) {
        runHandshakes();
    } else if (openAll()) {
        const double openSeconds = double(monotonicNs() - startedNs) / 1e9;
        m_report.add("openSeconds", openSeconds).add("opensPerSecond", m_options.sessions / openSeconds);
        wait(0.5);
        const Memory idle = m_relay.memory();
        m_report.add("memoryBefore", memoryReport(before)).add("memoryIdle", memoryReport(idle));
        m_peakRssKiB = idle.rssKiB;
        switch (m_options.mode) {
        case Mode::Paced:
            runPaced();
            break;
        case Mode::Burst:
            runBurst();
            break;
        case Mode::Silent:
            runSilent();
            break;
        case Mode::SlowReader:
            runSlowReader();
            break;
        case Mode::Saturate:
            runSaturate();
            break;
        case Mode::Storm:
            runStorm();
            break;
        case Mode::Handshakes:
            break;
        }
        m_report.add("peakRssKiB", m_peakRssKiB);
    }
    const uint64_t opened = m_clients.opened;
    const uint64_t alive = m_clients.alive;
    stopSides();

    m_report.add("sessions", uint64_t(m_options.sessions)).add("opened", opened).add("openAtEnd", alive);
    Json windows;
    for (size_t i = 0; i < m_windows.size(); ++i)
        windows.add(m_windows[i].first, windowReport(int(i), m_windows[i].second));
    m_report.add("windows", windows);
    Json errors;
    for (const auto &[what, count] : m_clients.errors())
        errors.add("client: " + what, count);
    for (const auto &[what, count] : m_upstream.errors())
        errors.add("upstream: " + what, count);
    if (m_stormClients) {
        for (const auto &[what, count] : m_stormClients->errors())
            errors.add("storm: " + what, count);
    }
    if (m_missing > 0)
        errors.add("calls whose audio never arrived whole", uint64_t(m_missing));
    m_report.add("errors", errors);
    if (!m_failed.empty())
        m_report.add("failed", m_failed);
    return m_report;
}

bool Scenario::openAll()
{
    const auto everyCallIsOpen = [this] { return m_clients.opened >= m_options.sessions; };
    if (wait(m_options.openTimeout, everyCallIsOpen))
        return true;
    fail("only " + std::to_string(m_clients.opened) + " of " + std::to_string(m_options.sessions)
        + " sessions opened");
    return false;
}

void Scenario::runPaced()
{
    m_control.paceFrom = monotonicNs() + 20'000'000;
    wait(m_options.warmup);
    m_windows.emplace_back("paced", measure(0, m_options.seconds));
}

void Scenario::runBurst()
{
    std::string rounds;
    Cost total;
    for (unsigned round = 1; round <= m_options.rounds && m_failed.empty(); ++round) {
        const int64_t startedNs = monotonicNs();
        ++m_control.round;
        const Cost cost = measureBulk(0, round * m_options.sessions);
        total.seconds += cost.seconds;
        total.cpuNs += cost.cpuNs;
        if (!m_failed.empty() || m_missing > 0)
            break;
        const double ms = double(m_clients.lastBulkNs - startedNs) / 1e6;
        rounds.append(rounds.empty() ? "" : ",").append(std::to_string(ms));
        wait(1);
    }
    m_windows.emplace_back("burst", total);
    m_report.addRaw("lastByteMs", "[" + rounds + "]");
}

void Scenario::runSilent()
{
    wait(m_options.warmup);
    m_windows.emplace_back("silent", measure(0, m_options.seconds));
}

void Scenario::runSlowReader()
{
    m_control.paceFrom = monotonicNs() + 20'000'000;
    wait(m_options.warmup);
    m_windows.emplace_back("before", measure(0, m_options.seconds));
    m_control.stalled = true;
    wait(0.1);
    ++m_control.round;
    m_windows.emplace_back("stalled", measure(1, m_options.stall));
    const uint64_t taken = m_peakRssKiB;
    m_control.stalled = false;
    m_windows.emplace_back("draining", measureBulk(2, m_options.slow));
    m_report.add("peakRssStalledKiB", taken)
        .add("slowReaders", uint64_t(m_options.slow))
        .add("caughtUp", uint64_t(m_clients.bulkDone))
        .add("bytesEach", uint64_t(m_options.bulkCount) * m_options.bulkBytes);
}

void Scenario::runHandshakes()
{
    wait(m_options.warmup);
    const uint32_t opened = m_clients.opened;
    const Cost cost = measure(0, m_options.seconds);
    const uint32_t done = m_clients.opened - opened;
    m_control.closing = true;
    m_windows.emplace_back("handshakes", cost);
    m_report.add("handshakes", uint64_t(done))
        .add("handshakesPerSecond", done / cost.seconds)
        .add("cpuUsPerHandshake", done ? double(cost.cpuNs) / 1000 / done : 0);
    if (!done)
        fail("no handshake succeeded");
}

void Scenario::runSaturate()
{
    m_control.flooding = true;
    wait(m_options.warmup);
    m_windows.emplace_back("saturate", measure(0, m_options.seconds));
}

void Scenario::runStorm()
{
    m_control.paceFrom = monotonicNs() + 20'000'000;
    wait(m_options.warmup);
    m_windows.emplace_back("before", measure(0, m_options.seconds));
    m_control.storming = true;
    wait(0.1); // until the live calls' upstream has heard of it
    m_stormOptions = m_options;
    m_stormOptions.mode = Mode::Silent;
    m_stormOptions.sessions = m_stormOptions.concurrency = m_options.storm;
    m_stormOptions.upRate = m_stormOptions.downRate = 0;
    m_stormUpstream = std::make_unique<Upstream>(m_stormOptions, m_control, m_upstream);
    m_stormClients = std::make_unique<Clients>(m_stormOptions, m_control);
    m_stormUpstreamThread = std::thread([this] { m_stormUpstream->run(); });
    const int64_t startedNs = monotonicNs();
    m_stormClientsThread = std::thread([this] { m_stormClients->run(); });
    m_windows.emplace_back("storm",
        measure(1, m_options.openTimeout, [this] { return m_stormClients->opened >= m_options.storm; }));
    m_report.add("stormSeconds", double(monotonicNs() - startedNs) / 1e9)
        .add("stormOpened", uint64_t(m_stormClients->opened));
    m_windows.emplace_back("after", measure(2, 1));
}

bool Scenario::wait(double seconds, const std::function<bool()> &condition)
{
    const int64_t deadline = monotonicNs() + int64_t(seconds * 1e9);
    while (m_failed.empty()) {
        if (condition && condition())
            return true;
        const int64_t now = monotonicNs();
        if (now >= deadline)
            return !condition;
        if (now - m_sampledNs > 50'000'000) {
            m_sampledNs = now;
            m_peakRssKiB = std::max(m_peakRssKiB, m_relay.rssKiB());
            if (m_peakRssKiB / 1024 > m_options.memoryLimitMiB)
                fail("the relay's memory grew beyond " + std::to_string(m_options.memoryLimitMiB) + " MiB");
            else if (!m_relay.alive())
                fail("the relay ended");
        }
        const timespec pause{0, std::min<long>(5'000'000, long(deadline - now))};
        nanosleep(&pause, nullptr);
    }
    return false;
}

Scenario::Cost Scenario::measure(int window, double seconds, const std::function<bool()> &condition)
{
    const int64_t cpuBefore = m_relay.cpuNs();
    const int64_t startedNs = monotonicNs();
    m_control.window = window;
    if (!wait(seconds, condition))
        fail("not done in " + std::to_string(int(seconds)) + " s");
    m_control.window = -1;
    return {double(monotonicNs() - startedNs) / 1e9, m_relay.cpuNs() - cpuBefore};
}

Scenario::Cost Scenario::measureBulk(int window, uint32_t loads)
{
    const int64_t startedNs = monotonicNs();
    const auto arrivedOrStuck = [&] {
        const int64_t lastNs = std::max<int64_t>(m_clients.lastBulkNs, startedNs);
        return m_clients.bulkDone >= loads || monotonicNs() - lastNs > stuckNs;
    };
    const Cost cost = measure(window, m_options.drainTimeout, arrivedOrStuck);
    m_missing = loads - std::min<uint32_t>(loads, m_clients.bulkDone);
    return cost;
}

void Scenario::fail(const std::string &why)
{
    if (m_failed.empty())
        m_failed = why;
}

void Scenario::stopSides()
{
    m_control.stop = true;
    for (std::thread *thread :
        {&m_stormClientsThread, &m_stormUpstreamThread, &m_clientsThread, &m_upstreamThread}) {
        if (thread->joinable())
            thread->join();
    }
}

Json Scenario::windowReport(int window, const Cost &cost) const
{
    const Traffic &up = m_upstream.traffic(window);
    const Traffic &down = m_clients.traffic(window);
    std::vector<int64_t> both = up.latencyNs;
    both.insert(both.end(), down.latencyNs.begin(), down.latencyNs.end());
    std::vector<int64_t> lateness = up.latenessNs;
    lateness.insert(lateness.end(), down.latenessNs.begin(), down.latenessNs.end());
    const uint64_t messages = up.messages + down.messages;
    return Json()
        .add("seconds", cost.seconds)
        .add("messagesUp", up.messages)
        .add("messagesDown", down.messages)
        .add("bytesUp", up.bytes)
        .add("bytesDown", down.bytes)
        .add("messagesPerSecond", double(messages) / cost.seconds)
        .add("relayCpuMs", double(cost.cpuNs) / 1e6)
        .add("relayCpuPercent", double(cost.cpuNs) / 1e7 / cost.seconds)
        .add("cpuUsPerMessage", messages ? double(cost.cpuNs) / 1000 / double(messages) : 0)
        .add("latency", latencyReport(both))
        .add("latencyUp", latencyReport(up.latencyNs))
        .add("latencyDown", latencyReport(down.latencyNs))
        .add("lateness", latencyReport(lateness));
}

} // namespace rr::bench
