// SPDX-License-Identifier: MIT
#include "core/sharing/doctor.h"

#include "core/sharing/examination.h"

#include <array>
#include <utility>

namespace rr {

using namespace Qt::StringLiterals;

Doctor::Doctor(QObject *parent)
    : QObject(parent)
{
}

Doctor::~Doctor() = default;

void Doctor::run(const DoctorPlan &plan)
{
    if (isRunning())
        return;
    m_examination = std::make_unique<Examination>(*this, plan);
    m_examination->begin();
}

void Doctor::cancel()
{
    if (m_examination)
        m_examination.release()->stop();
}

Sentence Doctor::titleOf(QLatin1String id)
{
    static const std::array<std::pair<QLatin1String, Sentence>, 14> titles{{
        {"settings"_L1, QT_TRANSLATE_NOOP("Core", "Settings")},
        {"port"_L1, QT_TRANSLATE_NOOP("Core", "Port")},
        {"addresses"_L1, QT_TRANSLATE_NOOP("Core", "Addresses")},
        {"firewall"_L1, QT_TRANSLATE_NOOP("Core", "Firewall")},
        {"dns"_L1, QT_TRANSLATE_NOOP("Core", "Name of the upstream")},
        {"proxy"_L1, QT_TRANSLATE_NOOP("Core", "Proxy")},
        {"tcp"_L1, QT_TRANSLATE_NOOP("Core", "Connection to the upstream")},
        {"tls"_L1, QT_TRANSLATE_NOOP("Core", "Certificate of the upstream")},
        {"clock"_L1, QT_TRANSLATE_NOOP("Core", "Clock")},
        {"region"_L1, QT_TRANSLATE_NOOP("Core", "Region")},
        {"key"_L1, QT_TRANSLATE_NOOP("Core", "Key and model")},
        {"call"_L1, QT_TRANSLATE_NOOP("Core", "A whole call")},
        {"certificate"_L1, QT_TRANSLATE_NOOP("Core", "Certificate of the relay")},
        {"public"_L1, QT_TRANSLATE_NOOP("Core", "Address for others")},
    }};
    for (const auto &[each, title] : titles) {
        if (each == id)
            return title;
    }
    return {};
}

} // namespace rr
