// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QDateTime>
#include <QLatin1String>
#include <QList>

#include <array>
#include <chrono>
#include <functional>
#include <memory>

namespace rr {

/// What whoever runs the relay has to know of; the worst first. What each means is in one table of troubles.cpp.
enum class TroubleCode : quint8 {
    NotListening, ///< the port could not be had
    AcceptFailed, ///< no descriptors or memory are left to accept connections with
    CertificateRefused, ///< the files have changed and cannot be used; what was read before stays in force
    CertificateExpired,
    CertificateExpires, ///< soon
    UpstreamUnreachable, ///< no handshake comes about
    UpstreamRefused, ///< it answers no, for a reason that does not lie with one client
    UpstreamLost, ///< calls were cut off in the middle
    HeldKeyRefused, ///< the upstream does not take the relay's own
    HeldKeyMissing, ///< an access token came, and there is no key for it
    StoreAway, ///< the database cannot be reached
    KeyMissing, ///< a client sent no API key that can be used
    KeyRefused, ///< the upstream does not take a client's key
    QuotaUsedUp, ///< of the account that a client's key belongs to
    BudgetSpent, ///< one of a token's, or of all together
    BudgetNearlySpent, ///< four fifths of it
    ModelUnknown, ///< to the upstream, or to what the client's key may use
    RequestRefused, ///< by the upstream, for another reason that lies with a client
    HeldKeyIdle, ///< a key is held, and nobody can be given an access token for want of a store
    RelayFull, ///< clients were turned away for want of a place
    HalfOpenCut, ///< too many connections waited for a request
    ShareBroken, ///< calls from outside do not reach the relay, which is shared
    OriginRefused, ///< a web page was turned away
    ShareOriginRefused, ///< one that came with the link of a share, whose origins are others
    TokensRefused, ///< access tokens were tried that are none, or not any more
    CertificateNotTrusted, ///< clients do not accept the relay's certificate
    ProxyNotTrusted, ///< the PROXY protocol is spoken by who is none of TRUSTED_PROXIES
    ProxyHeaderMalformed, ///< it is spoken, but not as it should be
    TlsOnPlainPort, ///< clients speak TLS to a relay that does not
    HttpOnTlsPort, ///< and the other way round
    TlsVersionTooOld,
    TlsFailed, ///< handshakes of clients, for any other reason
    WrongPath, ///< calls are asked for where there are none
    RequestsUnfinished, ///< connections end, or time out, before their requests are whole
    PricesRefused, ///< the file has changed and cannot be used; the prices before stay in force
    StoreRowsLost, ///< what was to be kept is not, for want of room
    JournalLost, ///< lines of the journal could not be written
};

/// For machines; in the order of TroubleCode.
inline constexpr std::array troubleNames{
    QLatin1String("not_listening"),
    QLatin1String("accept_failed"),
    QLatin1String("certificate_refused"),
    QLatin1String("certificate_expired"),
    QLatin1String("certificate_expires"),
    QLatin1String("upstream_unreachable"),
    QLatin1String("upstream_refused"),
    QLatin1String("upstream_lost"),
    QLatin1String("held_key_refused"),
    QLatin1String("held_key_missing"),
    QLatin1String("store_away"),
    QLatin1String("key_missing"),
    QLatin1String("key_refused"),
    QLatin1String("quota_used_up"),
    QLatin1String("budget_spent"),
    QLatin1String("budget_nearly_spent"),
    QLatin1String("model_unknown"),
    QLatin1String("request_refused"),
    QLatin1String("held_key_idle"),
    QLatin1String("relay_full"),
    QLatin1String("half_open_cut"),
    QLatin1String("share_broken"),
    QLatin1String("origin_refused"),
    QLatin1String("share_origin_refused"),
    QLatin1String("tokens_refused"),
    QLatin1String("certificate_not_trusted"),
    QLatin1String("proxy_not_trusted"),
    QLatin1String("proxy_header_malformed"),
    QLatin1String("tls_on_plain_port"),
    QLatin1String("http_on_tls_port"),
    QLatin1String("tls_version_too_old"),
    QLatin1String("tls_failed"),
    QLatin1String("wrong_path"),
    QLatin1String("requests_unfinished"),
    QLatin1String("prices_refused"),
    QLatin1String("store_rows_lost"),
    QLatin1String("journal_lost"),
};
static_assert(troubleNames.size() == std::size_t(TroubleCode::JournalLost) + 1);

constexpr QLatin1String nameOf(TroubleCode code)
{
    return troubleNames[std::size_t(code)];
}

enum class Severity : quint8 {
    Note, ///< perhaps as it should be
    Warning, ///< some calls fail, or soon will
    Error, ///< no call works
};

/// For machines; in the order of Severity.
inline constexpr std::array severityNames{
    QLatin1String("note"), QLatin1String("warning"), QLatin1String("error")};
static_assert(severityNames.size() == std::size_t(Severity::Error) + 1);

constexpr QLatin1String nameOf(Severity severity)
{
    return severityNames[std::size_t(severity)];
}

/// Now by two clocks: by one that people read, and may set, and by one that nobody sets, which tells how long something
/// lasts. A plain value.
struct Moment
{
    QDateTime utc;
    std::chrono::milliseconds steady{}; ///< since a moment of no meaning

