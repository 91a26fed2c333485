// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/way.h"

#include <QDateTime>
#include <QMap>
#include <QObject>
#include <QUrl>

#include <chrono>
#include <memory>

namespace rr {

/// How long a tunnel waits. Not settings: no operator needs others; tests do.
struct TunnelPatience
{
    std::chrono::milliseconds ready{45'000}; ///< from the start of the program
    std::chrono::milliseconds firstRetry{1'000}; ///< then twice as long each time …
    std::chrono::milliseconds lastRetry{60'000}; ///< … up to this; each a fifth shorter or longer, by chance
    std::chrono::milliseconds proven{60'000}; ///< ready for so long: the next retry is a first one
    std::chrono::milliseconds poll{250}; ///< between two questions to a program's own page
    std::chrono::milliseconds answer{5'000}; ///< for each to be answered
    std::chrono::milliseconds lost{60'000}; ///< no longer ready for so long, by that page: begun anew
    std::chrono::milliseconds renewal{120'000}; ///< before Way::lasts is over it is begun anew
    /// As many of the way's seconds of grace and of waiting are worth; tests make them shorter.
    std::chrono::milliseconds second{1'000};
};

/// Runs a way's program for as long as it is wanted: again with back-off when it ends, anew before it runs out. Says what
/// the public address is, which may change. Whether calls arrive there it does not know: PublicProof does.
///
/// The program ends with this process, however that ends, and so does what it has started: see bindLife().
///
/// Main thread, for on Linux the child dies with the *thread* that started it; owned by Sharing.
class Tunnel final : public QObject
{
    Q_OBJECT
public:
    enum class State {
        Off,
        Starting,
        AddressKnown, ///< not ready yet
        Ready, ///< by its own account
        Broken, ///< again in retryIn()
        NeedsYou, ///< reason() says for what: a page to open (link()), a key, a program to install
        Stopping,
    };

    explicit Tunnel(QObject *parent = nullptr);
    explicit Tunnel(const TunnelPatience &patience, QObject *parent = nullptr);
    ~Tunnel() override; ///< kills what runs

    /// `fields`: by Ask::name. `port`: of 127.0.0.1, where the calls go. Only while Off; changed() follows. What cannot
    /// begin for want of a field or of the program ends in NeedsYou.
    void start(const Way &way, const QMap<QString, QString> &fields, quint16 port);
    /// Ends it, from any state; stopped() follows, in a later turn of the event loop, when no process is left.
    void stop();

    State state() const;
    QUrl address() const; ///< https://HOST; stays while Broken, empty until known
    Sentence reason() const; ///< of Broken and NeedsYou, and what to do
    QString
    reasonCode() const; ///< for machines: "auth", "place_taken", "not_installed"; empty without a reason
    QString offers() const; ///< id of the way to take instead; mostly empty
    QUrl link() const; ///< a page that waits for the operator's consent; mostly empty
    std::chrono::milliseconds retryIn() const; ///< while Broken; else 0
    QDateTime endsAt() const; ///< UTC: begun anew by then, with another address; null: lasts
    QStringList lastLines() const; ///< of the program, 200 at most, as they may be shown: redacted

public Q_SLOTS:
    /// The network is another, or the machine has woken: what waits for its next try is tried now.
    void networkChanged();

Q_SIGNALS:
    void changed(); ///< any of the above, new lines included; a few times a second at most for these
    void addressChanged(const QUrl &address); ///< known, or another than before
    void stopped();

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace rr
