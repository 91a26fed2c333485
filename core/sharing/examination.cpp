// SPDX-License-Identifier: MIT
#include "core/sharing/examination.h"

#include <QHostInfo>

#include <utility>

namespace rr {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using Result = CheckStep::Result;

const std::array<Doctor::Examination::Look, 14> Doctor::Examination::looks{{
    {"settings"_L1, &Examination::lookAtSettings, 5s},
    {"port"_L1, &Examination::lookAtPort, 5s},
    {"addresses"_L1, &Examination::lookAtAddresses, 5s},
    {"firewall"_L1, &Examination::lookAtFirewall, 5s},
    {"dns"_L1, &Examination::lookAtName, 12s},
    {"proxy"_L1, &Examination::lookAtProxy, 15s},
    {"tcp"_L1, &Examination::lookAtTcp, 15s},
    {"tls"_L1, &Examination::lookAtTls, 30s},
    {"clock"_L1, &Examination::lookAtClock, 5s},
    {"region"_L1, &Examination::lookAtRegion, 30s},
    {"key"_L1, &Examination::lookAtKey, 30s},
    {"call"_L1, &Examination::lookAtCall, 60s},
    {"certificate"_L1, &Examination::lookAtCertificate, 5s},
    {"public"_L1, &Examination::lookAtPublic, 15s},
}};

Doctor::Examination::Examination(Doctor &doctor, DoctorPlan plan)
    : m_doctor(doctor)
    , m_plan(std::move(plan))
{
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, &Examination::outOfTime);
}

Doctor::Examination::~Examination()
{
    dropTools();
}

void Doctor::Examination::stop()
{
    m_stopped = true;
    m_looking = false;
    m_deadline.stop();
    deleteLater();
}

/// Always in a turn of its own: what has told the result before is gone by then.
void Doctor::Examination::next()
{
    const auto look = [this] {
        if (m_stopped)
            return;
        dropTools();
        if (m_at == looks.size()) {
            Doctor &doctor = m_doctor;
            const QList<CheckStep> steps = m_steps;
            doctor.m_examination.release()->deleteLater(); // this is its event
            Q_EMIT doctor.finished(steps);
            return;
        }
        CheckStep begun;
        begun.id = looks[m_at].id;
        m_looking = true;
        m_took.start();
        m_deadline.start(looks[m_at].most);
        Q_EMIT m_doctor.stepChanged(begun);
        if (m_looking)
            (this->*looks[m_at].look)();
    };
    QMetaObject::invokeMethod(this, look, Qt::QueuedConnection);
}

void Doctor::Examination::done(
    Result result, QLatin1String code, const Sentence &text, const Sentence &advice)
{
    if (!std::exchange(m_looking, false))
        return;
    m_deadline.stop();
    CheckStep step;
    step.id = looks[m_at].id;
    step.result = result;
    step.code = code;
    step.text = text;
    step.next = advice;
    step.ms = m_took.elapsed();
    m_steps.append(step);
    ++m_at;
    Q_EMIT m_doctor.stepChanged(step);
    next();
}

void Doctor::Examination::outOfTime()
{
    const QLatin1String id = looks[m_at].id;
    if (id == "dns"_L1 || id == "proxy"_L1 || id == "tcp"_L1 || id == "tls"_L1 || id == "region"_L1)
        m_upstreamIsBad = true;
    done(Result::Bad, "no_answer"_L1,
        {QT_TRANSLATE_NOOP("Core", "Nothing was found out within %1 s."), {int(m_took.elapsed() / 1000)}},
        QT_TRANSLATE_NOOP("Core",
            "Something does not answer: the DNS servers of this machine, a proxy, or a firewall that drops what it does "
            "not like. Check the internet connection."));
}

void Doctor::Examination::dropTools()
{
    if (m_lookup >= 0)
        QHostInfo::abortHostLookup(std::exchange(m_lookup, -1));
    m_connect.reset();
    m_look.reset();
    m_check.reset();
    m_call.reset();
    if (m_process) {
        m_process->disconnect(this);
        m_process->kill();
        m_process.release()->deleteLater(); // not waited for
    }
}

} // namespace rr
