// SPDX-License-Identifier: MIT
#include "core/sharing/waywords.h"

#include "core/sharing/way.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace Qt::StringLiterals;

class tst_WayWords : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void titles()
    {
        QCOMPARE(rr::wayTitle(u"Another command"_s), rr::Sentence("Another command"));
        QCOMPARE(plain(rr::wayTitle(u"ngrok"_s)), u"ngrok"_s);
        // What is more than a name is translated.
        for (const rr::Way &way : rr::builtInWays())
            QVERIFY2(way.title.args.empty() || !plain(way.title).contains(u','), qPrintable(way.id));
    }

    void failures()
    {
        for (const rr::Way &way : rr::builtInWays()) {
            for (const rr::WayFailure &failure : way.failures) {
                const auto words = rr::wayFailure(failure.code, {u"T"_s, u"D"_s, u"R"_s, failure.run});
                QVERIFY2(words, qPrintable(failure.code));
                const QString text = plain(*words);
                QVERIFY2(text.endsWith(u'.') || text.endsWith(failure.run), qPrintable(text));
                // "Run once:" and then nothing
                QVERIFY2(!text.endsWith(u": "_s), qPrintable(way.id + u": "_s + text));
            }
        }
        QVERIFY(!rr::wayFailure(u"nonsense", {}));
    }

    void whatToDo()
    {
        const rr::FailureDetails details{u"Title"_s, u"me@server"_s, u"127.0.0.1:9000"_s, u"do this"_s};
        const auto said = [&details](QStringView code) { return plain(*rr::wayFailure(code, details)); };
        QVERIFY(said(u"auth").startsWith("me@server did not accept your SSH key."_L1));
        QVERIFY(said(u"auth").contains("ssh-add"_L1));
        QVERIFY(said(u"place_taken").contains("me@server does not give away 127.0.0.1:9000"_L1));
        QVERIFY(said(u"place_taken").contains("permitlisten"_L1));
        QVERIFY(said(u"socket_taken").contains("StreamLocalBindUnlink yes"_L1));
        QVERIFY(said(u"unreachable").contains("firewall"_L1));
        QVERIFY(said(u"login").endsWith("Run once: do this"_L1));
        QVERIFY(said(u"rate_limited").startsWith("Title gives"_L1));
    }

    void unknownNames()
    {
        QVERIFY(!rr::askTitle(u"nonsense"));
        QVERIFY(!rr::wayFact(u"nonsense"));
        QVERIFY(!rr::wayAccount(u"nonsense"));
    }
};

RELAY_TEST(tst_WayWords)
#include "tst_waywords.moc"
