// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"

#include <QTest>

#include <map>
#include <string>

namespace rr {

namespace {

std::map<std::string, MakeTest> &tests()
{
    static std::map<std::string, MakeTest> known;
    return known;
}

} // namespace

bool addTest(const char *className, MakeTest make)
{
    return tests().emplace(className, make).second;
}

int runTest(int argc, char **argv)
{
    const auto found = argc > 1 ? tests().find(argv[1]) : tests().end();
    if (found == tests().end()) {
        fprintf(stderr, "Usage: %s CLASS [what Qt Test takes]. It has:\n", argv[0]);
        for (const auto &[name, make] : tests())
            fprintf(stderr, "  %s\n", name.c_str());
        return 2;
    }
    argv[1] = argv[0];
    return QTest::qExec(found->second().get(), argc - 1, argv + 1);
}

} // namespace rr
