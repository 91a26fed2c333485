// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QHostAddress>

#include <chrono>

namespace rr {

/// Who may dial, so that no client carries a storm of failing calls to the upstream, however many it keeps under way side by
/// side; one behind the other, FailurePacer slows them down.
///
/// A client network (see clientNetwork()) none of whose calls has failed at once may dial as it likes. After failures it is on
/// probation, for a second each, ten minutes at most: it may have so many calls that have not proven themselves yet, those that
/// have failed in the last seconds among them, as it has calls that go well, and `few` more. What has failed is paid for
/// by time, a second each. So one failing call a second gets through in the long run, and who has healthy calls beside
/// is hardly held up: each lets one more try.
///
/// Time is told by the caller, always of the same steady clock. One thread at a time. Memory is bounded: by the calls that there
/// are, and by maxNetworks of which there is none.
class Probation
{
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::milliseconds spacing{1000};
    static constexpr std::chrono::minutes longest{10};
    static constexpr int few = 8;
    static constexpr qsizetype maxNetworks = 16'384;

    /// A call is to dial. False: not now; nothing is counted then. True: prove(), fail() and end() tell what becomes of it.
    bool begin(const QHostAddress &network, TimePoint now);
    /// It goes well. At most once, before the others.
    void prove(const QHostAddress &network);
    /// It has failed at once. `proven`: prove() was called. Instead of end().
    void fail(const QHostAddress &network, bool proven, TimePoint now);
    /// It is over, and nothing is to be said of it.
    void end(const QHostAddress &network, bool proven);

private:
    struct Network
    {
        bool hasCalls() const { return unproven + proven > 0; }

        TimePoint paidAt{}; ///< its failures
        TimePoint goodAt{}; ///< the end of its probation
        int unproven = 0; ///< its calls under way
        int proven = 0;
    };

    void forgetThePast(TimePoint now);

    QHash<QHostAddress, Network> m_networks;
    TimePoint m_sweptAt;
};

} // namespace rr
