// SPDX-License-Identifier: MIT
#include "core/admission/hostpolicy.h"
#include "tests/support/relaytest.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace rr;

namespace {

const QString everywhere = u"0.0.0.0"_s;
const QString thisMachine = u"127.0.0.1"_s;

} // namespace

class TestHostPolicy : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void allows_data();
    void allows();
    void ownOrigin_data();
    void ownOrigin();
};

void TestHostPolicy::allows_data()
{
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QString>("listens");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("throughProxy");
    QTest::addColumn<bool>("allowed");
    const auto row = [](const char *what, const QStringList &names, const QString &listens,
                         const QByteArray &host, bool allowed, bool throughProxy = false) {
        QTest::addRow("%s %s", what, host.constData()) << names << listens << host << throughProxy << allowed;
    };
    const QStringList named{u"relay.example.org"_s, u"*.example.net"_s};
    // No page is behind an address, and whose name is localhost nobody else can have.
    for (const char *always : {"127.0.0.1", "127.0.0.1:8080", "[::1]", "[::1]:8080", "192.0.2.7", "localhost",
             "LocalHost:8080", "localhost.", "relay.localhost", ""}) {
        for (const QString &listens : {everywhere, thisMachine, u"::1"_s}) {
            row("no list", {}, listens, always, true);
            row("list", named, listens, always, true);
        }
    }
    row("no list, everywhere", {}, everywhere, "evil.example", true);
    for (const QString &listens : {thisMachine, u"::1"_s, u"127.0.0.5"_s}) {
        row("no list, this machine", {}, listens, "evil.example", false);
        row("no list, this machine", {}, listens, "evil.example:8080", false);
        row("no list, this machine", {}, listens, "127.0.0.1.evil.example", false);
        row("no list, this machine", {}, listens, "localhost.evil.example", false);
        row("no list, this machine", {}, listens, "8080.1", false);
        for (const char *ofNobodyOutside : {"laptop", "laptop:8080", "relay.local", "relay.internal",
                 "relay.home.arpa", "relay.test", "relay.ns.svc.cluster.local"})
            row("no list, this machine", {}, listens, ofNobodyOutside, true);
        row("through a proxy", {}, listens, "relay.example.org", true, true);
    }
    for (const QString &listens : {everywhere, thisMachine}) {
        for (const char *good : {"relay.example.org", "RELAY.example.org:443", "relay.example.org.",
                 "a.example.net", "a.b.example.net"})
            row("list", named, listens, good, true);
        for (const char *bad : {"evil.example", "example.org", "example.net", "evilexample.net",
                 "x.relay.example.org", "relay.example.org.evil.example", "laptop", "relay.local"})
            row("list", named, listens, bad, false);
        row("list, through a proxy", named, listens, "evil.example", false, true);
        row("every name", {u"*"_s}, listens, "evil.example", true);
    }
}

void TestHostPolicy::allows()
{
    QFETCH(QStringList, names);
    QFETCH(QString, listens);
    QFETCH(QByteArray, host);
    QFETCH(bool, throughProxy);
    QTEST(HostPolicy(names, listens).allows(host, throughProxy), "allowed");
}

void TestHostPolicy::ownOrigin_data()
{
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("secure");
    QTest::addColumn<bool>("own");
    const auto row = [](const QByteArray &origin, const QByteArray &host, bool secure, bool own,
                         const QStringList &names = {}) {
        QTest::addRow("%s at %s%s%s", origin.constData(), host.constData(), secure ? ", TLS" : "",
            names.isEmpty() ? "" : ", named")
            << names << origin << host << secure << own;
    };
    row("http://192.0.2.7:8080", "192.0.2.7:8080", false, true);
    row("http://192.0.2.7", "192.0.2.7", false, true);
    row("http://192.0.2.7:80", "192.0.2.7", false, true);
    row("http://192.0.2.7", "192.0.2.7:80", false, true);
    row("http://[::1]:8080", "[::1]:8080", false, true);
    row("http://laptop:8080", "laptop:8080", false, true);
    row("http://relay.local:8080", "RELAY.local:8080", false, true);
    row("https://relay.example.org", "relay.example.org", true, true);
    row("https://relay.example.org:443", "relay.example.org", true, true);
    row("https://relay.example.org", "relay.example.org:443", true, true);
    row("https://relay.example.org:8443", "relay.example.org:8443", true, true);
    row("https://relay.example.org", "relay.example.org", false, true); // a proxy has the certificate
    row("http://relay.example.org", "relay.example.org", false, true, {u"relay.example.org"_s});
    row("http://a.example.org", "a.example.org", false, true, {u"*.example.org"_s});
    // A page that has its own name point here is its own Host, with http.
    row("http://evil.example", "evil.example", false, false);
    row("http://evil.example:8080", "evil.example:8080", false, false);
    row("http://evil.example", "evil.example", false, false, {u"relay.example.org"_s});
    row("http://evil.example", "evil.example", false, false, {u"*"_s});
    // Not the same
    row("http://192.0.2.7:8080", "192.0.2.7:8081", false, false);
    row("http://192.0.2.7", "192.0.2.7:8080", false, false);
    row("http://192.0.2.7:8080", "192.0.2.7", false, false);
    row("http://192.0.2.8", "192.0.2.7", false, false);
    row("http://192.0.2.7", "192.0.2.7", true, false); // from a page that anyone on the way may have changed
    row("https://192.0.2.7:80", "192.0.2.7:8080", false, false);
    row("https://evil.example", "relay.example.org", true, false);
    row("ftp://192.0.2.7", "192.0.2.7", false, false);
    row("null", "null", false, false);
    row("http://*", "*", false, false);
    row("http://192.0.2.7", "", false, false);
    row("", "", false, false);
}

void TestHostPolicy::ownOrigin()
{
    QFETCH(QStringList, names);
    QFETCH(QByteArray, origin);
    QFETCH(QByteArray, host);
    QFETCH(bool, secure);
    QTEST(HostPolicy(names, everywhere).isOwnOrigin(origin, host, secure), "own");
}

RELAY_TEST(TestHostPolicy)
#include "tst_hostpolicy.moc"
