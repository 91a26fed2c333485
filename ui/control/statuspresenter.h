// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/relayerror.h"
#include "core/monitor/snapshot.h"

#include <QList>
#include <QString>
#include <QUrl>

#include <optional>

namespace rr {

class RelayControl;

/// Green is for Idle, Live and OnAttention: calls reach the upstream.
enum class IconState : quint8 {
    Off,
    Unchecked, ///< on; whether calls work is not known yet
    Idle, ///< works, no call
    Live, ///< works, with calls
    OffAttention, ///< could not start
    OnAttention, ///< works, but something needs the operator
    Failing, ///< on, but no call works
};

/// What is wrong, in plain words, and what to do about it.
struct Problem
{
    enum Fix : quint8 {
        None,
        AnotherPort,
        CheckUpstream,
        OpenSettings,
        OpenAccess, ///< the page of the held key, access tokens and budgets
        AllowOrigin,
        AllowSharedOrigin
    };
    QString text;
    QString nextStep;
    Fix fix = None; ///< what a button beside it can do
    QByteArray setting = {}; ///< that OpenSettings shows, as spelled at its source; may be empty
    QString origin = {}; ///< that AllowOrigin lets in, or AllowSharedOrigin to the share
    QString about = {}; ///< the same while it is the same problem, however its words count

    bool operator==(const Problem &) const = default;
};

/// All that the state of the relay looks like to people.
struct StatusView
{
    IconState icon = IconState::Off;
    int badge = 0; ///< live calls
    std::optional<TroubleCode> trouble; ///< that the icon and the sentence tell of
    QString sentence; ///< "The relay works, with 3 calls."
    QString statusLine; ///< the same, short, for a menu: "Works, 3 calls"
    QString tooltip; ///< several lines of plain text
    QString action; ///< what the start/stop button does now
    bool starts = false; ///< the action starts the relay; otherwise it stops it
    bool mayKeepRunning = false; ///< it is stopping, and that can be called off
    QList<Problem> problems; ///< the worst first
};

struct StatusInput
{
    Snapshot snapshot;
    std::optional<RelayError> error; ///< why the last start failed
    QUrl address; ///< the one to show; empty: none
    quint16 port = 0; ///< as configured
    bool demo = false;
    QString upstream = {}; ///< the host that calls go to; empty: it has none
    qint64 calls = 0; ///< since the relay was started
    qint64 messages = 0;
    QString sharedAt = {}; ///< the public host that others come in by; empty: the relay is not shared
    bool originsAreFixed = false; ///< from outside: none can be allowed here
};

/// As it is now, but for the address.
StatusInput statusNow(const RelayControl &control);

/// Pure: the same input gives the same view.
StatusView presentStatus(const StatusInput &input);

} // namespace rr
