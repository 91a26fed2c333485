// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QByteArray>
#include <QString>

#include <variant>

namespace rr {

/// No file that the relay reads is larger than this, but for a mistake.
inline constexpr qint64 mostFileBytes = 4 * 1024 * 1024;

/// What a file holds. Whatever stands in its place, this never waits and never takes more memory than that: a pipe, a
/// device and a folder are refused. On error why, as a part of a sentence ("it is a folder"). Any thread.
std::variant<QByteArray, Sentence> readRegularFile(const QString &path, qint64 mostBytes = mostFileBytes);

} // namespace rr
