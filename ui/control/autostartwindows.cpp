// SPDX-License-Identifier: MIT
// https://learn.microsoft.com/windows/win32/setupapi/run-and-runonce-registry-keys
// What the user switches off in Windows' own settings or the Task Manager stays in the Run key, and is marked
// under StartupApproved: the first byte of a binary value is odd.
#include "ui/control/autostart.h"

#include <QCoreApplication>
#include <QDir>
#include <QSettings>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

QSettings runKey()
{
    return QSettings(
        u"HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run"_s, QSettings::NativeFormat);
}

QSettings approvedKey()
{
    return QSettings(u"HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\"
                     "StartupApproved\\Run"_s,
        QSettings::NativeFormat);
}

constexpr QLatin1String valueName("RealtimeRelay");

QString command()
{
    const QString file = givenSettingsFile(QCoreApplication::arguments());
    const auto quoted = [](const QString &path) { return u'"' + QDir::toNativeSeparators(path) + u'"'; };
    return quoted(QCoreApplication::applicationFilePath()) + " --minimized"_L1
        + (file.isEmpty() ? QString() : " --config "_L1 + quoted(file));
}

} // namespace

bool Autostart::isOn() const
{
    // Qt reads a binary value as UTF-16.
    const QString mark = approvedKey().value(valueName).toString();
    const bool switchedOff = !mark.isEmpty() && (mark.front().unicode() & 1) != 0;
    return !switchedOff && runKey().value(valueName).toString().compare(command(), Qt::CaseInsensitive) == 0;
}

std::optional<QString> Autostart::set(bool on) const
{
    QSettings key = runKey();
    if (on)
        key.setValue(valueName, command());
    else
        key.remove(valueName);
    approvedKey().remove(valueName);
    key.sync();
    if (key.status() != QSettings::NoError)
        return QCoreApplication::translate(
            "Autostart", "Windows did not let the program change its Run key.");
    return {};
}

} // namespace rr
