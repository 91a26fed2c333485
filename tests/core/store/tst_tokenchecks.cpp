// SPDX-License-Identifier: MIT
#include "core/store/tokenchecks.h"
#include "tests/support/relaytest.h"

#include <QTest>

#include <functional>

using namespace rr;
using namespace Qt::StringLiterals;

class TestTokenChecks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tidied()
    {
        AccessTerms terms;
        terms.name = u"  Präsentation \U0001F600 "_s;
        terms.origins = {u" https://a.example "_s, u"https://a.example"_s, u""_s};
        terms.models = {u"gpt-realtime "_s, u"gpt-realtime"_s};
        QVERIFY(!checkTerms(terms));
        QCOMPARE(terms.name, u"Präsentation \U0001F600"_s);
        QCOMPARE(terms.origins, QStringList{u"https://a.example"_s});
        QCOMPARE(terms.models, QStringList{u"gpt-realtime"_s});
    }
    void refused_data()
    {
        using Change = std::function<void(AccessTerms &)>;
        QTest::addColumn<Change>("change");
        const auto add = [](const char *name, Change change) { QTest::newRow(name) << change; };
        add("no name", [](AccessTerms &terms) { terms.name = u"  "_s; });
        add("long name", [](AccessTerms &terms) { terms.name = QString(65, u'x'); });
        add("a line", [](AccessTerms &terms) { terms.name = u"a\nb"_s; });
        add("NUL", [](AccessTerms &terms) { terms.name = u"a"_s + QChar(0) + u"b"_s; });
        add("direction", [](AccessTerms &terms) { terms.name = u"a\u202eb"_s; });
        add("origin", [](AccessTerms &terms) { terms.origins = {u"https://*.com"_s}; });
        add("model", [](AccessTerms &terms) { terms.models = {u"a b"_s}; });
        add("models", [](AccessTerms &terms) {
            for (int i = 0; i < 300; ++i)
                terms.models.append(QString::number(i));
        });
        add("calls", [](AccessTerms &terms) { terms.callsAtOnce = -1; });
        add("many calls", [](AccessTerms &terms) { terms.callsAtOnce = 2'000'000; });
        add("minutes", [](AccessTerms &terms) { terms.minutesACall = -1; });
        add("a day", [](AccessTerms &terms) { terms.usdADay = Money::ofPico(-1); });
        add("in all", [](AccessTerms &terms) { terms.usdInAll = Money::ofPico(1'000'000'000'000'000'001); });
        add("expired",
            [](AccessTerms &terms) { terms.expiresAt = QDateTime::fromMSecsSinceEpoch(999).toUTC(); });
    }
    void refused()
    {
        QFETCH(std::function<void(AccessTerms &)>, change);
        const QDateTime now = QDateTime::fromMSecsSinceEpoch(1000).toUTC();
        AccessTerms terms;
        terms.name = QString(64, u'x');
        terms.callsAtOnce = 1;
        terms.usdADay = Money::ofPico(1'000'000'000'000'000'000);
        terms.expiresAt = QDateTime::fromMSecsSinceEpoch(1001).toUTC();
        QVERIFY(!checkNewTerms(terms, now));
        change(terms);
        const auto error = checkNewTerms(terms, now);
        QVERIFY(error);
        QCOMPARE(error->code, "bad_terms"_ba);
        QVERIFY(plain(error->detail).endsWith(u'.'));
    }
};

RELAY_TEST(TestTokenChecks)
#include "tst_tokenchecks.moc"
