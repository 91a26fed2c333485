// SPDX-License-Identifier: MIT
// launchd.plist(5): an agent in ~/Library/LaunchAgents, read at login.
#include "ui/control/autostart.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

QString agentPath()
{
    return QDir::homePath() + "/Library/LaunchAgents/realtime-relay.plist"_L1;
}

QByteArray agent()
{
    QStringList command{QCoreApplication::applicationFilePath(), u"--minimized"_s};
    if (const QString file = givenSettingsFile(QCoreApplication::arguments()); !file.isEmpty())
        command += {u"--config"_s, file};
    QString strings;
    for (const QString &part : std::as_const(command))
        strings += "<string>"_L1 + part.toHtmlEscaped() + "</string>"_L1;
    return u"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           u"<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
           u"\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
           u"<plist version=\"1.0\"><dict><key>Label</key><string>realtime-relay</string>"
           u"<key>ProgramArguments</key><array>%1</array>"
           u"<key>ProcessType</key><string>Interactive</string>" // not slowed down as a background job
           u"<key>RunAtLoad</key><true/></dict></plist>\n"_s.arg(strings)
               .toUtf8();
}

} // namespace

bool Autostart::isOn() const
{
    QFile file(agentPath());
    return file.open(QIODevice::ReadOnly) && file.readAll() == agent();
}

std::optional<QString> Autostart::set(bool on) const
{
    const QString path = agentPath();
    if (!on) {
        if (QFile::exists(path) && !QFile::remove(path))
            return QCoreApplication::translate("Autostart", "%1 could not be removed. Check its permissions.")
                .arg(path);
        return {};
    }
    QDir().mkpath(QFileInfo(path).path());
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(agent()) < 0 || !file.commit())
        return QCoreApplication::translate("Autostart", "%1 could not be written: %2.")
            .arg(path, file.errorString());
    return {};
}

} // namespace rr
