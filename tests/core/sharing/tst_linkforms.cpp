// SPDX-License-Identifier: MIT
#include "core/sharing/linkforms.h"

#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_LinkForms : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void addresses_data()
    {
        QTest::addColumn<QUrl>("address");
        QTest::addColumn<QString>("host");
        QTest::newRow("name") << QUrl(u"https://relay.example.org"_s) << u"relay.example.org"_s;
        QTest::newRow("slash, path") << QUrl(u"https://relay.example.org/x"_s) << u"relay.example.org"_s;
        QTest::newRow("port") << QUrl(u"https://relay.example.org:8443"_s) << u"relay.example.org:8443"_s;
        QTest::newRow("IPv6") << QUrl(u"https://[2001:db8::1]:8443"_s) << u"[2001:db8::1]:8443"_s;
        QTest::newRow("letters") << QUrl(u"https://bücher.example"_s) << u"xn--bcher-kva.example"_s;
    }
    void addresses()
    {
        QFETCH(QUrl, address);
        QFETCH(QString, host);
        const LinkForms forms = linkForms(address, "aB3-_aB3-_aB3-_aB3-_aB");
        const QString path = "/s/aB3-_aB3-_aB3-_aB3-_aB/v1"_L1;
        QCOMPARE(forms.address, "wss://"_L1 + host + path + "/realtime"_L1);
        QCOMPARE(forms.env, "VITE_OPENAI_RELAY_URL="_L1 + forms.address);
        QCOMPARE(forms.tryLink, "https://"_L1 + host + "/try#k=aB3-_aB3-_aB3-_aB3-_aB"_L1);
        QVERIFY(forms.python.contains("\"wss://"_L1 + host + path + u'"'));
        QVERIFY(forms.wscat.contains(u'"' + forms.address + "?model="_L1));
        QVERIFY(forms.curl.contains("https://"_L1 + host + path + "/realtime/client_secrets "_L1));
        // A browser's keeps it out of the path, which others may log.
        QVERIFY(forms.javaScript.contains("wss://"_L1 + host + "/v1/realtime?model="_L1));
        QVERIFY(forms.javaScript.contains(u"\"realtime-relay-access.aB3-_aB3-_aB3-_aB3-_aB\""_s));
        QVERIFY(!forms.javaScript.contains("/s/"_L1));
        const QString note = plain(forms.note);
        QVERIFY(note.contains(forms.tryLink));
        QVERIFY(note.contains(forms.env));
    }

    void withoutASecret_data()
    {
        QTest::addColumn<QString>("relay");
        QTest::addColumn<QString>("base");
        QTest::newRow("as it is offered") << u"ws://192.0.2.7:8080/realtime"_s << u"192.0.2.7:8080/v1"_s;
        QTest::newRow("with the version") << u"ws://192.0.2.7:8080/v1/realtime"_s << u"192.0.2.7:8080/v1"_s;
        QTest::newRow("below a path")
            << u"ws://relay.example.org/team/realtime"_s << u"relay.example.org/team/v1"_s;
    }
    void withoutASecret()
    {
        QFETCH(QString, relay);
        QFETCH(QString, base);
        const LinkForms forms = openForms(QUrl(relay));
        QCOMPARE(forms.address, relay);
        QCOMPARE(forms.env, "VITE_OPENAI_RELAY_URL="_L1 + relay);
        QVERIFY(forms.javaScript.startsWith("new WebSocket(\""_L1 + relay + "?model="_L1));
        QVERIFY(!forms.javaScript.contains("access"_L1));
        QVERIFY2(forms.python.contains("\"ws://"_L1 + base + u'"'), qPrintable(forms.python));
        QVERIFY(forms.wscat.startsWith("wscat -c \""_L1 + relay + "?model="_L1));
        QVERIFY2(forms.curl.startsWith("curl http://"_L1 + base + "/realtime/client_secrets "_L1),
            qPrintable(forms.curl));
        QVERIFY(
            openForms(QUrl(u"wss://relay.example.org/realtime"_s)).curl.startsWith("curl https://relay"_L1));
    }

    void goesWithAToken()
    {
        const QString token = u"ek_rr_x"_s;
        const TokenForms open
            = tokenForms(openForms(QUrl(u"ws://192.0.2.7:8080/realtime"_s)), token, {u"a b"_s, u"c"_s});
        QCOMPARE(
            open.env, u"VITE_OPENAI_RELAY_URL=ws://192.0.2.7:8080/realtime\nVITE_OPENAI_API_KEY=ek_rr_x"_s);
        QCOMPARE(open.javaScript,
            u"new WebSocket(\"ws://192.0.2.7:8080/realtime?model=a%20b\", "
            "[\"realtime\", \"openai-insecure-api-key.ek_rr_x\"]);"_s);
        QCOMPARE(open.header, u"Authorization: Bearer ek_rr_x"_s);
        const TokenForms shared
            = tokenForms(linkForms(QUrl(u"https://relay.example.org"_s), "aB3"), token, {});
        QCOMPARE(shared.env,
            u"VITE_OPENAI_RELAY_URL=wss://relay.example.org/s/aB3/v1/realtime\nVITE_OPENAI_API_KEY=ek_rr_x"_s);
        QCOMPARE(shared.javaScript,
            u"new WebSocket(\"wss://relay.example.org/v1/realtime?model=gpt-realtime\", "
            "[\"realtime\", \"realtime-relay-access.aB3\", \"openai-insecure-api-key.ek_rr_x\"]);"_s);
        const TokenForms nowhere = tokenForms({}, token, {});
        QCOMPARE(nowhere.env, u"VITE_OPENAI_API_KEY=ek_rr_x"_s);
        QCOMPARE(nowhere.javaScript, u"[\"realtime\", \"openai-insecure-api-key.ek_rr_x\"]"_s);
    }
};

RELAY_TEST(tst_LinkForms)
#include "tst_linkforms.moc"
