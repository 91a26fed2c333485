// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settings.h"

#include <QByteArray>
#include <QLatin1String>

#include <optional>
#include <span>
#include <variant>

namespace rr {

enum class SettingGroup : quint8 { Network, Upstream, Admission, Sessions, Program };

/// What a value is. Its text: a Duration in milliseconds, Bytes as a plain number, a List comma separated.
enum class SettingKind : quint8 { Address, Number, Duration, Bytes, Switch, Choice, Url, File, List };

/// How a change comes into force. No kind of change drops a session.
enum class SettingApply : quint8 {
    Live, ///< at once; what belongs to a session: for the next session
    ListenAnew, ///< at once, by listening anew
    NextStart ///< when the program starts again
};

using SettingMember = std::variant<QString Settings::*, QStringList Settings::*, QUrl Settings::*,
    quint16 Settings::*, int Settings::*, qint64 Settings::*, std::chrono::milliseconds Settings::*,
    bool Settings::*, LogLevel Settings::*, LogFormat Settings::*>;

/// All that is known of one setting. Names, help, parsing, saving and the reference are derived from it.
struct SettingSpec
{
    QLatin1String key; ///< in JSON: "maxConnections"; the other two names follow from it
    SettingGroup group = SettingGroup::Program;
    SettingKind kind = SettingKind::Number;
    SettingMember member;
    qint64 minimum = 0; ///< of a Number, Duration or Bytes, both included
    qint64 maximum = 0;
    const char *zeroMeans = nullptr; ///< not null: 0 is allowed beside the range, and means this
    std::span<const QLatin1String> choices = {}; ///< of a Choice, in the order of its enum
    const char *allowed = nullptr; ///< for people, where neither range nor choices say it
    std::optional<QString> (*check)(QString &) = nullptr; ///< of the text, of each entry of a List
    bool secret = false; ///< may hold a password: shown only by settingTextToShow
    SettingApply apply = SettingApply::Live;
    const char *help = nullptr; ///< one or two sentences; translatable in the context "Settings"

    QByteArray environmentName() const; ///< "MAX_CONNECTIONS"
    QByteArray option() const; ///< "--max-connections"
    QString allowedText() const; ///< "0 (no limit), or 1 to 100000"
};

/// Every setting once, in the order of the groups. Lives as long as the program; any thread.
std::span<const SettingSpec> settingsTable();

/// By JSON key, environment name or option, in any case; nullptr when there is none.
const SettingSpec *findSetting(QStringView name);

QString groupName(SettingGroup group);

} // namespace rr
