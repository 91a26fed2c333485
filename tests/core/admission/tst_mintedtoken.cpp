// SPDX-License-Identifier: MIT
#include "core/admission/mintedtoken.h"
#include "core/base/randomtext.h"
#include "tests/support/relaytest.h"

#include <QSet>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_MintedToken : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isAnAccessTokenOfItsOwnKind()
    {
        QSet<QByteArray> all;
        for (int i = 0; i < 100; ++i) {
            const Secret minted = makeMintedToken();
            QVERIFY(isMintedToken(minted) && isAccessToken(minted) && hasFormOfToken(minted));
            all.insert(minted.reveal());
        }
        QCOMPARE(all.size(), 100);
        QVERIFY(!isMintedToken(makeAccessToken()));
    }

    void onlyItsTokenUnseals_data()
    {
        QTest::addColumn<QByteArray>("upstreams");
        for (const int size : {1, 31, 32, 33, 64, 200, 5000})
            QTest::addRow("%d bytes", size) << "ek_"_ba.leftJustified(size, 'x', true);
    }
    void onlyItsTokenUnseals()
    {
        QFETCH(QByteArray, upstreams);
        const Secret minted = makeMintedToken();
        const QByteArray kept = sealed(Secret(upstreams), minted);
        QCOMPARE(unsealed(kept, minted).reveal(), upstreams);
        QVERIFY(unsealed(kept, makeMintedToken()).isEmpty());
        QVERIFY(upstreams.size() < 4 || !kept.contains(upstreams.first(4)));
        QVERIFY(!kept.contains(minted.reveal()) && !kept.contains(hashOfToken(minted)));
        QVERIFY(sealed(Secret(upstreams), makeMintedToken()) != kept);
    }

    // A stream that repeats would tell where the text does.
    void theStreamDoesNotRepeat()
    {
        const QByteArray kept = sealed(Secret(QByteArray(320, 'x')), makeMintedToken());
        QSet<QByteArray> blocks;
        for (qsizetype at = 0; at < kept.size(); at += 32)
            blocks.insert(kept.sliced(at, 32));
        QCOMPARE(blocks.size(), 11);
    }

    void whatIsChangedIsNone()
    {
        const Secret minted = makeMintedToken();
        const QByteArray kept = sealed(Secret("ek_something"), minted);
        for (qsizetype i = 0; i < kept.size(); ++i) {
            QByteArray changed = kept;
            changed[i] = char(changed[i] ^ 1);
            QVERIFY(unsealed(changed, minted).isEmpty());
            QVERIFY(unsealed(kept.first(i), minted).isEmpty());
        }
        QVERIFY(unsealed(kept + 'x', minted).isEmpty());
        for (int size = 0; size < 300; ++size)
            QVERIFY(unsealed(randomBytes(size), minted).isEmpty());
        QVERIFY(unsealed({}, {}).isEmpty());
    }
};

RELAY_TEST(tst_MintedToken)
#include "tst_mintedtoken.moc"
