// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QJsonObject>
#include <QStringList>

#include <optional>

namespace rr {

/// Validates JSON against the Realtime API's schemas (tests/data/realtime/schemas.json): as much of JSON
/// Schema as those use. Annotations (format, discriminator, default, …) are not checked.
class JsonSchemas
{
public:
    /// Reads {"schemas": {NAME: SCHEMA, …}}. nullopt when the file cannot be read.
    static std::optional<JsonSchemas> load(const QString &fileName);

    /// What is wrong with the value, each with the path it is about; empty when it is valid.
    QStringList errors(const QJsonValue &value, const QString &schemaName) const;

    /// The same for a server event, by its type. A null that the real server writes for an absent value,
    /// though the schemas do not allow it, counts as absent (tests/data/realtime/README.md lists them).
    QStringList serverEventErrors(const QJsonObject &event) const;

private:
    QStringList check(const QJsonValue &value, const QJsonObject &schema, const QString &path) const;
    QStringList checkObject(const QJsonObject &object, const QJsonObject &schema, const QString &path) const;
    QStringList checkChoice(
        const QJsonValue &value, const QJsonArray &choices, bool exactlyOne, const QString &path) const;

    QJsonObject m_schemas;
    QHash<QString, QString> m_serverEvents; ///< type → name of the schema
};

} // namespace rr
