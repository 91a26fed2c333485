// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/tunnel.h"
#include "core/sharing/tunnelrun.h"
#include "core/sharing/waywords.h"

#include <QTimer>

#include <optional>

namespace rr {

/// What a Tunnel is made of: the run that is under way, and what becomes of it when it fails, is ready, or ends.
struct Tunnel::Parts
{
    Parts(Tunnel *of, const TunnelPatience &with)
        : tunnel(of)
        , patience(with)
    {
    }

    Tunnel *const tunnel;
    const TunnelPatience patience;
    Way way = {};
    QMap<QString, QString> fields = {};
    quint16 port = 0;

    State state = State::Off;
    QUrl address = {};
    Sentence reason = {};
    QString reasonCode = {};
    QString offers = {};
    QUrl link = {};
    QDateTime endsAt = {};
    QStringList lines = {};

    TunnelRun *run = nullptr; ///< child of the tunnel
    std::optional<WayFailure> failure = {}; ///< what the run has said first
    QMap<QString, QString> more = {}; ///< for the environment of the runs to come
    bool againAtOnce = false; ///< the run is ended only for another to begin
    int tries = 0; ///< that came to nothing, one after another

    QTimer retry, readyBy, proven, renewal, telling;

    void begin();
    void end(); ///< of the run that is under way; ended() goes on
    void onFailed(const WayFailure &found, const QString &page);
    void onReady();
    void onEnded(int exitCode, const QString &why);
    void fail(const QString &code, const Sentence &text, std::chrono::milliseconds wait = {});
    void needYou(const QString &code, const Sentence &text);
    void set(State newState);
    void forgetReason();
    void off();
    QString shown(const QString &line) const; ///< of the program's
    FailureDetails details() const;
    Sentence sentenceOf(const WayFailure &found) const;
    Sentence lastWords(const char *withWords, const char *without, const QString &first) const;
};

} // namespace rr
