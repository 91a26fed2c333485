// SPDX-License-Identifier: MIT
#include "core/sharing/namecheck.h"
#include "tests/core/sharing/playedresolver.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <optional>

using namespace Qt::StringLiterals;
using namespace rr;
using namespace std::chrono_literals;

namespace {

using Addresses = QList<QHostAddress>;
using Others = std::optional<Addresses>;

Addresses one(const char *address)
{
    return {QHostAddress(QString::fromLatin1(address))};
}

std::optional<NameFinding> findingOf(NameCheck &check, const QString &host)
{
    std::optional<NameFinding> found;
    QObject::connect(
        &check, &NameCheck::finished, &check, [&](const NameFinding &finding) { found = finding; });
    check.run(host, 0ms);
    if (found || !QTest::qWaitFor([&] { return found.has_value(); }, 30'000))
        qWarning("not found in a later turn");
    return found;
}

} // namespace

class tst_NameCheck : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void judges_data()
    {
        using Result = CheckStep::Result;
        QTest::addColumn<Others>("others");
        QTest::addColumn<Addresses>("here");
        QTest::addColumn<Result>("result");
        QTest::addColumn<QString>("code");
        QTest::addColumn<Addresses>("addresses");
        const Addresses real = one("203.0.113.5");
        QTest::newRow("all agree") << Others(real) << real << Result::Good << QString() << real;
        QTest::newRow("the system is late")
            << Others(real) << Addresses() << Result::Warning << u"unknown_here"_s << real;
        QTest::newRow("Clash here") << Others(real) << one("198.18.0.9") << Result::Warning
                                    << u"made_up_address"_s << real;
        QTest::newRow("Clash everywhere") << Others(one("198.18.0.9")) << one("198.18.0.9") << Result::Warning
                                          << u"made_up_address"_s << one("198.18.0.9");
        QTest::newRow("MagicDNS") << Others(real) << one("100.100.1.1") << Result::Warning
                                  << u"tailnet_address"_s << real;
        QTest::newRow("private here")
            << Others(real) << one("192.168.1.2") << Result::Warning << u"private_address"_s << real;
        QTest::newRow("loopback here")
            << Others(real) << one("127.0.0.1") << Result::Warning << u"loopback_address"_s << real;
        QTest::newRow("not there") << Others(Addresses()) << Addresses() << Result::Bad << u"no_such_name"_s
                                   << Addresses();
        QTest::newRow("only here") << Others(Addresses()) << one("10.0.0.1") << Result::Warning
                                   << u"known_only_here"_s << one("10.0.0.1");
        QTest::newRow("nobody outside answers") << Others() << real << Result::Good << QString() << real;
        QTest::newRow("nobody at all")
            << Others() << Addresses() << Result::Bad << u"no_resolver"_s << Addresses();
    }
    void judges()
    {
        QFETCH(Others, others);
        QFETCH(Addresses, here);
        QFETCH(CheckStep::Result, result);
        QFETCH(QString, code);
        QFETCH(Addresses, addresses);
        const NameFinding finding = judgeName(u"relay.test"_s, others, here);
        QCOMPARE(finding.verdict.result, result);
        QCOMPARE(finding.verdict.code, code);
        QCOMPARE(finding.addresses, addresses);
        QVERIFY(plain(finding.verdict.text).contains("relay.test"_L1));
        QCOMPARE(finding.verdict.next.isEmpty(), code.isEmpty());
    }

    void asksOthersFirst()
    {
        PlayedResolver resolver;
        resolver.addresses = one("203.0.113.5");
        int asked = 0;
        NameCheck check(
            {{resolver.server()}, [&](const QString &host, QObject *context, const auto &done) {
                 QCOMPARE(host, u"relay.test"_s);
                 QCOMPARE(resolver.questions.size(), 2);
                 ++asked;
                 QHostInfo info;
                 info.setAddresses({QHostAddress(u"2001:db8::1"_s), QHostAddress(u"203.0.113.5"_s)});
                 QMetaObject::invokeMethod(
                     context, [done, info] { done(info); }, Qt::QueuedConnection);
             }});
        const auto finding = findingOf(check, u"relay.test"_s);
        QVERIFY(finding);
        QCOMPARE(asked, 1);
        QCOMPARE(finding->addresses, one("203.0.113.5"));
    }

    void addressesAndLoopbackAreNotAskedFor()
    {
        PlayedResolver resolver;
        NameCheck check({{resolver.server()}, {}});
        const auto literal = findingOf(check, u"127.0.0.1"_s);
        QVERIFY(literal);
        QCOMPARE(literal->addresses, one("127.0.0.1"));
        NameCheck again({{resolver.server()}, {}});
        const auto own = findingOf(again, u"localhost"_s); // by the system itself
        QVERIFY(own);
        QCOMPARE(own->verdict.code, "loopback_address"_L1);
        QCOMPARE(resolver.asked, 0);
    }
};

RELAY_TEST(tst_NameCheck)
#include "tst_namecheck.moc"
