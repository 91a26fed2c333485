// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QString>

#include <optional>

namespace rr {

/// Makes an empty file for SQLite where there is none, 0600, in a folder that it makes 0700 where there is none; takes others'
/// rights from one that is there. SQLite makes those beside it (-wal, -shm) like it. Returns why it cannot be.
std::optional<Sentence> makeDatabaseFile(const QString &path);

} // namespace rr
