// SPDX-License-Identifier: MIT
#include "core/config/secret.h"

namespace rr {

QString Secret::masked() const
{
    const QChar ellipsis(0x2026);
    if (m_bytes.size() < 12)
        return ellipsis;
    QString text = QString::fromLatin1(m_bytes.first(3)) + ellipsis + QString::fromLatin1(m_bytes.last(2));
    for (QChar &character : text) {
        if (!character.isPrint()) // a key comes from outside: nothing of it may
            // steer a terminal
            character = u'?';
    }
    return text;
}

} // namespace rr
