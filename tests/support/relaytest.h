// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QTest>

#include <memory>

// Qt gives up after 5 s, which a busy machine needs for a login by ssh alone. What never comes fails all the same.
#undef QTRY_VERIFY
#define QTRY_VERIFY(expression) QTRY_VERIFY_WITH_TIMEOUT((expression), 30'000)
#undef QTRY_VERIFY2
#define QTRY_VERIFY2(expression, message) QTRY_VERIFY2_WITH_TIMEOUT((expression), (message), 30'000)
#undef QTRY_COMPARE
#define QTRY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT((actual), (expected), 30'000)

/// One program has the tests of one folder: each class is named once with RELAY_TEST, and run in a process of its
/// own with the class's name as first argument.
namespace rr {

using MakeTest = std::unique_ptr<QObject> (*)();

/// Makes a class known to runTest(). Called before main(), by RELAY_TEST alone.
bool addTest(const char *className, MakeTest make);

/// Runs the class that argv[1] names, with the rest as Qt Test's own arguments. Returns what Qt Test returns: the number
/// of failures; 2 and the names that there are when none of them was given.
int runTest(int argc, char **argv);

} // namespace rr

#define RELAY_TEST(Class)                                                                                    \
    [[maybe_unused]] static const bool knows##Class                                                          \
        = rr::addTest(#Class, []() -> std::unique_ptr<QObject> { return std::make_unique<Class>(); });
