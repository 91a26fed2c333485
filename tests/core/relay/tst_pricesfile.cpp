// SPDX-License-Identifier: MIT
#include "core/relay/pricesfile.h"
#include "tests/support/relaytest.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace rr;
using namespace Qt::StringLiterals;

class tst_PricesFile : public QObject
{
    Q_OBJECT
    QTemporaryDir m_dir;

    QString file(const QByteArray &content)
    {
        QFile file(m_dir.filePath(u"prices.json"_s));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("write");
        return file.fileName();
    }
    /// Of a million tokens of text; empty: it has no price.
    static QByteArray cost(const Settings &settings, const QByteArray &model)
    {
        const auto prices = loadPrices(settings);
        if (const auto *error = std::get_if<RelayError>(&prices))
            qFatal("%s", qPrintable(plain(error->detail)));
        Usage usage;
        usage.textIn = 1'000'000;
        const auto money = std::get<std::shared_ptr<const Prices>>(prices)->costOf(usage, model);
        return money ? decimalText(*money) : QByteArray();
    }

private Q_SLOTS:
    void builtIn()
    {
        QCOMPARE(cost({}, "gpt-realtime"), "4.000000"_ba);
        Settings settings;
        settings.priceFactor = u"1.1"_s;
        QCOMPARE(cost(settings, "gpt-realtime"), "4.400000"_ba);
    }

    void ofAFile() // in the place of the others
    {
        Settings settings;
        settings.pricesFile = file(R"({"models":[{"ids":["own"],"text":{"in":7}}]})");
        QCOMPARE(cost(settings, "own"), "7.000000"_ba);
        QCOMPARE(cost(settings, "gpt-realtime"), QByteArray());
        settings.priceFactor = u"0.5"_s;
        QCOMPARE(cost(settings, "own"), "3.500000"_ba);
    }

    void cannotBeUsed_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("why");
        QTest::newRow("a folder") << m_dir.path() << u" cannot be read: "_s;
        QTest::newRow("not there") << m_dir.filePath(u"none.json"_s) << u" cannot be read: "_s;
        QTest::newRow("no list") << file("{}") << u" is no list of prices: it has no array \"models\". "_s;
    }
    void cannotBeUsed()
    {
        QFETCH(QString, path);
        QFETCH(QString, why);
        Settings settings;
        settings.pricesFile = path;
        const auto prices = loadPrices(settings);
        const auto *error = std::get_if<RelayError>(&prices);
        QVERIFY(error);
        QCOMPARE(error->setting, "pricesFile"_ba);
        QCOMPARE(error->code, "prices_file"_ba);
        QVERIFY2(plain(error->detail).startsWith(path + why), qPrintable(plain(error->detail)));
    }
};

RELAY_TEST(tst_PricesFile)
#include "tst_pricesfile.moc"
