// SPDX-License-Identifier: MIT
#pragma once

#include "ui/sessions/sessioncolumn.h"

#include <QByteArray>
#include <QList>

namespace rr {

/// Sessions for other programs: every value as it is, times in ISO 8601 UTC, the same names in both forms.
QByteArray sessionsJson(const QList<SessionRow> &rows); ///< an array of objects
/// RFC 4180, in UTF-8. Text that a spreadsheet would take for a formula gets an apostrophe before it: an
/// origin comes from outside.
QByteArray sessionsCsv(const QList<SessionRow> &rows);

/// Sessions for people: these columns, separated by tabs, under their titles.
QString sessionsText(const QList<SessionRow> &rows, const QList<SessionColumn> &columns);

} // namespace rr
