// SPDX-License-Identifier: MIT
#pragma once

#include "core/monitor/snapshot.h"
#include "core/relay/relay.h"
#include "ui/control/troublewatch.h"

#include <QList>
#include <QString>
#include <QUrl>

#include <optional>

namespace rr {

/// With OffAttention and OnAttention something needs the operator.
enum class IconState : quint8 { Off, Idle, Live, OffAttention, OnAttention };

/// What is wrong, in plain words, and what to do about it.
struct Problem
{
    enum Fix : quint8 { None, AnotherPort, CheckUpstream, OpenSettings };
    QString text;
    QString nextStep;
    Fix fix = None; ///< what a button beside it can do
    QByteArray setting = {}; ///< that OpenSettings shows, as spelled at its source; may be empty

    bool operator==(const Problem &) const = default;
};

/// All that the state of the relay looks like to people.
struct StatusView
{
    IconState icon = IconState::Off;
    int badge = 0; ///< live calls
    QString sentence; ///< "The relay is on, with 3 calls."
    QString statusLine; ///< short, for a menu: "On, 3 calls"
    QString tooltip; ///< several lines of plain text
    QString action; ///< what the start/stop button does now
    bool starts = false; ///< the action starts the relay; otherwise it stops it
    QList<Problem> problems; ///< the worst first
};

struct StatusInput
{
    Snapshot snapshot;
    std::optional<RelayError> error; ///< why the last start failed
    Troubles troubles;
    QUrl address; ///< the one to show; empty: none
    quint16 port = 0; ///< as configured
    bool demo = false;
    QDateTime now;
};

/// Pure: the same input gives the same view.
StatusView presentStatus(const StatusInput &input);

} // namespace rr
