// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settingstable.h"

#include <QJsonValue>

/// The value of one setting as text and as JSON, both ways.
namespace rr {

/// As it is written in the environment or after an option. May hold a password.
QString settingText(const Settings &settings, const SettingSpec &spec);
/// The same with the password of an address replaced: for logs, reports and the screen.
QString settingTextToShow(const Settings &settings, const SettingSpec &spec);
/// Numbers as numbers, a List as an array of strings. May hold a password.
QJsonValue settingJson(const Settings &settings, const SettingSpec &spec);

/// Sets it, or leaves it and returns why, with what is allowed; a password is never in that text. Empty text
/// clears an optional address, file or list and switches a Switch off.
std::optional<QString> setSetting(Settings &settings, const SettingSpec &spec, const QString &text);
std::optional<QString> setSettingFromJson(
    Settings &settings, const SettingSpec &spec, const QJsonValue &value);

} // namespace rr
