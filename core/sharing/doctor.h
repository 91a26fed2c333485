// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/secret.h"
#include "core/config/settingsloader.h"
#include "core/sharing/checkstep.h"
#include "core/sharing/publicproof.h"

#include <QByteArray>
#include <QObject>
#include <QString>
#include <QUrl>

#include <memory>
#include <optional>

namespace rr {

/// What is to be examined. A plain value.
struct DoctorPlan
{
    LoadedSettings loaded; ///< those in force or, while stopped, those to start with; with their problems
    bool isDemo = false; ///< the built-in simulator answers
    /// Where a relay of this process listens; 0: none does. Another process's is looked for at the settings' port.
    quint16 port = 0;
    /// Typed for once; empty: what needs one is left out. Goes to the upstream alone, by this process.
    Secret key = {};
    QByteArray model = "gpt-realtime"; ///< asked for with the key
    /// What others are told to connect to (ws://, wss://, http:// or https://): its certificate is checked, and whether it
    /// can be reached. Empty: no such address.
    QUrl shown = {};
    /// The last proof of a share, where there is one: then it is told of `shown` instead, for it proves more.
    std::optional<ProofResult> proof = {};
};

/// Examines all that a call needs, in the order in which it needs it, one CheckStep each: "settings", "port", "addresses",
/// "firewall", "dns", "proxy", "tcp", "tls", "clock", "region", "key", "call", "certificate", "public". What a failed step
/// would only repeat is Skipped. No traffic but to the upstream, to this machine and its DNS servers and proxy, and to the
/// address that is shown.
///
/// Main thread. Never blocks; each step is bounded in time. One examination at a time.
class Doctor final : public QObject
{
    Q_OBJECT
public:
    explicit Doctor(QObject *parent = nullptr);
    ~Doctor() override;

    /// stepChanged() follows for each step, Running and then with what was found, and finished() at the end. Nothing while
    /// one is running.
    void run(const DoctorPlan &plan);
    void cancel(); ///< no signal follows
    bool isRunning() const { return m_examination != nullptr; }

    /// What a step is about, for people: "Name of the upstream". Empty: not one of these.
    static Sentence titleOf(QLatin1String id);

Q_SIGNALS:
    void stepChanged(const rr::CheckStep &step);
    void finished(const QList<rr::CheckStep> &steps);

private:
    class Examination;
    std::unique_ptr<Examination> m_examination;
};

} // namespace rr
