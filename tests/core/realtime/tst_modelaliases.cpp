// SPDX-License-Identifier: MIT
#include "core/realtime/modelaliases.h"
#include "tests/support/relaytest.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_ModelAliases : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void names()
    {
        const auto answering = [](const char *asked, const QStringList &entries = {}) {
            return answeringModel(asked, entries);
        };
        QCOMPARE(answering("gpt-4o-realtime-preview"), "gpt-realtime-1.5");
        QCOMPARE(answering("gpt-4o-mini-realtime-preview"), "gpt-realtime-mini");
        QCOMPARE(answering("gpt-realtime"), "gpt-realtime");
        QCOMPARE(answering("GPT-4o-realtime-preview"), "GPT-4o-realtime-preview");
        QCOMPARE(answering(""), "");
        // Another one, one more, none.
        const QStringList own{
            u"gpt-4o-realtime-preview=gpt-realtime-2.1"_s, u"old=new"_s, u"gpt-realtime-mini-2025-10-06="_s};
        QCOMPARE(answering("gpt-4o-realtime-preview", own), "gpt-realtime-2.1");
        QCOMPARE(answering("old", own), "new");
        QCOMPARE(answering("new", own), "new");
        QCOMPARE(answering("gpt-realtime-mini-2025-10-06", own), "gpt-realtime-mini-2025-10-06");
        QCOMPARE(answering("gpt-4o-mini-realtime-preview", own), "gpt-realtime-mini");
        QCOMPARE(answering("gpt-4o-mini-realtime-preview", own + QStringList{u"none"_s}),
            "gpt-4o-mini-realtime-preview");
        QCOMPARE(answering("old", {u"none"_s, u"old=new"_s}), "new");
        QCOMPARE(answering("none", {u"none"_s}), "none");
        QCOMPARE(answering("a", {u"a=b"_s, u"a=c"_s, u"b=d"_s}),
            "c"); // the last one, and nothing is looked up twice
    }

    void queries_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("result");
        const auto same
            = [](const char *query) { QTest::newRow(query) << QByteArray(query) << QByteArray(query); };
        QTest::newRow("alone") << "model=old"_ba
                               << "model=new"_ba;
        QTest::newRow("among others") << "a=%20&model=old&b=1+2&&c"_ba
                                      << "a=%20&model=new&b=1+2&&c"_ba;
        QTest::newRow("encoded") << "m%6Fdel=%6F%6c%64"_ba
                                 << "m%6Fdel=new"_ba;
        QTest::newRow("twice") << "model=old&model=x&model=old"_ba
                               << "model=new&model=x&model=new"_ba;
        QTest::newRow("grows") << "model=o&z=1"_ba
                               << "model=a-much-longer-name&z=1"_ba;
        for (const char *query : {"", "model", "model=", "=old", "&", "Model=old", "xmodel=old",
                 "model=older", "model=%6Fl", "call_id=old", "model=o%26", "a=model=old"})
            same(query);
    }
    void queries()
    {
        QFETCH(QByteArray, query);
        QTEST(withAnsweringModel(query, {u"old=new"_s, u"o=a-much-longer-name"_s}), "result");
        QCOMPARE(withAnsweringModel(query, {}).isNull(), query.isNull());
    }

    void noQueryStaysNone()
    {
        QVERIFY(withAnsweringModel(QByteArray(), {}).isNull());
        QVERIFY(!withAnsweringModel(QByteArray(""), {}).isNull());
    }

    void pageHasTheSameTable()
    {
        QFile file(QStringLiteral(BETA_PAGE));
        QVERIFY2(file.open(QIODevice::ReadOnly), BETA_PAGE);
        static const QRegularExpression row(
            u"^\\| `([^`]+)` \\| `(gpt-[^`]+)` \\|$"_s, QRegularExpression::MultilineOption);
        QStringList page;
        auto found = row.globalMatch(QString::fromUtf8(file.readAll()));
        while (found.hasNext()) {
            const auto match = found.next();
            page.append(match.captured(1) + u'=' + match.captured(2));
        }
        QStringList table;
        for (const ModelAlias &each : builtInModelAliases())
            table.append(QString::fromLatin1(each.asked.toByteArray() + '=' + each.answers.toByteArray()));
        QCOMPARE(page, table);
    }
};

RELAY_TEST(tst_ModelAliases)
#include "tst_modelaliases.moc"
