// SPDX-License-Identifier: MIT
#include "app/daemon/doctorcommand.h"

#include "app/daemon/hiddeninput.h"
#include "core/realtime/redaction.h"
#include "core/sharing/bundle.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>

#include <algorithm>
#include <cstdio>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int allGood = 0;
constexpr int somethingIsWrong = 1;
constexpr int badCommandLine = 2;

void print(std::FILE *file, const QString &text)
{
    std::fputs(text.toUtf8().constData(), file);
    std::fflush(file);
}

/// Of the service that the packages install, where systemd keeps it. Waits a moment at most.
QString logOfService()
{
    constexpr int patienceMs = 3000;
    const QString journalctl = QStandardPaths::findExecutable(u"journalctl"_s);
    if (journalctl.isEmpty())
        return {};
    QProcess process;
    process.setStandardErrorFile(QProcess::nullDevice());
    process.start(journalctl,
        {u"--unit=realtime-relayd"_s, u"--lines=%1"_s.arg(bundleLogLines), u"--output=cat"_s, u"--no-pager"_s,
            u"--quiet"_s},
        QIODevice::ReadOnly);
    if (!process.waitForFinished(patienceMs)) {
        process.kill();
        process.waitForFinished(patienceMs);
        return {};
    }
    return QString::fromUtf8(process.readAllStandardOutput());
}

QString markOf(CheckStep::Result result)
{
    switch (result) {
    case CheckStep::Result::Good:
        return u"good   "_s;
    case CheckStep::Result::Warning:
        return u"note   "_s;
    case CheckStep::Result::Bad:
        return u"WRONG  "_s;
    default:
        return u"-      "_s;
    }
}

} // namespace

DoctorCommand::DoctorCommand(Host &host, DoctorCommandLine line)
    : m_host(host)
    , m_line(std::move(line))
{
}

int DoctorCommand::run()
{
    DoctorPlan plan;
    if (m_line.keyOnStdin) {
        plan.key = readHidden(u"API key (used for once, kept nowhere): "_s);
        if (plan.key.isEmpty()) {
            print(stderr, u"realtime-relayd: No key came on standard input.\n"_s);
            return badCommandLine;
        }
    }
    plan.loaded = m_host.loaded();
    plan.isDemo = m_host.isDemo();
    plan.model = m_line.model;
    plan.shown = m_line.address;

    connect(&m_doctor, &Doctor::stepChanged, this, &DoctorCommand::say);
    connect(&m_doctor, &Doctor::finished, this,
        [this](const QList<CheckStep> &steps) { QCoreApplication::exit(end(steps)); });
    m_doctor.run(plan);
    return QCoreApplication::exec();
}

void DoctorCommand::say(const CheckStep &step) const
{
    if (m_line.json || step.result == CheckStep::Result::Running)
        return;
    print(stdout,
        markOf(step.result) + u"%1: %2\n"_s.arg(plain(Doctor::titleOf(step.id)), redacted(plain(step.text))));
    if (!step.next.isEmpty())
        print(stdout, u"       %1\n"_s.arg(redacted(plain(step.next))));
}

int DoctorCommand::end(const QList<CheckStep> &steps) const
{
    const auto wrong = std::count_if(steps.begin(), steps.end(),
        [](const CheckStep &step) { return step.result == CheckStep::Result::Bad; });
    if (m_line.json)
        print(stdout,
            QString::fromUtf8(
                QJsonDocument(QJsonObject{{u"version"_s, QCoreApplication::applicationVersion()},
                                  {u"good"_s, wrong == 0}, {u"steps"_s, stepsAsJson(steps)}})
                    .toJson(QJsonDocument::Indented)));
    else
        print(stdout, wrong == 0 ? u"\nNothing is wrong.\n"_s : u"\nWrong: %1.\n"_s.arg(wrong));
    if (!m_line.bundle.isEmpty()) {
        BundleParts parts;
        parts.loaded = m_host.loaded();
        parts.isDemo = m_host.isDemo();
        parts.steps = steps;
        parts.otherLog = logOfService();
        if (const auto problem = writeBundle(m_line.bundle, bundleText(parts))) {
            print(stderr, u"realtime-relayd: %1\n"_s.arg(plain(*problem)));
            return badCommandLine;
        }
        if (!m_line.json)
            print(stdout, u"Written for a colleague, without keys: %1\n"_s.arg(m_line.bundle));
    }
    return wrong == 0 ? allGood : somethingIsWrong;
}

} // namespace rr
