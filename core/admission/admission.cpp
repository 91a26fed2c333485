// SPDX-License-Identifier: MIT
#include "core/admission/admission.h"

#include "core/admission/clientaddress.h"
#include "core/admission/hostpolicy.h"
#include "core/admission/originpolicy.h"
#include "core/admission/probation.h"
#include "core/admission/ratelimiter.h"
#include "core/admission/sharerules.h"

#include <QCryptographicHash>
#include <QHash>

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace rr {
namespace {

/// As long as FailurePacer::longest: it is a failure as well, in a way.
constexpr std::chrono::seconds failingHold{5};

/// So that the time it takes tells nothing: of hashes, a beginning that fits says nothing about the token.
bool isToken(QByteArrayView given, const QString &token)
{
    const auto hash
        = [](QByteArrayView text) { return QCryptographicHash::hash(text, QCryptographicHash::Sha256); };
    return hash(given) == hash(token.toLatin1());
}

Refusal originNotAllowed(const AdmissionRequest &request)
{
    if (request.origin == "null")
        return {403, "origin_not_allowed"_ba,
            QT_TRANSLATE_NOOP("Core",
                "A page that was opened from a file or in a sandbox has no origin that could be allowed. Serve it, "
                "for example from http://localhost.")};
    if (request.door == Door::Share)
        return {403, "origin_not_allowed"_ba,
            {QT_TRANSLATE_NOOP("Core",
                 "Pages of %1 may not call through this link. Ask who sent it to add that origin to the share."),
                {request.shownOrigin}}};
    return {403, "origin_not_allowed"_ba,
        {QT_TRANSLATE_NOOP(
             "Core", "The origin %1 is not in ALLOWED_ORIGINS of this relay. Ask its operator to add it."),
            {request.shownOrigin}}};
}

} // namespace

int wholeSeconds(std::chrono::nanoseconds wait)
{
    return std::max(1, int(std::chrono::ceil<std::chrono::seconds>(wait).count()));
}

Refusal tooManyFailing()
{
    return {429, "too_many_failing_calls"_ba,
        QT_TRANSLATE_NOOP("Core",
            "The last calls from your address have failed at once, so this one was not tried. See what they were told, "
            "and wait before trying again."),
        wholeSeconds(failingHold), failingHold};
}

/// Outlives the Admission while tickets are out.
struct AdmissionState
{
    bool isAllowedPage(const AdmissionRequest &request) const;
    bool isInquiry(const AdmissionRequest &request) const;
    std::optional<Refusal> checkComing(
        const AdmissionRequest &request, const QHostAddress &network, bool counts);
    std::optional<Refusal> checkPlaces(const AdmissionRequest &request, const QHostAddress &network) const;

    mutable std::mutex mutex; ///< guards all below
    Settings settings;
    OriginPolicy origins;
    std::array<HostPolicy, 2> hosts; ///< by Door
    RateLimiter rates;
    ShareRules share;
    Probation probation;
    bool draining = false;
    int live = 0;
    int leaving = 0;
    QHash<QHostAddress, int> liveByNetwork; ///< no zeros
    QMap<QByteArray, qint64> rejected;
};

bool AdmissionState::isAllowedPage(const AdmissionRequest &request) const
{
    return origins.allows(request.origin)
        || hosts[std::size_t(Door::Public)].isOwnOrigin(request.origin, request.host, request.secure);
}

/// Whether the page may come in is another question, so that the scheme does not matter.
bool AdmissionState::isInquiry(const AdmissionRequest &request) const
{
    const auto isOwnPage = [&request] {
        return request.origin == "http://" + request.host || request.origin == "https://" + request.host;
    };
    return !request.hasKey && (request.door == Door::Share || (settings.tryPage && isOwnPage()));
}

/// Before the places. `counts`: else nothing is taken of the address's rate.
std::optional<Refusal> AdmissionState::checkComing(
    const AdmissionRequest &request, const QHostAddress &network, bool counts)
{
    if (draining)
        return Refusal{503, "relay_draining"_ba,
            QT_TRANSLATE_NOOP("Core", "This relay is shutting down and takes no new calls. Try again later."),
            wholeSeconds(settings.drainTimeout)};
    const bool isGuest = request.door == Door::Share;
    if (isGuest && !share.terms()) // it has just ended
        return nothingShared();
    if (isGuest ? !share.allowsPage(request) : !isAllowedPage(request))
        return originNotAllowed(request);
    if (isGuest) {
        if (auto refusal = share.checkRate(request, network, counts))
            return refusal;
    }
    const auto wait = counts ? rates.take(network, request.now) : rates.wait(network, request.now);
    if (wait.count() > 0)
        return Refusal{429, "connection_rate_exceeded"_ba,
            {QT_TRANSLATE_NOOP("Core",
                 "Your address opens more than %1 connections a minute, the limit of this relay. Wait before "
                 "trying again."),
                {settings.connectionRatePerIp}},
            wholeSeconds(wait)};
    return std::nullopt;
}

std::optional<Refusal> AdmissionState::checkPlaces(
    const AdmissionRequest &request, const QHostAddress &network) const
{
    if (request.door == Door::Share) {
        if (auto refusal = share.checkPlaces(request, network))
            return refusal;
    }
    if (settings.maxConnectionsPerIp > 0 && liveByNetwork.value(network) >= settings.maxConnectionsPerIp)
        return Refusal{429, "too_many_connections_from_address"_ba,
            {QT_TRANSLATE_NOOP(
                 "Core", "Your address has %1 connections open, the limit of this relay. Close one first."),
                {liveByNetwork.value(network)}}};
    // Those who leave take none of the places; without a key nobody has any other than theirs.
    if (request.hasKey ? live >= settings.maxConnections : leaving >= settings.maxConnections)
        return Refusal{503, "relay_full"_ba,
            {QT_TRANSLATE_NOOP("Core", "All %1 places of this relay are taken. Try again later."),
                {settings.maxConnections}},
            retryWhenFullSeconds};
    return std::nullopt;
}

QHostAddress AdmissionRequest::network() const
{
    const QHostAddress address = canonical(client);
    return door == Door::Share && address.isLoopback() ? ShareRules::someone : clientNetwork(address);
}

Ticket::Ticket(std::shared_ptr<AdmissionState> state, const QHostAddress &network, bool leaving, Door door)
    : m_state(std::move(state))
    , m_network(network)
    , m_leaving(leaving)
    , m_door(door)
{
}

Ticket &Ticket::operator=(Ticket &&other) noexcept
{
    Ticket incoming(std::move(other)); // leaves with the old place, and gives it back
    std::swap(m_state, incoming.m_state);
    std::swap(m_network, incoming.m_network);
    std::swap(m_leaving, incoming.m_leaving);
    std::swap(m_proven, incoming.m_proven);
    std::swap(m_door, incoming.m_door);
    return *this;
}

void Ticket::prove()
{
    if (m_leaving || m_proven)
        return;
    m_proven = true;
    const std::lock_guard lock(m_state->mutex);
    m_state->probation.prove(m_network);
}

void Ticket::leave(bool failed)
{
    if (std::exchange(m_leaving, true))
        return;
    const std::lock_guard lock(m_state->mutex);
    endTrial(failed);
    --m_state->live;
    ++m_state->leaving;
    if (m_door == Door::Share)
        m_state->share.leave();
}

/// With the mutex held.
void Ticket::endTrial(bool failed)
{
    if (failed)
        m_state->probation.fail(m_network, m_proven, std::chrono::steady_clock::now());
    else
        m_state->probation.end(m_network, m_proven);
}

Ticket::~Ticket()
{
    if (!m_state)
        return;
    const std::lock_guard lock(m_state->mutex);
    if (!m_leaving)
        endTrial(false);
    --(m_leaving ? m_state->leaving : m_state->live);
    if (m_door == Door::Share)
        m_state->share.remove(m_network, m_leaving);
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
    std::array hosts{HostPolicy(settings.allowedHosts, settings.host),
        HostPolicy(settings.allowedHosts, settings.adminHost)};
    const std::lock_guard lock(m_state->mutex);
    m_state->settings = settings;
    m_state->origins = std::move(origins);
    m_state->hosts = std::move(hosts);
    m_state->rates.setRate(settings.connectionRatePerIp);
}

void Admission::setDraining(bool draining)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->draining = draining;
}

