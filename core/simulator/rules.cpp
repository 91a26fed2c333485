// SPDX-License-Identifier: MIT
#include "core/simulator/rules.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace rr::rules {

namespace {

bool isInteger(const QJsonValue &value)
{
    return value.isDouble() && value.toDouble() == double(value.toInteger());
}

bool isOfKind(const QJsonValue &value, unsigned kinds)
{
    switch (value.type()) {
    case QJsonValue::String:
        return kinds & String;
    case QJsonValue::Bool:
        return kinds & Boolean;
    case QJsonValue::Double:
        return (kinds & Number) || ((kinds & Integer) && isInteger(value));
    case QJsonValue::Object:
        return kinds & (Object | Open);
    case QJsonValue::Array:
        return kinds & Array;
    default:
        return kinds & Null;
    }
}

QLatin1StringView kindName(unsigned kinds)
{
    if (kinds & (Object | Open))
        return "an object"_L1;
    if (kinds & Array)
        return "an array"_L1;
    if (kinds & Integer)
        return "an integer"_L1;
    if (kinds & Number)
        return "a decimal"_L1;
    return kinds & Boolean ? "a boolean"_L1 : "a string"_L1;
}

std::optional<ApiError> checkObject(
    const QJsonObject &object, std::span<const Rule> rules, const QString &prefix)
{
    for (const Rule &rule : rules) {
        const QString path(rule.path);
        if (rule.kinds & Required && path.startsWith(prefix) && path.indexOf(u'.', prefix.size()) < 0
            && !object.contains(path.mid(prefix.size())))
            return missing(path);
    }
    for (auto member = object.begin(); member != object.end(); ++member) {
        const QString path = prefix + member.key();
        const auto rule
            = std::find_if(rules.begin(), rules.end(), [&](const Rule &r) { return r.path == path; });
        if (rule == rules.end()) {
            if (prefix.isEmpty() && (path == "type"_L1 || path == "event_id"_L1))
                continue;
            return ApiError{u"unknown_parameter"_s, u"Unknown parameter: '%1'."_s.arg(path), path};
        }
        if (auto error = checkValue(member.value(), *rule, path))
            return error;
        if (rule->kinds & Object && member.value().isObject()) {
            if (auto error = checkObject(member.value().toObject(), rules, path + u'.'))
                return error;
        }
    }
    return {};
}

} // namespace

ApiError missing(const QString &path)
{
    return {u"missing_required_parameter"_s, u"Missing required parameter: '%1'."_s.arg(path), path};
}

ApiError unsupported(const QString &value, const QStringList &allowed, const QString &path)
{
    QString list;
    for (qsizetype i = 0; i < allowed.size(); ++i)
        list += (i == 0                          ? QString()
                        : i + 1 < allowed.size() ? u", "_s
                                                 : u", and "_s)
            + u'\'' + allowed[i] + u'\'';
    return {u"invalid_value"_s, u"Invalid value: '%1'. Supported values are: %2."_s.arg(value, list), path};
}

ApiError wrongType(const QString &path, QLatin1StringView expected, const QJsonValue &value)
{
    static constexpr QLatin1StringView names[]
        = {"null"_L1, "a boolean"_L1, "a number"_L1, "a string"_L1, "an array"_L1, "an object"_L1};
    const auto got = value.type() <= QJsonValue::Object ? names[value.type()] : names[0];
    return {u"invalid_type"_s,
        u"Invalid type for '%1': expected %2, but got %3 instead."_s.arg(path, expected, got), path};
}

std::optional<ApiError> checkValue(const QJsonValue &value, const Rule &rule, const QString &path)
{
    if (!isOfKind(value, rule.kinds))
        return wrongType(path, kindName(rule.kinds), value);
    if (value.isDouble() && (value.toDouble() < rule.minimum || value.toDouble() > rule.maximum)) {
        const bool below = value.toDouble() < rule.minimum;
        const QString kind = rule.kinds & Integer ? u"integer"_s : u"decimal"_s;
        return ApiError{kind + (below ? u"_below_min_value"_s : u"_above_max_value"_s),
            u"Invalid '%1': %2 %3 value. Expected a value %4 %5, but got %6 instead."_s.arg(path, kind,
                below ? u"below minimum"_s : u"above maximum"_s, below ? u">="_s : u"<="_s,
                QString::number(below ? rule.minimum : rule.maximum), QString::number(value.toDouble())),
            path};
    }
    if (rule.values.isEmpty())
        return {};
    const QStringList allowed = QString(rule.values).split(u' ');
    const QJsonArray words = value.isArray() ? value.toArray()
        : value.isString()                   ? QJsonArray{value}
                                             : QJsonArray{};
    for (const QJsonValue &word : words) {
        if (!allowed.contains(word.toString()))
            return unsupported(word.toString(), allowed, path);
    }
    return {};
}

std::optional<ApiError> checkEvent(const QJsonObject &event, std::span<const EventRules> known)
{
    if (!event.contains(u"type"_s))
        return missing(u"type"_s);
    const QString type = event[u"type"_s].toString();
    const auto found = std::find_if(
        known.begin(), known.end(), [&](const EventRules &rules) { return rules.type == type; });
    if (found != known.end())
        return checkObject(event, found->rules, {});
    QStringList types;
    for (const EventRules &rules : known)
        types.append(rules.type);
    return unsupported(type, types, u"type"_s);
}

std::optional<ApiError> checkMembers(const QJsonObject &body, std::span<const Rule> rules)
{
    return checkObject(body, rules, {});
}

} // namespace rr::rules
