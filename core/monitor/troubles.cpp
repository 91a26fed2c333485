// SPDX-License-Identifier: MIT
#include "core/monitor/troubles.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace rr {

namespace {

using namespace std::chrono_literals;
using enum TroubleCode;

constexpr std::chrono::days certificateWarning{14};

/// What is the same of every trouble of a kind.
struct Kind
{
    TroubleCode code;
    Severity severity;
    const char *title;
    std::optional<TroubleCode> dependsOn = {}; ///< explains this one, which is not told beside it
    std::chrono::milliseconds toldAfter = 0ms; ///< so long it must last; what passes by itself is not told
    std::chrono::milliseconds overAfter = 0ms; ///< without a new report; 0: only clear() ends it
    qint64 toldFrom = 1; ///< so many reports, each before it was over; what strangers try once is not told
};

constexpr Kind kinds[] = {
    {NotListening, Severity::Error, QT_TRANSLATE_NOOP("Core", "The relay is not listening.")},
    {AcceptFailed, Severity::Error,
        QT_TRANSLATE_NOOP("Core", "No connections can be accepted: a resource of the system is used up."),
        NotListening},
    {CertificateRefused, Severity::Warning,
        QT_TRANSLATE_NOOP(
            "Core", "The relay's new certificate or key cannot be used; the one before goes on.")},
    {CertificateExpired, Severity::Error,
        QT_TRANSLATE_NOOP("Core", "The relay's certificate has expired: browsers refuse to connect.")},
    {CertificateExpires, Severity::Warning,
        QT_TRANSLATE_NOOP("Core", "The relay's certificate expires soon.")},
    // A client that comes back at once may get through: nobody has to know.
    {UpstreamUnreachable, Severity::Error, QT_TRANSLATE_NOOP("Core", "Calls do not reach the upstream."),
        NotListening, 2s},
    {UpstreamRefused, Severity::Error, QT_TRANSLATE_NOOP("Core", "The upstream refuses calls."), NotListening,
        2s},
    {UpstreamLost, Severity::Warning, QT_TRANSLATE_NOOP("Core", "Calls were cut off in the middle."),
        UpstreamUnreachable, 0ms, 5min},
    {HeldKeyRefused, Severity::Error,
        QT_TRANSLATE_NOOP("Core", "The upstream does not accept the relay's own API key."), NotListening, 0ms,
        5min},
    {HeldKeyMissing, Severity::Warning,
        QT_TRANSLATE_NOOP("Core", "Access tokens are used, and the relay holds no key for them."),
        NotListening, 0ms, 5min},
    {StoreAway, Severity::Warning,
        QT_TRANSLATE_NOOP("Core", "The store cannot be reached: no calls with access tokens are taken."),
        NotListening, 2s},
    {KeyMissing, Severity::Warning, QT_TRANSLATE_NOOP("Core", "A client sends no API key."), NotListening, 2s,
        5min},
    {KeyRefused, Severity::Warning,
        QT_TRANSLATE_NOOP("Core", "The upstream does not accept a client's API key."), NotListening, 2s,
        5min},
    {QuotaUsedUp, Severity::Warning, QT_TRANSLATE_NOOP("Core", "The account of a client has no quota left."),
        NotListening, 2s, 5min},
    {BudgetSpent, Severity::Warning,
        QT_TRANSLATE_NOOP("Core", "A budget is spent: no more calls are taken on it."), NotListening},
    {BudgetNearlySpent, Severity::Warning, QT_TRANSLATE_NOOP("Core", "A budget is nearly spent."),
        NotListening},
    {ModelUnknown, Severity::Warning,
        QT_TRANSLATE_NOOP("Core", "The upstream does not know the model that a client asks for."),
        NotListening, 2s, 5min},
    {RequestRefused, Severity::Warning, QT_TRANSLATE_NOOP("Core", "The upstream refuses a client's calls."),
        NotListening, 2s, 5min},
    {HeldKeyIdle, Severity::Warning,
        QT_TRANSLATE_NOOP(
            "Core", "The relay holds a key, and nobody can be given an access token to use it."),
        NotListening},
    {RelayFull, Severity::Warning,
        QT_TRANSLATE_NOOP("Core", "All places are taken: callers are turned away."), NotListening, 0ms, 1min},
    {HalfOpenCut, Severity::Warning,
        QT_TRANSLATE_NOOP("Core", "Connections were cut that had sent no request yet."), NotListening, 0ms,
        5min},
    {ShareBroken, Severity::Warning,
        QT_TRANSLATE_NOOP("Core", "Calls from outside do not reach the relay, which is shared."),
        NotListening, 2s},
    {OriginRefused, Severity::Note,
        QT_TRANSLATE_NOOP("Core", "A web page was turned away: its origin is not allowed."), NotListening,
        0ms, 5min},
    {ShareOriginRefused, Severity::Note,
        QT_TRANSLATE_NOOP(
            "Core", "A web page came with the link and was turned away: its origin is not allowed there."),
        NotListening, 0ms, 5min},
    {TokensRefused, Severity::Note,
        QT_TRANSLATE_NOOP("Core", "Access tokens are tried that are not good here."), NotListening, 0ms, 5min,
        3},
    {CertificateNotTrusted, Severity::Warning,
        QT_TRANSLATE_NOOP("Core", "Clients do not accept the relay's certificate."), CertificateExpired, 0ms,
        5min, 3},
    {ProxyNotTrusted, Severity::Warning,
        QT_TRANSLATE_NOOP(
            "Core", "A proxy that is not trusted speaks the PROXY protocol: its clients are turned away."),
        NotListening, 0ms, 5min, 3},
    {ProxyHeaderMalformed, Severity::Warning,
        QT_TRANSLATE_NOOP("Core", "A proxy speaks the PROXY protocol wrongly: its clients are turned away."),
        NotListening, 0ms, 5min, 3},
    {TlsOnPlainPort, Severity::Note,
        QT_TRANSLATE_NOOP("Core", "Clients speak TLS to this relay, which has no certificate."), NotListening,
        0ms, 5min, 3},
    {HttpOnTlsPort, Severity::Note,
        QT_TRANSLATE_NOOP("Core", "Clients speak to this relay without TLS, and it has a certificate."),
        NotListening, 0ms, 5min, 3},
    {TlsVersionTooOld, Severity::Note,
        QT_TRANSLATE_NOOP("Core", "Clients speak versions of TLS that are too old."), NotListening, 0ms, 5min,
        3},
    {TlsFailed, Severity::Note, QT_TRANSLATE_NOOP("Core", "TLS handshakes of clients fail."), NotListening,
        0ms, 5min, 3},
    {WrongPath, Severity::Note,
        QT_TRANSLATE_NOOP("Core", "Calls are asked for at a path where there are none."), NotListening, 0ms,
        5min, 3},
    {RequestsUnfinished, Severity::Note,
        QT_TRANSLATE_NOOP("Core", "Connections end before their requests are whole."), NotListening, 0ms,
        5min, 10},
    {PricesRefused, Severity::Warning,
        QT_TRANSLATE_NOOP("Core", "The new prices cannot be used; the ones before go on.")},
    {StoreRowsLost, Severity::Warning,
        QT_TRANSLATE_NOOP("Core", "Rows of the history and of what was spent could not be kept."), {}, 0ms,
        5min},
    {JournalLost, Severity::Warning, QT_TRANSLATE_NOOP("Core", "Lines of the log could not be written."), {},
        0ms, 5min},
};
static_assert(std::size(kinds) == troubleNames.size());
static_assert([] {
    for (std::size_t i = 0; i < std::size(kinds); ++i) {
        if (std::size_t(kinds[i].code) != i)
            return false;
    }
    return true;
}());

/// One whom a trouble concerns, and what was said of it last.
struct Concern
{
    TroubleSubject subject;
    Sentence text;
    std::chrono::milliseconds last{}; ///< reported, by the clock that nobody sets
};

/// What one trouble is at the moment.
struct Standing
{
    Sentence text; ///< where it concerns nobody alone
    Moment since;
    std::chrono::milliseconds last{}; ///< reported, by the clock that nobody sets
    qint64 times = 1;
    std::vector<Concern> concerns = {}; ///< the first reported first
};

bool isOlder(const Concern &one, const Concern &other)
{
    return one.last < other.last;
}

bool isOver(const Kind &kind, std::chrono::milliseconds last, const Moment &now)
{
    return kind.overAfter > 0ms && now.steady - last >= kind.overAfter;
}

/// Of what is a matter of dates alone.
Moment sinceOf(const QDateTime &date, const Moment &now)
{
    return now + std::chrono::milliseconds(now.utc.msecsTo(date));
}

Trouble troubleOf(const Kind &kind, const Standing &standing)
{
    Trouble trouble{kind.code, kind.severity, kind.title, standing.text, standing.since.utc, standing.times};
    if (!standing.concerns.empty())
        trouble.text = std::max_element(standing.concerns.begin(), standing.concerns.end(), isOlder)->text;
    for (const Concern &concern : standing.concerns)
        trouble.subjects.append(concern.subject);
    trouble.steadySince = standing.since.steady;
    return trouble;
}

} // namespace

