// SPDX-License-Identifier: MIT
#include "ui/control/displaytext.h"

#include <QCoreApplication>
#include <QLocale>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr int placesOfCents = 4; ///< below a dollar
constexpr int placesOfDollars = 2;
constexpr Money dollar = Money::ofPico(1'000'000'000'000);
constexpr Money leastShown = Money::ofPico(50'000'000); ///< what is less is rounded to nothing

/// Exact: no amount of Money has more than eleven digits in so few places.
QString dollars(Money money, int places)
{
    const QLocale locale;
    if (locale.language() == QLocale::C) // it would stand behind
        return u'$' + locale.toString(decimalText(money, places).toDouble(), 'f', places);
    return locale.toCurrencyString(decimalText(money, places).toDouble(), u"$"_s, places);
}

/// "1,000 (text 400, audio 600)"
QString withKinds(qint64 all, const QStringList &kinds)
{
    if (all == 0)
        return {};
    return kinds.isEmpty() ? countText(all) : u"%1 (%2)"_s.arg(countText(all), kinds.join(u", "_s));
}

} // namespace

QString countText(qint64 count)
{
    return QLocale().toString(count);
}

QString bytesText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, bytes < 1000 ? 0 : 1, QLocale::DataSizeSIFormat);
}

QString rateText(double bytesPerSecond)
{
    return QCoreApplication::translate("DisplayText", "%1/s").arg(bytesText(qint64(bytesPerSecond)));
}

QString durationText(qint64 milliseconds)
{
    const qint64 seconds = milliseconds / 1000;
    const qint64 hours = seconds / 3600 % 24;
    const qint64 days = seconds / 86400;
    const auto two = [](qint64 number) { return u"%1"_s.arg(number, 2, 10, QLatin1Char('0')); };
    const QString rest = two(seconds / 60 % 60) + u':' + two(seconds % 60);
    if (days > 0)
        return QCoreApplication::translate("DisplayText", "%1 d %2")
            .arg(days)
            .arg(u"%1:%2"_s.arg(hours).arg(rest));
    if (hours > 0)
        return u"%1:%2"_s.arg(hours).arg(rest);
    return u"%1:%2"_s.arg(seconds / 60).arg(two(seconds % 60));
}

QString moneyText(Money money)
{
    if (money == Money())
        return dollars(money, placesOfDollars);
    if (money > Money() && money < leastShown)
        return QCoreApplication::translate("DisplayText", "< %1")
            .arg(dollars(Money::ofPico(leastShown.pico() * 2), placesOfCents));
    return dollars(money, money < dollar ? placesOfCents : placesOfDollars);
}

QString costText(const UsageTotals &totals)
{
    const bool isAll = totals.unpriced == 0 && totals.unread == 0;
    if (!totals.isCostKnown() || (!isAll && totals.cost == Money()))
        return QCoreApplication::translate("DisplayText", "unknown", "cost");
    return isAll ? moneyText(totals.cost)
                 : QCoreApplication::translate("DisplayText", "at least %1").arg(moneyText(totals.cost));
}

QString tokensInText(const Usage &usage)
{
    QStringList kinds;
    const auto add = [&kinds](qint64 count, const QString &text) {
        if (count > 0)
            kinds.append(text.arg(countText(count)));
    };
    add(usage.textIn + usage.textCached, QCoreApplication::translate("DisplayText", "text %1"));
    add(usage.audioIn + usage.audioCached, QCoreApplication::translate("DisplayText", "audio %1"));
    add(usage.imageIn + usage.imageCached, QCoreApplication::translate("DisplayText", "images %1"));
    add(usage.textCached + usage.audioCached + usage.imageCached,
        QCoreApplication::translate("DisplayText", "of these %1 cached"));
    return withKinds(usage.tokensIn(), kinds);
}

QString tokensOutText(const Usage &usage)
{
    QStringList kinds;
    if (usage.textOut > 0)
        kinds.append(QCoreApplication::translate("DisplayText", "text %1").arg(countText(usage.textOut)));
    if (usage.audioOut > 0)
        kinds.append(QCoreApplication::translate("DisplayText", "audio %1").arg(countText(usage.audioOut)));
    return withKinds(usage.tokensOut(), kinds);
}

QString logLevelName(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return QCoreApplication::translate("rr::Log", "Debug");
    case LogLevel::Info:
        return QCoreApplication::translate("rr::Log", "Info");
    case LogLevel::Warning:
        return QCoreApplication::translate("rr::Log", "Warning");
    case LogLevel::Error:
        return QCoreApplication::translate("rr::Log", "Error");
    }
    return {};
}

} // namespace rr
