// SPDX-License-Identifier: MIT
#include "core/admission/accessbook.h"
#include "tests/support/relaytest.h"

#include <QSet>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_AccessBook : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tokensAreNeverTheSame()
    {
        QSet<QByteArray> all;
        for (int i = 0; i < 1000; ++i) {
            const Secret token = makeAccessToken();
            QVERIFY(isAccessToken(token));
            QCOMPARE(token.reveal().size(), accessTokenPrefix.size() + 32);
            for (const char c : token.reveal())
                QVERIFY(QChar::fromLatin1(c).isLetterOrNumber() || c == '_' || c == '-');
            all.insert(token.reveal());
        }
        QCOMPARE(all.size(), 1000);
        QVERIFY(!isAccessToken(Secret("ek_other")));
        QVERIFY(!isAccessToken(Secret("sk-any")));
    }

    void form()
    {
        const QByteArray token = makeAccessToken().reveal();
        QVERIFY(hasFormOfToken(Secret(token)));
        for (const QByteArray &other : {QByteArray(), QByteArray("ek_rr_"), token + 'x', token.chopped(1),
                 token.chopped(1) + '.', "x" + token.sliced(1), token.sliced(6)})
            QVERIFY2(!hasFormOfToken(Secret(other)), other);
    }

    void findsByHashAndId()
    {
        const Secret token = makeAccessToken();
        AccessTerms terms;
        terms.id = 7;
        terms.hash = hashOfToken(token);
        terms.isRevoked = true; // is found, so that it can be said
        const AccessBook book({terms});
        QVERIFY(book.find(hashOfToken(token)));
        QCOMPARE(*book.find(7), terms);
        QVERIFY(!book.find(hashOfToken(makeAccessToken())));
        QVERIFY(!book.find(8));
        QVERIFY(!book.isEmpty());
        QVERIFY(AccessBook().isEmpty());
        QVERIFY(!AccessBook().isRead()); // nor is it known of anybody that he is not good
        QVERIFY(book.isRead() && AccessBook(QList<AccessTerms>()).isRead());
        QVERIFY(!terms.hash.contains(token.reveal()));
    }
};

RELAY_TEST(tst_AccessBook)
#include "tst_accessbook.moc"
