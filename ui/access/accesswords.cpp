// SPDX-License-Identifier: MIT
#include "ui/access/accesswords.h"

#include "ui/control/displaytext.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minuteSeconds = 60;
constexpr qint64 hourSeconds = 60 * minuteSeconds;
constexpr qint64 daySeconds = 24 * hourSeconds;

class Access
{
    Q_DECLARE_TR_FUNCTIONS(Access)
public:
    /// Rounded down, but for what has just begun: seven days are not called six a moment later.
    static QString timeText(qint64 seconds)
    {
        if (seconds >= 2 * daySeconds - hourSeconds)
            return tr("%n day(s)", nullptr, int((seconds + hourSeconds) / daySeconds));
        if (seconds >= 2 * hourSeconds - minuteSeconds)
            return tr("%n hour(s)", nullptr, int((seconds + minuteSeconds) / hourSeconds));
        return tr("%n minute(s)", nullptr, int(seconds / minuteSeconds));
    }

    static QString stateText(const AccessTerms &terms, const QDateTime &now)
    {
        switch (stateOf(terms, now)) {
        case TokenState::Revoked:
            return tr("Revoked");
        case TokenState::Expired:
            return tr("Expired on %1")
                .arg(QLocale().toString(terms.expiresAt.toLocalTime().date(), QLocale::ShortFormat));
        case TokenState::Good:
        case TokenState::Expiring:
            break;
        }
        if (!terms.expiresAt.isValid())
            return tr("Good, does not expire");
        return tr("Good, expires in %1").arg(timeText(now.secsTo(terms.expiresAt)));
    }

    static QString budgetText(const std::optional<BudgetStand> &budget, Money limit)
    {
        if (limit <= Money())
            return budget ? moneyText(budget->spent) : tr("no limit");
        if (!budget)
            return tr("of %1").arg(moneyText(limit));
        const int percent = int(
            double(budget->spent.pico()) * 100 / double(std::max<qint64>(1, limit.pico()))); // rounded down
        return tr("%1 of %2 (%3 %)")
            .arg(moneyText(budget->spent), moneyText(limit), QLocale().toString(percent));
    }

    static QString limitsText(const AccessTerms &terms)
    {
        QStringList limits;
        if (terms.callsAtOnce > 0)
            limits.append(tr("%n call(s) at once", nullptr, terms.callsAtOnce));
        if (terms.minutesACall > 0)
            limits.append(tr("%n minute(s) a call", nullptr, terms.minutesACall));
        return limits.isEmpty() ? tr("none", "limits") : limits.join(u", "_s);
    }

    static QString keyText(const HeldKeyStand &key)
    {
        switch (key.place) {
        case HeldKeyPlace::Nowhere:
            return tr("The relay holds no key. Whoever calls brings a key of their own.");
        case HeldKeyPlace::Keychain:
            return tr(
                "The relay holds a key. It is kept in the system's keychain, and used for calls with an "
                "access token alone.");
        case HeldKeyPlace::File:
            return tr(
                "The relay holds a key. This system has no keychain that could be used, so it is kept in a "
                "file that only you can read; it is used for calls with an access token alone.");
        case HeldKeyPlace::Settings:
            if (!key.keyFile.isEmpty())
                return tr("The relay holds a key, from the file %1, which the settings name; it is used for "
                          "calls with an access token alone. To change it, change that file, or the setting.")
                    .arg(key.keyFile);
            return tr(
                "The relay holds a key, from the settings file %1; it is used for calls with an access "
                "token alone. To change it, change %2 in that file; or remove that there, and a key can "
                "be entered here.")
                .arg(key.settingsFile, key.setting);
        case HeldKeyPlace::Outside:
            if (!key.keyFile.isEmpty())
                return tr(
                    "The relay holds a key, from the file %1; it is used for calls with an access token "
                    "alone. To change it, change that file: %2, which names it, is fixed by the "
                    "environment or the command line.")
                    .arg(key.keyFile, key.setting);
            if (key.source == SettingSource::CommandLine)
                return tr("The relay holds a key, from %1 on the command line; it is used for calls with an "
                          "access token alone. It cannot be changed here: start the program with another "
                          "one, or without.")
                    .arg(key.setting);
            return tr("The relay holds a key, from the environment variable %1; it is used for calls with an "
                      "access token alone. It cannot be changed here: set the variable to another one, or "
                      "remove it, and start the program again.")
                .arg(key.setting);
        }
        return {};
    }

    static QString stepText(const AccessStep &step)
    {
        switch (step.what) {
        case AccessStep::Key:
            return step.isDone
                ? tr("The relay holds a key that calls are made with.")
                : tr("Enter the key of your OpenAI account above: calls with an access token are "
                     "made with it. Nobody is ever shown it.");
        case AccessStep::Store:
            if (!step.isDone && step.isChosen)
                return tr(
                    "A store is chosen, but not open yet: that happens when the relay is started. Stop it, and "
                    "start it again.");
            return step.isDone
                ? tr("There is a store that knows the tokens and what was spent with them.")
                : tr("Choose where tokens, costs and the history of calls are kept: \"Store\" in the "
                     "settings. A file is enough for one relay.");
        case AccessStep::Running:
            return step.isDone ? tr("The relay runs.") : tr("Start the relay, so that somebody can call.");
        }
        return {};
    }
};

} // namespace

TokenState stateOf(const AccessTerms &terms, const QDateTime &now)
{
    if (terms.isRevoked)
        return TokenState::Revoked;
    if (!terms.expiresAt.isValid())
        return TokenState::Good;
    const qint64 left = now.secsTo(terms.expiresAt);
    if (terms.expiresAt <= now)
        return TokenState::Expired;
    return left < daySeconds ? TokenState::Expiring : TokenState::Good;
}

QString tokenStateText(const AccessTerms &terms, const QDateTime &now)
{
    return Access::stateText(terms, now);
}

Tone toneOf(TokenState state)
{
    switch (state) {
    case TokenState::Good:
        return Tone::Good;
    case TokenState::Expiring:
        return Tone::Warning;
    case TokenState::Expired:
    case TokenState::Revoked:
        break;
    }
    return Tone::Quiet;
}

QString budgetText(const std::optional<BudgetStand> &budget, Money limit)
{
    return Access::budgetText(budget, limit);
}

Tone toneOf(const std::optional<BudgetStand> &budget)
{
    if (!budget || budget->limit <= Money())
        return Tone::Quiet;
    if (budget->spent >= budget->limit)
        return Tone::Bad;
    // Money is such that no product of it fits.
    return budget->spent.pico() / 8 >= budget->limit.pico() / 10 ? Tone::Warning : Tone::Good;
}

QString limitsText(const AccessTerms &terms)
{
    return Access::limitsText(terms);
}

QString listText(const QStringList &names)
{
    return names.isEmpty() ? Access::tr("any", "models, pages") : names.join(u", "_s);
}

QString heldKeyText(const HeldKeyStand &key)
{
    return Access::keyText(key);
}

QString stepText(const AccessStep &step)
{
    return Access::stepText(step);
}

} // namespace rr
