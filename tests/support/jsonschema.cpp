// SPDX-License-Identifier: MIT
#include "tests/support/jsonschema.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

bool isOfType(const QJsonValue &value, const QString &type)
{
    if (type == "integer"_L1)
        return value.isDouble() && value.toDouble() == double(value.toInteger());
    if (type == "number"_L1)
        return value.isDouble();
    if (type == "string"_L1)
        return value.isString();
    if (type == "boolean"_L1)
        return value.isBool();
    if (type == "array"_L1)
        return value.isArray();
    if (type == "object"_L1)
        return value.isObject();
    return type == "null"_L1 && value.isNull();
}

QStringList strings(const QJsonValue &oneOrMore)
{
    if (oneOrMore.isString())
        return {oneOrMore.toString()};
    QStringList list;
    const QJsonArray array = oneOrMore.toArray();
    for (const QJsonValue &value : array)
        list.append(value.toString());
    return list;
}

QStringList checkBounds(const QJsonValue &value, const QJsonObject &schema, const QString &path)
{
    struct Bound
    {
        QLatin1StringView minimum, maximum;
        double size;
        bool applies;
    };
    const std::array<Bound, 3> bounds{{
        {"minimum"_L1, "maximum"_L1, value.toDouble(), value.isDouble()},
        {"minLength"_L1, "maxLength"_L1, double(value.toString().size()), value.isString()},
        {"minItems"_L1, "maxItems"_L1, double(value.toArray().size()), value.isArray()},
    }};
    for (const Bound &bound : bounds) {
        if (bound.applies
            && (bound.size < schema[bound.minimum].toDouble(bound.size)
                || bound.size > schema[bound.maximum].toDouble(bound.size)))
            return {u"%1: %2 is out of bounds"_s.arg(path, QString::number(bound.size))};
    }
    if (value.isString() && schema.contains(u"pattern"_s)
        && !QRegularExpression(schema[u"pattern"_s].toString()).match(value.toString()).hasMatch())
        return {u"%1: '%2' does not match the pattern"_s.arg(path, value.toString())};
    return {};
}

/// Takes the null at `path` out; "*" stands for every element of an array.
QJsonValue withoutNull(const QJsonValue &value, const QStringList &path)
{
    if (path.isEmpty() || !(value.isObject() || value.isArray()))
        return value;
    if (path.first() == "*"_L1) {
        QJsonArray array = value.toArray();
        for (QJsonValueRef element : array)
            element = withoutNull(element, path.mid(1));
        return array;
    }
    QJsonObject object = value.toObject();
    const auto member = object.find(path.first());
    if (member == object.end())
        return value;
    if (path.size() == 1 && member->isNull())
        object.erase(member);
    else
        *member = withoutNull(*member, path.mid(1));
    return object;
}

} // namespace

std::optional<JsonSchemas> JsonSchemas::load(const QString &fileName)
{
    QFile file(fileName);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    JsonSchemas schemas;
    schemas.m_schemas = QJsonDocument::fromJson(file.readAll())[u"schemas"_s].toObject();
    const QStringList names = schemas.m_schemas.keys();
    for (const QString &name : names) {
        const QJsonValue type = schemas.m_schemas[name][u"properties"_s][u"type"_s];
        if (name.startsWith("RealtimeServerEvent"_L1) && type.isObject())
            schemas.m_serverEvents.insert(type[u"enum"_s][0].toString(type[u"const"_s].toString()), name);
    }
    return schemas;
}

QStringList JsonSchemas::errors(const QJsonValue &value, const QString &schemaName) const
{
    if (!m_schemas.contains(schemaName))
        return {u"there is no schema %1"_s.arg(schemaName)};
    return check(value, m_schemas[schemaName].toObject(), u"$"_s);
}

