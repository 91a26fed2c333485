// SPDX-License-Identifier: MIT
#include "core/config/settingvalue.h"

#include <QJsonArray>
#include <QLocale>

#include <cmath>
#include <type_traits>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

using Problem = std::optional<Sentence>;

/// `given` stays empty where there is nothing to quote.
Sentence refused(const SettingSpec &spec, const QString &given, const Sentence &why)
{
    return refusedValue(spec.secret || given.isEmpty() ? Sentence(QT_TRANSLATE_NOOP("Core", "the value"))
                                                       : asTheySaid(u'"' + valueToShow(spec, given) + u'"'),
        why, spec.allowedText());
}

Sentence isEmptyOr(const QString &text, const char *otherwise)
{
    return text.isEmpty() ? QT_TRANSLATE_NOOP("Core", "it is empty") : otherwise;
}

Problem readNumber(const SettingSpec &spec, const QString &text, qint64 &number)
{
    bool isNumber = false;
    number = text.toLongLong(&isNumber);
    if (!isNumber)
        return refused(spec, text, isEmptyOr(text, QT_TRANSLATE_NOOP("Core", "it is not a whole number")));
    if (number == 0 && spec.zeroMeans)
        return {};
    if (number < spec.minimum)
        return refused(spec, text, QT_TRANSLATE_NOOP("Core", "it is too small"));
    if (number > spec.maximum)
        return refused(spec, text, QT_TRANSLATE_NOOP("Core", "it is too large"));
    return {};
}

template <typename Number>
Problem assign(Number &value, const SettingSpec &spec, const QString &text)
{
    if constexpr (std::is_enum_v<Number>) {
        for (size_t i = 0; i < spec.choices.size(); ++i) {
            if (text.compare(spec.choices[i], Qt::CaseInsensitive) == 0) {
                value = Number(i);
                return {};
            }
        }
        return refused(spec, text, isEmptyOr(text, QT_TRANSLATE_NOOP("Core", "it is none of the choices")));
    } else {
        qint64 number = 0;
        Problem problem = readNumber(spec, text, number);
        if (!problem)
            value = Number(number);
        return problem;
    }
}

Problem assign(bool &value, const SettingSpec &spec, const QString &text)
{
    const QString word = text.toLower();
    if (QStringList{u"true"_s, u"1"_s, u"yes"_s, u"on"_s}.contains(word))
        value = true;
    else if (QStringList{u"false"_s, u"0"_s, u"no"_s, u"off"_s, QString()}.contains(word))
        value = false;
    else
        return refused(spec, text, QT_TRANSLATE_NOOP("Core", "it is neither yes nor no"));
    return {};
}

Problem assign(QString &value, const SettingSpec &spec, const QString &text)
{
    QString checked = text;
    if (const Problem problem = spec.check(checked))
        return refused(spec, text, *problem);
    value = checked;
    return {};
}

Problem assign(QUrl &value, const SettingSpec &spec, const QString &text)
{
    QString checked;
    Problem problem = assign(checked, spec, text);
    if (!problem)
        value = QUrl(checked);
    return problem;
}

Problem assign(QStringList &value, const SettingSpec &spec, const QString &text)
{
    QStringList checked;
    Sentence problems;
    const QStringList entries = text.split(u',', Qt::SkipEmptyParts);
    for (const QString &entry : entries) {
        if (entry.trimmed().isEmpty())
            continue;
        if (Problem problem = assign(checked.emplaceBack(), spec, entry.trimmed()))
            problems = joined(problems, *problem);
    }
    if (!problems.isEmpty())
        return problems;
    value = checked;
    return {};
}

QString toText(const SettingSpec &, const QString &value)
{
    return value;
}

QString toText(const SettingSpec &, const QStringList &value)
{
    return value.join(u',');
}

QString toText(const SettingSpec &, const QUrl &value)
{
    return value.toString(QUrl::FullyEncoded);
}

QString toText(const SettingSpec &, bool value)
{
    return value ? u"true"_s : u"false"_s;
}

QString toText(const SettingSpec &, std::chrono::milliseconds value)
{
    return QString::number(value.count());
}

template <typename Number>
QString toText(const SettingSpec &spec, Number value)
{
    if constexpr (std::is_enum_v<Number>)
        return spec.choices[size_t(value)];
    else
        return QString::number(value);
}

