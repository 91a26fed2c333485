// SPDX-License-Identifier: MIT
#include "app/compose/democallers.h"

#include "core/sharing/testcall.h"

#include <QRandomGenerator>
#include <QTimer>

#include <algorithm>
#include <chrono>
#include <utility>

namespace rr {

using namespace std::chrono_literals;

namespace {

/// From one caller's coming to the next one's: as people come, and no rush at the door.
constexpr std::chrono::milliseconds apart = 300ms;

/// Somewhere between them, so that the callers do not march in step.
std::chrono::milliseconds between(std::chrono::milliseconds least, std::chrono::milliseconds most)
{
    return std::chrono::milliseconds(
        QRandomGenerator::global()->bounded(int(least.count()), int(most.count()) + 1));
}

} // namespace

class DemoCallers::Caller
{
public:
    Caller(const Relay &relay, std::chrono::milliseconds comes)
        : m_relay(relay)
    {
        m_pause.setSingleShot(true);
        QObject::connect(&m_pause, &QTimer::timeout, &m_pause, [this] { call(); });
        QObject::connect(&m_call, &TestCall::finished, &m_pause, [this](const TestCallResult &result) {
            if (!m_isLeaving)
                m_pause.start(result.failure ? 5s : between(1s, 3s));
        });
        QObject::connect(&m_call, &TestCall::opened, &m_pause, [this] {
            m_isOpen = true;
            if (m_isLeaving)
                m_call.hangUp();
        });
        m_pause.start(comes);
    }

    /// One who is just dialling does so when he is through: he would be one who was lost.
    void hangUp()
    {
        m_isLeaving = true;
        m_pause.stop();
        if (m_isOpen)
            m_call.hangUp();
    }
    bool isGone() const { return m_isLeaving && !m_call.isRunning(); }

private:
    void call()
    {
        if (m_relay.state() != RelayState::Running) { // it may go on running yet
            m_pause.start(1s);
            return;
        }
        TestCallPlan plan = callToListener(m_relay.settings(), m_relay.port());
        plan.turns = QRandomGenerator::global()->bounded(2, 6);
        plan.speech = between(1500ms, 4s);
        plan.pause = between(500ms, 2500ms);
        m_isOpen = false;
        m_call.run(plan);
    }

    const Relay &m_relay;
    QTimer m_pause;
    TestCall m_call;
    bool m_isOpen = false;
    bool m_isLeaving = false;
};

DemoCallers::DemoCallers() = default;
DemoCallers::~DemoCallers() = default;

void DemoCallers::start(int callers, const Relay &relay)
{
    adjust(std::clamp(callers, 1, most), &relay);
}

void DemoCallers::stop()
{
    adjust(0, nullptr);
}

int DemoCallers::count() const
{
    return int(m_callers.size());
}

void DemoCallers::adjust(int callers, const Relay *relay)
{
    std::erase_if(m_leaving, [](const auto &caller) { return caller->isGone(); });
    while (count() > callers) {
        m_leaving.push_back(std::exchange(m_callers.back(), nullptr));
        m_callers.pop_back();
        m_leaving.back()->hangUp();
    }
    for (auto comes = 0ms; count() < callers; comes += apart)
        m_callers.push_back(std::make_unique<Caller>(*relay, comes));
}

} // namespace rr
