// SPDX-License-Identifier: MIT
#include "core/sharing/publicnames.h"
#include "tests/core/sharing/playedresolver.h"
#include "tests/support/relaytest.h"

#include <QSignalSpy>
#include <QTest>
#include <QUdpSocket>

using namespace Qt::StringLiterals;
using namespace rr;
using namespace std::chrono_literals;

class tst_PublicNames : public QObject
{
    Q_OBJECT
    using Outcome = PublicNames::Outcome;

    static Outcome ask(PublicNames &names, std::chrono::milliseconds patience = 0ms)
    {
        QSignalSpy answered(&names, &PublicNames::answered);
        names.ask(u"relay.test"_s, patience);
        if (!answered.isEmpty() || !QTest::qWaitFor([&] { return !answered.isEmpty(); }, 60'000))
            qFatal("not answered in a later turn");
        return answered.at(0).at(0).value<Outcome>();
    }

private Q_SLOTS:
    void found()
    {
        PlayedResolver resolver;
        resolver.addresses = {QHostAddress(u"2001:db8::1"_s), QHostAddress(u"192.0.2.1"_s)};
        PublicNames names({resolver.server()});
        QCOMPARE(ask(names), Outcome::Found);
        QCOMPARE(names.addresses(), QList({QHostAddress(u"192.0.2.1"_s), QHostAddress(u"2001:db8::1"_s)}));
        QCOMPARE(resolver.questions.size(), 2);
    }

    void notThere()
    {
        PlayedResolver first, second;
        first.unknown = second.unknown = 100;
        PublicNames names({first.server(), second.server()});
        QCOMPARE(ask(names), Outcome::NotThere);
        QCOMPARE(second.asked, 0); // the first word counts
    }

    /// One that said no remembers it, so another is asked meanwhile.
    void inTurnUntilItIsThere()
    {
        PlayedResolver first, second;
        first.unknown = 100;
        second.addresses = {QHostAddress(u"192.0.2.1"_s)};
        PublicNames names({first.server(), second.server()});
        QCOMPARE(ask(names, 60s), Outcome::Found);
        QCOMPARE(first.questions.size(), 2);
        QCOMPARE(second.questions.size(), 2);
    }

    void aSilentOneIsPassedOver()
    {
        PlayedResolver silent, second;
        silent.silent = 100;
        second.addresses = {QHostAddress(u"192.0.2.1"_s)};
        PublicNames names({silent.server(), second.server()});
        QCOMPARE(ask(names), Outcome::Found);
        QCOMPARE(silent.asked, 4); // each question twice, for a datagram may be lost
    }

    void oneThatCannotTellIsPassedOver()
    {
        PlayedResolver broken, second;
        broken.code = 2;
        second.addresses = {QHostAddress(u"192.0.2.1"_s)};
        PublicNames names({broken.server(), second.server()});
        QCOMPARE(ask(names), Outcome::Found);
    }

    void nobodyAnswers()
    {
        QUdpSocket held; // that hears its own peer alone
        QVERIFY(held.bind(QHostAddress(QHostAddress::LocalHost)));
        const NameSources::Server gone{QHostAddress(QHostAddress::LocalHost), held.localPort()};
        held.connectToHost(QHostAddress(QHostAddress::LocalHost), 9);
        PublicNames names({gone, gone});
        QCOMPARE(ask(names, 60s), Outcome::NobodyAnswers);
        PublicNames none({});
        QCOMPARE(ask(none), Outcome::NobodyAnswers);
    }

    void patienceEnds()
    {
        PlayedResolver resolver;
        resolver.unknown = 100;
        PublicNames names({resolver.server()});
        QCOMPARE(ask(names, 2500ms), Outcome::NotThere); // asked at 0, 1 and 3 s
        QVERIFY(resolver.questions.size() >= 4);
    }
};

RELAY_TEST(tst_PublicNames)
#include "tst_publicnames.moc"
