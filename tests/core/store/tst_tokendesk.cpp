// SPDX-License-Identifier: MIT
#include "core/store/tokendesk.h"
#include "tests/core/store/storefixture.h"

#include <QTest>

using namespace rr;
using namespace rr::test;
using namespace Qt::StringLiterals;

class TestTokenDesk : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data() { StorePlaces::addRows(); }

    void all()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        const auto desk = openDesk(url); // which makes the store
        QVERIFY(std::get<QList<AccessTerms>>(desk->list()).isEmpty());
        AccessTerms terms;
        terms.name = u"Demo"_s;
        terms.usdADay = Money::ofPico(5);
        const auto added = std::get<Store::NewToken>(desk->add(terms));
        QVERIFY(isAccessToken(added.token));
        QCOMPARE(std::get<AccessTerms>(desk->find(u" Demo "_s)), added.terms);
        QCOMPARE(std::get<RelayError>(desk->find(u"demo"_s)).code, "no_such_token"_ba);
        QCOMPARE(std::get<RelayError>(desk->add(terms)).code, "name_taken"_ba);

        terms = added.terms;
        terms.usdInAll = Money::ofPico(7);
        QCOMPARE(std::get<AccessTerms>(desk->set(terms)), terms);
        const auto budgets = desk->budgets();
        QCOMPARE(budgets.size(), 2);
        QCOMPARE(budgets[0], (BudgetStand{terms.id, Budget::TokenDay, Money(), Money::ofPico(5)}));
        QCOMPARE(budgets[1], (BudgetStand{terms.id, Budget::TokenInAll, Money(), Money::ofPico(7)}));

        QVERIFY(!desk->revoke(terms.id));
        QVERIFY(std::get<AccessTerms>(desk->find(u"Demo"_s)).isRevoked);
        QVERIFY(desk->budgets().isEmpty());
        // Where a name was given again, it is the one that can be used; else the youngest.
        const auto second = std::get<Store::NewToken>(desk->add(called(u"Demo"_s)));
        QCOMPARE(std::get<AccessTerms>(desk->find(u"Demo"_s)).id, second.terms.id);
        QVERIFY(!desk->revoke(second.terms.id));
        QCOMPARE(std::get<AccessTerms>(desk->find(u"Demo"_s)).id, second.terms.id);
        QCOMPARE(std::get<QList<AccessTerms>>(desk->list()).size(), 2);
    }
    /// While a relay has it open and writes.
    void besideARelay()
    {
        STORE_PLACE_OR_SKIP;
        const QString url = m_places.next();
        const auto store = openStore(url);
        const auto desk = openDesk(url);
        for (int i = 0; i < 50; ++i) {
            for (int fact = 0; fact < 20; ++fact)
                store->add(
                    usageFact(1, QByteArray::number(i * 100 + fact), 1, QDateTime::currentDateTimeUtc()));
            QVERIFY(std::holds_alternative<Store::NewToken>(desk->add(called(QString::number(i)))));
        }
        QTRY_COMPARE(store->tokens().size(), 50);
        QTRY_COMPARE(store->stand().waiting, 0);
        QVERIFY(!store->stand().isAway);
    }
    void cannotBeOpened()
    {
        QCOMPARE(std::get<RelayError>(TokenDesk::open(u"x"_s)).code, "store_url"_ba);
        QCOMPARE(std::get<RelayError>(TokenDesk::open(u"sqlite:/proc/none/x"_s)).code, "store_file"_ba);
    }

private:
    static AccessTerms called(const QString &name)
    {
        AccessTerms terms;
        terms.name = name;
        return terms;
    }

    StorePlaces m_places;
};

RELAY_TEST(TestTokenDesk)
#include "tst_tokendesk.moc"
