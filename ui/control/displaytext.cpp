// SPDX-License-Identifier: MIT
#include "ui/control/displaytext.h"

#include <QCoreApplication>
#include <QLocale>

namespace rr {

using namespace Qt::StringLiterals;

QString countText(qint64 count)
{
    return QLocale().toString(count);
}

QString bytesText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, bytes < 1000 ? 0 : 1, QLocale::DataSizeSIFormat);
}

QString rateText(double bytesPerSecond)
{
    return QCoreApplication::translate("DisplayText", "%1/s").arg(bytesText(qint64(bytesPerSecond)));
}

QString durationText(qint64 milliseconds)
{
    const qint64 seconds = milliseconds / 1000;
    const qint64 hours = seconds / 3600 % 24;
    const qint64 days = seconds / 86400;
    const auto two = [](qint64 number) { return u"%1"_s.arg(number, 2, 10, QLatin1Char('0')); };
    const QString rest = two(seconds / 60 % 60) + u':' + two(seconds % 60);
    if (days > 0)
        return QCoreApplication::translate("DisplayText", "%1 d %2")
            .arg(days)
            .arg(u"%1:%2"_s.arg(hours).arg(rest));
    if (hours > 0)
        return u"%1:%2"_s.arg(hours).arg(rest);
    return u"%1:%2"_s.arg(seconds / 60).arg(two(seconds % 60));
}

QString logLevelName(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return QCoreApplication::translate("rr::Log", "Debug");
    case LogLevel::Info:
        return QCoreApplication::translate("rr::Log", "Info");
    case LogLevel::Warning:
        return QCoreApplication::translate("rr::Log", "Warning");
    case LogLevel::Error:
        return QCoreApplication::translate("rr::Log", "Error");
    }
    return {};
}

} // namespace rr
