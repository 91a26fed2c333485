// SPDX-License-Identifier: MIT
#pragma once

#include "core/simulator/apierror.h"

#include <QJsonObject>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <limits>
#include <optional>
#include <span>

/// What an API takes, as tables: a rule for each member of a client event, by its path. Pure functions on values;
/// each returns the error to answer with, nullopt when all is well.
namespace rr::rules {

enum Kind : unsigned {
    String = 1,
    Integer = 2,
    Number = 4,
    Boolean = 8,
    Object = 16, ///< its members have rules of their own
    Open = 32, ///< an object that may hold anything
    Array = 64,
    Null = 128,
    Required = 256,
};

inline constexpr double unbounded = std::numeric_limits<double>::infinity();

struct Rule
{
    QLatin1StringView path;
    unsigned kinds;
    QLatin1StringView values = {}; ///< allowed words, of a string or of an array's strings
    double minimum = -unbounded;
    double maximum = unbounded;
};

/// The rules of several tables as one.
template <size_t... Sizes>
constexpr auto joined(const Rule (&...tables)[Sizes])
{
    std::array<Rule, (Sizes + ...)> all{};
    auto at = all.begin();
    ((at = std::copy(std::begin(tables), std::end(tables), at)), ...);
    return all;
}

/// What one type of client event may hold besides `type` and `event_id`.
struct EventRules
{
    QLatin1StringView type;
    std::span<const Rule> rules;
};

/// That the event's type is one of these, nothing required is missing, nothing is unknown, types, enumerations and
/// ranges are right.
std::optional<ApiError> checkEvent(const QJsonObject &event, std::span<const EventRules> known);
/// The same of the body of an HTTP request, which names no type.
std::optional<ApiError> checkMembers(const QJsonObject &body, std::span<const Rule> rules);
std::optional<ApiError> checkValue(const QJsonValue &value, const Rule &rule, const QString &path);

ApiError missing(const QString &path);
ApiError unsupported(const QString &value, const QStringList &allowed, const QString &path);
/// `expected` with its article: "a string".
ApiError wrongType(const QString &path, QLatin1StringView expected, const QJsonValue &value);

} // namespace rr::rules
