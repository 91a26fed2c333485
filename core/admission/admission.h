// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/shareterms.h"
#include "core/base/door.h"
#include "core/base/sentence.h"
#include "core/config/settings.h"

#include <QByteArray>
#include <QHostAddress>
#include <QMap>
#include <QString>

#include <chrono>
#include <memory>
#include <optional>
#include <variant>

namespace rr {

struct AdmissionState;

struct AdmissionRequest
{
    QHostAddress client; ///< from clientAddress()
    QByteArray origin; ///< value of the Origin header; null when there is none
    std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now();
    QString shownOrigin = {}; ///< the origin as it may be shown
    QByteArray host = {}; ///< value of the Host header
    bool secure = false; ///< the client has come with TLS, as far as is known
    bool hasKey = true;
    Door door = Door::Public; ///< Share: with the secret of the link

    /// What counts as one client. At the share's door an address of this machine is that of the tunnel: all whom it brings
    /// without telling who they are count as one, and as none of this machine's own.
    QHostAddress network() const;
};

/// Why a client may not come in: what errorResponse() of core/http needs to say so.
struct Refusal
{
    int status = 0;
    QByteArray code;
    Sentence message;
    int retryAfterSeconds = 0; ///< 0: not known
    /// To be told that much later: who is refused for coming back again and again would else come back at once.
    std::chrono::milliseconds hold{0};
};

/// A wait, one at least: for Refusal::retryAfterSeconds.
int wholeSeconds(std::chrono::nanoseconds wait);
/// Of those who find no place.
inline constexpr int retryWhenFullSeconds = 10;

/// 429 too_many_failing_calls, with Retry-After and as long a hold: what the last tries from the client's address got.
Refusal tooManyFailing();

/// A place among the admitted; destroying it gives the place back. Any thread may do so, also after the
/// Admission is gone.
///
/// Those who are only being told that they have to go take none of the places, however long they linger; without a key
/// nobody is let in while they are as many as there are places, and see tooManyLeave().
class Ticket
{
public:
    /// The call goes well: what may be said of it once it has lasted a while. See Probation.
    void prove();
    /// The call has ended, and its client is yet to be told. `failed`: at once, or so that it is as good as that.
    void leave(bool failed = false);

    Ticket(Ticket &&) noexcept = default;
    Ticket &operator=(Ticket &&other) noexcept;
    ~Ticket();

private:
    friend class Admission;
    Ticket(std::shared_ptr<AdmissionState> state, const QHostAddress &network, bool leaving, Door door);
    void endTrial(bool failed);

    std::shared_ptr<AdmissionState> m_state; ///< null: moved from
    QHostAddress m_network;
    bool m_leaving = false;
    bool m_proven = false;
    Door m_door = Door::Public;
};

/// Decides who may come in, and counts who may not. One for the whole relay. Any thread may call any
/// function; they share one mutex, held for microseconds and only on the way of a handshake.
class Admission
{
public:
    Admission();
    ~Admission();
    Q_DISABLE_COPY_MOVE(Admission)

    /// Origins and limits from now on. Who is in stays in, even where a limit is now lower.
    void setRules(const Settings &settings);
    /// While draining nobody is let in.
    void setDraining(bool draining);

    /// On what terms the relay is shared from now on; null: it is not, and nobody comes by that door. Calls that came by it
    /// stay, whatever secret they came with: who has an old link can come no more, and who is in is not thrown out.
    void setShare(std::shared_ptr<const ShareTerms> terms);
    std::shared_ptr<const ShareTerms> share() const; ///< null: it is not shared
    /// Whether it is that of the link; takes as long whatever it is.
    bool isLinkSecret(QByteArrayView secret) const;
    /// What to tell who came with another: 404 not_found, as at any path where there is nothing, and 429
    /// too_many_wrong_links beyond ShareRules::wrongSecretsAMinute of one network(). That holds up nobody who has the right one,
    /// for it is asked first: 128 bits need no lock-out, and where the tunnel does not tell addresses it would be everybody's.
    Refusal refuseLink(const AdmissionRequest &request);

    /// Whether there is anything under this name, for requests of every kind: 421 host_not_allowed (see HostPolicy; by
    /// the door of a share ShareTerms::host alone). Counts the refusal. `throughProxy`: the connection is a trusted proxy's.
    std::optional<Refusal> checkHost(Door door, QByteArrayView host, bool throughProxy);
    /// For what Settings::statsToken guards: 401 stats_token_required. `token`: that of the settings by which the asker knows
    /// what is guarded; empty: nothing is. `authorization`: value of that header. Counts the refusal.
    std::optional<Refusal> checkStatsToken(const QString &token, QByteArrayView authorization);

    /// The checks in their order, and the refusals:
    ///   503 relay_draining                      with Retry-After
    ///   403 origin_not_allowed                  (let in: none, an allowed one, or the address's own)
    ///   429 connection_rate_exceeded            with Retry-After
    ///   429 too_many_connections_from_address
    ///   503 relay_full                          with Retry-After
    ///   429 too_many_failing_calls              with Retry-After, and told late; only with a key: who has none dials not
    /// By the door of a share its own origins and limits (ShareRules) come first; those of the settings hold besides, but for
    /// ALLOWED_ORIGINS. Limits "from one address" count an IPv6 /64 as one (clientNetwork()). Refusals up to the origin take
    /// nothing of the address's rate: a page that may not come in must not shut out a program beside it, nor
    /// may a drain be followed by 429s. What is refused for want of a place has made a try and counts.
    std::variant<Ticket, Refusal> admit(const AdmissionRequest &request);

    /// For a plain request that the upstream is asked: the same without the places, of which it takes none. It counts in the
    /// address's rate as a call does. But an inquiry is refused as a call with a key would be, also for want of a place, and
    /// takes nothing of the rate.
    std::optional<Refusal> checkExchange(const AdmissionRequest &request);
    /// Whether a plain request only asks how a call would fare, as the page for trying does when no WebSocket came about: it
    /// has no key, so that it goes no further, and comes by the door of a share, or from that page of the relay's own.
    bool isInquiry(const AdmissionRequest &request) const;

    /// For requests that need no place, such as /health: whether a page of this origin may read the answer.
    bool allowsOrigin(QByteArrayView origin, Door door = Door::Public) const;

    /// Whether those who are only being told that they have to go are twice as many as there are places: the oldest of
    /// them has to be cut before another call begins, or strangers could gather as many as they like.
    bool tooManyLeave() const;

    /// Counts a refusal that was decided elsewhere ("bad_request", "not_found", …). `code` is one of the
    /// program's own, never text from outside: every new one takes memory.
    void countRefusal(const QByteArray &code);
    QMap<QByteArray, qint64> rejected() const; ///< since the start, by code

    int liveCount() const; ///< tickets out, but for those that are leaving

private:
    std::shared_ptr<AdmissionState> m_state;
};

} // namespace rr
