// SPDX-License-Identifier: MIT
#include "core/realtime/prices.h"

#include "core/base/decimal.h"
#include "core/realtime/jsontext.h"
#include "core/realtime/redaction.h"

#include <QDate>
#include <QtNumeric>

#include <limits>
#include <tuple>

namespace rr {

namespace {

/// Of a price. A price for a million tokens is then a whole number of Money for one.
constexpr int priceDecimals = 6;
constexpr qint64 millionths = 1'000'000;
constexpr qint64 msInMinute = 60'000;
/// Dollars for a million tokens, and for a minute: above all that was ever asked, and low enough to count with.
constexpr qint64 mostForTokens = 10'000;
constexpr qint64 mostForMinute = 10;
/// Ten times a price is the most that is billed.
constexpr qint64 mostFactor = 10 * millionths;

/// What is too much stays at the most.
qint64 product(qint64 one, qint64 other)
{
    qint64 result = 0;
    return qMulOverflow(one, other, &result) ? std::numeric_limits<qint64>::max() : result;
}

/// `amount` × `numerator` ÷ `denominator`, rounded half up. The last two are such that their product fits.
Money fraction(qint64 amount, qint64 numerator, qint64 denominator)
{
    const qint64 rest = amount % denominator * numerator;
    return Money::ofPico(product(amount / denominator, numerator))
        + Money::ofPico(rest / denominator + (rest % denominator * 2 >= denominator ? 1 : 0));
}

QString nameToShow(QByteArrayView outside)
{
    constexpr int longest = 64;
    return outsideText(QString::fromUtf8(outside), longest);
}

/// As it stands between the quotes; empty where it is no string or has an escape in it.
QByteArrayView plainString(QByteArrayView value)
{
    return isJsonString(value) && !value.contains('\\') ? value.sliced(1, value.size() - 2)
                                                        : QByteArrayView();
}

/// Adds what so many tokens cost. False where that is not known.
bool addTokens(Money &sum, qint64 tokens, std::optional<Money> price)
{
    if (tokens > 0 && price)
        sum += Money::ofPico(product(tokens, price->pico()));
    return tokens <= 0 || price;
}

} // namespace

/// Each function says what is wrong, or nothing.
class Prices::Reader
{
public:
    using Problem = std::optional<Sentence>;

    explicit Reader(Prices &prices)
        : m_prices(prices)
    {
    }

    Problem readAll(QByteArrayView json)
    {
        if (!isJson(json))
            return QT_TRANSLATE_NOOP("Core", "it is no JSON");
        QByteArrayView models;
        for (JsonParts each(json); each.next();) {
            if (each.name() == "models")
                models = each.value();
            else if (Problem problem = readAbout(each.name(), each.value()))
                return problem;
        }
        if (!models.startsWith('['))
            return QT_TRANSLATE_NOOP("Core", "it has no array \"models\"");
        for (JsonParts each(models); each.next();) {
            if (Problem problem = readModel(each.value()))
                return problem;
        }
        return {};
    }

private:
    Problem readAbout(QByteArrayView name, QByteArrayView value)
    {
        if (name == "note")
            return {};
        if (name == "currency") {
            if (!isJsonString(value, "USD"))
                return QT_TRANSLATE_NOOP("Core", "its \"currency\" is not \"USD\"");
            return {};
        }
        if (name != "checked")
            return unknownMember(name);
        m_prices.m_checkedOn = QString::fromLatin1(plainString(value));
        constexpr qsizetype asInIso = 10;
        if (m_prices.m_checkedOn.size() != asInIso
            || !QDate::fromString(m_prices.m_checkedOn, Qt::ISODate).isValid())
            return QT_TRANSLATE_NOOP("Core", "its \"checked\" is no day such as 2026-11-26");
        return {};
    }

