// SPDX-License-Identifier: MIT
#pragma once

#include "app/compose/host.h"
#include "app/compose/sharing.h"
#include "app/daemon/sharecommandline.h"

#include <QByteArray>
#include <QObject>
#include <QUrl>

#include <optional>

namespace rr {

/// `realtime-relayd share`: asks what is to be asked, shares, and says on standard output what becomes of it, the link
/// among it: that is what it was called for. Nothing of the link goes into the journal. Main thread; the host outlives it.
class ShareCommand : public QObject
{
    Q_OBJECT
public:
    ShareCommand(Host &host, ShareCommandLine line);

    /// The ways, on standard output.
    static void list(bool json);

    /// Before the relay listens: looks at what is wanted, and asks the question before the first share on a terminal. Blocks
    /// for the answer. Returns the exit code where there is nothing to go on with, and has said why.
    std::optional<int> prepare();
    /// Of a relay that listens. Returns the exit code where it cannot be shared, and has said why.
    std::optional<int> start();
    void stop(); ///< ended() follows
    bool isOver() const { return !m_host.sharing().isOn(); }
    int exitCode() const { return m_exitCode; }

Q_SIGNALS:
    void ended(); ///< it is not shared any more, and no program of it runs

private:
    bool ask();
    void follow();
    void sayState(const Sharing::Status &status);

    Host &m_host;
    const ShareCommandLine m_line;
    SharePlan m_plan;
    int m_exitCode = 0;
    Sharing::State m_said = Sharing::State::Off;
    Sentence m_saidReason;
    QUrl m_saidConsent;
    QByteArray m_saidLink; ///< address and secret of the link that was printed last
    bool m_saidVisitor = false;
};

} // namespace rr
