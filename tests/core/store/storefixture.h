// SPDX-License-Identifier: MIT
#pragma once

#include "core/store/store.h"
#include "core/store/tokendesk.h"
#include "tests/core/store/storeplaces.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace rr::test {

/// It looks more often than a relay's, for tests that wait for a look.
inline std::unique_ptr<Store> openStore(Store::Options options)
{
    options.betweenLooks = std::chrono::milliseconds(20);
    auto result = Store::open(options);
    if (const auto *error = std::get_if<RelayError>(&result))
        qFatal("%s", qPrintable(plain(error->detail)));
    return std::move(std::get<std::unique_ptr<Store>>(result));
}

inline std::unique_ptr<Store> openStore(const QString &url)
{
    Store::Options options;
    options.url = url;
    return openStore(options);
}

/// The time of a test, which stands still until it is moved. Any thread.
class TestClock
{
public:
    TestClock()
        : m_ms(std::make_shared<std::atomic<qint64>>(20'000 * Q_INT64_C(86'400'000) + 43'200'000))
    {
    }
    std::function<QDateTime()> function() const
    {
        return [ms = m_ms] { return QDateTime::fromMSecsSinceEpoch(ms->load()).toUTC(); };
    }
    QDateTime now() const { return function()(); }
    void advance(qint64 ms) { *m_ms += ms; }

private:
    std::shared_ptr<std::atomic<qint64>> m_ms;
};

/// What a worker would wait for, and does not. Its `then` may come in any thread, and the test's loop goes on meanwhile.
template <typename Value>
class Answer
{
public:
    std::function<void(const Value &)> then() const
    {
        return [shared = m_shared](const Value &value) {
            const std::lock_guard lock(shared->mutex);
            shared->values.push_back(value);
        };
    }
    int count() const
    {
        const std::lock_guard lock(m_shared->mutex);
        return int(m_shared->values.size());
    }
    /// nullopt after half a minute.
    std::optional<Value> wait() const
    {
        if (!QTest::qWaitFor([this] { return count() > 0; }, 30'000))
            return {};
        const std::lock_guard lock(m_shared->mutex);
        return m_shared->values.front();
    }

private:
    struct Shared
    {
        std::mutex mutex;
        std::vector<Value> values;
    };
    std::shared_ptr<Shared> m_shared = std::make_shared<Shared>();
};

inline Ledger::Grant reserved(Store &store, qint64 token)
{
    Answer<Ledger::Grant> answer;
    store.reserve(token, answer.then());
    const auto grant = answer.wait();
    if (!grant)
        qFatal("no answer");
    return *grant;
}

inline std::unique_ptr<TokenDesk> openDesk(const QString &url)
{
    auto result = TokenDesk::open(url);
    if (const auto *error = std::get_if<RelayError>(&result))
        qFatal("%s", qPrintable(plain(error->detail)));
    return std::move(std::get<std::unique_ptr<TokenDesk>>(result));
}

/// A token with a budget for the day, in 10^-12 dollars. Its id.
inline qint64 makeToken(const QString &url, const char *name, qint64 usdADay)
{
    AccessTerms terms;
    terms.name = QLatin1String(name);
    terms.usdADay = Money::ofPico(usdADay);
    const auto added = openDesk(url)->add(terms);
    if (const auto *error = std::get_if<RelayError>(&added))
        qFatal("%s", qPrintable(plain(error->detail)));
    return std::get<Store::NewToken>(added).terms.id;
}

inline UsageEntry usageFact(qint64 token, const QByteArray &id, qint64 cost, const QDateTime &at)
{
    UsageEntry entry;
    entry.call = "call";
    entry.fact = id;
    entry.token = token;
    entry.model = QStringLiteral("gpt-realtime");
    entry.cost = Money::ofPico(cost);
    entry.at = at;
    return entry;
}

} // namespace rr::test
