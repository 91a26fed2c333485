// SPDX-License-Identifier: MIT
#pragma once

#include "core/admission/shareterms.h"
#include "core/monitor/snapshot.h"
#include "core/sharing/canary.h"
#include "core/sharing/checkstep.h"
#include "core/sharing/publicproof.h"
#include "core/sharing/shareplan.h"
#include "core/sharing/tunnel.h"
#include "core/sharing/way.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QHostAddress>
#include <QJsonObject>
#include <QLatin1String>
#include <QList>
#include <QObject>
#include <QSslCertificate>
#include <QStringList>
#include <QTimer>
#include <QUrl>

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <utility>

namespace rr {

class Host;

/// How sharing waits, whom it asks and what it trusts. Not settings: no operator needs others; tests do.
struct ShareSeams
{
    TunnelPatience tunnel;
    ProofPatience proof;
    NameSources names;
    QList<QSslCertificate> authorities; ///< empty: those that the system trusts
    std::chrono::milliseconds look{1'000}; ///< at the clock, the callers and the network
    /// From a proof that failed to the next, and from a canary that was cut, or could not be opened, to the next; twice as
    /// long each time …
    std::chrono::milliseconds firstAgain{10'000};
    std::chrono::milliseconds lastAgain{300'000}; ///< … up to this
    std::function<QDateTime()> now; ///< UTC; null: the system's
    /// How long it has been shared, by a clock that nobody sets and that does not count sleep; null: by the system's.
    std::function<std::chrono::milliseconds()> lasted;
};

/// What ShareSeams::lasted is put in the place of.
class Lasting
{
public:
    explicit Lasting(std::function<std::chrono::milliseconds()> instead)
        : m_instead(std::move(instead))
    {
    }
    void start() { m_timer.start(); }
    std::chrono::milliseconds elapsed() const
    {
        return m_instead ? m_instead() : std::chrono::milliseconds(m_timer.elapsed());
    }

private:
    std::function<std::chrono::milliseconds()> m_instead;
    QElapsedTimer m_timer;
};

/// Sharing as one thing: a door of the running relay that only this machine can reach, a tunnel from the internet to it, a
/// proof that calls come through, and an end. While it is shared the proof is made anew whenever the address changes or the
/// way has broken; when its time is over, by the wall clock, so that sleep counts, it ends by itself, and with the relay and
/// the program, too.
///
/// Whatever ends it closes the door first and then stops the tunnel: should a program outlive its tunnel, it meets a closed
/// port.
///
/// Main thread; owned by Host. status() is the truth; changed() says that it is another, and comes once a second while
/// something in it counts down.
class Sharing : public QObject
{
    Q_OBJECT
public:
    enum class State : quint8 {
        Off,
        Starting, ///< the tunnel's program
        AddressKnown, ///< but the way does not stand yet
        Testing,
        Shared, ///< proven
        Broken, ///< again by itself in retryIn; of whatever kind it is, reason says it
        NeedsYou, ///< a consent, a key, a program: reason, and consentPage if there is one. stop(), or testAgain()
        Stopping,
    };

    struct Status
    {
        State state = State::Off;
        QString way; ///< the id; empty: it was never on
        QUrl address; ///< https://HOST; empty: not known. A link with it works in Testing and Shared only
        QByteArray secret; ///< for linkForms(); empty while off
        QDateTime until; ///< UTC; when it ends by itself
        Sentence reason; ///< of Broken and NeedsYou; in Off, of an end that nobody has asked for
        QUrl consentPage;
        std::chrono::milliseconds retryIn{0};
        QList<CheckStep> steps; ///< of the proof that runs or ran last, in their order
        std::optional<ProofResult> proof; ///< the last one that was finished
        std::optional<Visitor> visitor; ///< the first; from outside, if the address is known
        QStringList lastLines; ///< of the tunnel's program, redacted
    };

    explicit Sharing(Host &host, ShareSeams seams = {});
    ~Sharing() override; ///< leaves neither a door nor a program behind

    /// Keeps the plan for the next time. Returns why it cannot be: the relay does not run, it is on already, something in
    /// the plan is wrong. What fails later is told by status().
    std::optional<Sentence> start(const SharePlan &plan);
    /// The calls that came through the door end now (4410). Off follows, at once or when the program is gone.
    void stop();
    /// Another secret for the same tunnel: the old link opens nothing any more. Its live calls go on.
    void newLink();
    /// Lets in pages of this origin from now on, and keeps it for the next time. Returns why not, and then nothing has changed.
    std::optional<Sentence> allowOrigin(const QString &origin);
    /// Makes the proof anew; while the way is broken or needs somebody, tries that anew, now.
    void testAgain();

    const Status &status() const { return m_status; }
    bool isOn() const { return m_status.state != State::Off; }
    /// Of the pages that may come with the link; empty while off.
    const QStringList &origins() const { return m_terms.origins; }

    /// As it was chosen last; nothing before the first share.
    std::optional<SharePlan> lastPlan() const;
    /// Whether the question before the first share was answered with yes.
    bool wasAccepted() const;
    void accept();

Q_SIGNALS:
    void changed();
    void addressChanged(
        const QUrl &address); ///< while it was shared under another: the links that were sent are void

private:
    void follow();
    void stand(State state, const Sentence &reason = {});
    void tell(const QByteArray &code);
    void prove();
    void noteStep(const CheckStep &step);
    void noteProof(const ProofResult &result);
    void watchQuiet();
    void noteCut(std::chrono::milliseconds after);
    void unprove();
    void look();
    void end(const Sentence &why);
    void tunnelStopped();
    void keep(const std::function<void(QJsonObject &)> &change);
    QDateTime now() const;

    Host &m_host;
    const ShareSeams m_seams;
    Tunnel m_tunnel;
    PublicProof m_proof;
    Canary m_canary;
    Status m_status;
    SharePlan m_plan;
    Way m_way;
    ShareTerms m_terms;
    quint16 m_port = 0; ///< of the door

    QUrl m_inProof; ///< the address that is being proven, or was; empty: the tunnel is not ready
    QUrl m_sharedAs; ///< the address of the links that were shown
    QTimer m_again; ///< to the next proof
    QTimer m_quiet; ///< to the next canary
    std::chrono::milliseconds m_pause{}; ///< the next one of m_again
    std::chrono::milliseconds m_quietPause{}; ///< the next one of m_quiet
    std::chrono::milliseconds m_watchPause{}; ///< the next one of m_again where no canary can be opened
    std::optional<std::chrono::milliseconds> m_cutAfter; ///< since the tunnel stands
    QTimer m_look;
    Lasting m_lasting{m_seams.lasted};
    QDateTime m_lookedAt;
    QElapsedTimer m_sinceLook;
    QList<QHostAddress> m_network;
    bool m_startsAgain = false; ///< the tunnel is stopped in order to begin anew
    QByteArray m_told; ///< the code of the last line about what is wrong
};

/// For machines; in the order of Sharing::State.
inline constexpr std::array shareStateNames{QLatin1String("off"), QLatin1String("starting"),
    QLatin1String("address_known"), QLatin1String("testing"), QLatin1String("shared"),
    QLatin1String("broken"), QLatin1String("needs_you"), QLatin1String("stopping")};
static_assert(shareStateNames.size() == std::size_t(Sharing::State::Stopping) + 1);

constexpr QLatin1String nameOf(Sharing::State state)
{
    return shareStateNames[std::size_t(state)];
}

} // namespace rr
