// SPDX-License-Identifier: MIT
#include "ui/control/translated.h"

#include "ui/control/displaytext.h"

#include <QCoreApplication>

namespace rr {

QString translated(const Sentence &sentence)
{
    return inLanguage(
        sentence, [](const char *text) { return QCoreApplication::translate("Core", text); }, countText);
}

} // namespace rr
