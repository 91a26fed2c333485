// SPDX-License-Identifier: MIT
#include "core/store/rowwriter.h"

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

/// So long an id may be. No response's is; the rest comes from nobody.
constexpr qsizetype longestId = 256;

qint64 msOrZero(const QDateTime &time)
{
    return time.isValid() ? time.toMSecsSinceEpoch() : 0;
}

QByteArray idOf(const QByteArray &id)
{
    return id.isNull() ? QByteArray("") : id.left(longestId);
}

/// In one case, and one line each, so that nothing is found across two of them.
QString searchTextOf(const CallEntry &call)
{
    QStringList parts{call.model, call.client, call.origin, call.tokenName, QString::fromUtf8(idOf(call.id))};
    for (QString &part : parts)
        part = storable(part).toCaseFolded();
    return parts.join(u'\n');
}

class Writing
{
public:
    Writing(Database &database, Slices &slices)
        : m_database(database)
        , m_slices(slices)
    {
    }

    bool all(const std::vector<StoreRow> &rows)
    {
        m_spendings.clear();
        m_givenBack.clear();
        return std::all_of(rows.begin(), rows.end(),
                   [this](const StoreRow &row) {
                       return std::visit([this](const auto &each) { return write(each); }, row);
                   })
            && m_slices.spend(m_spendings) && m_slices.close(m_givenBack);
    }
    const QSet<qint64> &givenBack() const { return m_givenBack; }

private:
    bool write(const SliceGivenBack &row)
    {
        m_givenBack.insert(row.token);
        return true;
    }
    bool write(const CallBegun &row) { return writeCall(row.call, 0, u"NOTHING"_s); }
    bool write(const CallEnded &row)
    {
        return writeCall(row.call, msOrZero(row.call.endedAt),
            u"UPDATE SET ended_at = excluded.ended_at, client = excluded.client, origin = excluded.origin, "
            "model = excluded.model, kind = excluded.kind, door = excluded.door, token = excluded.token, "
            "token_name = excluded.token_name, reason = excluded.reason, ended_by = excluded.ended_by, "
            "close_code = excluded.close_code, failed = excluded.failed, connect_ms = excluded.connect_ms, "
            "first_audio_ms = excluded.first_audio_ms, messages_up = excluded.messages_up, "
            "messages_down = excluded.messages_down, bytes_up = excluded.bytes_up, bytes_down = excluded.bytes_down, "
            "search = excluded.search"_s);
    }
    bool writeCall(const CallEntry &call, qint64 endedAt, const QString &onConflict);
    bool write(const UsageEntry &entry);

    Database &m_database;
    Slices &m_slices;
    Slices::Spendings m_spendings;
    QSet<qint64> m_givenBack;
};

bool Writing::writeCall(const CallEntry &call, qint64 endedAt, const QString &onConflict)
{
    const bool isOver = endedAt != 0;
    return m_database
        .change(
            u"INSERT INTO rr_call (id, started_at, ended_at, client, origin, model, kind, door, token, token_name, reason, "
            "ended_by, close_code, failed, connect_ms, first_audio_ms, messages_up, messages_down, bytes_up, bytes_down, "
            "search) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO "_s
                + onConflict,
            {idOf(call.id), msOrZero(call.startedAt), endedAt, storable(call.client), storable(call.origin),
                storable(call.model), QString(nameOf(call.kind)), QString(nameOf(call.door)), call.token,
                storable(call.tokenName), isOver ? QString(nameOf(call.reason)) : u""_s,
                isOver ? QString(nameOf(call.endedBy)) : u""_s, call.closeCode, call.failed ? 1 : 0,
                call.connectMs, call.firstAudioMs, call.messagesUp, call.messagesDown, call.bytesUp,
                call.bytesDown, searchTextOf(call)})
        .has_value();
}

bool Writing::write(const UsageEntry &entry)
{
    const QVariantList key{idOf(entry.call), idOf(entry.fact)};
    const auto before = m_database.select(
        u"SELECT cost FROM rr_usage WHERE call = ? AND fact = ?"_s + m_database.dialect().forUpdate, key);
    if (!before)
        return false;
    const Usage &usage = entry.usage;
    const QVariant cost
        = entry.cost ? QVariant(entry.cost->pico()) : QVariant(QMetaType(QMetaType::LongLong));
    const qint64 at = msOrZero(entry.at);
    if (!m_database.change(
            u"INSERT INTO rr_usage (call, fact, token, model, at, cost, text_in, audio_in, image_in, text_cached, "
            "audio_cached, image_cached, text_out, audio_out, ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (call, fact) DO UPDATE SET token = excluded.token, model = excluded.model, at = excluded.at, "
            "cost = excluded.cost, text_in = excluded.text_in, audio_in = excluded.audio_in, image_in = excluded.image_in, "
            "text_cached = excluded.text_cached, audio_cached = excluded.audio_cached, "
            "image_cached = excluded.image_cached, text_out = excluded.text_out, audio_out = excluded.audio_out, "
            "ms = excluded.ms"_s,
            key
                + QVariantList{entry.token, storable(entry.model), at, cost, usage.textIn, usage.audioIn,
                    usage.imageIn, usage.textCached, usage.audioCached, usage.imageCached, usage.textOut,
                    usage.audioOut, usage.ms}))
        return false;
    const qint64 counted = before->isEmpty() ? 0 : before->first().first().toLongLong(); // 0 of NULL
    const qint64 difference = (entry.cost ? entry.cost->pico() : 0) - counted;
    if (entry.token != 0 && difference != 0)
        m_spendings[{entry.token, Slices::dayOf(at)}] += difference;
    return true;
}

} // namespace

bool writeRows(Database &database, Slices &slices, const std::vector<StoreRow> &rows)
{
    Writing writing(database, slices);
    if (!database.transact([&] { return writing.all(rows); }))
        return false;
    slices.forget(writing.givenBack());
    return true;
}

} // namespace rr