QJsonValue::Type jsonType(SettingKind kind)
{
    switch (kind) {
    case SettingKind::Number:
    case SettingKind::Duration:
    case SettingKind::Bytes:
    case SettingKind::Decimal:
        return QJsonValue::Double;
    case SettingKind::Switch:
        return QJsonValue::Bool;
    case SettingKind::List:
        return QJsonValue::Array;
    default:
        return QJsonValue::String;
    }
}

Sentence wrongType(QJsonValue::Type wanted)
{
    switch (wanted) {
    case QJsonValue::Double:
        return QT_TRANSLATE_NOOP("Core", "it must be a number in JSON");
    case QJsonValue::Bool:
        return QT_TRANSLATE_NOOP("Core", "it must be true or false in JSON");
    case QJsonValue::Array:
        return QT_TRANSLATE_NOOP("Core", "it must be an array of strings in JSON");
    default:
        return QT_TRANSLATE_NOOP("Core", "it must be a string in JSON");
    }
}

/// A number of JSON as it would be typed: 30000, not 3e+04.
QString numberText(double number)
{
    constexpr double exactUpTo = 9007199254740992.0; // 2^53
    const bool whole = std::floor(number) == number && std::abs(number) < exactUpTo;
    return whole ? QString::number(qint64(number))
                 : QString::number(number, 'g', QLocale::FloatingPointShortest);
}

} // namespace

QString settingText(const Settings &settings, const SettingSpec &spec)
{
    return std::visit([&](auto member) { return toText(spec, settings.*member); }, spec.member);
}

QString settingTextToShow(const Settings &settings, const SettingSpec &spec)
{
    const QString text = settingText(settings, spec);
    return spec.kind == SettingKind::Url || spec.kind == SettingKind::Secret ? valueToShow(spec, text) : text;
}

QJsonValue settingJson(const Settings &settings, const SettingSpec &spec)
{
    const QString text = settingText(settings, spec);
    switch (jsonType(spec.kind)) {
    case QJsonValue::Double:
        if (spec.kind == SettingKind::Decimal)
            return text.isEmpty() ? QJsonValue() : QJsonValue(text.toDouble());
        return text.toLongLong();
    case QJsonValue::Bool:
        return text == "true"_L1;
    case QJsonValue::Array:
        return QJsonArray::fromStringList(text.split(u',', Qt::SkipEmptyParts));
    default:
        return text;
    }
}

std::optional<Sentence> setSetting(Settings &settings, const SettingSpec &spec, const QString &text)
{
    return std::visit(
        [&](auto member) { return assign(settings.*member, spec, text.trimmed()); }, spec.member);
}

std::optional<Sentence> setSettingFromJson(
    Settings &settings, const SettingSpec &spec, const QJsonValue &value)
{
    const QJsonValue::Type type = jsonType(spec.kind);
    if (spec.kind == SettingKind::Decimal && value.isNull())
        return setSetting(settings, spec, {});
    if (value.type() != type)
        return refused(spec, value.toVariant().toString(), wrongType(type));

    QStringList entries;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &entry : array) {
        if (!entry.isString())
            return refused(spec, {}, wrongType(type));
        entries.append(entry.toString());
    }
    switch (type) {
    case QJsonValue::Double:
        return setSetting(settings, spec, numberText(value.toDouble()));
    case QJsonValue::Array:
        return setSetting(settings, spec, entries.join(u','));
    default:
        return setSetting(settings, spec, value.toVariant().toString());
    }
}

QString printable(QString text)
{
    for (QChar &character : text) {
        if (!character.isPrint())
            character = u'?';
    }
    return text.size() > 100 ? text.first(100) + u'\u2026' : text;
}

/// A password stands before an "@", a key behind a "?".
QString valueToShow(const SettingSpec &spec, QString text)
{
    if (spec.kind == SettingKind::Secret)
        return text.isEmpty() ? text : u"***"_s;
    if (spec.kind != SettingKind::File && !text.startsWith("sqlite:"_L1)) {
        if (const qsizetype at = text.lastIndexOf(u'@'); at >= 0) {
            const qsizetype authority = text.indexOf("//"_L1);
            const qsizetype from = authority >= 0 && authority < at ? authority + 2 : 0;
            text.replace(from, at - from, u"***"_s);
        }
        if (const qsizetype query = text.indexOf(u'?'); query >= 0)
            text = text.first(query) + "?***"_L1;
    }
    return printable(text);
}

Sentence refusedValue(const Sentence &value, const Sentence &why, const Sentence &allowed)
{
    return {QT_TRANSLATE_NOOP("Core", "%1 is refused: %2. Allowed: %3."), {value, why, allowed}};
}

} // namespace rr
