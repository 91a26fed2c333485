// SPDX-License-Identifier: MIT
#include "core/sharing/canary.h"

#include "core/admission/shareproofs.h"
#include "core/realtime/redaction.h"
#include "core/sharing/checkrequest.h"
#include "core/sharing/checksocket.h"
#include "core/sharing/checkverdict.h"
#include "core/sharing/probe.h"

#include <utility>

namespace rr {

Canary::Canary(QObject *parent)
    : QObject(parent)
    , m_heartbeat(this)
    , m_deadline(this)
{
    m_deadline.setSingleShot(true);
    connect(&m_heartbeat, &QTimer::timeout, this, &Canary::beat);
    connect(&m_deadline, &QTimer::timeout, this, &Canary::end);
}

Canary::~Canary() = default;

void Canary::start(const CanaryPlan &plan)
{
    stop();
    m_plan = plan;
    m_beats = 0;
    CheckRequest request{hostHeader(plan.address), plan.proofs->issue(), Guise::Browser};
    request.webSocketKey = newWebSocketKey();
    request.origin = plan.origin.isEmpty() ? originOf(plan.address) : plan.origin;
    request.keep = true;
    m_probe
        = std::make_unique<Probe>(destinationOf(plan.address, plan.connectTo, plan.proxy, plan.authorities),
            headOf(request), plan.patience);
    connect(m_probe.get(), &Probe::failed, this,
        [this](const UpstreamFailure &failure) { giveUp(judgeFailure(failure, host()).text); });
    connect(m_probe.get(), &Probe::answered, this, [this, request] { answered(request); });
    m_probe->start();
}

void Canary::stop()
{
    m_heartbeat.stop();
    m_deadline.stop();
    m_open = false;
    if (m_probe) {
        m_probe->disconnect(this);
        m_probe.release()->deleteLater(); // this may be its signal
    }
    if (m_socket) {
        m_socket->disconnect(this);
        m_socket.release()->deleteLater();
    }
}

void Canary::answered(const CheckRequest &request)
{
    const CheckVerdict verdict
        = judgeHandshake(m_probe->head(), m_probe->body(), request.webSocketKey, host());
    if (verdict.result == CheckStep::Result::Bad) {
        giveUp(verdict.text);
        return;
    }
    m_expected = m_plan.proofs->proofOf(ShareProofs::ws, request.nonce);
    m_socket = std::make_unique<CheckSocket>(m_probe->takeStream());
    connect(m_socket.get(), &CheckSocket::received, this, &Canary::received);
    connect(m_socket.get(), &CheckSocket::ended, this, &Canary::end);
    m_deadline.start(m_plan.patience);
    m_probe.release()->deleteLater(); // this is its signal
}

void Canary::received(const QByteArray &message)
{
    if (message != m_expected) {
        end();
        return;
    }
    m_deadline.stop();
    if (std::exchange(m_open, true))
        return;
    m_since.start();
    if (m_plan.heartbeat.count() > 0)
        m_heartbeat.start(m_plan.heartbeat);
    Q_EMIT opened();
}

/// Not a ping, for what is in between may answer that.
void Canary::beat()
{
    if (m_deadline.isActive())
        return; // it waits for the one before
    m_expected = "beat " + QByteArray::number(++m_beats);
    m_socket->send(Opcode::Text, m_expected);
    m_deadline.start(m_plan.patience);
}

void Canary::end()
{
    if (!m_open) {
        giveUp(Sentence(
            QT_TRANSLATE_NOOP("Core", "The WebSocket that watches the way through %1 was cut at once."),
            {host()}));
        return;
    }
    const std::chrono::milliseconds after(m_since.elapsed());
    stop();
    Q_EMIT cut(after);
}

void Canary::giveUp(const Sentence &why)
{
    stop();
    Q_EMIT failed(why);
}

QString Canary::host() const
{
    return outsideText(m_plan.address.host());
}

} // namespace rr
