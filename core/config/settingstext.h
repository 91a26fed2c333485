// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settingsloader.h"

/// The settings told to people, all derived from the table.
namespace rr {

/// The part of --help that lists every setting: by group, with what is allowed, default and variable. Ends
/// with a line break.
QString helpText(const Settings &defaults);

/// What is in force and where each value came from, one setting a line, secrets hidden. Ends with a line
/// break.
QString printConfig(const LoadedSettings &loaded);

/// The tables of the README. Ends with a line break.
QString settingsReferenceMarkdown();

} // namespace rr
