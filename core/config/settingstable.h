// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"
#include "core/config/settings.h"

#include <QByteArray>
#include <QLatin1String>

#include <array>
#include <optional>
#include <span>
#include <variant>

namespace rr {

enum class SettingGroup : quint8 { Network, Upstream, Admission, Calls, Access, Program };

/// In English; in the order of SettingGroup.
inline constexpr std::array settingGroupNames{QLatin1String("Network"), QLatin1String("Upstream"),
    QLatin1String("Admission"), QLatin1String("Calls"), QLatin1String("Access"), QLatin1String("Program")};
static_assert(settingGroupNames.size() == std::size_t(SettingGroup::Program) + 1);

constexpr QLatin1String nameOf(SettingGroup group)
{
    return settingGroupNames[std::size_t(group)];
}

/// What a value is. Its text: a Duration in milliseconds, Bytes as a plain number, a List comma separated, a Decimal as it was
/// written. A Secret is never shown.
enum class SettingKind : quint8 {
    Address,
    Number,
    Duration,
    Bytes,
    Switch,
    Choice,
    Url,
    File,
    List,
    Decimal,
    Secret
};

/// May stand before the name of every variable, and then counts before the bare one: HOST is other programs', too.
inline constexpr QLatin1String environmentPrefix("RELAY_");

/// How a change comes into force. No kind of change drops a call.
enum class SettingApply : quint8 {
    Live, ///< at once; what belongs to a call: for the next call
    ListenAnew, ///< at once, by listening anew
    NextStart ///< when the program starts again
};

using SettingMember = std::variant<QString Settings::*, QStringList Settings::*, QUrl Settings::*,
    quint16 Settings::*, int Settings::*, qint64 Settings::*, std::chrono::milliseconds Settings::*,
    bool Settings::*, LogLevel Settings::*, LogFormat Settings::*>;

/// All that is known of one setting. What people read of it is the text of a Sentence. Names, help, parsing, saving and the reference are derived from it.
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
    const char *allowed = nullptr; ///< where neither range nor choices say it
    std::optional<Sentence> (*check)(QString &) = nullptr; ///< of the text, of each entry of a List
    bool secret = false; ///< may hold a password: shown only by settingTextToShow()
    /// Not null: it is no option, and who writes one all the same is told this; %1 is environmentName().
    const char *notAnOption = nullptr;
    SettingApply apply = SettingApply::Live;
    const char *help = nullptr; ///< one or two sentences

    QByteArray jsonName() const; ///< the key
    QByteArray environmentName() const; ///< "MAX_CONNECTIONS", without the prefix
    QByteArray option() const; ///< "--max-connections"
    Sentence allowedText() const; ///< "0 (no limit), or 1 to 100000"
};

/// Every setting once, in the order of the groups. Lives as long as the program; any thread.
std::span<const SettingSpec> settingsTable();

/// By JSON key, environment name (bare or with its prefix) or option, in any case; nullptr when there is none.
const SettingSpec *findSetting(QStringView name);

} // namespace rr
