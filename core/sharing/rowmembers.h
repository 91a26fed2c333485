// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QLatin1String>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QString>
#include <QStringList>

#include <initializer_list>
#include <optional>
#include <utility>

namespace rr {

/// One object of a file of ways: what is taken out of it is checked, and what nobody has taken is none of a row's members.
/// The first thing that is wrong is kept.
class Members
{
public:
    Members(const QJsonValue &value, const QString &where, QString &problem)
        : m_object(value.toObject())
        , m_where(where)
        , m_problem(problem)
    {
        if (!value.isObject())
            fail(QStringLiteral("is no object"));
    }

    bool has(QLatin1String name) const { return m_object.contains(name); }
    QJsonValue value(QLatin1String name)
    {
        m_taken.insert(name);
        return m_object.value(name);
    }
    QString text(QLatin1String name)
    {
        const QJsonValue found = value(name);
        if (!found.isString() || found.toString().isEmpty())
            fail(QStringLiteral("\"%1\" must be a text").arg(name));
        return found.toString();
    }
    QString textOr(QLatin1String name, const QString &other = {}) { return has(name) ? text(name) : other; }
    int number(QLatin1String name, int other)
    {
        const QJsonValue found = value(name);
        if (!found.isUndefined() && (!found.isDouble() || found.toInt(-1) < 0))
            fail(QStringLiteral("\"%1\" must be a number, 0 or more").arg(name));
        return found.toInt(other);
    }
    bool flag(QLatin1String name)
    {
        const QJsonValue found = value(name);
        if (!found.isUndefined() && !found.isBool())
            fail(QStringLiteral("\"%1\" must be true or false").arg(name));
        return found.toBool();
    }
    QJsonArray list(QLatin1String name)
    {
        const QJsonValue found = value(name);
        if (!found.isUndefined() && !found.isArray())
            fail(QStringLiteral("\"%1\" must be a list").arg(name));
        return found.toArray();
    }
    QStringList texts(QLatin1String name)
    {
        QStringList result;
        const QJsonArray members = list(name);
        for (const QJsonValue &each : members) {
            if (!each.isString())
                fail(QStringLiteral("\"%1\" must be a list of texts").arg(name));
            result.append(each.toString());
        }
        return result;
    }
    template <typename Value>
    Value oneOf(
        QLatin1String name, std::initializer_list<std::pair<QLatin1String, Value>> values, Value other)
    {
        return has(name) ? choice(name, text(name), values) : other;
    }
    template <typename Value>
    Value choice(QLatin1String name, const QString &said,
        std::initializer_list<std::pair<QLatin1String, Value>> values)
    {
        for (const auto &[word, meant] : values) {
            if (said == word)
                return meant;
        }
        fail(QStringLiteral("\"%1\" cannot be \"%2\"").arg(name, said));
        return values.begin()->second;
    }
    Sentence words(QLatin1String name, const QString &said, const std::optional<Sentence> &found)
    {
        if (!found)
            fail(QStringLiteral("nothing is known of \"%1\", which \"%2\" names").arg(said, name));
        return found.value_or(Sentence());
    }
    QString pattern(QLatin1String name, int leastGroups)
    {
        const QString result = text(name);
        const QRegularExpression expression(result);
        if (!expression.isValid())
            fail(QStringLiteral("\"%1\" is no pattern: %2").arg(name, expression.errorString()));
        else if (expression.captureCount() < leastGroups)
            fail(QStringLiteral("\"%1\" needs a group around what is wanted").arg(name));
        return result;
    }
    Members object(QLatin1String name)
    {
        return Members(value(name), m_where + QStringLiteral(", \"") + name + u'"', m_problem);
    }
    QMap<QString, std::optional<QString>> env(QLatin1String name)
    {
        QMap<QString, std::optional<QString>> result;
        if (!has(name))
            return result;
        const QJsonObject members = value(name).toObject();
        for (auto each = members.begin(); each != members.end(); ++each) {
            if (!each->isString() && !each->isNull())
                fail(QStringLiteral("\"%1\" sets texts, or null to take away").arg(name));
            result.insert(each.key(), each->isNull() ? std::nullopt : std::optional(each->toString()));
        }
        return result;
    }

    void fail(const QString &why)
    {
        if (m_problem.isEmpty())
            m_problem = m_where + QStringLiteral(": ") + why;
    }
    void nothingElse()
    {
        for (const QString &key : m_object.keys()) {
            if (!m_taken.contains(key))
                fail(QStringLiteral("\"%1\" is no member of a row here").arg(key));
        }
    }
    const QString &where() const { return m_where; }
    QString &problem() const { return m_problem; }

private:
    QJsonObject m_object;
    QString m_where;
    QString &m_problem;
    QSet<QString> m_taken;
};

} // namespace rr
