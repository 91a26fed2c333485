// SPDX-License-Identifier: MIT
#include "core/realtime/redaction.h"

#include <QRegularExpression>

#include <algorithm>

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

/// How much of a key a text begins with.
struct KeyPart
{
    qsizetype matched = 0; ///< characters of the key
    qsizetype length = 0; ///< of the text, blanks within the key included
};

KeyPart keyAt(QStringView text, QLatin1String key)
{
    KeyPart part;
    for (qsizetype i = 0; i < text.size() && part.matched < key.size(); ++i) {
        if (text[i] == key[part.matched])
            part = {part.matched + 1, i + 1};
        else if (part.matched == 0 || !text[i].isSpace())
            break;
    }
    return part;
}

QString withoutKey(const QString &text, const Secret &key)
{
    constexpr qsizetype shortest = 4; // what is shorter protects nothing, and stands in half of all words
    // So much of a key is as good as all of it: the time would else grow with the product of both lengths, where a client
    // writes the same letter thousands of times as its key and as its origin.
    constexpr qsizetype enough = 64;
    const QLatin1String wanted(key.reveal());
    if (wanted.size() < shortest)
        return text;
    const qsizetype least = std::min<qsizetype>(wanted.size(), enough);
    QString result;
    for (qsizetype at = 0; at < text.size();) {
        const KeyPart part = keyAt(QStringView(text).sliced(at), wanted);
        const bool cutOff = at + part.length == text.size() && part.matched >= shortest;
        if (part.matched >= least || cutOff) {
            result += u'…';
            at += part.length;
        } else {
            result += text[at++];
        }
    }
    return result;
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
        // The secret of a link: what its rules are is in core/http/linksecret.h
        rule(start + uR"((realtime-relay-access\.))"_s + value, u"\\1…"_s),
        rule(uR"((/s/+)[A-Za-z0-9_-]{16,})"_s, u"\\1…"_s),
        rule(uR"((#k=))"_s + value, u"\\1…"_s),
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

QString withoutKeys(const QString &text, const QList<Secret> &keys)
{
    QString result = text;
    for (const Secret &key : keys)
        result = withoutKey(result, key);
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
    result.squeeze(); // it may be kept for long, in the journal
    return result;
}

} // namespace rr
