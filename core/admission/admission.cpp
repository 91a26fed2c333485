// SPDX-License-Identifier: MIT
#include "core/admission/admission.h"

#include "core/admission/clientaddress.h"
#include "core/admission/originpolicy.h"
#include "core/admission/ratelimiter.h"

#include <QHash>

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace rr {
namespace {

constexpr int retryWhenFullSeconds = 10;
constexpr qsizetype shownOriginLength = 200;

int wholeSeconds(std::chrono::nanoseconds time)
{
    return std::max(1, int(std::chrono::ceil<std::chrono::seconds>(time).count()));
}

Refusal originNotAllowed(const QByteArray &origin)
{
    const QString message = origin == "null"
        ? u"A page that was opened from a file or in a sandbox has no origin that could be allowed. Serve "
          u"it, "
          "for example from http://localhost."_s
        : u"The origin %1 is not in ALLOWED_ORIGINS of this relay. Ask its operator to add it."_s.arg(
            QString::fromLatin1(origin.left(shownOriginLength)));
    return {403, "origin_not_allowed"_ba, message};
}

} // namespace

/// Outlives the Admission while tickets are out.
struct AdmissionState
{
    std::optional<Refusal> check(const AdmissionRequest &request, const QHostAddress &network);

    mutable std::mutex mutex; ///< guards all below
    Settings settings;
    OriginPolicy origins;
    RateLimiter rates;
    bool draining = false;
    int live = 0;
    QHash<QHostAddress, int> liveByNetwork; ///< no zeros
    QMap<QByteArray, qint64> rejected;
};

std::optional<Refusal> AdmissionState::check(const AdmissionRequest &request, const QHostAddress &network)
{
    if (draining)
        return Refusal{503, "relay_draining"_ba,
            u"This relay is shutting down and takes no new calls. Try again later."_s,
            wholeSeconds(settings.drainTimeout)};
    if (!origins.allows(request.origin))
        return originNotAllowed(request.origin);
    if (const auto wait = rates.take(network, request.now); wait.count() > 0)
        return Refusal{429, "connection_rate_exceeded"_ba,
            u"Your address opens more than %1 connections a minute, the limit of this relay. Wait "
            "before trying again."_s.arg(settings.connectionRatePerIp),
            wholeSeconds(wait)};
    if (settings.maxConnectionsPerIp > 0 && liveByNetwork.value(network) >= settings.maxConnectionsPerIp)
        return Refusal{429, "too_many_connections_from_address"_ba,
            u"Your address has %1 connections open, the limit of this relay. Close one first."_s.arg(
                liveByNetwork.value(network))};
    if (live >= settings.maxConnections)
        return Refusal{503, "relay_full"_ba,
            u"All %1 places of this relay are taken. Try again later."_s.arg(settings.maxConnections),
            retryWhenFullSeconds};
    return std::nullopt;
}

Ticket::Ticket(std::shared_ptr<AdmissionState> state, const QHostAddress &network)
    : m_state(std::move(state))
    , m_network(network)
{
}

Ticket &Ticket::operator=(Ticket &&other) noexcept
{
    Ticket incoming(std::move(other)); // leaves with the old place, and gives it back
    std::swap(m_state, incoming.m_state);
    std::swap(m_network, incoming.m_network);
    return *this;
}

Ticket::~Ticket()
{
    if (!m_state)
        return;
    const std::lock_guard lock(m_state->mutex);
    --m_state->live;
    const auto ofNetwork = m_state->liveByNetwork.find(m_network);
    if (--*ofNetwork == 0)
        m_state->liveByNetwork.erase(ofNetwork);
}

Admission::Admission()
    : m_state(std::make_shared<AdmissionState>())
{
    setRules(Settings());
}

Admission::~Admission() = default;

void Admission::setRules(const Settings &settings)
{
    OriginPolicy origins(settings.allowedOrigins);
    const std::lock_guard lock(m_state->mutex);
    m_state->settings = settings;
    m_state->origins = std::move(origins);
    m_state->rates.setRate(settings.connectionRatePerIp);
}

void Admission::setDraining(bool draining)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->draining = draining;
}

std::variant<Ticket, Refusal> Admission::admit(const AdmissionRequest &request)
{
    const QHostAddress network = clientNetwork(canonical(request.client));
    const std::lock_guard lock(m_state->mutex);
    if (auto refusal = m_state->check(request, network)) {
        ++m_state->rejected[refusal->code];
        return *std::move(refusal);
    }
    ++m_state->live;
    ++m_state->liveByNetwork[network];
    return Ticket(m_state, network);
}

bool Admission::allowsOrigin(QByteArrayView origin) const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->origins.allows(origin);
}

void Admission::countRefusal(const QByteArray &code)
{
    const std::lock_guard lock(m_state->mutex);
    ++m_state->rejected[code];
}

QMap<QByteArray, qint64> Admission::rejected() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->rejected;
}

int Admission::liveCount() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->live;
}

} // namespace rr