Moment Moment::now()
{
    return {QDateTime::currentDateTimeUtc(),
        std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now().time_since_epoch())};
}

struct Troubles::State
{
    std::optional<Standing> lasting(const Kind &kind, const Moment &now) const;
    std::optional<Standing> ofCertificate(TroubleCode code, const Moment &now) const;

    mutable std::mutex mutex; ///< guards all below
    std::map<TroubleCode, Standing> standings; ///< what has been reported, also what is over by now
    std::map<TroubleCode, Trouble> told; ///< by takeChanges()
    QDateTime certificateExpiry;
};

std::optional<Standing> Troubles::State::ofCertificate(TroubleCode code, const Moment &now) const
{
    const QDateTime warnedFrom = certificateExpiry.addDays(-certificateWarning.count());
    const bool expired = certificateExpiry <= now.utc;
    if (!certificateExpiry.isValid() || warnedFrom > now.utc || expired != (code == CertificateExpired))
        return {};
    if (expired)
        return Standing{QT_TRANSLATE_NOOP("Core", "Get a new certificate and set it as TLS_CERT_FILE."),
            sinceOf(certificateExpiry, now), now.steady};
    const qint64 days = now.utc.daysTo(certificateExpiry);
    return Standing{days <= 1
            ? Sentence(QT_TRANSLATE_NOOP(
                "Core", "It expires within a day. Renew it; the relay reads the new file by itself."))
            : Sentence(QT_TRANSLATE_NOOP("Core",
                           "It expires in %1 days. Renew it; the relay reads the new file by itself."),
                {days}),
        sinceOf(warnedFrom, now), now.steady};
}

