// SPDX-License-Identifier: MIT
#include "core/sharing/way.h"

#include "tests/support/relaytest.h"

#include <QTemporaryFile>
#include <QTest>

using namespace Qt::StringLiterals;
using rr::Ask;
using rr::Way;

class tst_Way : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rows()
    {
        const QList<Way> ways = rr::builtInWays();
        QCOMPARE(ways.first().id, u"ssh-server"_s);
        for (const Way &way : ways) {
            QVERIFY2(!way.whoReads().isEmpty() && !way.account.isEmpty(), qPrintable(way.id));
            QCOMPARE(rr::wayCalled(way.id)->args, way.args);
        }
        QVERIFY(!rr::wayCalled(u"no such way"_s));
    }

    // What a recipe found somewhere would do without.
    void sshIsRunSafely()
    {
        for (const Way &way : rr::builtInWays()) {
            if (way.program != "ssh"_L1)
                continue;
            const QString args = way.args.join(u' ');
            for (const QLatin1String needed : {"-o StrictHostKeyChecking=accept-new"_L1,
                     "-o ExitOnForwardFailure=yes"_L1, "-o ControlMaster=no -S none"_L1, "-a -x"_L1,
                     "-o PermitLocalCommand=no"_L1, "-o ServerAliveCountMax=2"_L1})
                QVERIFY2(args.contains(needed), qPrintable(way.id + u" lacks "_s + needed));
            // Nagle's algorithm holds the speech where there is no session (see doc/sharing.md).
            QCOMPARE(way.args.contains(u"-N"_s), way.id == "ssh-server-n"_L1);
        }
    }

    void problems_data()
    {
        using Kind = Ask::Kind;
        QTest::addColumn<Ask::Kind>("kind");
        QTest::addColumn<QString>("value");
        QTest::addColumn<bool>("isGood");
        const auto row = [](Kind kind, const QString &value, bool isGood) {
            QTest::addRow("%d: %s", int(kind), qPrintable(value.left(40))) << kind << value << isGood;
        };
        row(Kind::Destination, u"me@relay.example.org"_s, true);
        row(Kind::Destination, u"relay"_s, true);
        row(Kind::Destination, u"ssh://me@relay.example.org:2222"_s, true);
        row(Kind::Destination, u"-oProxyCommand=id"_s, false);
        row(Kind::Destination, u"relay id"_s, false);
        row(Kind::Destination, u"relay\n-x"_s, false);
        row(Kind::Destination, QString(), false);
        row(Kind::Place, u"/run/relay/relay.sock"_s, true);
        row(Kind::Place, u"/run/re:lay.sock"_s, false);
        row(Kind::Place, u'/' + QString(107, u'x'), false);
        row(Kind::Place, u"127.0.0.1:9000"_s, true);
        row(Kind::Place, u"localhost:9000"_s, true);
        row(Kind::Place, u"9000"_s, false); // GatewayPorts yes would open it to all
        row(Kind::Place, u"0.0.0.0:9000"_s, false);
        row(Kind::Place, u"*:9000"_s, false);
        row(Kind::Place, u"127.0.0.1:0"_s, false);
        row(Kind::Address, u"https://relay.example.org"_s, true);
        row(Kind::Address, u"https://relay.example.org:8443/"_s, true);
        row(Kind::Address, u"relay.example.org"_s, true);
        row(Kind::Address, u"http://relay.example.org"_s, false);
        row(Kind::Address, u"https://relay.example.org/path"_s, false);
        row(Kind::Address, u"https://me@relay.example.org"_s, false);
        row(Kind::Address, u"relay"_s, false);
        row(Kind::Name, u"relay-1"_s, true);
        row(Kind::Name, u"relay:80:host"_s, false);
        row(Kind::Number, u"8443"_s, true);
        row(Kind::Number, u"65536"_s, false);
        row(Kind::Number, u"0"_s, false);
        row(Kind::File, u"/no/such/file"_s, false);
        row(Kind::Command, u"mytunnel {port}"_s, true);
        row(Kind::Command, u"\"\""_s.chopped(1), false);
        row(Kind::Secret, u"2abc_DEF"_s, true);
        row(Kind::Secret, u"2abc DEF"_s, false);
        row(Kind::Text, QString(1'001, u'x'), false);
    }
    void problems()
    {
        QFETCH(Ask::Kind, kind);
        QFETCH(QString, value);
        QFETCH(bool, isGood);
        Ask ask;
        ask.kind = kind;
        ask.title = "Field";
        const auto problem = rr::problemOf(ask, value);
        QCOMPARE(!problem, isGood);
        QVERIFY(!problem || !plain(*problem).isEmpty());
    }
    void filesAreLookedFor()
    {
        QTemporaryFile file;
        QVERIFY(file.open());
        Ask ask;
        ask.kind = Ask::Kind::File;
        QVERIFY(!rr::problemOf(ask, file.fileName()));
    }
    void whatIsOptionalMayBeEmpty()
    {
        Ask ask;
        ask.isOptional = true;
        QVERIFY(!rr::problemOf(ask, {}));
    }

    void publicAddresses()
    {
        QCOMPARE(rr::publicAddress(u"Relay.Example.org/"_s), QUrl(u"https://relay.example.org"_s));
        QCOMPARE(
            rr::publicAddress(u"https://relay.example.org:443/x?y"_s), QUrl(u"https://relay.example.org"_s));
        QCOMPARE(rr::publicAddress(u"https://relay.example.org:8443"_s),
            QUrl(u"https://relay.example.org:8443"_s));
        QVERIFY(rr::publicAddress(u"http://relay.example.org"_s).isEmpty());
        QVERIFY(rr::publicAddress(QString()).isEmpty());
    }

    void whoReads()
    {
        QVERIFY(plain(rr::wayCalled(u"cloudflared-quick"_s)->whoReads())
                    .startsWith("Cloudflare can read what passes"_L1));
        QVERIFY(plain(rr::wayCalled(u"tailscale-funnel"_s)->whoReads()).contains("nobody on the way"_L1));
        QVERIFY(plain(rr::wayCalled(u"ssh-server"_s)->whoReads()).contains("your own server"_L1));
        QVERIFY(plain(rr::wayCalled(u"command"_s)->whoReads()).startsWith("Whoever ends TLS"_L1));
    }
};

RELAY_TEST(tst_Way)
#include "tst_way.moc"
