// SPDX-License-Identifier: MIT
#include "core/realtime/prices.h"
#include "tests/support/relaytest.h"

#include <QFile>
#include <QTest>

#include <limits>

using namespace rr;
using namespace Qt::StringLiterals;

namespace {

using Read = std::variant<std::shared_ptr<const Prices>, Sentence>;

std::shared_ptr<const Prices> pricesOf(const Read &read)
{
    if (const auto *why = std::get_if<Sentence>(&read))
        qFatal("%s", qPrintable(plain(*why)));
    return std::get<std::shared_ptr<const Prices>>(read);
}

std::shared_ptr<const Prices> builtIn(qint64 factor = Prices::wholePrice)
{
    QFile file(QStringLiteral(PRICES));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the prices cannot be read");
    return pricesOf(Prices::read(file.readAll(), factor));
}

/// In US dollars; empty: unknown.
QByteArray cost(const Prices &prices, const Usage &usage, const QByteArray &model)
{
    const auto money = prices.costOf(usage, model);
    return money ? decimalText(*money, 12) : QByteArray();
}

} // namespace

class tst_Prices : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    // By hand, from the list of prices.
    void byHand_data()
    {
        QTest::addColumn<QByteArray>("model");
        QTest::addColumn<Usage>("usage");
        QTest::addColumn<QByteArray>("dollars");
        QTest::newRow("spoken turn") // 14 × 4 + 27 × 32 + 28 × 16 + 136 × 64 = 10,072 for a million
            << "gpt-realtime"_ba << Usage{14, 27, 0, 0, 0, 0, 28, 136, 0} << "0.010072000000"_ba;
        QTest::newRow("with what was cached") // 39 × 4 + 64 × 0.4 + 13 × 16 = 389.6
            << "gpt-realtime"_ba << Usage{39, 0, 0, 64, 0, 0, 13, 0, 0} << "0.000389600000"_ba;
        QTest::newRow("every price of one") // 4 + 32 + 5 + 0.4 + 0.4 + 0.5 + 24 + 64 = 130.3
            << "gpt-realtime-2.1"_ba << Usage{1, 1, 1, 1, 1, 1, 1, 1, 0} << "0.000130300000"_ba;
        QTest::newRow("mini") // 0.6 + 10 + 0.8 + 0.06 + 0.3 + 0.08 + 2.4 + 20 = 34.24
            << "gpt-realtime-2.1-mini"_ba << Usage{1, 1, 1, 1, 1, 1, 1, 1, 0} << "0.000034240000"_ba;
        QTest::newRow("a minute of Live")
            << "gpt-live-1"_ba << Usage{0, 0, 0, 0, 0, 0, 0, 0, 60'000} << "0.050000000000"_ba;
        QTest::newRow("15.1 s of Live") // 0.05 × 15.1 ÷ 60 = 0.01258333…
            << "gpt-live-1"_ba << Usage{0, 0, 0, 0, 0, 0, 0, 0, 15'100} << "0.012583333333"_ba;
        QTest::newRow("20 ms, rounded up") // 0.05 × 20 ÷ 60,000 = 0.0000166…
            << "gpt-live-1"_ba << Usage{0, 0, 0, 0, 0, 0, 0, 0, 20} << "0.000016666667"_ba;
        QTest::newRow("3 s written down")
            << "gpt-realtime-whisper"_ba << Usage{0, 0, 0, 0, 0, 0, 0, 0, 3000} << "0.000850000000"_ba;
        QTest::newRow("an hour by the cheapest")
            << "gpt-transcribe"_ba << Usage{0, 0, 0, 0, 0, 0, 0, 0, 3'600'000} << "0.270000000000"_ba;
        QTest::newRow("a second translated") // 0.034 ÷ 60
            << "gpt-realtime-translate"_ba << Usage{0, 0, 0, 0, 0, 0, 0, 0, 1000} << "0.000566666667"_ba;
        QTest::newRow("written down by tokens") // 100 × 6 + 20 × 10
            << "gpt-4o-transcribe"_ba << Usage{0, 100, 0, 0, 0, 0, 20, 0, 0} << "0.000800000000"_ba;
        QTest::newRow("no cached price") // 10 × 2.5
            << "gpt-4o-transcribe"_ba << Usage{0, 0, 0, 10, 0, 0, 0, 0, 0} << "0.000025000000"_ba;
        QTest::newRow("nothing") << "gpt-realtime"_ba << Usage{} << "0.000000000000"_ba;
        QTest::newRow("a model that is not there") << "gpt-6"_ba << Usage{1, 0, 0, 0, 0, 0, 0, 0, 0} << ""_ba;
        QTest::newRow("nothing of it") << "gpt-6"_ba << Usage{} << ""_ba;
        QTest::newRow("no name") << ""_ba << Usage{1, 0, 0, 0, 0, 0, 0, 0, 0} << ""_ba;
        QTest::newRow("no price for images")
            << "gpt-4o-realtime-preview"_ba << Usage{1, 0, 1, 0, 0, 0, 0, 0, 0} << ""_ba;
        QTest::newRow("no price for time") << "gpt-realtime"_ba << Usage{1, 0, 0, 0, 0, 0, 0, 0, 1} << ""_ba;
        QTest::newRow("no price for tokens") << "gpt-live-1"_ba << Usage{1, 0, 0, 0, 0, 0, 0, 0, 1} << ""_ba;
    }
    void byHand()
    {
        QFETCH(QByteArray, model);
        QFETCH(Usage, usage);
        QTEST(cost(*builtIn(), usage, model), "dollars");
    }

    void factor()
    {
        const auto tenthMore = builtIn(1'100'000);
        QCOMPARE(cost(*tenthMore, {14, 27, 0, 0, 0, 0, 28, 136, 0}, "gpt-realtime"), "0.011079200000"_ba);
        QCOMPARE(cost(*tenthMore, {0, 0, 0, 0, 0, 0, 0, 0, 60'000}, "gpt-live-1"), "0.055000000000"_ba);
        QCOMPARE(cost(*tenthMore, {0, 0, 0, 0, 0, 0, 0, 0, 20}, "gpt-live-1"), "0.000018333333"_ba);
        // One token of 0.06 $ a million, at 0.999999 of the price: 0.00000005999994, rounded.
        QCOMPARE(
            cost(*builtIn(999'999), {0, 0, 0, 1, 0, 0, 0, 0, 0}, "gpt-realtime-mini"), "0.000000060000"_ba);
    }

    void isExactInLargeSums()
    {
        const auto prices = builtIn();
        Money sum;
        for (int i = 0; i < 100'000; ++i)
            sum += *prices->costOf({0, 0, 0, 1, 0, 0, 0, 0, 0}, "gpt-realtime-mini"); // 0.06 $ a million
        QCOMPARE(decimalText(sum, 12), "0.006000000000"_ba);
    }

    void tooMuchStaysAtTheMost()
    {
        const auto prices = pricesOf(Prices::read(
            R"({"models":[{"ids":["x"],"text":{"in":10000,"out":10000},"perMinute":10}]})", 10'000'000));
        const qint64 most = 1'000'000'000'000;
        QCOMPARE(*prices->costOf({most, 0, 0, 0, 0, 0, most, 0, most}, "x"),
            Money::ofPico(std::numeric_limits<qint64>::max()));
        // The largest time that may be told, at the largest price: 10^12 ms × 100 $ a minute.
        QCOMPARE(cost(*prices, {0, 0, 0, 0, 0, 0, 0, 0, 59'999}, "x"), "99.998333333333"_ba);
    }

    void whenItWasChecked()
    {
        QCOMPARE(builtIn()->checkedOn(), u"2026-11-26"_s);
        QVERIFY(pricesOf(Prices::read(R"({"models":[]})"))->checkedOn().isEmpty());
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("why");
        const QString wrongPrice
            = u"the price \"%1\" of m is not a number from 0 to %2 with 6 decimals at the most"_s;
        QTest::newRow("empty") << ""_ba << u"it is no JSON"_s;
        QTest::newRow("cut") << R"({"models":[)"_ba << u"it is no JSON"_s;
        QTest::newRow("no object") << "[]"_ba << u"it has no array \"models\""_s;
        QTest::newRow("no models") << R"({"currency":"USD"})"_ba << u"it has no array \"models\""_s;
        QTest::newRow("models are none") << R"({"models":{}})"_ba << u"it has no array \"models\""_s;
        QTest::newRow("currency") << R"({"currency":"EUR","models":[]})"_ba
                                  << u"its \"currency\" is not \"USD\""_s;
        QTest::newRow("day") << R"({"checked":"2026-13-01","models":[]})"_ba
                             << u"its \"checked\" is no day such as 2026-11-26"_s;
        QTest::newRow("day and time") << R"({"checked":"2026-11-26T00:00:00","models":[]})"_ba
                                      << u"its \"checked\" is no day such as 2026-11-26"_s;
        QTest::newRow("member") << R"({"modells":[]})"_ba
                                << u"it has a member \"modells\", which such a list does not have"_s;
        QTest::newRow("member of a model") << R"({"models":[{"ids":["m"],"texts":{}}]})"_ba
                                           << u"it has a member \"texts\", which such a list does not have"_s;
        QTest::newRow("member of a price")
            << R"({"models":[{"ids":["m"],"text":{"cahced":1}}]})"_ba
            << u"it has a member \"text.cahced\", which such a list does not have"_s;
        QTest::newRow("no names") << R"({"models":[{"ids":[],"perMinute":1}]})"_ba
                                  << u"one of its models has no names in \"ids\""_s;
        QTest::newRow("no ids") << R"({"models":[5]})"_ba << u"one of its models has no names in \"ids\""_s;
        QTest::newRow("name is none")
            << R"({"models":[{"ids":["m",""]}]})"_ba << u"one of its models has no names in \"ids\""_s;
        QTest::newRow("twice") << R"({"models":[{"ids":["m"]},{"ids":["n","m"]}]})"_ba
                               << u"it has the model m twice"_s;
        QTest::newRow("text") << R"({"models":[{"ids":["m"],"text":{"in":"4"}}]})"_ba
                              << wrongPrice.arg(u"text.in"_s, u"10000"_s);
        QTest::newRow("negative") << R"({"models":[{"ids":["m"],"audio":{"out":-1}}]})"_ba
                                  << wrongPrice.arg(u"audio.out"_s, u"10000"_s);
        QTest::newRow("exponent") << R"({"models":[{"text":{"cached":4e-1},"ids":["m"]}]})"_ba
                                  << wrongPrice.arg(u"text.cached"_s, u"10000"_s);
        QTest::newRow("decimals") << R"({"models":[{"ids":["m"],"text":{"in":0.0000001}}]})"_ba
                                  << wrongPrice.arg(u"text.in"_s, u"10000"_s);
        QTest::newRow("too much") << R"({"models":[{"ids":["m"],"text":{"in":10000.1}}]})"_ba
                                  << wrongPrice.arg(u"text.in"_s, u"10000"_s);
        QTest::newRow("too much for a minute")
            << R"({"models":[{"ids":["m"],"perMinute":10.1}]})"_ba << wrongPrice.arg(u"perMinute"_s, u"10"_s);
        QTest::newRow("no prices") << R"({"models":[{"ids":["m"],"image":0.4}]})"_ba
                                   << wrongPrice.arg(u"image"_s, u"10000"_s);
    }
    void refused()
    {
        QFETCH(QByteArray, json);
        const Read read = Prices::read(json);
        QVERIFY(std::holds_alternative<Sentence>(read));
        QTEST(plain(std::get<Sentence>(read)), "why");
    }
};

RELAY_TEST(tst_Prices)
#include "tst_prices.moc"
