// SPDX-License-Identifier: MIT
#pragma once

#include "ui/calls/callcolumn.h"

#include <QByteArray>
#include <QList>

namespace rr {

/// Calls for other programs: every value as it is, times in ISO 8601 UTC, the same names in both forms.
QByteArray callsJson(const QList<CallRow> &rows); ///< an array of objects
/// RFC 4180, in UTF-8. Text that a spreadsheet would take for a formula gets an apostrophe before it: an
/// origin comes from outside.
QByteArray callsCsv(const QList<CallRow> &rows);

/// Calls for people: these columns, separated by tabs, under their titles.
QString callsText(const QList<CallRow> &rows, const QList<CallColumn> &columns);

} // namespace rr
