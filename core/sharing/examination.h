// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/journal.h"
#include "core/relay/relay.h"
#include "core/relay/upstreamcheck.h"
#include "core/sharing/doctor.h"
#include "core/sharing/peerlook.h"
#include "core/sharing/testcall.h"
#include "core/wire/hostconnect.h"

#include <QElapsedTimer>
#include <QList>
#include <QNetworkProxy>
#include <QProcess>
#include <QTimer>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace rr {

/// One examination of the Doctor: its steps one after the other, each with a deadline of its own, and what they have found out
/// for those behind them. Owned by it; goes when it is over.
class Doctor::Examination final : public QObject
{
public:
    Examination(Doctor &doctor, DoctorPlan plan);
    ~Examination() override;

    void begin() { next(); }
    void stop(); ///< says nothing more, and goes; this may be its signal

private:
    struct Look
    {
        QLatin1String id;
        void (Examination::*look)();
        std::chrono::milliseconds most;
    };
    static const std::array<Look, 14> looks;

    void next();
    void done(CheckStep::Result result, QLatin1String code, const Sentence &text, const Sentence &next = {});
    void good(const Sentence &text) { done(CheckStep::Result::Good, {}, text); }
    void skipped(const Sentence &why) { done(CheckStep::Result::Skipped, QLatin1String("skipped"), why); }
    void bad(const CheckStep &found) { done(found.result, found.code, found.text, found.next); }
    void outOfTime();
    void dropTools();
    /// Then who asks the upstream has nothing to find out.
    bool skipsUpstream();

    // examinationlocal.cpp: this machine
    void lookAtSettings();
    void lookAtPort();
    void lookAtAddresses();
    void lookAtFirewall();
    void lookAtCertificate();
    void askWhoHoldsThePort();
    PeerPlan holderOfPort(const QByteArray &path) const;
    void portIsTaken();
    void judgeFirewall(std::optional<bool> letsIn);
    bool isForThisMachineOnly() const;

    // examinationupstream.cpp
    void lookAtName();
    void lookAtProxy();
    void lookAtTcp();
    void lookAtRegion();
    void lookAtKey();
    PeerPlan upstreamPeer() const;
    Destination upstreamDestination(bool secure) const;
    void connectTo(const Destination &to, const std::function<void(const UpstreamFailure *failure)> &then);

    // examinationtls.cpp
    void lookAtTls();
    void lookAtClock();
    void judgeTls(const UpstreamFailure &failure);

    // examinationcalls.cpp
    void lookAtCall();
    void lookAtPublic();
    void judgePublic(const PeerSight &sight);
    std::optional<quint16> portForCall();
    void call(const TestCallPlan &plan, const std::function<void(const TestCallResult &result)> &then);
    void look(const PeerPlan &plan, const std::function<void(const PeerSight &sight)> &then);

    const Settings &settings() const { return m_plan.loaded.settings; }
    QString upstreamHost() const { return settings().upstreamUrl.host(); }
    quint16 upstreamPort() const;
    bool isUpstreamSecure() const { return settings().upstreamUrl.scheme() == QLatin1String("wss"); }

    Doctor &m_doctor;
    const DoctorPlan m_plan;
    QList<CheckStep> m_steps;
    std::size_t m_at = 0;
    bool m_looking = false;
    bool m_stopped = false;
    QTimer m_deadline;
    QElapsedTimer m_took;

    // What was found out.
    bool m_settingsAreBad = false;
    bool m_upstreamIsBad = false; ///< at a step before
    UpstreamTls m_tls;
    QNetworkProxy m_proxy = QNetworkProxy(QNetworkProxy::NoProxy);
    PeerSight m_upstreamSeen;

    // What is looked with, for one step.
    int m_lookup = -1;
    std::unique_ptr<HostConnect> m_connect;
    std::unique_ptr<PeerLook> m_look;
    std::unique_ptr<UpstreamCheck> m_check;
    std::unique_ptr<TestCall> m_call;
    std::unique_ptr<QProcess> m_process;
    Journal m_journal{1};
    std::unique_ptr<Relay> m_relay; ///< for the call, where none of this process runs
};

} // namespace rr
