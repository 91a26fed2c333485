// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/money.h"
#include "core/base/sentence.h"
#include "core/base/usage.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QHash>
#include <QString>

#include <memory>
#include <optional>
#include <variant>

namespace rr {

/// What models cost. Made from a list in JSON (doc/costs.md), of which the one at :/prices.json is built in. Exact: no number of it
/// ever is a binary fraction. Immutable, so that threads share it.
class Prices
{
public:
    /// By how much of a price is billed, in millionths: 1'100'000 is a tenth more.
    static constexpr qint64 wholePrice = 1'000'000;

    /// On error why it is none, as a part of a sentence ("it is no JSON").
    static std::variant<std::shared_ptr<const Prices>, Sentence> read(
        QByteArrayView json, qint64 factor = wholePrice);

    /// What that costs when it is billed as this model; rounded half up once, at the 12th decimal. nullopt: the model is not in the
    /// list, or has no price for something of it. Cached tokens without a price of their own cost as much as others.
    std::optional<Money> costOf(const Usage &usage, const QByteArray &model) const;

    /// The day they were looked up, "2026-11-26"; empty: the list does not say.
    const QString &checkedOn() const { return m_checkedOn; }

private:
    class Reader;
    /// Of one token.
    struct Tokens
    {
        std::optional<Money> in, cached, out;
    };
    struct OfModel
    {
        Tokens text, audio, image;
        std::optional<Money> perMinute;
    };

    Prices() = default;

    QHash<QByteArray, OfModel> m_models;
    QString m_checkedOn;
    qint64 m_factor = wholePrice;
};

} // namespace rr
