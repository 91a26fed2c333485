// SPDX-License-Identifier: MIT
#include "tests/support/relaytest.h"
#include "ui/settings/origintester.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using rr::OriginVerdict;
using Kind = OriginVerdict::Kind;

class TestOriginTester : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void judges_data();
    void judges();
    void followsTheList();
    void addsWhatIsRefused();
};

void TestOriginTester::judges_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QString>("origin");
    QTest::addColumn<QString>("by");

    QTest::newRow("nothing") << " " << Kind::NothingAsked << ""
                             << "";
    QTest::newRow("exact") << "https://app.example.org" << Kind::LetIn << "https://app.example.org"
                           << "https://app.example.org";
    QTest::newRow("subdomain") << "https://x.example.com" << Kind::LetIn << "https://x.example.com"
                               << "https://*.example.com";
    QTest::newRow("any port") << "http://localhost:5173" << Kind::LetIn << "http://localhost:5173"
                              << "http://localhost:*";
    QTest::newRow("an extension") << "moz-extension://0f5ff2b4-2c3a" << Kind::LetIn
                                  << "moz-extension://0f5ff2b4-2c3a"
                                  << "moz-extension://*";
    QTest::newRow("a preview") << "https://app-1a2b-team.vercel.app/page" << Kind::LetIn
                               << "https://app-1a2b-team.vercel.app"
                               << "https://app-*-team.vercel.app";
    QTest::newRow("a pattern") << "https://app-*-team.vercel.app" << Kind::NotAnOrigin << ""
                               << "";
    QTest::newRow("every extension") << "moz-extension://*" << Kind::NotAnOrigin << ""
                                     << "";
    QTest::newRow("the address of a page")
        << "https://App.example.org:443/page?x#y" << Kind::LetIn << "https://app.example.org"
        << "https://app.example.org";
    QTest::newRow("another port") << "https://app.example.org:8443" << Kind::Refused
                                  << "https://app.example.org:8443"
                                  << "";
    QTest::newRow("another scheme") << "http://app.example.org" << Kind::Refused << "http://app.example.org"
                                    << "";
    QTest::newRow("not the domain itself") << "https://example.com" << Kind::Refused << "https://example.com"
                                           << "";
    QTest::newRow("a page from a file") << "null" << Kind::Refused << "null"
                                        << "";
    QTest::newRow("no scheme") << "app.example.org" << Kind::NotAnOrigin << ""
                               << "";
    QTest::newRow("umlaut") << "https://b\u00FCcher.example" << Kind::Refused
                            << "https://xn--bcher-kva.example"
                            << "";
}

void TestOriginTester::judges()
{
    QFETCH(QString, typed);
    QFETCH(Kind, kind);
    const OriginVerdict verdict = rr::judgeOrigin(typed,
        {u"https://app.example.org"_s, u"https://*.example.com"_s, u"http://localhost:*"_s,
            u"moz-extension://*"_s, u"https://app-*-team.vercel.app"_s});
    QCOMPARE(verdict.kind, kind);
    QTEST(verdict.origin, "origin");
    QTEST(verdict.by, "by");
    QCOMPARE(verdict.reason.isEmpty(), kind != Kind::NotAnOrigin);
}

void TestOriginTester::followsTheList()
{
    rr::OriginTester tester;
    tester.show();
    QTest::keyClicks(tester.findChild<QLineEdit *>(), u"https://app.example.org"_s);
    const auto says = [&tester](const QString &text) {
        const auto labels = tester.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(),
            [&text](const QLabel *label) { return label->isVisible() && label->text().startsWith(text); });
    };
    QVERIFY(says(u"No:"_s));
    tester.setAllowedOrigins({u"*"_s});
    QVERIFY(says(u"Yes:"_s));
}

void TestOriginTester::addsWhatIsRefused()
{
    rr::OriginTester tester;
    tester.show();
    auto *line = tester.findChild<QLineEdit *>();
    auto *add = tester.findChild<QPushButton *>();
    QVERIFY(!add->isVisible());
    line->setText(u"null"_s); // which only everyone's entry lets in
    QVERIFY(!add->isVisible());
    line->setText(u"https://App.example.org:443/login"_s);
    QVERIFY(add->isVisible());
    QSignalSpy requested(&tester, &rr::OriginTester::addRequested);
    QTest::mouseClick(add, Qt::LeftButton);
    QCOMPARE(requested.size(), 1);
    QCOMPARE(requested[0][0].toString(), u"https://app.example.org"_s);
    tester.setAllowedOrigins({u"https://app.example.org"_s});
    QVERIFY(!add->isVisible());
    tester.setAllowedOrigins({});
    tester.setMayAdd(false);
    line->setText(u"https://other.example.org"_s);
    QVERIFY(!add->isVisible());
}

RELAY_TEST(TestOriginTester)
#include "tst_origintester.moc"
