// SPDX-License-Identifier: MIT
#include "core/config/jsonoddities.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>

namespace rr {

JsonOddities jsonOddities(const QByteArray &json)
{
    JsonOddities oddities;
    QSet<QString> keys;
    int depth = 0;
    QByteArray string; // the last one, with its quotes
    for (qsizetype i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            --depth;
        } else if (c == '"') {
            const qsizetype begin = i;
            for (++i; i < json.size() && json[i] != '"'; ++i) {
                if (json[i] != '\\')
                    continue;
                // RFC 8259 7: these may stand behind it.
                if (oddities.strayBackslash < 0
                    && !QByteArrayView("\"\\/bfnrtu").contains(json.mid(i + 1, 1)))
                    oddities.strayBackslash = i;
                ++i;
            }
            string = json.mid(begin, i + 1 - begin);
        } else if (c == ':' && depth == 1) {
            const QString key = QJsonDocument::fromJson('[' + string + ']').array().at(0).toString();
            if (keys.contains(key) && !oddities.repeatedKeys.contains(key))
                oddities.repeatedKeys.append(key);
            keys.insert(key);
        }
    }
    return oddities;
}

} // namespace rr
