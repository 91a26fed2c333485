// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <ctime>
#include <vector>

namespace rr::bench {

/// Memory of a process and its children, in KiB. What the kernel keeps for sockets is in none of them.
struct Memory
{
    uint64_t rssKiB = 0;
    uint64_t pssKiB = 0; ///< pages shared between processes are counted once
};

/// The relay under test, seen from outside: its process and the children it had at construction.
class RelayProcess
{
public:
    /// 0 stands for no process: every figure is 0.
    explicit RelayProcess(int pid);

    /// CPU time of all threads, ended ones too, user and system, in ns.
    int64_t cpuNs() const;
    Memory memory() const;
    /// Cheap enough for many times a second.
    uint64_t rssKiB() const;
    bool alive() const;

private:
    std::vector<int> m_pids;
    std::vector<clockid_t> m_clocks;
};

} // namespace rr::bench
