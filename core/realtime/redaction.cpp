// SPDX-License-Identifier: MIT
#include "core/realtime/redaction.h"

#include <QRegularExpression>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

struct Rule
{
    QRegularExpression pattern;
    QString replacement;
};

Rule rule(const QString &pattern, const QString &replacement)
{
    return {QRegularExpression(pattern, QRegularExpression::CaseInsensitiveOption), replacement};
}

bool changesLineOrDirection(QChar c)
{
    switch (c.category()) {
    case QChar::Other_Control:
    case QChar::Other_Format: // the bidirectional marks and overrides among them
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    default:
        return false;
    }
}

} // namespace

QString redacted(const QString &text)
{
    // A key stands at the start of a word, or after a percent-encoded character.
    static const QString start = uR"((?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})))"_s;
    static const QString value = uR"([^\s\x00-\x1f\x7f-\x9f"'`<>(),;&\[\]{}\\]+)"_s;
    static const Rule rules[] = {
        rule(u"://[^\\s/@\"']+@"_s, u"://…@"_s),
        rule(start + uR"((openai-insecure-api-key\.))"_s + value, u"\\1…"_s),
        rule(start + uR"((Bearer|Basic)(\s+|%20|\+))"_s + value, u"\\1 …"_s),
        rule(start
                + uR"(((?:[a-z]+[-_])?(?:api[-_]?key|token|secret|password|authorization)["']?\s*(?:[:=]|%3D)\s*["']?)(?!(?:Bearer|Basic)\b))"_s
                + value,
            u"\\1…"_s),
        rule(start + uR"((sk-|ek_|sess-|rk-))"_s + value, u"\\1…"_s),
        rule(start + uR"(eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_.-]+)"_s, u"…"_s),
        rule(uR"((?<![A-Za-z0-9])(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{32,})"_s, u"…"_s),
    };
    QString result = text;
    for (const Rule &each : rules)
        result.replace(each.pattern, each.replacement);
    return result;
}

QString withoutKey(const QString &text, const Secret &key)
{
    constexpr qsizetype shortest = 4; // what is shorter protects nothing, and stands in half of all words
    QString result = text;
    if (key.reveal().size() >= shortest)
        result.replace(QString::fromLatin1(key.reveal()), u"…"_s);
    return result;
}

QString outsideText(const QString &text, int maxLength)
{
    // Cut before the slower work, with room for what redaction shortens; a key that is cut in two is still
    // seen.
    QString result = redacted(text.left(8 * maxLength));
    for (QChar &c : result) {
        if (changesLineOrDirection(c))
            c = u' ';
    }
    result = result.simplified();
    if (result.size() > maxLength) {
        result.truncate(maxLength - 1);
        if (result.back().isHighSurrogate())
            result.chop(1);
        result += u'…';
    }
    return result;
}

} // namespace rr
