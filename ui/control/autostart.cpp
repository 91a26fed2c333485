// SPDX-License-Identifier: MIT
#include "ui/control/autostart.h"

#include <QFileInfo>

namespace rr {

using namespace Qt::StringLiterals;

QString givenSettingsFile(const QStringList &arguments)
{
    QString file;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        if (arguments[i].startsWith("--config="_L1))
            file = arguments[i].section(u'=', 1);
        else if (arguments[i] == "--config"_L1 && i + 1 < arguments.size())
            file = arguments[++i];
    }
    return file.isEmpty() ? file : QFileInfo(file).absoluteFilePath();
}

} // namespace rr
