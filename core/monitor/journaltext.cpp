// SPDX-License-Identifier: MIT
#include "core/monitor/journal.h"

#include <QMetaType>

#include <array>
#include <cmath>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

// Padded to one width.
constexpr std::array<QByteArrayView, 4> textLevels = {"DEBUG", "INFO ", "WARN ", "ERROR"};

/// What could end a line, move a terminal's cursor or turn the direction of the text round: C0, DEL and C1,
/// the line and paragraph separators, the bidirectional marks, embeddings, overrides and isolates.
bool isHarmful(char16_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F
        || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

void appendEscaped(QByteArray &line, QStringView text, bool insideQuotes)
{
    QString result;
    result.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t c = text[i].unicode();
        const bool pair = QChar::isHighSurrogate(c) && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        if (pair) {
            result += text.sliced(i++, 2);
        } else if (QChar::isSurrogate(c)) {
            result += QChar(QChar::ReplacementCharacter);
        } else if (insideQuotes && (c == u'"' || c == u'\\')) {
            result += u'\\';
            result += QChar(c);
        } else if (c == u'\n') {
            result += "\\n"_L1;
        } else if (c == u'\r') {
            result += "\\r"_L1;
        } else if (c == u'\t') {
            result += "\\t"_L1;
        } else if (isHarmful(c)) {
            result += u"\\u%1"_s.arg(uint(c), 4, 16, QLatin1Char('0'));
        } else {
            result += QChar(c);
        }
    }
    line += result.toUtf8();
}

void appendQuoted(QByteArray &line, QStringView text)
{
    line += '"';
    appendEscaped(line, text, true);
    line += '"';
}

bool needsQuotes(QStringView text)
{
    if (text.isEmpty())
        return true;
    for (const QChar c : text) {
        if (c.isSpace() || c == u'"' || c == u'\'' || c == u'=' || c == u'\\' || isHarmful(c.unicode()))
            return true;
    }
    return false;
}

QString asText(const QVariant &value)
{
    if (value.typeId() == QMetaType::QStringList)
        return value.toStringList().join(u',');
    if (value.typeId() == QMetaType::QByteArray)
        return QString::fromUtf8(value.toByteArray());
    return value.toString();
}

void appendJsonValue(QByteArray &line, const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::UnknownType:
    case QMetaType::Nullptr:
        line += "null";
        return;
    case QMetaType::Bool:
        line += value.toBool() ? "true" : "false";
        return;
    case QMetaType::Double:
    case QMetaType::Float:
        line += std::isfinite(value.toDouble()) ? QByteArray::number(value.toDouble(), 'g', 15) : "null"_ba;
        return;
    case QMetaType::Char:
    case QMetaType::SChar:
    case QMetaType::UChar:
    case QMetaType::Short:
    case QMetaType::UShort:
    case QMetaType::Int:
    case QMetaType::UInt:
    case QMetaType::Long:
    case QMetaType::LongLong:
        line += QByteArray::number(value.toLongLong());
        return;
    case QMetaType::ULong:
    case QMetaType::ULongLong:
        line += QByteArray::number(value.toULongLong());
        return;
    default:
        appendQuoted(line, asText(value));
    }
}

QByteArray textLine(const JournalEntry &entry)
{
    QByteArray line = entry.time.toUTC().toString(Qt::ISODateWithMs).toLatin1();
    line += ' ';
    line += textLevels[size_t(entry.level)];
    if (!entry.call.isEmpty()) {
        line += ' ';
        appendEscaped(line, entry.call, false);
    }
    line += ' ';
    appendEscaped(line, plain(entry.message), false);
    for (const auto &[name, value] : entry.fields) {
        line += ' ' + name + '=';
        const QString text = asText(value);
        if (needsQuotes(text))
            appendQuoted(line, text);
        else
            appendEscaped(line, text, false);
    }
    return line;
}

QByteArray jsonLine(const JournalEntry &entry)
{
    QByteArray line
        = "{\"time\":\"" + entry.time.toUTC().toString(Qt::ISODateWithMs).toLatin1() + "\",\"level\":\"";
    line += nameOf(entry.level).data();
    line += "\",\"event\":";
    appendQuoted(line, QString::fromUtf8(entry.event));
    if (!entry.call.isEmpty()) {
        line += ",\"session\":";
        appendQuoted(line, entry.call);
    }
    line += ",\"message\":";
    appendQuoted(line, plain(entry.message));
    for (const auto &[name, value] : entry.fields) {
        line += ',';
        appendQuoted(line, QString::fromUtf8(name));
        line += ':';
        appendJsonValue(line, value);
    }
    return line += '}';
}

} // namespace

QByteArray journalLine(const JournalEntry &entry, LogFormat format)
{
    return format == LogFormat::Json ? jsonLine(entry) : textLine(entry);
}

} // namespace rr
