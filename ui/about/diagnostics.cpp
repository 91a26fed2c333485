// SPDX-License-Identifier: MIT
#include "ui/about/diagnostics.h"

#include "core/sharing/bundle.h"
#include "ui/control/relaycontrol.h"

namespace rr {

QString diagnosticsText(RelayControl &control, const QList<CheckStep> &steps)
{
    BundleParts parts;
    parts.loaded.settings = control.settings();
    parts.loaded.file = control.settingsFile();
    for (const SettingSpec &spec : settingsTable())
        parts.loaded.sources[&spec] = control.sourceOf(spec);
    parts.isDemo = control.isDemo();
    parts.lastError = control.lastError();
    parts.snapshot = control.latest();
    parts.steps = steps;
    const quint64 last = control.journal().lastNumber();
    parts.journal
        = control.journal().entriesAfter(last > bundleLogLines ? last - bundleLogLines : 0, bundleLogLines);
    return bundleText(parts);
}

} // namespace rr
