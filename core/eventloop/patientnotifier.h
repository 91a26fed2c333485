// SPDX-License-Identifier: MIT
#pragma once

#include <QSocketNotifier>

namespace rr {

/// A QSocketNotifier whose socket can wait. As long as it is patient, an EpollDispatcher activates it behind all others, and
/// goes on with the rest of its kind in later turns once they have taken SocketWatch::patientTime in one: what many new
/// connections ask for does not hold up those that carry calls. It may then be activated although there is nothing to do any
/// more. With other dispatchers it is like any other. Used in one thread only.
class PatientNotifier : public QSocketNotifier
{
public:
    /// Patient, and not enabled: while a QSocketNotifier is made, nobody can know that it will be one of these.
    PatientNotifier(qintptr descriptor, Type type)
        : QSocketNotifier(type)
    {
        setSocket(descriptor);
    }

    bool isPatient() const { return m_patient; }
    void setPatient(bool patient)
    {
        if (m_patient == patient)
            return;
        m_patient = patient;
        if (isEnabled()) { // the dispatcher asks when it is enabled
            setEnabled(false);
            setEnabled(true);
        }
    }

private:
    bool m_patient = true;
};

} // namespace rr
