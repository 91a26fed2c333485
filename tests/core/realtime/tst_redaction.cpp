// SPDX-License-Identifier: MIT
#include "core/realtime/redaction.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestRedaction : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keys_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("API key") << u"Incorrect API key provided: sk-proj-SECRET_1x."_s
                                 << u"Incorrect API key provided: sk-…"_s;
        QTest::newRow("short key") << u"sk-S"_s << u"sk-…"_s;
        QTest::newRow("ephemeral") << u"key 'ek_SECRET' bad"_s << u"key 'ek_…' bad"_s;
        QTest::newRow("bearer") << u"Authorization: Bearer SECRET+/=="_s << u"Authorization: Bearer …"_s;
        QTest::newRow("bearer in lower case") << u"got bearer  SECRET\nnext"_s << u"got bearer …\nnext"_s;
        QTest::newRow("basic") << u"Proxy-Authorization: Basic U0VDUkVU"_s
                               << u"Proxy-Authorization: Basic …"_s;
        QTest::newRow("subprotocol as Qt warns of it")
            << u"Ignoring invalid WebSocket subprotocol name \"openai-insecure-api-key.SECRET/x\""_s
            << u"Ignoring invalid WebSocket subprotocol name \"openai-insecure-api-key.…\""_s;
        QTest::newRow("subprotocol list")
            << u"realtime, openai-insecure-api-key.sk-SECRET, openai-project.p"_s
            << u"realtime, openai-insecure-api-key.…, openai-project.p"_s;
        QTest::newRow("subprotocol of a link")
            << u"realtime, realtime-relay-access.SECRET-_x, y"_s << u"realtime, realtime-relay-access.…, y"_s;
        QTest::newRow("path of a link")
            << u"GET /s/SECRETSECRETSECRET-_xy/v1/realtime HTTP/1.1"_s << u"GET /s/…/v1/realtime HTTP/1.1"_s;
        QTest::newRow("path of a link, doubled and cut") << u"//s//SECRETSECRETSECRE…"_s << u"//s//……"_s;
        QTest::newRow("fragment of a link") << u"https://relay.example/try#k=SECRET-_x and more"_s
                                            << u"https://relay.example/try#k=… and more"_s;
        QTest::newRow("query") << u"/realtime?api-key=SECRET&model=m"_s << u"/realtime?api-key=…&model=m"_s;
        QTest::newRow("header") << u"api-key: SECRET"_s << u"api-key: …"_s;
        QTest::newRow("JSON") << u"{\"api_key\":\"SECRET\",\"a\":1}"_s << u"{\"api_key\":\"…\",\"a\":1}"_s;
        QTest::newRow("percent-encoded") << u"x%3Dsk-SECRET"_s << u"x%3Dsk-…"_s;
        QTest::newRow("URL") << u"proxy http://user:SECRET@host:3128/ failed"_s
                             << u"proxy http://…@host:3128/ failed"_s;
        QTest::newRow("JSON Web Token") << u"got eyJhbGciOi.SECRETSECRET.x-y_z end"_s << u"got … end"_s;
        QTest::newRow("Azure key") << u"bad 0123456789abcdef0123456789SECRET here"_s << u"bad … here"_s;
        QTest::newRow("several") << u"sk-SECRET and ek_SECRET"_s << u"sk-… and ek_…"_s;
        QTest::newRow("again") << u"sk-… Bearer …"_s << u"sk-… Bearer …"_s;
        for (const QString &harmless : {u"task-force, risk-free desk-top"_s, u"HTTP 401 (Unauthorized)"_s,
                 u"The remote host closed the connection"_s,
                 u"wss://api.openai.com/v1/realtime?model=gpt-realtime"_s, u"/s/short/x and 20 kB/s/now"_s,
                 u"session a1b2c3d4, code 1011"_s, u""_s})
            QTest::addRow("untouched: %s", qPrintable(harmless)) << harmless << harmless;
    }
    void keys()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(redacted(text), expected);
        QVERIFY(!redacted(text).contains(u"SECRET"_s));
        QCOMPARE(redacted(redacted(text)), redacted(text));
        QVERIFY(!outsideText(text).contains(u"SECRET"_s));
    }

    void withoutKeys_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const QString &text, const QString &expected) {
            QTest::newRow(qPrintable(text)) << text << expected;
        };
        row(u"Wrong: Zebra-Key-1."_s, u"Wrong: …."_s);
        row(u"Zebra-Key-1Zebra-Key-1"_s, u"……"_s);
        row(u"Zebra Zebra-Key-1"_s, u"Zebra …"_s);
        row(u"split Zebra- Key-1, once"_s, u"split …, once"_s);
        row(u"split Zebra-\r\n  K ey-1."_s, u"split …."_s);
        row(u"cut Zebra-Ke"_s, u"cut …"_s);
        row(u"cut Zebr"_s, u"cut …"_s);
        row(u"cut and split Zeb ra-Key-"_s, u"cut and split …"_s);
        row(u"too short a part Zeb"_s, u"too short a part Zeb"_s);
        row(u"a part within Zebra-Key, that says little"_s, u"a part within Zebra-Key, that says little"_s);
        row(u""_s, u""_s);
    }
    void withoutKeys()
    {
        QFETCH(QString, text);
        QTEST(rr::withoutKeys(text, {Secret("another"), Secret("Zebra-Key-1")}), "expected");
        QCOMPARE(rr::withoutKeys(text, {Secret()}), text);
        QCOMPARE(rr::withoutKeys(u"abc"_s, {Secret("abc")}), u"abc"_s); // too short to be a key
    }

    void outside_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("maxLength");
        QTest::addColumn<QString>("expected");
        QTest::newRow("plain") << u"Host not found"_s << 200 << u"Host not found"_s;
        QTest::newRow("lines") << u"one\r\n two\u2028three"_s << 200 << u"one two three"_s;
        QTest::newRow("terminal sequence") << u"a\u001b[31mb\u009bc\u007f"_s << 200 << u"a [31mb c"_s;
        QTest::newRow("direction") << u"a\u202Eb\u2066c"_s << 200 << u"a b c"_s;
        QTest::newRow("as long as may be") << u"12345 7890"_s << 10 << u"12345 7890"_s;
        QTest::newRow("cut") << u"12345 78901"_s << 10 << u"12345 789…"_s;
        QTest::newRow("not within a character") << u"12345678😀😀"_s << 10 << u"12345678…"_s;
    }
    void outside()
    {
        QFETCH(QString, text);
        QFETCH(int, maxLength);
        QFETCH(QString, expected);
        QCOMPARE(outsideText(text, maxLength), expected);
    }

    void keepsNoMoreMemoryThanItHolds()
    {
        QVERIFY(outsideText(QString(8000, u'x')).capacity() < 300);
        QVERIFY(outsideText(QString(150, u' ') + u"x"_s).capacity() < 20);
    }

    void hugeIsCut()
    {
        const QString text = outsideText(u"x sk-"_s + QString(5'000'000, u'S'));
        QCOMPARE(text, u"x sk-…"_s);
    }
};

RELAY_TEST(TestRedaction)
#include "tst_redaction.moc"
