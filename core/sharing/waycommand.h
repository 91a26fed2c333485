// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/way.h"

#include <QMap>
#include <QProcessEnvironment>
#include <QRegularExpression>
#include <QUrl>

#include <variant>

namespace rr {

/// A way with its fields filled in: what is run, and what is looked for in what it prints. A plain value.
struct WayCommand
{
    QString program; ///< a path
    QStringList args;
    QProcessEnvironment environment;
    Way::Stdin input = Way::Stdin::Null;

    QUrl address; ///< where it is known beforehand; else empty
    QRegularExpression addressPattern; ///< of a line; empty: none
    bool lastAddress = false; ///< each match counts
    QUrl addressPage; ///< on this machine; empty: none
    QString addressPointer, addressFind, addressPrefix; ///< what of its answer; as in WayUrl

    WayReady::From readyFrom = WayReady::From::Url;
    QRegularExpression readyPattern;
    QUrl readyPage;
    int readyStatus = 200;
};

/// Why a way cannot be run.
struct WayProblem
{
    QString code; ///< "field", "not_installed"
    Sentence text;
};

/// Looks for the program and for free ports, so it is made anew for each run. `more`: for the environment, besides the
/// row's. What is not of this way in `fields` is passed over. Any thread.
std::variant<WayCommand, WayProblem> commandOf(const Way &way, const QMap<QString, QString> &fields,
    quint16 port, const QMap<QString, QString> &more = {});

} // namespace rr
