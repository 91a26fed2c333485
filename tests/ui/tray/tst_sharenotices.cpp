// SPDX-License-Identifier: MIT
#include "ui/tray/sharenotices.h"

#include "tests/support/relaytest.h"

#include <QTest>
#include <QTimeZone>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

const QDateTime noon({2026, 11, 27}, {12, 0}, QTimeZone::utc());

Sharing::Status sharedAt(const QString &host)
{
    Sharing::Status status;
    status.state = Sharing::State::Shared;
    status.address = QUrl("https://"_L1 + host);
    status.secret = "kq3Xz0_yPq81vN-aLmT5cg";
    status.until = noon.addSecs(3600);
    return status;
}

Sharing::Status in(Sharing::State state, const Sentence &reason)
{
    Sharing::Status status = sharedAt(u"relay.example.org"_s);
    status.state = state;
    status.reason = reason;
    return status;
}

} // namespace

class TestShareNotices : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsThatItCanBeReachedOnce()
    {
        ShareNotices notices;
        QVERIFY(notices.next(in(Sharing::State::Starting, {}), noon).isEmpty());
        const auto first = notices.next(sharedAt(u"relay.example.org"_s), noon);
        QCOMPARE(first.size(), 1);
        QCOMPARE(first[0].kind, Notice::Shared);
        QVERIFY(first[0].text.contains("relay.example.org"_L1));
        QVERIFY(!first[0].text.contains("kq3Xz0"_L1));
        QVERIFY(notices.next(sharedAt(u"relay.example.org"_s), noon.addSecs(1)).isEmpty());
        // Tested again, nothing is new.
        QVERIFY(notices.next(in(Sharing::State::Testing, {}), noon.addSecs(2)).isEmpty());
        QVERIFY(notices.next(sharedAt(u"relay.example.org"_s), noon.addSecs(3)).isEmpty());
    }

    void tellsOfAnotherAddress()
    {
        ShareNotices notices;
        notices.next(sharedAt(u"one.example.org"_s), noon);
        const auto changed = notices.next(sharedAt(u"two.example.org"_s), noon.addSecs(60));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed[0].kind, Notice::ShareTrouble);
        QVERIFY(changed[0].text.contains("two.example.org"_L1));
    }

    void tellsOfABreakNowAndThen()
    {
        ShareNotices notices;
        notices.next(sharedAt(u"relay.example.org"_s), noon);
        const auto broken = notices.next(in(Sharing::State::Broken, "The line is dead."), noon.addSecs(1));
        QCOMPARE(broken.size(), 1);
        QCOMPARE(broken[0].text, u"The line is dead."_s);
        QVERIFY(notices.next(in(Sharing::State::Broken, "The line is dead."), noon.addSecs(2)).isEmpty());
        notices.next(in(Sharing::State::Starting, {}), noon.addSecs(3));
        QVERIFY(notices.next(in(Sharing::State::Broken, "The line is dead."), noon.addSecs(4)).isEmpty());
        notices.next(in(Sharing::State::Starting, {}), noon.addSecs(5));
        QCOMPARE(
            notices.next(in(Sharing::State::Broken, "Still."), noon.addSecs(1 + ShareNotices::repeatSeconds))
                .size(),
            1);
    }

    void tellsWhatNeedsSomebody()
    {
        ShareNotices notices;
        QCOMPARE(notices.next(in(Sharing::State::NeedsYou, "A consent."), noon).size(), 1);
        QVERIFY(notices.next(in(Sharing::State::NeedsYou, "A consent."), noon.addSecs(1)).isEmpty());
    }

    void tellsOfAnEndThatNobodyAskedFor()
    {
        ShareNotices notices;
        notices.next(sharedAt(u"relay.example.org"_s), noon);
        QCOMPARE(notices.next(in(Sharing::State::Off, "Its time is over."), noon.addSecs(1)).size(), 1);
        notices.next(sharedAt(u"relay.example.org"_s), noon.addSecs(2));
        notices.next(in(Sharing::State::Stopping, {}), noon.addSecs(3));
        QVERIFY(notices.next(in(Sharing::State::Off, {}), noon.addSecs(4)).isEmpty());
    }

    void tellsOfTheFirstVisitor()
    {
        ShareNotices notices;
        Sharing::Status status = sharedAt(u"relay.example.org"_s);
        notices.next(status, noon);
        status.visitor = Visitor{u"203.0.113.9"_s, u"curl/8"_s, noon};
        const auto seen = notices.next(status, noon.addSecs(1));
        QCOMPARE(seen.size(), 1);
        QCOMPARE(seen[0].kind, Notice::Shared);
        QVERIFY(seen[0].text.contains("203.0.113.9"_L1));
        QVERIFY(notices.next(status, noon.addSecs(2)).isEmpty());

        ShareNotices others;
        status.visitor->address.clear(); // perhaps it is this machine that tries its own link
        const auto perhaps = others.next(status, noon);
        QCOMPARE(perhaps.size(), 2);
        QVERIFY(!perhaps[1].title.contains("outside"_L1));
        QVERIFY(perhaps[1].text.contains("not known"_L1));
    }
};

RELAY_TEST(TestShareNotices)
#include "tst_sharenotices.moc"
