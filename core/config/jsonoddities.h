// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QStringList>

namespace rr {

/// What Qt's parser passes over without a word in a text that it takes for JSON.
struct JsonOddities
{
    QStringList repeatedKeys; ///< of the outermost object, each once: the last value counts
    qsizetype strayBackslash
        = -1; ///< where the first one is that no string of JSON may have; -1: there is none
};

/// `json`: what QJsonDocument has parsed without an error.
JsonOddities jsonOddities(const QByteArray &json);

} // namespace rr
