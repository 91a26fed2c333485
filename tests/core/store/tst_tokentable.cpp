// SPDX-License-Identifier: MIT
#include "core/store/tokentable.h"
#include "tests/core/store/storeplaces.h"

#include <QTest>

using namespace rr;
using namespace rr::test;
using namespace Qt::StringLiterals;

namespace {

const QDateTime start = QDateTime::fromMSecsSinceEpoch(1'796'000'000'123).toUTC();

AccessTerms named(const QString &name)
{
    AccessTerms terms;
    terms.name = name;
    return terms;
}

QByteArray codeOf(const RelayError &error)
{
    return error.code;
}

} // namespace

class TestTokenTable : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data() { StorePlaces::addRows(); }

    void asItWasGiven()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        AccessTerms terms = named(u"Demo's \"ü\""_s);
        terms.expiresAt = start.addDays(7);
        terms.origins = {u"https://a.example"_s, u"https://b.example:*"_s};
        terms.models = {u"gpt-realtime"_s};
        terms.callsAtOnce = 3;
        terms.minutesACall = 10;
        terms.usdADay = Money::ofPico(5'000'000'000'001);
        terms.usdInAll = Money::ofPico(50'000'000'000'000);
        const auto added = tokentable::add(open.database, terms, start);
        const auto *made = std::get_if<Store::NewToken>(&added);
        QVERIFY(made);
        QVERIFY(isAccessToken(made->token));
        QCOMPARE(made->terms.hash, hashOfToken(made->token));
        terms.id = made->terms.id;
        terms.hash = made->terms.hash;
        terms.createdAt = start;
        QCOMPARE(made->terms, terms);
        QCOMPARE(tokentable::all(open.database), QList<AccessTerms>{terms});
        // The token itself is nowhere.
        QCOMPARE(open.number(
                     u"SELECT COUNT(*) FROM rr_token WHERE name LIKE '%ek_rr_%' OR models LIKE '%ek_rr_%'"_s),
            0);

        terms.name = u"Other"_s;
        terms.expiresAt = {};
        terms.origins.clear();
        terms.usdADay = {};
        const auto set = tokentable::set(open.database, terms);
        QVERIFY(std::holds_alternative<AccessTerms>(set));
        QCOMPARE(std::get<AccessTerms>(set), terms);
        QCOMPARE(tokentable::all(open.database), QList<AccessTerms>{terms});
    }
    void everyChangeIsTold()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        qint64 book = schema::state(open.database)->book;
        const auto changed = [&] {
            const qint64 before = book;
            book = schema::state(open.database)->book;
            return book > before;
        };
        auto terms = std::get<Store::NewToken>(tokentable::add(open.database, named(u"a"_s), start)).terms;
        QVERIFY(changed());
        QVERIFY(std::holds_alternative<AccessTerms>(tokentable::set(open.database, terms)));
        QVERIFY(changed());
        QVERIFY(!tokentable::revoke(open.database, terms.id, start));
        QVERIFY(changed());
        QVERIFY(!tokentable::revoke(open.database, terms.id, start)); // it is already
        QVERIFY(!changed());
        QVERIFY(tokentable::all(open.database)->first().isRevoked);
    }
    void names()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        const auto one
            = std::get<Store::NewToken>(tokentable::add(open.database, named(u"one"_s), start)).terms;
        auto two = std::get<Store::NewToken>(tokentable::add(open.database, named(u"two"_s), start)).terms;
        const auto again = tokentable::add(open.database, named(u" one "_s), start);
        QVERIFY(std::holds_alternative<RelayError>(again));
        QCOMPARE(codeOf(std::get<RelayError>(again)), "name_taken"_ba);
        two.name = u"one"_s;
        QCOMPARE(codeOf(std::get<RelayError>(tokentable::set(open.database, two))), "name_taken"_ba);
        // Once it is revoked its name is free, and never itself again.
        QVERIFY(!tokentable::revoke(open.database, one.id, start));
        QVERIFY(std::holds_alternative<AccessTerms>(tokentable::set(open.database, two)));
        QCOMPARE(codeOf(std::get<RelayError>(tokentable::set(open.database, one))), "bad_terms"_ba);
        const auto all = tokentable::all(open.database);
        QCOMPARE(all->size(), 2);
        QVERIFY(!all->first().isRevoked && all->last().isRevoked);
    }
    void noSuchToken()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        AccessTerms terms = named(u"a"_s);
        terms.id = 77;
        QCOMPARE(codeOf(std::get<RelayError>(tokentable::set(open.database, terms))), "no_such_token"_ba);
        QCOMPARE(codeOf(*tokentable::revoke(open.database, 77, start)), "no_such_token"_ba);
        QCOMPARE(
            codeOf(std::get<RelayError>(tokentable::add(open.database, named({}), start))), "bad_terms"_ba);
    }
    void minted()
    {
        STORE_PLACE_OR_SKIP;
        OpenDatabase open(m_places.next());
        const QByteArray hash = hashOfToken(Secret("ek_x"));
        const Ledger::Minted nobodys, minted{5, QByteArray("\0\xff'", 3)};
        QVERIFY(tokentable::findMinted(open.database, hash, start) == nobodys);
        QVERIFY(tokentable::keepMinted(open.database, hash, minted, start.addSecs(60)));
        QVERIFY(tokentable::keepMinted(open.database, hash, minted, start.addSecs(60))); // told twice
        QVERIFY(tokentable::findMinted(open.database, hash, start) == minted);
        QVERIFY(tokentable::findMinted(open.database, hash, start.addSecs(60)) == nobodys);
        open.database.close();
        QVERIFY(!tokentable::findMinted(open.database, hash, start));
        QVERIFY(!tokentable::all(open.database));
        QCOMPARE(codeOf(std::get<RelayError>(tokentable::add(open.database, named(u"a"_s), start))),
            "store_away"_ba);
    }

private:
    StorePlaces m_places;
};

RELAY_TEST(TestTokenTable)
#include "tst_tokentable.moc"
