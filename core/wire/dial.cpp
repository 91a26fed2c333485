// SPDX-License-Identifier: MIT
#include "core/wire/dial.h"

#include <utility>

namespace rr {

namespace {

using namespace std::chrono_literals;

/// Between two looks whether there are descriptors again.
constexpr auto againAfter = 50ms;

/// Leaves a step of the dial to itself: possibly this is its signal, so it is destroyed later.
template <typename Step>
void drop(std::unique_ptr<Step> &step, QObject *listener)
{
    if (!step)
        return;
    step->disconnect(listener);
    step.release()->deleteLater();
}

} // namespace

Dial::Dial(Target target, QObject *parent)
    : QObject(parent)
    , m_target(std::move(target))
    , m_deadline(this)
    , m_again(this)
{
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, &Dial::outOfTime);
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &Dial::attempt);
}

Dial::~Dial()
{
    dropAll();
}

void Dial::expect()
{
    m_elapsed.start();
    m_deadline.start(m_target.timeout);
}

void Dial::start()
{
    if (!m_deadline.isActive())
        expect();
    attempt();
}

void Dial::attempt()
{
    m_connect = std::make_unique<HostConnect>(m_target);
    connect(m_connect.get(), &HostConnect::connected, this, &Dial::shakeHands);
    connect(m_connect.get(), &HostConnect::failed, this, &Dial::fail);
    m_connect->start();
}

void Dial::shakeHands()
{
    m_handshake = std::make_unique<ClientHandshake>(m_connect->takeStream(), m_target.request);
    connect(m_handshake.get(), &ClientHandshake::done, this, &Dial::handshakeDone);
    connect(m_handshake.get(), &ClientHandshake::failed, this, &Dial::fail);
}

void Dial::handshakeDone()
{
    m_stream = m_handshake->takeStream();
    m_deadline.stop();
    dropAll();
    Q_EMIT opened();
}

void Dial::outOfTime()
{
    if (m_handshake && m_handshake->endWaiting())
        return; // it is refused already, and failed() follows
    // Whether it waits to begin anew or has begun.
    if (m_again.isActive() || (m_connect && !m_handshake && m_connect->lacksDescriptors()))
        fail({UpstreamFailure::NoDescriptors});
    else
        fail(m_connect ? m_connect->tookTooLong() : UpstreamFailure{UpstreamFailure::Timeout});
}

void Dial::dropAll()
{
    drop(m_connect, this);
    drop(m_handshake, this);
}

void Dial::fail(const UpstreamFailure &failure)
{
    dropAll();
    // A search for an address fails as if there were none, and by now there may be descriptors again: it is not believed
    // the first time after there were none.
    const bool lacked = std::exchange(m_lacked, failure.kind == UpstreamFailure::NoDescriptors);
    if ((m_lacked || (lacked && failure.kind == UpstreamFailure::Dns)) && m_deadline.isActive()) {
        m_again.start(againAfter);
        return;
    }
    m_deadline.stop();
    m_again.stop();
    Q_EMIT failed(failure);
}

} // namespace rr
