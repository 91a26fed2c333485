// SPDX-License-Identifier: MIT
#include "relayprocess.h"

#include <dirent.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace rr::bench {

namespace {

int parentOf(int pid)
{
    const std::string path = "/proc/" + std::to_string(pid) + "/status";
    std::FILE *const file = std::fopen(path.c_str(), "r");
    if (!file)
        return 0;
    char line[256];
    int parent = 0;
    while (std::fgets(line, sizeof line, file) && std::sscanf(line, "PPid: %d", &parent) != 1) { }
    std::fclose(file);
    return parent;
}

std::vector<int> processTree(int pid)
{
    std::vector<std::pair<int, int>> parents;
    if (DIR *const proc = opendir("/proc")) {
        while (const dirent *const entry = readdir(proc)) {
            if (std::isdigit(static_cast<unsigned char>(entry->d_name[0]))) {
                const int process = std::atoi(entry->d_name);
                parents.emplace_back(process, parentOf(process));
            }
        }
        closedir(proc);
    }
    std::vector<int> tree{pid};
    for (size_t i = 0; i < tree.size(); ++i) {
        for (const auto &[process, parent] : parents) {
            if (parent == tree[i] && std::find(tree.begin(), tree.end(), process) == tree.end())
                tree.push_back(process);
        }
    }
    return tree;
}

} // namespace

RelayProcess::RelayProcess(int pid)
{
    if (pid <= 0)
        return;
    m_pids = processTree(pid);
    for (const int process : m_pids) {
        clockid_t clock;
        if (clock_getcpuclockid(process, &clock) == 0)
            m_clocks.push_back(clock);
    }
}

int64_t RelayProcess::cpuNs() const
{
    int64_t sum = 0;
    for (const clockid_t clock : m_clocks) {
        timespec t{};
        if (clock_gettime(clock, &t) == 0)
            sum += int64_t(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
    }
    return sum;
}

Memory RelayProcess::memory() const
{
    Memory sum;
    for (const int process : m_pids) {
        const std::string path = "/proc/" + std::to_string(process) + "/smaps_rollup";
        std::FILE *const file = std::fopen(path.c_str(), "r");
        if (!file)
            continue;
        char line[256];
        unsigned long long value = 0;
        while (std::fgets(line, sizeof line, file)) {
            if (std::sscanf(line, "Rss: %llu", &value) == 1)
                sum.rssKiB += value;
            else if (std::sscanf(line, "Pss: %llu", &value) == 1)
                sum.pssKiB += value;
        }
        std::fclose(file);
    }
    return sum;
}

uint64_t RelayProcess::rssKiB() const
{
    static const auto pageKiB = uint64_t(sysconf(_SC_PAGESIZE)) / 1024;
    uint64_t sum = 0;
    for (const int process : m_pids) {
        const std::string path = "/proc/" + std::to_string(process) + "/statm";
        if (std::FILE *const file = std::fopen(path.c_str(), "r")) {
            unsigned long long total = 0;
            unsigned long long resident = 0;
            if (std::fscanf(file, "%llu %llu", &total, &resident) == 2)
                sum += resident * pageKiB;
            std::fclose(file);
        }
    }
    return sum;
}

bool RelayProcess::alive() const
{
    return m_pids.empty() || kill(m_pids.front(), 0) == 0;
}

} // namespace rr::bench
