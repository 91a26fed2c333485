// SPDX-License-Identifier: MIT
#include "core/simulator/recording.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace rr {

std::optional<Recording> Recording::load(const QString &fileName, QString &error)
{
    QFile file(fileName);
    if (!file.open(QIODevice::ReadOnly)) {
        error = u"Cannot read the recording %1: %2."_s.arg(fileName, file.errorString());
        return {};
    }
    Recording recording;
    for (int number = 1; !file.atEnd(); ++number) {
        const QByteArray line = file.readLine().trimmed();
        if (line.isEmpty())
            continue;
        const QJsonObject entry = QJsonDocument::fromJson(line).object();
        const QString from = entry[u"from"_s].toString();
        const QString type = entry[u"event"_s][u"type"_s].toString();
        // The event's own bytes, for they are to be sent as they were: "from" comes first, "event" last.
        const qsizetype start = line.indexOf('{', line.indexOf("\"event\"") + 1);
        const QByteArray json = line.mid(start, line.size() - 1 - start);
        if ((from != "client"_L1 && from != "server"_L1) || type.isEmpty()
            || QJsonDocument::fromJson(json).object() != entry[u"event"_s].toObject()) {
            error = u"Line %1 of %2 is not {\"from\": \"client\" or \"server\", \"event\": {…}}."_s.arg(
                QString::number(number), fileName);
            return {};
        }
        recording.m_events.append({from == "server"_L1, type, json});
    }
    return recording;
}

} // namespace rr
