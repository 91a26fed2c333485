// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settings.h"

#include <QByteArray>
#include <QHostAddress>
#include <QMap>
#include <QString>

#include <chrono>
#include <memory>
#include <variant>

namespace rr {

struct AdmissionState;

struct AdmissionRequest
{
    QHostAddress client; ///< from clientAddress()
    QByteArray origin; ///< value of the Origin header; null when there is none
    std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now();
};

/// Why a client may not come in: what errorResponse() of core/http needs to say so.
struct Refusal
{
    int status = 0;
    QByteArray code;
    QString message;
    int retryAfterSeconds = 0; ///< 0: not known
};

/// A place among the admitted; destroying it gives the place back. Any thread may do so, also after the
/// Admission is gone.
class Ticket
{
public:
    Ticket(Ticket &&) noexcept = default;
    Ticket &operator=(Ticket &&other) noexcept;
    ~Ticket();

private:
    friend class Admission;
    Ticket(std::shared_ptr<AdmissionState> state, const QHostAddress &network);

    std::shared_ptr<AdmissionState> m_state; ///< null: moved from
    QHostAddress m_network;
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

    /// The checks in their order, and the refusals:
    ///   503 relay_draining                      with Retry-After
    ///   403 origin_not_allowed
    ///   429 connection_rate_exceeded            with Retry-After
    ///   429 too_many_connections_from_address
    ///   503 relay_full                          with Retry-After
    /// Limits "from one address" count an IPv6 /64 as one (clientNetwork()). Refusals up to the origin take
    /// nothing of the address's rate: a page that may not come in must not shut out a program beside it, nor
    /// may a drain be followed by 429s. What is refused for want of a place has made a try and counts.
    std::variant<Ticket, Refusal> admit(const AdmissionRequest &request);

    /// For requests that need no place, such as /health: whether a page of this origin may read the answer.
    bool allowsOrigin(QByteArrayView origin) const;

    /// Counts a refusal that was decided elsewhere ("bad_request", "not_found", …). `code` is one of the
    /// program's own, never text from outside: every new one takes memory.
    void countRefusal(const QByteArray &code);
    QMap<QByteArray, qint64> rejected() const; ///< since the start, by code

    int liveCount() const; ///< tickets out

private:
    std::shared_ptr<AdmissionState> m_state;
};

} // namespace rr
