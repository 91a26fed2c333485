// SPDX-License-Identifier: MIT
#include "core/config/settingvalue.h"

#include <QJsonArray>

#include <cmath>
#include <type_traits>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

using Problem = std::optional<QString>;

/// Without what may be a password or a key: whatever stands before an "@" or after a "?" of an address.
/// Without what could steer a terminal, and not endless.
QString withoutSecrets(const SettingSpec &spec, QString text)
{
    if (spec.kind != SettingKind::File) {
        if (const qsizetype at = text.lastIndexOf(u'@'); at >= 0) {
            const qsizetype authority = text.indexOf("//"_L1);
            const qsizetype from = authority >= 0 && authority < at ? authority + 2 : 0;
            text.replace(from, at - from, u"***"_s);
        }
        if (const qsizetype query = text.indexOf(u'?'); query >= 0)
            text = text.first(query) + "?***"_L1;
    }
    for (QChar &character : text) {
        if (!character.isPrint())
            character = u'?';
    }
    return text.size() > 100 ? text.first(100) + u'\u2026' : text;
}

/// `given` stays empty where there is nothing to quote.
QString refused(const SettingSpec &spec, const QString &given, const QString &why)
{
    const QString quoted
        = spec.secret || given.isEmpty() ? u"the value"_s : u'"' + withoutSecrets(spec, given) + u'"';
    return u"%1 is refused: %2. Allowed: %3."_s.arg(quoted, why, spec.allowedText());
}

Problem readNumber(const SettingSpec &spec, const QString &text, qint64 &number)
{
    bool isNumber = false;
    number = text.toLongLong(&isNumber);
    if (!isNumber)
        return refused(spec, text, text.isEmpty() ? u"it is empty"_s : u"it is not a whole number"_s);
    if (number == 0 && spec.zeroMeans)
        return {};
    if (number < spec.minimum)
        return refused(spec, text, u"it is too small"_s);
    if (number > spec.maximum)
        return refused(spec, text, u"it is too large"_s);
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
        return refused(spec, text, text.isEmpty() ? u"it is empty"_s : u"it is none of the choices"_s);
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
        return refused(spec, text, u"it is neither yes nor no"_s);
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
    QStringList problems;
    const QStringList entries = text.split(u',', Qt::SkipEmptyParts);
    for (const QString &entry : entries) {
        if (entry.trimmed().isEmpty())
            continue;
        if (Problem problem = assign(checked.emplaceBack(), spec, entry.trimmed()))
            problems.append(*problem);
    }
    if (!problems.isEmpty())
        return problems.join(u' ');
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
        return QJsonValue::Double;
    case SettingKind::Switch:
        return QJsonValue::Bool;
    case SettingKind::List:
        return QJsonValue::Array;
    default:
        return QJsonValue::String;
    }
}

QString jsonTypeName(QJsonValue::Type type)
{
    switch (type) {
    case QJsonValue::Double:
        return u"a number"_s;
    case QJsonValue::Bool:
        return u"true or false"_s;
    case QJsonValue::Array:
        return u"an array of strings"_s;
    default:
        return u"a string"_s;
    }
}

/// A number of JSON as it would be typed: 30000, not 3e+04.
QString numberText(double number)
{
    constexpr double exactUpTo = 9007199254740992.0; // 2^53
    const bool whole = std::floor(number) == number && std::abs(number) < exactUpTo;
    return whole ? QString::number(qint64(number)) : QString::number(number, 'g', 17);
}

} // namespace

QString settingText(const Settings &settings, const SettingSpec &spec)
{
    return std::visit([&](auto member) { return toText(spec, settings.*member); }, spec.member);
}

QString settingTextToShow(const Settings &settings, const SettingSpec &spec)
{
    const QString text = settingText(settings, spec);
    return spec.kind == SettingKind::Url ? withoutSecrets(spec, text) : text;
}

QJsonValue settingJson(const Settings &settings, const SettingSpec &spec)
{
    const QString text = settingText(settings, spec);
    switch (jsonType(spec.kind)) {
    case QJsonValue::Double:
        return text.toLongLong();
    case QJsonValue::Bool:
        return text == "true"_L1;
    case QJsonValue::Array:
        return QJsonArray::fromStringList(text.split(u',', Qt::SkipEmptyParts));
    default:
        return text;
    }
}

std::optional<QString> setSetting(Settings &settings, const SettingSpec &spec, const QString &text)
{
    return std::visit(
        [&](auto member) { return assign(settings.*member, spec, text.trimmed()); }, spec.member);
}

std::optional<QString> setSettingFromJson(
    Settings &settings, const SettingSpec &spec, const QJsonValue &value)
{
    const QJsonValue::Type type = jsonType(spec.kind);
    const QString wrongType = u"it must be %1 in JSON"_s.arg(jsonTypeName(type));
    if (value.type() != type)
        return refused(spec, value.toVariant().toString(), wrongType);

    QStringList entries;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &entry : array) {
        if (!entry.isString())
            return refused(spec, {}, wrongType);
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

} // namespace rr
