// SPDX-License-Identifier: MIT
#pragma once

#include "core/relay/upstreamcheck.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <utility>

namespace rr {

/// Finds out whether calls would reach the upstream, so that "works" is said of what works: by the checks that a person
/// asks for and, after begin(), by some of its own. Those are one when the relay starts, one when the upstream is another or
/// the network has changed, one when calls were cut off, one when nothing was heard of the upstream for long, and, while calls fail, one now and then,
/// less and less often. What they find is in Relay::snapshot(): upstreamAnsweredAt, and the troubles. No key is sent.
///
/// Main thread; owned by Host, as the relay is.
class UpstreamWatch final : public QObject
{
    Q_OBJECT
public:
    struct Pace
    {
        std::chrono::milliseconds look{5'000}; ///< between two looks at how calls fare
        std::chrono::milliseconds failing{10'000}; ///< after a check, twice as long after each one more
        std::chrono::milliseconds failingMost{300'000};
        std::chrono::milliseconds silent{1'800'000}; ///< without a call that opened and without a check
    };

    explicit UpstreamWatch(Relay &relay, QObject *parent = nullptr);
    UpstreamWatch(Relay &relay, const Pace &pace, QObject *parent = nullptr);

    void begin(); ///< checks by itself from now on, while the relay runs and Settings::checkUpstream says so
    /// Checks now, as a person asks, also while the relay is stopped. checked() follows, also where a check was under way.
    void check(const Settings &settings);
    bool isChecking() const { return m_check.isRunning(); }
    /// The settings are others, or the upstream may be on another way now: what was under way is forgotten.
    void settingsChanged();
    void networkChanged();

Q_SIGNALS:
    void checked(const rr::UpstreamCheckResult &result);

private:
    void look();
    bool isDue();
    void note(const UpstreamCheckResult &result);
    void beginAnew();

    Relay &m_relay;
    const Pace m_pace;
    UpstreamCheck m_check;
    QTimer m_timer;
    QElapsedTimer m_sinceCheck; ///< not valid: none yet, of this upstream and on this network
    std::chrono::milliseconds m_pause; ///< while calls fail
    bool m_byItself = false;
    bool m_asked = false; ///< the check under way
    bool m_refused = false; ///< so the last check said
    std::pair<QDateTime, qint64>
        m_lost; ///< of the trouble of that name, at the last check: since when, how often
};

} // namespace rr
