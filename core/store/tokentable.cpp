// SPDX-License-Identifier: MIT
#include "core/store/tokentable.h"

#include "core/store/tokenchecks.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonValue>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

const QString termsColumns
    = u"id, name, hash, created_at, expires_at, revoked_at, origins, models, calls_at_once, minutes_a_call, usd_a_day, usd_in_all"_s;

qint64 msOf(const QDateTime &time)
{
    return time.isValid() ? time.toMSecsSinceEpoch() : 0;
}

QDateTime timeOf(qint64 ms)
{
    return ms == 0 ? QDateTime() : QDateTime::fromMSecsSinceEpoch(ms).toUTC();
}

QString jsonOf(const QStringList &texts)
{
    return QString::fromUtf8(QJsonDocument(QJsonArray::fromStringList(texts)).toJson(QJsonDocument::Compact));
}

QStringList textsOf(const QVariant &json)
{
    QStringList result;
    const QJsonArray array = QJsonDocument::fromJson(json.toString().toUtf8()).array();
    for (const QJsonValue &value : array)
        result.append(value.toString());
    return result;
}

AccessTerms termsOf(const Database::Row &row)
{
    AccessTerms terms;
    terms.id = row[0].toLongLong();
    terms.name = row[1].toString();
    terms.hash = row[2].toByteArray();
    terms.createdAt = timeOf(row[3].toLongLong());
    terms.expiresAt = timeOf(row[4].toLongLong());
    terms.isRevoked = row[5].toLongLong() != 0;
    terms.origins = textsOf(row[6]);
    terms.models = textsOf(row[7]);
    terms.callsAtOnce = row[8].toInt();
    terms.minutesACall = row[9].toInt();
    terms.usdADay = Money::ofPico(row[10].toLongLong());
    terms.usdInAll = Money::ofPico(row[11].toLongLong());
    return terms;
}

/// Those that somebody sets, in the order of the statements below.
QVariantList valuesOf(const AccessTerms &terms)
{
    return {terms.name, msOf(terms.expiresAt), jsonOf(terms.origins), jsonOf(terms.models), terms.callsAtOnce,
        terms.minutesACall, terms.usdADay.pico(), terms.usdInAll.pico()};
}

RelayError noSuchToken()
{
    return {"no_such_token", {},
        QT_TRANSLATE_NOOP("Core",
            "There is no such access token in the store. See which there are, and name one of them.")};
}

/// What a change of a token's row has come to, once its transaction failed.
RelayError notKept(const Database &database, const QString &name)
{
    if (database.failure() != SqlFailure::Data)
        return database.error();
    return {"name_taken", {},
        {QT_TRANSLATE_NOOP("Core",
             "There is an access token with the name %1 already. Choose another, or revoke that one first."),
            {name}}};
}

bool tellAll(Database &database)
{
    return database.change(u"UPDATE rr_meta SET book = book + 1 WHERE id = 1"_s).has_value();
}

std::optional<QList<Database::Row>> rowOf(Database &database, qint64 id)
{
    return database.select(u"SELECT "_s + termsColumns + u" FROM rr_token WHERE id = ?"_s, {id});
}

} // namespace

StoreAnswer<Store::NewToken> tokentable::add(Database &database, AccessTerms terms, const QDateTime &now)
{
    if (const auto error = checkNewTerms(terms, now))
        return *error;
    Store::NewToken made;
    made.token = makeAccessToken();
    terms.hash = hashOfToken(made.token);
    const bool isKept = database.transact([&] {
        const auto rows = database.select(
            u"INSERT INTO rr_token (name, expires_at, origins, models, calls_at_once, minutes_a_call, usd_a_day, usd_in_all, "
            "hash, created_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) RETURNING "_s
                + termsColumns,
            valuesOf(terms) << terms.hash << msOf(now));
        if (!rows || rows->isEmpty())
            return false;
        made.terms = termsOf(rows->first());
        return tellAll(database);
    });
    if (!isKept)
        return notKept(database, terms.name);
    return made;
}

std::optional<QList<AccessTerms>> tokentable::all(Database &database)
{
    const auto rows = database.select(u"SELECT "_s + termsColumns + u" FROM rr_token"_s);
    if (!rows)
        return {};
    QList<AccessTerms> result;
    for (const Database::Row &row : *rows)
        result.append(termsOf(row));
    std::sort(result.begin(), result.end(), [](const AccessTerms &one, const AccessTerms &other) {
        if (one.isRevoked != other.isRevoked)
            return other.isRevoked;
        const int order = QString::compare(one.name, other.name, Qt::CaseInsensitive);
        return order != 0 ? order < 0 : one.id < other.id;
    });
    return result;
}

StoreAnswer<AccessTerms> tokentable::set(Database &database, AccessTerms terms)
{
    if (const auto error = checkTerms(terms))
        return *error;
    std::optional<AccessTerms> kept;
    const bool isDone = database.transact([&] {
        kept.reset();
        const auto rows = database.select(
            u"UPDATE rr_token SET name = ?, expires_at = ?, origins = ?, models = ?, calls_at_once = ?, minutes_a_call = ?, "
            "usd_a_day = ?, usd_in_all = ? WHERE id = ? AND revoked_at = 0 RETURNING "_s
                + termsColumns,
            valuesOf(terms) << terms.id);
        if (!rows)
            return false;
        if (rows->isEmpty())
            return true;
        kept = termsOf(rows->first());
        return tellAll(database);
    });
    if (!isDone)
        return notKept(database, terms.name);
    if (kept)
        return *kept;
    const auto rows = rowOf(database, terms.id);
    if (!rows)
        return database.error();
    if (rows->isEmpty())
        return noSuchToken();
    return RelayError{"bad_terms", {},
        {QT_TRANSLATE_NOOP("Core",
             "The access token %1 is revoked, for ever. Make a new one, which may have the same name."),
            {termsOf(rows->first()).name}}};
}

std::optional<RelayError> tokentable::revoke(Database &database, qint64 id, const QDateTime &now)
{
    bool isThere = false;
    const bool isDone = database.transact([&] {
        const auto changed = database.change(
            u"UPDATE rr_token SET revoked_at = ? WHERE id = ? AND revoked_at = 0"_s, {msOf(now), id});
        if (!changed)
            return false;
        if (*changed > 0) {
            isThere = true;
            return tellAll(database);
        }
        const auto rows = rowOf(database, id);
        isThere = rows && !rows->isEmpty();
        return rows.has_value();
    });
    if (!isDone)
        return database.error();
    if (!isThere)
        return noSuchToken();
    return {};
}

bool tokentable::keepMinted(
    Database &database, const QByteArray &hash, const Ledger::Minted &minted, const QDateTime &expiresAt)
{
    return database.transact([&] {
        return database
            .change(
                u"INSERT INTO rr_minted (hash, token, sealed, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING"_s,
                {hash, minted.token, minted.sealed, msOf(expiresAt)})
            .has_value();
    });
}

std::optional<Ledger::Minted> tokentable::findMinted(
    Database &database, const QByteArray &hash, const QDateTime &now)
{
    const auto rows = database.select(
        u"SELECT token, sealed FROM rr_minted WHERE hash = ? AND expires_at > ?"_s, {hash, msOf(now)});
    if (!rows)
        return {};
    if (rows->isEmpty())
        return Ledger::Minted();
    return Ledger::Minted{rows->first()[0].toLongLong(), rows->first()[1].toByteArray()};
}

} // namespace rr
