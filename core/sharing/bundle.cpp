// SPDX-License-Identifier: MIT
#include "core/sharing/bundle.h"

#include "core/base/endreason.h"
#include "core/config/settingvalue.h"
#include "core/realtime/redaction.h"
#include "core/sharing/doctor.h"

#include <QCoreApplication>
#include <QJsonObject>
#include <QSaveFile>
#include <QSslSocket>
#include <QSysInfo>
#include <QTextStream>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

void writeNumbers(QTextStream &out, const Snapshot &snapshot)
{
    out << "Calls: " << snapshot.activeConnections << " live, " << snapshot.totalConnections << " in all, "
        << snapshot.errors << " errors\n"
        << "Connect time: median " << snapshot.connectP50Ms << " ms, 95th percentile "
        << snapshot.connectP95Ms << " ms\n"
        << "Memory: " << snapshot.memoryBytes / 1024 << " KiB, processor: " << snapshot.cpuSeconds << " s\n";
    for (auto refusal = snapshot.rejected.cbegin(); refusal != snapshot.rejected.cend(); ++refusal)
        out << "Refused, " << refusal.key() << ": " << refusal.value() << "\n";
    for (size_t i = 0; i < endReasonNames.size(); ++i) {
        if (snapshot.endsByReason[i] > 0)
            out << "Ended, " << endReasonNames[i] << ": " << snapshot.endsByReason[i] << "\n";
    }
    for (const Trouble &trouble : snapshot.troubles)
        out << "Trouble, " << nameOf(trouble.code) << ", since " << trouble.since.toString(Qt::ISODate)
            << ": " << redacted(plain(joined(trouble.title, trouble.text))) << "\n";
}

void writeSteps(QTextStream &out, const QList<CheckStep> &steps)
{
    out << "\nExamined\n";
    for (const CheckStep &step : steps) {
        out << "  " << nameOf(step.result) << "  " << plain(Doctor::titleOf(step.id)) << ": "
            << redacted(plain(step.text));
        if (!step.code.isEmpty())
            out << "  [" << step.code << "]";
        if (!step.next.isEmpty())
            out << "\n      " << redacted(plain(step.next));
        out << "\n";
    }
}

} // namespace

QString bundleText(const BundleParts &parts)
{
    QString text;
    QTextStream out(&text);
    out << "Realtime Relay " << QCoreApplication::applicationVersion() << ", Qt " << QLatin1String(qVersion())
        << ", " << QSslSocket::sslLibraryVersionString() << "\n"
        << QSysInfo::prettyProductName() << ", " << QSysInfo::kernelType() << ' ' << QSysInfo::kernelVersion()
        << ", " << QSysInfo::currentCpuArchitecture() << "\n\n"
        << "State: " << (parts.snapshot ? nameOf(parts.snapshot->state) : "not of this process"_L1)
        << (parts.isDemo ? " (demo)" : "") << "\n";
    if (parts.lastError)
        out << "Last error: " << parts.lastError->code << ": " << redacted(plain(parts.lastError->detail))
            << "\n";
    if (parts.snapshot)
        writeNumbers(out, *parts.snapshot);
    if (!parts.steps.isEmpty())
        writeSteps(out, parts.steps);

    out << "\nSettings (" << parts.loaded.file << ")\n";
    for (const SettingSpec &spec : settingsTable())
        out << "  " << spec.key << " = " << settingTextToShow(parts.loaded.settings, spec) << "  ["
            << nameOf(parts.loaded.sources.value(&spec)) << "]\n";

    out << "\nJournal\n";
    for (const JournalEntry &entry : parts.journal)
        out << "  " << redacted(QString::fromUtf8(journalLine(entry, LogFormat::Text))) << "\n";
    const auto lines = parts.otherLog.split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines.last(std::min<qsizetype>(lines.size(), bundleLogLines)))
        out << "  " << redacted(line) << "\n";
    return text;
}

QLatin1String nameOf(CheckStep::Result result)
{
    switch (result) {
    case CheckStep::Result::Good:
        return "good"_L1;
    case CheckStep::Result::Warning:
        return "warning"_L1;
    case CheckStep::Result::Bad:
        return "bad"_L1;
    case CheckStep::Result::Skipped:
        return "skipped"_L1;
    case CheckStep::Result::Running:
        break;
    }
    return "running"_L1;
}

QJsonArray stepsAsJson(const QList<CheckStep> &steps)
{
    QJsonArray all;
    for (const CheckStep &step : steps)
        all.append(QJsonObject{{u"id"_s, step.id}, {u"title"_s, plain(Doctor::titleOf(step.id))},
            {u"result"_s, nameOf(step.result)}, {u"code"_s, step.code},
            {u"text"_s, redacted(plain(step.text))}, {u"next"_s, redacted(plain(step.next))},
            {u"ms"_s, step.ms}});
    return all;
}

std::optional<Sentence> writeBundle(const QString &file, const QString &text)
{
    QSaveFile saved(file);
    const QByteArray bytes = text.toUtf8();
    if (saved.open(QIODevice::WriteOnly)
        && saved.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner)
        && saved.write(bytes) == bytes.size() && saved.commit())
        return {};
    return Sentence(QT_TRANSLATE_NOOP("Core", "The file %1 cannot be written: %2. Name another one."),
        {file, saved.errorString()});
}

} // namespace rr
