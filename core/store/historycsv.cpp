// SPDX-License-Identifier: MIT
#include "core/store/historycsv.h"

#include "core/store/history.h"

#include <QByteArrayList>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int callsAtATime = 1000;

QByteArray textCell(QString text)
{
    if (!text.isEmpty() && u"=+-@\t\r"_s.contains(text.front()))
        text.prepend(u'\'');
    if (text.contains(u'"') || text.contains(u',') || text.contains(u'\n') || text.contains(u'\r'))
        text = u'"' + text.replace(u'"', "\"\""_L1) + u'"';
    return text.toUtf8();
}

QByteArray numberCell(qint64 number)
{
    return QByteArray::number(number);
}

QByteArray timeCell(const QDateTime &time)
{
    return time.isValid() ? time.toUTC().toString(Qt::ISODateWithMs).toUtf8() : QByteArray();
}

QByteArray lineOf(const QByteArrayList &cells)
{
    return cells.join(',') + "\r\n";
}

RelayError notWritten(const QString &path, const QString &why)
{
    return {"file_not_written", {},
        {QT_TRANSLATE_NOOP("Core",
             "%1 could not be written: %2. Check that you may write there and that the disk is not full."),
            {path, why}}};
}

} // namespace

QByteArray historycsv::head()
{
    return "id,startedAt,endedAt,clientAddress,origin,model,kind,door,token,endReason,endedBy,closeCode,failed,connectMs,"
           "firstAudioMs,messagesUp,messagesDown,bytesUp,bytesDown,facts,factsWithoutPrice,costUsd,textTokensIn,"
           "audioTokensIn,imageTokensIn,textTokensCached,audioTokensCached,imageTokensCached,textTokensOut,audioTokensOut,"
           "billedMs\r\n";
}

QByteArray historycsv::line(const HistoryCall &row)
{
    const CallEntry &call = row.call;
    const Usage &usage = row.usage.usage;
    const bool isOver = call.endedAt.isValid();
    return lineOf({textCell(QString::fromUtf8(call.id)), timeCell(call.startedAt), timeCell(call.endedAt),
        textCell(call.client), textCell(call.origin), textCell(call.model), textCell(nameOf(call.kind)),
        textCell(nameOf(call.door)), textCell(call.tokenName),
        isOver ? textCell(nameOf(call.reason)) : QByteArray(),
        isOver ? textCell(nameOf(call.endedBy)) : QByteArray(), numberCell(call.closeCode),
        call.failed ? "true"_ba : "false"_ba, numberCell(call.connectMs), numberCell(call.firstAudioMs),
        numberCell(call.messagesUp), numberCell(call.messagesDown), numberCell(call.bytesUp),
        numberCell(call.bytesDown), numberCell(row.usage.responses), numberCell(row.usage.unpriced),
        // Unknown is never the same as nothing.
        row.usage.isCostKnown() ? decimalText(row.usage.cost, 6) : QByteArray(), numberCell(usage.textIn),
        numberCell(usage.audioIn), numberCell(usage.imageIn), numberCell(usage.textCached),
        numberCell(usage.audioCached), numberCell(usage.imageCached), numberCell(usage.textOut),
        numberCell(usage.audioOut), numberCell(usage.ms)});
}

std::optional<RelayError> historycsv::write(
    Database &database, HistoryQuery query, const QString &path, const std::function<bool()> &isStopped)
{
    if (const QFileInfo there(path); there.exists() && !there.isFile()) // root could replace a device
        return notWritten(path, u"not a file"_s);
    QSaveFile file(path);
    // It tells who called.
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
        || file.write(head()) < 0)
        return notWritten(path, file.errorString());
    query.most = callsAtATime;
    query.beforeStart = {};
    query.beforeId = {};
    for (bool hasMore = true; hasMore;) {
        if (isStopped())
            return RelayError{"stopped", {},
                {QT_TRANSLATE_NOOP("Core", "%1 was not written, for the program ends."), {path}}};
        const auto page = history::page(database, query);
        if (!page)
            return database.error();
        for (const HistoryCall &call : page->calls) {
            if (file.write(line(call)) < 0)
                return notWritten(path, file.errorString());
        }
        hasMore = page->hasMore;
        if (hasMore) {
            query.beforeStart = page->calls.last().call.startedAt;
            query.beforeId = page->calls.last().call.id;
        }
    }
    if (!file.flush() || !file.commit()) // which alone does not notice a full disk (Qt 6.4)
        return notWritten(path, file.errorString());
    return {};
}

} // namespace rr