    static Moment now();
};
inline Moment operator+(const Moment &moment, std::chrono::milliseconds passed)
{
    return {moment.utc.addMSecs(passed.count()), moment.steady + passed};
}

/// One of those whom a trouble concerns. A plain value.
struct TroubleSubject
{
    QString
        name; ///< of the two about origins the origin, of those about budgets the token's name (of all: the setting's), of
        ///< others the client's address; as it may be shown
    qint64 times = 1; ///< reported of it since the trouble began
    QDateTime last; ///< UTC

    bool operator==(const TroubleSubject &) const = default;
};

/// One trouble as it stands. A plain value.
struct Trouble
{
    TroubleCode code = TroubleCode::NotListening;
    Severity severity = Severity::Error;
    Sentence title; ///< what is wrong; holds nothing from outside
    Sentence text; ///< more about it, as reported last, and what to do; no key
    QDateTime since; ///< UTC; stays when it is reported again
    qint64 times = 1; ///< reported since then
    QList<TroubleSubject> subjects = {}; ///< whom it concerns, the first reported first; empty: nobody alone
    std::chrono::milliseconds steadySince{}; ///< Moment::steady of `since`

    bool operator==(const Trouble &) const = default;
};

/// What is wrong with the relay, as reported by those who meet it, until the truth ends it: clear(), or that it was
/// not reported again for a while. Any thread may call any function; they share one mutex, taken when a call opens, fails or is refused and when a snapshot is made, never on the data path.
class Troubles
{
public:
    /// Strangers choose their origins and addresses: those not heard of for longest make room.
    static constexpr qsizetype mostSubjects = 5;

    Troubles();
    ~Troubles();
    Q_DISABLE_COPY_MOVE(Troubles)

    void report(TroubleCode code, const Sentence &text, const Moment &now = Moment::now());
    /// Of one of many: it is over when it is over for each.
    void report(
        TroubleCode code, const QString &subject, const Sentence &text, const Moment &now = Moment::now());
    void clear(TroubleCode code);
    void clear(TroubleCode code, const QString &subject);
    /// For the subjects of which `isOver` is true.
    void clear(TroubleCode code, const std::function<bool(const QString &subject)> &isOver);
    /// The relay has stopped: nothing is wrong with what is off. Nor has anything ended.
    void clearAll();
    /// Of the certificate that clients are shown; null: there is none.
    void setCertificateExpiry(const QDateTime &expiry);

    /// Those that have lasted long enough to be told, the worst first, without those that another one explains.
    QList<Trouble> current(const Moment &now = Moment::now()) const;

    /// What has begun and what has ended since the last time, each once: for the log.
    struct Changes
    {
        QList<Trouble> begun;
        QList<Trouble> ended;
    };
    Changes takeChanges(const Moment &now = Moment::now());

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace rr