QStringList JsonSchemas::serverEventErrors(const QJsonObject &event) const
{
    static const QStringList writtenAsNull{
        u"session.include"_s,
        u"session.audio.input.transcription"_s,
        u"session.audio.input.transcription.language"_s,
        u"session.audio.input.transcription.prompt"_s,
        u"session.audio.input.noise_reduction"_s,
        u"item.content.*.transcript"_s,
        u"response.status_details"_s,
        u"response.usage"_s,
    };
    const QString type = event[u"type"_s].toString();
    if (!m_serverEvents.contains(type))
        return {u"there is no server event '%1'"_s.arg(type)};
    QJsonValue value = event;
    for (const QString &path : writtenAsNull)
        value = withoutNull(value, path.split(u'.'));
    QStringList found = errors(value, m_serverEvents[type]);
    for (QString &error : found)
        error.prepend(type + u": "_s);
    return found;
}

QStringList JsonSchemas::check(const QJsonValue &value, const QJsonObject &schema, const QString &path) const
{
    if (schema.contains(u"$ref"_s))
        return check(value, m_schemas[schema[u"$ref"_s].toString().section(u'/', -1)].toObject(), path);
    if (value.isNull() && schema[u"nullable"_s].toBool())
        return {};
    const QStringList types = strings(schema[u"type"_s]);
    if (!types.isEmpty() && std::none_of(types.begin(), types.end(), [&](const QString &type) {
            return isOfType(value, type);
        }))
        return {u"%1: not of type %2"_s.arg(path, types.join(u'|'))};
    if (schema.contains(u"enum"_s) && !schema[u"enum"_s].toArray().contains(value))
        return {u"%1: '%2' is not one of %3"_s.arg(
            path, value.toVariant().toString(), strings(schema[u"enum"_s]).join(u'|'))};
    if (schema.contains(u"const"_s) && schema[u"const"_s] != value)
        return {u"%1: is not '%2'"_s.arg(path, schema[u"const"_s].toVariant().toString())};

    QStringList found = checkBounds(value, schema, path);
    if (value.isObject())
        found += checkObject(value.toObject(), schema, path);
    if (value.isArray() && schema[u"items"_s].isObject()) {
        const QJsonArray array = value.toArray();
        for (qsizetype i = 0; i < array.size(); ++i)
            found += check(array[i], schema[u"items"_s].toObject(), u"%1[%2]"_s.arg(path).arg(i));
    }
    if (schema.contains(u"anyOf"_s))
        found += checkChoice(value, schema[u"anyOf"_s].toArray(), false, path);
    if (schema.contains(u"oneOf"_s))
        found += checkChoice(value, schema[u"oneOf"_s].toArray(), true, path);
    const QJsonArray all = schema[u"allOf"_s].toArray();
    for (const QJsonValue &part : all)
        found += check(value, part.toObject(), path);
    return found;
}

QStringList JsonSchemas::checkObject(
    const QJsonObject &object, const QJsonObject &schema, const QString &path) const
{
    QStringList found;
    const QStringList required = strings(schema[u"required"_s]);
    for (const QString &name : required) {
        if (!object.contains(name))
            found.append(u"%1.%2: is missing"_s.arg(path, name));
    }
    const QJsonObject properties = schema[u"properties"_s].toObject();
    const QJsonValue additional = schema[u"additionalProperties"_s];
    for (auto member = object.begin(); member != object.end(); ++member) {
        const QString at = path + u'.' + member.key();
        if (properties.contains(member.key()))
            found += check(member.value(), properties[member.key()].toObject(), at);
        else if (additional.isObject())
            found += check(member.value(), additional.toObject(), at);
        else if (!additional.toBool(true))
            found.append(at + u": is not allowed"_s);
    }
    return found;
}

QStringList JsonSchemas::checkChoice(
    const QJsonValue &value, const QJsonArray &choices, bool exactlyOne, const QString &path) const
{
    int fitting = 0;
    QStringList nearest;
    for (const QJsonValue &choice : choices) {
        const QStringList found = check(value, choice.toObject(), path);
        fitting += found.isEmpty() ? 1 : 0;
        if (nearest.isEmpty() || (!found.isEmpty() && found.size() < nearest.size()))
            nearest = found;
    }
    if (fitting == 0)
        return nearest;
    return exactlyOne && fitting > 1 ? QStringList{path + u": fits more than one choice"_s} : QStringList();
}

} // namespace rr
