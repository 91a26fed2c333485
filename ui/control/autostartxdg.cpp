// SPDX-License-Identifier: MIT
// The Desktop Application Autostart Specification 0.5: a desktop entry in $XDG_CONFIG_HOME/autostart.
#include "ui/control/autostart.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcessEnvironment>
#include <QSaveFile>
#include <QStandardPaths>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

QString entryPath()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation)
        + "/autostart/realtime-relay.desktop"_L1;
}

QString programPath()
{
    // An AppImage runs from a mount that is gone at the next login.
    const QString image = QProcessEnvironment::systemEnvironment().value(u"APPIMAGE"_s);
    return image.isEmpty() ? QCoreApplication::applicationFilePath() : image;
}

/// Desktop Entry Specification, "The Exec key": quoted, then escaped as any string, and a percent sign
/// doubled.
QString quotedForExec(QString path)
{
    for (const QChar special : u"\\\"`$"_s)
        path.replace(special, u'\\' + QString(special));
    path.replace(u'\\', u"\\\\"_s);
    path.replace(u'%', u"%%"_s);
    return u'"' + path + u'"';
}

QString command()
{
    const QString file = givenSettingsFile(QCoreApplication::arguments());
    return quotedForExec(programPath()) + " --minimized"_L1
        + (file.isEmpty() ? QString() : " --config "_L1 + quotedForExec(file));
}

} // namespace

bool Autostart::isOn() const
{
    QFile file(entryPath());
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray content = file.readAll();
    return content.contains("\nExec=" + command().toUtf8() + '\n') && !content.contains("\nHidden=true")
        && !content.contains("\nX-GNOME-Autostart-enabled=false");
}

std::optional<QString> Autostart::set(bool on) const
{
    const QString path = entryPath();
    if (!on) {
        if (QFile::exists(path) && !QFile::remove(path))
            return QCoreApplication::translate("Autostart", "%1 could not be removed. Check its permissions.")
                .arg(path);
        return {};
    }
    QDir().mkpath(QFileInfo(path).path());
    QSaveFile file(path);
    const QString entry = u"[Desktop Entry]\nType=Application\nName=Realtime Relay\nIcon=realtime-relay\n"
                          u"Exec=%1\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"_s.arg(command());
    if (!file.open(QIODevice::WriteOnly) || file.write(entry.toUtf8()) < 0 || !file.flush() || !file.commit())
        return QCoreApplication::translate("Autostart", "%1 could not be written: %2.")
            .arg(path, file.errorString());
    return {};
}

} // namespace rr
