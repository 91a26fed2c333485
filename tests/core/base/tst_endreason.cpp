// SPDX-License-Identifier: MIT
#include "core/base/endreason.h"

#include "tests/support/relaytest.h"

#include <QSet>
#include <QTest>

#include <algorithm>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_EndReason : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namesAreUniqueAndInSnakeCase()
    {
        QSet<QString> names;
        for (const QLatin1String name : endReasonNames) {
            QVERIFY2(!name.isEmpty() && !names.contains(name), name.data());
            names.insert(name);
            QVERIFY2(std::all_of(
                         name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; }),
                name.data());
        }
    }

    /// Dashboards and scripts read these: one of each kind, so that nobody moves a row unseen.
    void namesBelongToTheirValues()
    {
        QCOMPARE(nameOf(EndReason::ClientClosed), "client_closed"_L1);
        QCOMPARE(nameOf(EndReason::UpstreamRefused), "upstream_refused"_L1);
        QCOMPARE(nameOf(EndReason::InactivityTimeout), "inactivity_timeout"_L1);
        QCOMPARE(nameOf(EndReason::UpstreamBreach), "upstream_breach"_L1);
        QCOMPARE(nameOf(EndReason::ClosedByOperator), "closed_by_operator"_L1);
        QCOMPARE(nameOf(EndReason::SpendLimit), "spend_limit"_L1);
        QCOMPARE(nameOf(EndReason::AccessEnded), "access_ended"_L1);
        QCOMPARE(nameOf(EndReason::AccessRefused), "access_refused"_L1);
        QCOMPARE(nameOf(EndedBy::Nobody), ""_L1);
        QCOMPARE(nameOf(EndedBy::Client), "client"_L1);
        QCOMPARE(nameOf(EndedBy::Operator), "operator"_L1);
    }
};

RELAY_TEST(tst_EndReason)
#include "tst_endreason.moc"