void Admission::setShare(std::shared_ptr<const ShareTerms> terms)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->share.setTerms(std::move(terms));
}

std::shared_ptr<const ShareTerms> Admission::share() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->share.terms();
}

bool Admission::isLinkSecret(QByteArrayView secret) const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->share.isSecret(secret);
}

Refusal Admission::refuseLink(const AdmissionRequest &request)
{
    const std::lock_guard lock(m_state->mutex);
    ++m_state->rejected["wrong_link"_ba];
    return m_state->share.refuseSecret(request.network(), request.now);
}

std::optional<Refusal> Admission::checkHost(Door door, QByteArrayView host, bool throughProxy)
{
    const std::lock_guard lock(m_state->mutex);
    const bool isShare = door == Door::Share;
    if (isShare ? m_state->share.goesBy(host) : m_state->hosts[std::size_t(door)].allows(host, throughProxy))
        return std::nullopt;
    ++m_state->rejected["host_not_allowed"_ba];
    if (isShare)
        return Refusal{421, "host_not_allowed"_ba,
            QT_TRANSLATE_NOOP("Core", "This relay is not shared under the name in the header Host.")};
    return Refusal{421, "host_not_allowed"_ba,
        QT_TRANSLATE_NOOP("Core",
            "This relay does not go by the name in the header Host. Its operator can add the name to ALLOWED_HOSTS, or "
            "name a proxy in front of it in TRUSTED_PROXIES.")};
}

