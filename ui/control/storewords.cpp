// SPDX-License-Identifier: MIT
#include "ui/control/storewords.h"

#include "ui/control/displaytext.h"
#include "ui/control/translated.h"

#include <QCoreApplication>
#include <QStringList>

namespace rr {

QString storeStandText(const StoreStand &stand)
{
    const auto said = [](const char *text) { return QCoreApplication::translate("rr::StoreWords", text); };
    QStringList lines;
    if (stand.isAway) {
        QString line = said(QT_TRANSLATE_NOOP("rr::StoreWords",
            "The database cannot be reached just now; what is shown is what was known before. It is tried again by "
            "itself."));
        if (!stand.why.isEmpty())
            line += QLatin1Char(' ') + translated(stand.why);
        if (stand.waiting > 0)
            line += QLatin1Char(' ')
                + said(QT_TRANSLATE_NOOP("rr::StoreWords", "Rows that wait to be written: %1."))
                      .arg(countText(stand.waiting));
        lines.append(line);
    }
    if (stand.dropped > 0)
        lines.append(said(
            QT_TRANSLATE_NOOP("rr::StoreWords",
                "Rows that could not be kept since the start, for want of room: %1. Sums may be too small."))
                         .arg(countText(stand.dropped)));
    return lines.join(QLatin1Char('\n'));
}

} // namespace rr
