// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/shareplan.h"
#include "ui/control/relaycontrol.h"

#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>

namespace rr {

/// A way to share that is played: a script in the folder that says an address at which nobody answers, and stays.
inline SharePlan playedPlan(const QTemporaryDir &folder)
{
    QFile script(folder.filePath(QStringLiteral("tunnel.sh")));
    if (script.open(QIODevice::WriteOnly))
        script.write("echo 'your url is: https://127.0.0.1:1'\nexec sleep 600\n");
    SharePlan plan;
    plan.way = QStringLiteral("command");
    plan.fields = {{QStringLiteral("command"),
                       QStandardPaths::findExecutable(QStringLiteral("sh")) + u' ' + script.fileName()},
        {QStringLiteral("shows"), QStringLiteral("your url is:")}, {QStringLiteral("address"), QString()}};
    plan.origins = {QStringLiteral("https://app.example.org")};
    return plan;
}

/// A relay with a window's door to it.
struct PlayedRelay
{
    QTemporaryDir folder;
    Journal journal;
    Host host{journal, input()};
    RelayControl control{host};

    SharePlan plan() const { return playedPlan(folder); }

private:
    SettingsInput input() const
    {
        SettingsInput input;
        input.defaults.host = QStringLiteral("127.0.0.1");
        input.defaults.port = 0;
        input.file = folder.filePath(QStringLiteral("settings.json"));
        return input;
    }
};

} // namespace rr