/// Nothing: there is none, or it is over.
std::optional<Standing> Troubles::State::lasting(const Kind &kind, const Moment &now) const
{
    if (kind.code == CertificateExpired || kind.code == CertificateExpires)
        return ofCertificate(kind.code, now);
    const auto found = standings.find(kind.code);
    if (found == standings.end() || isOver(kind, found->second.last, now))
        return {};
    Standing standing = found->second;
    std::erase_if(standing.concerns, [&](const Concern &concern) { return isOver(kind, concern.last, now); });
    return standing;
}

Troubles::Troubles()
    : m_state(std::make_unique<State>())
{
}

Troubles::~Troubles() = default;

void Troubles::report(TroubleCode code, const Sentence &text, const Moment &now)
{
    const std::lock_guard lock(m_state->mutex);
    if (const auto before = m_state->lasting(kinds[size_t(code)], now))
        m_state->standings[code] = {text, before->since, now.steady, before->times + 1};
    else
        m_state->standings[code] = {text, now, now.steady};
}

void Troubles::report(TroubleCode code, const QString &subject, const Sentence &text, const Moment &now)
{
    const std::lock_guard lock(m_state->mutex);
    Standing standing;
    standing.since = now;
    if (const auto before = m_state->lasting(kinds[size_t(code)], now)) {
        standing = *before;
        ++standing.times;
    }
    standing.last = now.steady;
    std::vector<Concern> &concerns = standing.concerns;
    const auto known = std::find_if(concerns.begin(), concerns.end(),
        [&subject](const Concern &each) { return each.subject.name == subject; });
    if (known != concerns.end()) {
        *known = {{subject, known->subject.times + 1, now.utc}, text, now.steady};
    } else {
        if (concerns.size() == size_t(mostSubjects))
            concerns.erase(std::min_element(concerns.begin(), concerns.end(), isOlder));
        concerns.push_back({{subject, 1, now.utc}, text, now.steady});
    }
    m_state->standings[code] = std::move(standing);
}

void Troubles::clear(TroubleCode code)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->standings.erase(code);
}

void Troubles::clear(TroubleCode code, const QString &subject)
{
    clear(code, [&subject](const QString &each) { return each == subject; });
}

void Troubles::clear(TroubleCode code, const std::function<bool(const QString &subject)> &isOver)
{
    const std::lock_guard lock(m_state->mutex);
    const auto standing = m_state->standings.find(code);
    if (standing == m_state->standings.end())
        return;
    std::vector<Concern> &concerns = standing->second.concerns;
    const auto over
        = std::erase_if(concerns, [&isOver](const Concern &concern) { return isOver(concern.subject.name); });
    if (over > 0 && concerns.empty())
        m_state->standings.erase(standing);
}

void Troubles::clearAll()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->standings.clear();
    m_state->told.clear();
    m_state->certificateExpiry = {};
}

void Troubles::setCertificateExpiry(const QDateTime &expiry)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->certificateExpiry = expiry;
}

QList<Trouble> Troubles::current(const Moment &now) const
{
    const std::lock_guard lock(m_state->mutex);
    QList<Trouble> troubles;
    std::array<bool, std::size(kinds)> isTold{};
    for (const Kind &kind : kinds) {
        const auto standing = m_state->lasting(kind, now);
        if (!standing || now.steady - standing->since.steady < kind.toldAfter
            || standing->times < kind.toldFrom)
            continue;
        isTold[size_t(kind.code)] = true; // also where it is explained itself
        if (!kind.dependsOn || !isTold[size_t(*kind.dependsOn)])
            troubles.append(troubleOf(kind, *standing));
    }
    return troubles;
}

Troubles::Changes Troubles::takeChanges(const Moment &now)
{
    const QList<Trouble> troubles = current(now);
    Changes changes;
    const std::lock_guard lock(m_state->mutex);
    for (const Trouble &trouble : troubles) {
        if (m_state->told.emplace(trouble.code, trouble).second)
            changes.begun.append(trouble);
    }
    std::erase_if(m_state->told, [&](const auto &told) {
        // What another one explains has not ended.
        const bool over = !m_state->lasting(kinds[size_t(told.first)], now);
        if (over)
            changes.ended.append(told.second);
        return over;
    });
    return changes;
}

} // namespace rr
