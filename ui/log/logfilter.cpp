// SPDX-License-Identifier: MIT
#include "ui/log/logfilter.h"

#include <QCoreApplication>

namespace rr {

bool LogFilter::matches(const JournalEntry &entry, const QString &fields) const
{
    if (entry.level < minimum || !entry.session.startsWith(session, Qt::CaseInsensitive))
        return false;
    return text.isEmpty() || entry.message.contains(text, Qt::CaseInsensitive)
        || fields.contains(text, Qt::CaseInsensitive) || entry.session.contains(text, Qt::CaseInsensitive)
        || QLatin1String(entry.event).contains(text, Qt::CaseInsensitive);
}

QString logFieldsText(const JournalEntry &entry)
{
    QString text;
    for (const auto &[name, value] : entry.fields) {
        const QString shown = value.toString();
        if (shown.isEmpty())
            continue;
        if (!text.isEmpty())
            text += u' ';
        text += QString::fromUtf8(name) + u'=' + shown;
    }
    return inOneLine(text);
}

QString inOneLine(QString text)
{
    for (QChar &character : text) {
        if (!character.isPrint() && !character.isSurrogate())
            character = QChar(QChar::ReplacementCharacter);
    }
    return text;
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
