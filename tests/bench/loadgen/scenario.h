// SPDX-License-Identifier: MIT
#pragma once

#include "clients.h"
#include "json.h"
#include "relayprocess.h"
#include "upstream.h"

#include <functional>
#include <thread>

namespace rr::bench {

/// One run: starts the two sides, leads them through the mode's phases, and reports. Main thread. Every phase
/// has a deadline; when one is missed, "failed" in the report says which.
class Scenario
{
public:
    explicit Scenario(const Options &options);
    ~Scenario();

    Json run();

private:
    struct Cost
    {
        double seconds = 0;
        int64_t cpuNs = 0;
    };

    bool openAll();
    void runPaced();
    void runBurst();
    void runSilent();
    void runSlowReader();
    void runHandshakes();
    void runSaturate();
    void runStorm();

    /// Lets time pass, or waits for the condition; false when it did not come true in time, or the relay died
    /// or outgrew its limit: `m_failed` says so.
    bool wait(double seconds, const std::function<bool()> &condition = {});
    Cost measure(int window, double seconds, const std::function<bool()> &condition = {});
    /// Measures until so many bulk loads have arrived whole, or nothing more of them arrives.
    Cost measureBulk(int window, uint32_t loads);
    void fail(const std::string &why);
    void stopSides();
    Json windowReport(int window, const Cost &cost) const;

    const Options m_options;
    Control m_control;
    RelayProcess m_relay;
    Upstream m_upstream;
    Clients m_clients;
    std::thread m_upstreamThread;
    std::thread m_clientsThread;
    Options m_stormOptions; ///< of the calls of a storm, which have threads of their own
    std::unique_ptr<Upstream> m_stormUpstream;
    std::unique_ptr<Clients> m_stormClients;
    std::thread m_stormUpstreamThread;
    std::thread m_stormClientsThread;
    uint64_t m_peakRssKiB = 0;
    int64_t m_sampledNs = 0;
    std::string m_failed;
    uint32_t m_missing = 0; ///< bulk loads that did not arrive whole
    std::vector<std::pair<std::string, Cost>> m_windows; ///< name and cost, by number
    Json m_report;
};

} // namespace rr::bench
