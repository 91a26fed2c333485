// SPDX-License-Identifier: MIT
#include "ui/control/pageorigin.h"

#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class TestPageOrigin : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void pasted_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("origin");
        const auto row = [](const char *text, const char *origin) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(origin);
        };
        row("https://app.example.org/login?x", "https://app.example.org");
        row("  https://app.example.org:8443/a#b ", "https://app.example.org:8443");
        row("HTTPS://App.Example.ORG", "https://app.example.org");
        row("https://app.example.org:443/", "https://app.example.org");
        row("https://app.example.org?next=http://other.example", "https://app.example.org");
        row("https://app.example.org/a page/{id}|x", "https://app.example.org");
        row("http://192.168.1.5:5173/", "http://192.168.1.5:5173");
        row("http://[2001:db8::5]:5173/x", "http://[2001:db8::5]:5173");
        row("https://bücher.example/regal", "https://xn--bcher-kva.example");
        row("https://user:secret@app.example.org/x", "https://app.example.org");
        row("app.example.org/login", "https://app.example.org");
        row("localhost:5173/login", "http://localhost:5173");
        row("127.0.0.1:3000", "http://127.0.0.1:3000");
        row("chrome-extension://abcdefgh/popup.html", "chrome-extension://abcdefgh");
        row("https://*.example.org", "https://*.example.org");
        row("https://app.example.org:*", "https://app.example.org:*");
        row("*", "");
        row("https://*.com", "");
        row("null", "");
        row("", "");
        row("what is this", "");
        row("file:///home/x/index.html", "");
    }
    void pasted()
    {
        QFETCH(QString, text);
        QFETCH(QString, origin);
        QCOMPARE(pastedOrigin(text), origin);
    }

    void elsewhere()
    {
        QCOMPARE(originsElsewhere({u"http://localhost:*"_s, u"https://127.0.0.1:*"_s, u"http://[::1]:5173"_s,
                     u"http://app.localhost:5173"_s, u"https://app.example.org"_s, u"https://*.example.org"_s,
                     u"*"_s}),
            (QStringList{u"https://app.example.org"_s, u"https://*.example.org"_s, u"*"_s}));
    }
};

RELAY_TEST(TestPageOrigin)
#include "tst_pageorigin.moc"
