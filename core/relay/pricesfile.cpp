// SPDX-License-Identifier: MIT
#include "core/relay/pricesfile.h"

#include "core/base/decimal.h"
#include "core/config/regularfile.h"

#include <QFile>

namespace rr {

namespace {

std::variant<QByteArray, Sentence> readBuiltIn()
{
    QFile file(QStringLiteral(":/prices.json"));
    if (!file.open(QIODevice::ReadOnly))
        return asTheySaid(file.errorString());
    return file.readAll();
}

} // namespace

std::variant<std::shared_ptr<const Prices>, RelayError> loadPrices(const Settings &settings)
{
    const auto error = [&settings](const char *text, const Sentence &why) {
        return RelayError{"prices_file", "pricesFile", Sentence(text, {settings.pricesFile, why})};
    };
    const auto content = settings.pricesFile.isEmpty() ? readBuiltIn() : readRegularFile(settings.pricesFile);
    if (const auto *why = std::get_if<Sentence>(&content))
        return error(
            QT_TRANSLATE_NOOP("Core", "%1 cannot be read: %2. Check the path and its permissions."), *why);
    const auto factor = readDecimal(settings.priceFactor.toLatin1(), 6); // as checkPriceFactor() has left it
    auto prices = Prices::read(std::get<QByteArray>(content), factor.value_or(Prices::wholePrice));
    if (const auto *why = std::get_if<Sentence>(&prices))
        return error(QT_TRANSLATE_NOOP("Core", "%1 is no list of prices: %2. See doc/costs.md."), *why);
    return std::get<std::shared_ptr<const Prices>>(prices);
}

} // namespace rr
