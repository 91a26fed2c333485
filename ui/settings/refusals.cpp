// SPDX-License-Identifier: MIT
#include "ui/settings/refusals.h"

#include "ui/control/translated.h"
#include "ui/settings/settingwords.h"

#include <QCoreApplication>

namespace rr {

using namespace Qt::StringLiterals;

Refusals sortRefusals(const QList<SettingProblem> &problems)
{
    Refusals refusals;
    for (const SettingProblem &problem : problems) {
        const QString key = QString::fromUtf8(problem.key);
        const SettingSpec *spec = findSetting(key);
        const bool inFile = problem.source <= SettingSource::File;
        if (!spec || (inFile && spec->key != key)) {
            refusals.ofFile.append(translated(problem.message));
            continue;
        }
        const bool ofValue = !problem.ofValue.isEmpty();
        if (inFile && !ofValue)
            continue;
        // The field names the setting already.
        QStringList sentences{withSettingTitles(translated(ofValue ? problem.ofValue : problem.message))};
        if (inFile) {
            refusals.applyMends = true;
            sentences.append(QCoreApplication::translate(
                "rr::SettingField", "It stands in the settings file; Apply removes it from there."));
        } else if (problem.source < SettingSource::CommandLine) {
            sentences.append(QCoreApplication::translate("rr::SettingField",
                "Correct or remove the environment variable %1, then start this program again.")
                                 .arg(key));
        }
        QString &text = refusals.ofFields[spec];
        text += (text.isEmpty() ? QString() : u"\n"_s) + sentences.join(u' ');
    }
    return refusals;
}

} // namespace rr
