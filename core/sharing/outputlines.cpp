// SPDX-License-Identifier: MIT
#include "core/sharing/outputlines.h"

#include "core/realtime/redaction.h"

#include <QByteArrayView>
#include <QRegularExpression>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace rr {

namespace {

QString cleaned(const QByteArray &line)
{
    // ECMA-48: control sequences (colours among them), strings for the terminal (titles, links), single escapes.
    static const QRegularExpression escapes(
        uR"(\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~]))"_s);
    QString text = QString::fromUtf8(line);
    text.remove(escapes);
    text.remove(u'\r');
    return text;
}

} // namespace

QStringList OutputLines::take(const QByteArray &bytes)
{
    QStringList lines;
    QByteArrayView left(bytes);
    while (!left.isEmpty()) {
        const qsizetype end = left.indexOf('\n');
        const QByteArrayView part = left.first(end < 0 ? left.size() : end);
        m_line += part.first(std::min(part.size(), longest - m_line.size()));
        if (end < 0)
            break;
        lines.append(cleaned(std::exchange(m_line, {})));
        left = left.sliced(end + 1);
    }
    return lines;
}

QString OutputLines::rest()
{
    return cleaned(std::exchange(m_line, {}));
}

QString shownLine(const QString &line)
{
    // Some services print the path of every request; those of a share begin with its secret.
    static const QRegularExpression secret(
        uR"((/s/|#k=|[?&]k=|realtime-relay-access\.)[A-Za-z0-9_-]{16,})"_s);
    QString text = line;
    text.replace(secret, u"\\1…"_s);
    return outsideText(text, 1000);
}

} // namespace rr