std::optional<Refusal> Admission::checkStatsToken(const QString &token, QByteArrayView authorization)
{
    constexpr QByteArrayView scheme = "Bearer ";
    const bool isBearer = authorization.first(std::min(scheme.size(), authorization.size()))
                              .compare(scheme, Qt::CaseInsensitive)
        == 0;
    if (token.isEmpty() || (isBearer && isToken(authorization.sliced(scheme.size()).trimmed(), token)))
        return std::nullopt;
    countRefusal("stats_token_required"_ba);
    return Refusal{401, "stats_token_required"_ba,
        QT_TRANSLATE_NOOP(
            "Core", "This is for the relay's operator: send Authorization: Bearer and its STATS_TOKEN.")};
}

std::variant<Ticket, Refusal> Admission::admit(const AdmissionRequest &request)
{
    const QHostAddress network = request.network();
    const std::lock_guard lock(m_state->mutex);
    auto refusal = m_state->checkComing(request, network, true);
    if (!refusal)
        refusal = m_state->checkPlaces(request, network);
    if (!refusal && request.hasKey
        && !m_state->probation.begin(network, request.now)) // the last one: it counts
        refusal = tooManyFailing();
    if (refusal) {
        ++m_state->rejected[refusal->code];
        return *std::move(refusal);
    }
    ++(request.hasKey ? m_state->live : m_state->leaving);
    ++m_state->liveByNetwork[network];
    if (request.door == Door::Share)
        m_state->share.add(network, !request.hasKey);
    return Ticket(m_state, network, !request.hasKey, request.door);
}

std::optional<Refusal> Admission::checkExchange(const AdmissionRequest &request)
{
    const std::lock_guard lock(m_state->mutex);
    const bool isInquiry = m_state->isInquiry(request);
    auto refusal = m_state->checkComing(request, request.network(), !isInquiry);
    if (!refusal && isInquiry) {
        AdmissionRequest call = request;
        call.hasKey = true;
        refusal = m_state->checkPlaces(call, call.network());
    }
    if (refusal)
        ++m_state->rejected[refusal->code];
    return refusal;
}

bool Admission::isInquiry(const AdmissionRequest &request) const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->isInquiry(request);
}

bool Admission::allowsOrigin(QByteArrayView origin, Door door) const
{
    const std::lock_guard lock(m_state->mutex);
    return door == Door::Share ? m_state->share.allowsOrigin(origin) : m_state->origins.allows(origin);
}

bool Admission::tooManyLeave() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->leaving >= 2 * m_state->settings.maxConnections;
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
