// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/outputlines.h"
#include "core/sharing/pagepoll.h"
#include "core/sharing/tunnel.h"
#include "core/sharing/waycommand.h"

#include <QElapsedTimer>
#include <QObject>
#include <QProcess>
#include <QTimer>

namespace rr {

/// One run of a way's program, from its start to its end: reads what it prints and asks its page, and says what that means.
/// What is done about it is the tunnel's. Main thread (see childlife.h); owned by the Tunnel.
class TunnelRun final : public QObject
{
    Q_OBJECT
public:
    TunnelRun(const Way &way, WayCommand command, const TunnelPatience &patience, QObject *parent = nullptr);
    ~TunnelRun() override; ///< kills what runs, and waits for that

    void start(); ///< signals follow in later turns of the event loop
    void stop(); ///< in the row's order; ended() follows. A second one changes nothing
    bool isReady() const { return m_isReady; }

Q_SIGNALS:
    void printed(const QString &line);
    void addressSeen(const QUrl &address); ///< also when it is the same again
    void ready(); ///< once, behind the address
    void failed(
        const rr::WayFailure &failure, const QString &link); ///< what a line says; also while it runs on
    void lost(); ///< its page has said for TunnelPatience::lost that it is not ready any more
    /// Nothing of it is left. `exitCode`: -1: it was killed, or crashed; -2: it could not be started, for `why`.
    void ended(int exitCode, const QString &why);

private:
    void read(QByteArray bytes, OutputLines &lines);
    void look(const QString &line);
    void see(const QString &address);
    void lookAtAddressPage(const QByteArray &body);
    void lookAtReadyPage(int status);
    void becomeReady();
    void nextStop();
    void finish(int exitCode, const QString &why);

    const Way m_way;
    const WayCommand m_command;
    const TunnelPatience m_patience;
    QProcess m_process;
    qint64 m_pid = 0; ///< QProcess forgets it
    OutputLines m_output, m_errors;
    PagePoll m_addressPage, m_readyPage;
    QTimer m_grace;
    QElapsedTimer m_sinceReady; ///< since its page said so last
    qsizetype m_stops = 0; ///< of the row's order, done
    bool m_isStopping = false;
    bool m_hasAddress = false;
    bool m_saidReady = false; ///< by its line or page; it counts with an address
    bool m_isReady = false;
    bool m_isOver = false;
};

} // namespace rr
