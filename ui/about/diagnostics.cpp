// SPDX-License-Identifier: MIT
#include "ui/about/diagnostics.h"

#include "core/config/settingvalue.h"
#include "core/realtime/redaction.h"
#include "ui/control/relaycontrol.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QSysInfo>
#include <QTextStream>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int journalLines = 30;

QString sourceName(SettingSource source)
{
    switch (source) {
    case SettingSource::Default:
        return u"default"_s;
    case SettingSource::File:
        return u"file"_s;
    case SettingSource::Environment:
        return u"environment"_s;
    case SettingSource::CommandLine:
        return u"command line"_s;
    }
    return {};
}

QString stateName(RelayState state)
{
    switch (state) {
    case RelayState::Stopped:
        return u"stopped"_s;
    case RelayState::Running:
        return u"running"_s;
    case RelayState::Draining:
        return u"draining"_s;
    }
    return {};
}

} // namespace

QString diagnosticsText(RelayControl &control)
{
    QString text;
    QTextStream out(&text);
    const Snapshot &snapshot = control.latest();
    out << "Realtime Relay " << QCoreApplication::applicationVersion() << ", Qt " << QLatin1String(qVersion())
        << "\n"
        << QSysInfo::prettyProductName() << ", " << QSysInfo::kernelType() << ' ' << QSysInfo::kernelVersion()
        << ", " << QSysInfo::currentCpuArchitecture() << "\n\n"
        << "State: " << stateName(snapshot.state) << (control.isDemo() ? " (demo)" : "") << "\n";
    if (control.lastError())
        out << "Last error: " << control.lastError()->code << ": " << control.lastError()->detail << "\n";
    out << "Sessions: " << snapshot.activeConnections << " live, " << snapshot.totalConnections << " in all, "
        << snapshot.errors << " errors\n"
        << "Connect time: median " << snapshot.connectP50Ms << " ms, 95th percentile "
        << snapshot.connectP95Ms << " ms\n"
        << "Memory: " << snapshot.memoryBytes / 1024 << " KiB, processor: " << snapshot.cpuSeconds << " s\n";
    for (auto refusal = snapshot.rejected.cbegin(); refusal != snapshot.rejected.cend(); ++refusal)
        out << "Refused, " << refusal.key() << ": " << refusal.value() << "\n";

    out << "\nSettings (" << control.settingsFile() << ")\n";
    for (const SettingSpec &spec : settingsTable())
        out << "  " << spec.key << " = " << settingTextToShow(control.settings(), spec) << "  ["
            << sourceName(control.sourceOf(spec)) << "]\n";

    out << "\nJournal\n";
    const quint64 last = control.journal().lastNumber();
    const auto entries
        = control.journal().entriesAfter(last > journalLines ? last - journalLines : 0, journalLines);
    for (const JournalEntry &entry : entries)
        out << "  " << redacted(QString::fromUtf8(journalLine(entry, LogFormat::Text))) << "\n";
    return text;
}

} // namespace rr
