// SPDX-License-Identifier: MIT
#include "ui/settings/refusals.h"

#include "ui/control/coretext.h"
#include "ui/settings/settingwords.h"

#include <QCoreApplication>

namespace rr {

using namespace Qt::StringLiterals;

Refusals sortRefusals(const QList<SettingProblem> &problems, const QString &file)
{
    Refusals refusals;
    for (const SettingProblem &problem : problems) {
        const QString key = QString::fromUtf8(problem.key);
        const SettingSpec *spec = findSetting(key);
        const bool inFile = problem.source <= SettingSource::File;
        if (!spec || (inFile && spec->key != key)) {
            refusals.ofFile.append(coreText(problem.message));
            continue;
        }
        // The field names the setting already.
        const QString prefix = key + (inFile ? " in "_L1 + file : QString()) + ": "_L1;
        const bool ofValue = problem.message.startsWith(prefix);
        if (inFile && !ofValue)
            continue;
        QStringList sentences{
            withSettingTitles(coreText(ofValue ? problem.message.sliced(prefix.size()) : problem.message))};
        if (inFile) {
            refusals.applyMends = true;
            sentences.append(QCoreApplication::translate(
                "rr::SettingField", "It stands in the settings file; Apply removes it from there."));
        } else if (problem.source == SettingSource::Environment) {
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
