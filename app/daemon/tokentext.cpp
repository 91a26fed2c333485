// SPDX-License-Identifier: MIT
#include "app/daemon/tokentext.h"

#include "core/config/settingvalue.h"
#include "core/sharing/linkforms.h"

#include <QHostAddress>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>

#include <algorithm>
#include <array>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr auto nothing = "-"_L1;

QString momentText(const QDateTime &moment)
{
    return moment.toUTC().toString(Qt::ISODate);
}

/// "good", "expired" or "revoked".
QLatin1String stateOf(const AccessTerms &terms, const QDateTime &now)
{
    if (terms.isRevoked)
        return "revoked"_L1;
    return terms.expiresAt.isValid() && terms.expiresAt <= now ? "expired"_L1 : "good"_L1;
}

/// "5.00", with as many decimals more as it needs to be exact.
QString usdText(Money money)
{
    constexpr int leastPlaces = 2;
    constexpr int mostPlaces = 6;
    QByteArray text = decimalText(money, mostPlaces);
    for (int places = mostPlaces; places > leastPlaces && text.endsWith('0'); --places)
        text.chop(1);
    return QString::fromLatin1(text);
}

std::optional<Money> spentOf(const QList<BudgetStand> &budgets, qint64 token, Budget budget)
{
    for (const BudgetStand &stand : budgets) {
        if (stand.token == token && stand.budget == budget)
            return stand.spent;
    }
    return {};
}

/// "1.25 of 5.00"
QString budgetText(const QList<BudgetStand> &budgets, const AccessTerms &terms, Budget budget, Money limit)
{
    if (limit == Money())
        return nothing;
    const auto spent = spentOf(budgets, terms.id, budget);
    return u"%1 of %2"_s.arg(spent ? usdText(*spent) : u"?"_s, usdText(limit));
}

QString countText(int count)
{
    return count > 0 ? QString::number(count) : QString(nothing);
}

QString listText(const QStringList &list)
{
    return list.isEmpty() ? QString(nothing) : list.join(u',');
}

QJsonObject jsonOf(const AccessTerms &terms)
{
    QJsonObject object{{u"name"_s, terms.name}, {u"createdAt"_s, momentText(terms.createdAt)}};
    if (terms.expiresAt.isValid())
        object.insert(u"expiresAt"_s, momentText(terms.expiresAt));
    if (!terms.models.isEmpty())
        object.insert(u"models"_s, QJsonArray::fromStringList(terms.models));
    if (!terms.origins.isEmpty())
        object.insert(u"origins"_s, QJsonArray::fromStringList(terms.origins));
    if (terms.callsAtOnce > 0)
        object.insert(u"callsAtOnce"_s, terms.callsAtOnce);
    if (terms.minutesACall > 0)
        object.insert(u"minutesACall"_s, terms.minutesACall);
    // As text, for in JSON a number may be a binary fraction.
    if (terms.usdADay > Money())
        object.insert(u"usdADay"_s, usdText(terms.usdADay));
    if (terms.usdInAll > Money())
        object.insert(u"usdInAll"_s, usdText(terms.usdInAll));
    return object;
}

QString lineOfJson(const QJsonDocument &document)
{
    return QString::fromUtf8(document.toJson(QJsonDocument::Compact)) + u'\n';
}

/// Where clients reach it, as seen from here.
QUrl relayUrl(const Settings &settings)
{
    const QHostAddress host(settings.host);
    const bool isEverywhere = host == QHostAddress(QHostAddress::Any)
        || host == QHostAddress(QHostAddress::AnyIPv4) || host == QHostAddress(QHostAddress::AnyIPv6)
        || host.isLoopback();
    QUrl url;
    url.setScheme(settings.tlsCertFile.isEmpty() ? u"ws"_s : u"wss"_s);
    url.setHost(isEverywhere ? u"localhost"_s : settings.host);
    url.setPort(settings.port);
    url.setPath(u"/v1/realtime"_s);
    return url;
}

} // namespace

QString newTokenAsText(const Store::NewToken &token, const Settings &settings)
{
    const QString text = QString::fromLatin1(token.token.reveal());
    const TokenForms forms = tokenForms(openForms(relayUrl(settings)), text, token.terms.models);
    const QString ends = token.terms.expiresAt.isValid()
        ? u"until %1"_s.arg(momentText(token.terms.expiresAt))
        : u"until it is revoked"_s;
    return u"Access token %1, good %2. It is shown this once: nothing keeps it.\n"
           "\n"
           "  %3\n"
           "\n"
           "  Your frontend's .env (put the relay's public address in the place of this one):\n"
           "    %4\n"
           "  JavaScript, in a browser:\n"
           "    %5\n"
           "  A program, in a header of its request:\n"
           "    %6\n"_s.arg(printable(token.terms.name), ends, text,
               QString(forms.env).replace(u'\n', "\n    "_L1), forms.javaScript, forms.header);
}

QString newTokenAsJson(const Store::NewToken &token)
{
    QJsonObject object = jsonOf(token.terms);
    object.insert(u"token"_s, QString::fromLatin1(token.token.reveal()));
    return lineOfJson(QJsonDocument(object));
}

QString tokensAsText(
    const QList<AccessTerms> &tokens, const QList<BudgetStand> &budgets, const QDateTime &now)
{
    if (tokens.isEmpty())
        return u"There is no access token. Make one: realtime-relayd token add NAME\n"_s;
    constexpr size_t columns = 9;
    using Row = std::array<QString, columns>;
    QList<Row> rows{{u"NAME"_s, u"STATE"_s, u"EXPIRES"_s, u"USD TODAY"_s, u"USD IN ALL"_s, u"CALLS"_s,
        u"MINUTES"_s, u"MODELS"_s, u"ORIGINS"_s}};
    for (const AccessTerms &terms : tokens)
        rows.append({printable(terms.name), stateOf(terms, now),
            terms.expiresAt.isValid() ? momentText(terms.expiresAt) : QString(nothing),
            budgetText(budgets, terms, Budget::TokenDay, terms.usdADay),
            budgetText(budgets, terms, Budget::TokenInAll, terms.usdInAll), countText(terms.callsAtOnce),
            countText(terms.minutesACall), listText(terms.models), listText(terms.origins)});

    std::array<qsizetype, columns> widths{};
    for (const Row &row : std::as_const(rows)) {
        for (size_t i = 0; i < columns; ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    QString text;
    for (const Row &row : std::as_const(rows)) {
        QString line;
        for (size_t i = 0; i < columns; ++i)
            line += i + 1 < columns ? row[i].leftJustified(widths[i] + 2) : row[i];
        text += line + u'\n';
    }
    for (const BudgetStand &stand : budgets) {
        if (stand.budget == Budget::RelayDay && stand.limit > Money())
            text += u"All together today: %1 of %2 US dollars.\n"_s.arg(
                usdText(stand.spent), usdText(stand.limit));
    }
    return text;
}

QString tokensAsJson(
    const QList<AccessTerms> &tokens, const QList<BudgetStand> &budgets, const QDateTime &now)
{
    QJsonArray array;
    for (const AccessTerms &terms : tokens) {
        QJsonObject object = jsonOf(terms);
        object.insert(u"state"_s, stateOf(terms, now));
        if (const auto today = spentOf(budgets, terms.id, Budget::TokenDay))
            object.insert(u"spentTodayUsd"_s, usdText(*today));
        if (const auto inAll = spentOf(budgets, terms.id, Budget::TokenInAll))
            object.insert(u"spentInAllUsd"_s, usdText(*inAll));
        array.append(object);
    }
    return lineOfJson(QJsonDocument(array));
}

} // namespace rr
