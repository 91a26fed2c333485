// SPDX-License-Identifier: MIT
#include "app/daemon/sharetext.h"

#include "tests/support/relaytest.h"

#include <QTest>

using namespace rr;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class tst_ShareText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aReasonMayHoldAnyCharacters()
    {
        Sharing::Status status;
        status.state = Sharing::State::Broken;
        status.reason = {"Its program said: %1", {u"progress 100%2 of %1"_s}};
        status.retryIn = 1500ms;
        QCOMPARE(
            stateAsText(status), u"Not reachable: Its program said: progress 100%2 of %1 Again in 2 s.\n"_s);
    }

    void theFirstVisitor()
    {
        const QDateTime at = QDateTime::currentDateTimeUtc();
        const QString when = at.toLocalTime().toString(u"yyyy-MM-dd HH:mm:ss"_s);
        QCOMPARE(visitorAsText({u"203.0.113.9"_s, u"curl/8"_s, at}),
            u"Seen from outside: 203.0.113.9, curl/8, %1.\n"_s.arg(when));
        QCOMPARE(visitorAsText({{}, u"curl/8"_s, at}),
            u"Somebody has opened the link; whether from outside is not known. (curl/8, %1)\n"_s.arg(when));
    }
};

RELAY_TEST(tst_ShareText)
#include "tst_sharetext.moc"
