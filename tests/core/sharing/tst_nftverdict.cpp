// SPDX-License-Identifier: MIT
// The files in tests/data/sharing are what nft 1.0.6 printed of rules as firewalld makes them ("zones") and as people write
// them ("workstation").
#include "core/sharing/nftverdict.h"

#include "tests/support/relaytest.h"

#include <QFile>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_NftVerdict : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void verdicts_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("port");
        QTest::addColumn<QString>("verdict");
        QTest::newRow("open in a range, behind two jumps") << u"nft-zones"_s << 8085 << u"in"_s;
        QTest::newRow("open for new connections") << u"nft-zones"_s << 22 << u"in"_s;
        QTest::newRow("rejected at the end") << u"nft-zones"_s << 8091 << u"out"_s;
        QTest::newRow("in a set") << u"nft-workstation"_s << 443 << u"in"_s;
        QTest::newRow("in a range in a set") << u"nft-workstation"_s << 7003 << u"in"_s;
        QTest::newRow("for UDP alone") << u"nft-workstation"_s << 8080 << u"out"_s;
        QTest::newRow("dropped by name") << u"nft-workstation"_s << 6000 << u"out"_s;
        QTest::newRow("for some alone") << u"nft-workstation"_s << 9000 << u"unknown"_s;
    }
    void verdicts()
    {
        QFETCH(QString, file);
        QFETCH(int, port);
        QFETCH(QString, verdict);
        QFile rules(QStringLiteral(RELAY_TEST_DATA) + u"/sharing/%1.json"_s.arg(file));
        QVERIFY(rules.open(QIODevice::ReadOnly));
        const auto letsIn = nftLetsIn(rules.readAll(), quint16(port));
        QCOMPARE(letsIn ? (*letsIn ? u"in"_s : u"out"_s) : u"unknown"_s, verdict);
    }

    void noRules()
    {
        QCOMPARE(nftLetsIn("{\"nftables\": []}", 80), std::optional(true));
        QCOMPARE(nftLetsIn("Error: Operation not permitted", 80), std::optional<bool>());
        QCOMPARE(nftLetsIn({}, 80), std::optional<bool>());
    }

    /// nft refuses such rules; whoever writes them must not hang this.
    void rulesThatGoInACircle()
    {
        const QByteArray rules
            = "{\"nftables\":[{\"chain\":{\"family\":\"ip\",\"table\":\"t\",\"name\":\"a\",\"type\":"
              "\"filter\",\"hook\":\"input\",\"policy\":\"accept\"}},{\"rule\":{\"family\":\"ip\","
              "\"table\":\"t\",\"chain\":\"a\",\"expr\":[{\"jump\":{\"target\":\"a\"}}]}}]}";
        QCOMPARE(nftLetsIn(rules, 80), std::optional<bool>());
    }
};

RELAY_TEST(tst_NftVerdict)
#include "tst_nftverdict.moc"
