// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settingstable.h"

#include <QString>

#include <optional>
#include <span>

/// The settings in words, in the user's language: what the settings page shows of the table.
namespace rr {

QString settingTitle(const SettingSpec &spec); ///< "Port"
QString settingHelp(const SettingSpec &spec); ///< what it does, what is allowed, when it takes effect
QString settingExample(const SettingSpec &spec); ///< may be empty
QString settingGroupTitle(SettingGroup group);
QString choiceName(QLatin1String choice); ///< "Warning" for "warning"

/// What is wrong with the value, as a sentence; nothing when it may be set. `text` is in the form of
/// settingText().
std::optional<QString> valueProblem(const SettingSpec &spec, const QString &text);
/// A sentence of the core with the titles in place of the keys. Only of keys of several words: "port" may just
/// as well be a word of the sentence.
QString withSettingTitles(QString sentence);
/// "it is empty" → "It is empty.", in the user's language.
QString asSentence(const Sentence &reason);

/// A unit in which a Duration (of milliseconds) or Bytes can be given.
struct SettingUnit
{
    const char *name; ///< translatable in the context "rr::SettingWords"
    qint64 factor;
};

std::span<const SettingUnit> unitsOf(SettingKind kind); ///< the smallest first; empty: it has no unit
QString unitName(const SettingUnit &unit);
/// The largest unit in which the value is a whole number, as an index of unitsOf(); for 0 the middle one.
int bestUnit(SettingKind kind, qint64 value);
/// What was typed, in the smallest unit. Decimals are right as long as they come out whole.
std::optional<qint64> valueInUnit(const QString &text, const SettingUnit &unit);
QString valueWithUnit(SettingKind kind, qint64 value); ///< "30 seconds"

} // namespace rr
