// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settingstable.h"

#include <QJsonValue>

/// The value of one setting as text and as JSON, both ways.
namespace rr {

/// As it is written in the environment or after an option. May hold a password.
QString settingText(const Settings &settings, const SettingSpec &spec);
/// The same with the password of an address, and any Secret, replaced: for logs, reports and the screen.
QString settingTextToShow(const Settings &settings, const SettingSpec &spec);
/// Numbers as numbers, null for a Decimal that is empty, a List as an array of strings. May hold a password.
QJsonValue settingJson(const Settings &settings, const SettingSpec &spec);

/// Sets it, or leaves it and returns why, with what is allowed; a password is never in that text. Empty text
/// clears an optional address, file or list and switches a Switch off.
std::optional<Sentence> setSetting(Settings &settings, const SettingSpec &spec, const QString &text);
std::optional<Sentence> setSettingFromJson(
    Settings &settings, const SettingSpec &spec, const QJsonValue &value);

/// Without what could steer a terminal, and not endless.
QString printable(QString text);
/// What was given for a setting as it may be shown: printable, and without what may be a password or a key.
QString valueToShow(const SettingSpec &spec, QString text);

/// "VALUE is refused: WHY. Allowed: WHAT.", where `value` may be put as it is shown.
Sentence refusedValue(const Sentence &value, const Sentence &why, const Sentence &allowed);

} // namespace rr
