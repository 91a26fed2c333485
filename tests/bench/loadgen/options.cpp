// SPDX-License-Identifier: MIT
#include "options.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <variant>

namespace rr::bench {

namespace {

const std::map<std::string, Mode> modes{{"paced", Mode::Paced}, {"burst", Mode::Burst},
    {"silent", Mode::Silent}, {"slowreader", Mode::SlowReader}, {"handshakes", Mode::Handshakes},
    {"saturate", Mode::Saturate}, {"storm", Mode::Storm}};

[[noreturn]] void fail(const std::string &what)
{
    std::fprintf(stderr, "relay-loadgen: %s\n", what.c_str());
    std::exit(2);
}

} // namespace

Options parseOptions(int argc, char **argv)
{
    Options o;
    using Target = std::variant<unsigned *, double *, uint16_t *, int *, std::string *>;
    const std::map<std::string, Target> targets{{"--connect", &o.connectPort}, {"--listen", &o.listenPort},
        {"--cert", &o.certFile}, {"--key", &o.keyFile}, {"--pid", &o.pid}, {"--sessions", &o.sessions},
        {"--storm", &o.storm}, {"--slow", &o.slow}, {"--seconds", &o.seconds}, {"--warmup", &o.warmup},
        {"--stall", &o.stall}, {"--up-rate", &o.upRate}, {"--down-rate", &o.downRate},
        {"--up-bytes", &o.upBytes}, {"--down-bytes", &o.downBytes}, {"--bulk-bytes", &o.bulkBytes},
        {"--bulk-count", &o.bulkCount}, {"--megabytes", &o.megabytes}, {"--rounds", &o.rounds},
        {"--concurrency", &o.concurrency}, {"--window", &o.window}, {"--open-timeout", &o.openTimeout},
        {"--drain-timeout", &o.drainTimeout}, {"--memory-limit", &o.memoryLimitMiB}};

    const auto mode = argc > 1 ? modes.find(argv[1]) : modes.end();
    if (mode == modes.end()) {
        std::printf(
            "relay-loadgen paced|burst|silent|slowreader|handshakes|saturate|storm --connect PORT --listen PORT\n"
            "  [--cert FILE --key FILE] [--connect-tls] [--beta] [--pid RELAY] and, each with a number:\n ");
        for (const auto &[name, target] : targets) {
            if (!std::holds_alternative<std::string *>(target))
                std::printf(" %s", name.c_str());
        }
        std::printf("\nPlays both ends of calls through the relay on --connect; prints JSON. "
                    "tests/bench/README.md\n");
        std::exit(argc > 1 && std::strcmp(argv[1], "--help") != 0 ? 2 : 0);
    }
    o.mode = mode->second;

    for (int i = 2; i < argc; ++i) {
        const std::string name = argv[i];
        if (name == "--connect-tls") {
            o.connectTls = true;
            continue;
        }
        if (name == "--beta") {
            o.beta = true;
            continue;
        }
        const auto found = targets.find(name);
        if (found == targets.end())
            fail("unknown option " + name + ", see --help");
        if (++i == argc)
            fail(name + " needs a value");
        const char *const text = argv[i];
        if (const auto string = std::get_if<std::string *>(&found->second)) {
            **string = text;
            continue;
        }
        char *end = nullptr;
        const double value = std::strtod(text, &end);
        if (end == text || *end || !(value >= 0) || value > 1e9)
            fail(name + " needs a number, not " + text);
        std::visit(
            [value](auto *target) {
                if constexpr (std::is_arithmetic_v<std::remove_pointer_t<decltype(target)>>)
                    *target = std::remove_pointer_t<decltype(target)>(value);
            },
            found->second);
    }

    if (!o.connectPort || !o.listenPort)
        fail("--connect and --listen are needed");
    if (o.certFile.empty() != o.keyFile.empty())
        fail("--cert and --key go together");
    if (!o.sessions || !o.concurrency || !o.window)
        fail("--sessions, --concurrency and --window must be at least 1");
    if (o.slow > o.sessions)
        fail("--slow cannot be more than --sessions");
    for (const unsigned bytes : {o.upBytes, o.downBytes, o.bulkBytes}) {
        if (bytes < 200 || bytes > 16'000'000)
            fail("message sizes go from 200 to 16000000 bytes");
    }
    if (o.mode == Mode::SlowReader)
        o.bulkCount = (o.megabytes * 1024u * 1024u + o.bulkBytes - 1) / o.bulkBytes;
    return o;
}

} // namespace rr::bench
