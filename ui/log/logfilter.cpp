// SPDX-License-Identifier: MIT
#include "ui/log/logfilter.h"

#include "ui/control/translated.h"

namespace rr {

bool LogFilter::matches(const JournalEntry &entry, const QString &fields) const
{
    if (entry.level < minimum || !entry.call.startsWith(call, Qt::CaseInsensitive))
        return false;
    return text.isEmpty() || translated(entry.message).contains(text, Qt::CaseInsensitive)
        || fields.contains(text, Qt::CaseInsensitive) || entry.call.contains(text, Qt::CaseInsensitive)
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

} // namespace rr