    Problem readModel(QByteArrayView model)
    {
        const QByteArrayView ids = jsonMemberValue(model, "ids");
        m_model = nameToShow(plainString(firstOf(ids)));
        OfModel prices;
        for (JsonParts each(model); each.next();) {
            Tokens *const tokens = each.name() == "text" ? &prices.text
                : each.name() == "audio"                 ? &prices.audio
                : each.name() == "image"                 ? &prices.image
                                                         : nullptr;
            Problem problem;
            if (tokens)
                problem = readTokens(*tokens, each.name(), each.value());
            else if (each.name() == "perMinute")
                problem = readPrice(prices.perMinute, each.name(), each.value(), mostForMinute, millionths);
            else if (!isOneOf(each.name(), {"ids", "note"}))
                problem = unknownMember(each.name());
            if (problem)
                return problem;
        }
        bool isNamed = false;
        for (JsonParts each(ids); each.next();) {
            const QByteArray id = plainString(each.value()).toByteArray();
            if (id.isEmpty())
                return namesNone();
            if (m_prices.m_models.contains(id))
                return Sentence(QT_TRANSLATE_NOOP("Core", "it has the model %1 twice"), {nameToShow(id)});
            m_prices.m_models.insert(id, prices);
            isNamed = true;
        }
        return isNamed ? Problem() : namesNone();
    }

    Problem readTokens(Tokens &tokens, QByteArrayView modality, QByteArrayView value)
    {
        if (!isJsonObject(value))
            return wrongPrice(modality, mostForTokens);
        for (JsonParts each(value); each.next();) {
            std::optional<Money> *const price = each.name() == "in" ? &tokens.in
                : each.name() == "cached"                           ? &tokens.cached
                : each.name() == "out"                              ? &tokens.out
                                                                    : nullptr;
            const QByteArray name = modality.toByteArray() + '.' + each.name().toByteArray();
            Problem problem
                = price ? readPrice(*price, name, each.value(), mostForTokens, 1) : unknownMember(name);
            if (problem)
                return problem;
        }
        return {};
    }

    /// `scale`: of a millionth of a dollar, that makes Money of it.
    Problem readPrice(
        std::optional<Money> &price, QByteArrayView name, QByteArrayView value, qint64 most, qint64 scale)
    {
        const auto number = readDecimal(value, priceDecimals);
        if (!number || *number > most * millionths)
            return wrongPrice(name, most);
        price = Money::ofPico(*number * scale);
        return {};
    }

    Problem wrongPrice(QByteArrayView name, qint64 most) const
    {
        return Sentence(
            QT_TRANSLATE_NOOP(
                "Core", "the price \"%1\" of %2 is not a number from 0 to %3 with %4 decimals at the most"),
            {nameToShow(name), m_model, most, priceDecimals});
    }
    static Problem unknownMember(QByteArrayView name)
    {
        return Sentence(QT_TRANSLATE_NOOP("Core", "it has a member \"%1\", which such a list does not have"),
            {nameToShow(name)});
    }
    static Problem namesNone()
    {
        return QT_TRANSLATE_NOOP("Core", "one of its models has no names in \"ids\"");
    }
    static QByteArrayView firstOf(QByteArrayView array)
    {
        JsonParts each(array);
        return each.next() ? each.value() : QByteArrayView();
    }

    Prices &m_prices;
    QString m_model; ///< whose prices are read
};

std::variant<std::shared_ptr<const Prices>, Sentence> Prices::read(QByteArrayView json, qint64 factor)
{
    Q_ASSERT(factor >= 0 && factor <= mostFactor);
    const std::shared_ptr<Prices> prices(new Prices);
    prices->m_factor = factor;
    if (const auto problem = Reader(*prices).readAll(json))
        return *problem;
    return prices;
}

std::optional<Money> Prices::costOf(const Usage &usage, const QByteArray &model) const
{
    const auto found = m_models.constFind(model);
    if (found == m_models.constEnd())
        return {};
    Money tokens;
    for (const auto &[prices, in, cached, out] :
        {std::tuple(&found->text, usage.textIn, usage.textCached, usage.textOut),
            std::tuple(&found->audio, usage.audioIn, usage.audioCached, usage.audioOut),
            std::tuple(&found->image, usage.imageIn, usage.imageCached, qint64(0))}) {
        if (!addTokens(tokens, in, prices->in)
            || !addTokens(tokens, cached, prices->cached ? prices->cached : prices->in)
            || !addTokens(tokens, out, prices->out))
            return {};
    }
    Money cost = fraction(tokens.pico(), m_factor, millionths);
    if (usage.ms <= 0)
        return cost;
    if (!found->perMinute)
        return {};
    // A price for a minute counts whole millionths of a dollar, so that with the factor it is still exact.
    const qint64 perMinute = found->perMinute->pico() / millionths * m_factor;
    return cost += fraction(usage.ms, perMinute, msInMinute);
}

} // namespace rr
