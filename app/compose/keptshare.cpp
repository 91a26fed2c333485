// SPDX-License-Identifier: MIT
#include "app/compose/keptshare.h"

#include "core/realtime/redaction.h"
#include "core/sharing/sharewords.h"
#include "core/sharing/way.h"

#include <QJsonArray>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

constexpr auto shareKey = "share"_L1;

QJsonObject fieldsToKeep(const SharePlan &plan)
{
    QJsonObject fields;
    const auto way = wayCalled(plan.way);
    for (const Ask &ask : way ? way->ask : QList<Ask>()) {
        const QString value = plan.fields.value(ask.name);
        const bool holdsSecret
            = ask.kind == Ask::Kind::Secret || (ask.kind == Ask::Kind::Command && redacted(value) != value);
        if (!holdsSecret && plan.fields.contains(ask.name))
            fields.insert(ask.name, value);
    }
    return fields;
}

} // namespace

std::optional<SharePlan> keptPlan(const QJsonObject &application)
{
    const QJsonObject share = application.value(shareKey).toObject();
    SharePlan plan;
    plan.way = share.value("way"_L1).toString();
    if (!wayCalled(plan.way))
        return {};
    const QJsonObject fields = share.value("fields"_L1).toObject();
    for (auto field = fields.begin(); field != fields.end(); ++field)
        plan.fields.insert(field.key(), field.value().toString());
    for (const QJsonValue &origin : share.value("origins"_L1).toArray())
        plan.origins.append(origin.toString());
    plan.maxCalls = share.value("maxCalls"_L1).toInt(plan.maxCalls);
    plan.maxCallsPerAddress = share.value("maxCallsPerAddress"_L1).toInt(plan.maxCallsPerAddress);
    plan.endsAtMidnight = share.value("endsAtMidnight"_L1).toBool();
    plan.lasts = plan.endsAtMidnight
        ? timeToMidnight(QDateTime::currentDateTime())
        : std::chrono::seconds(share.value("seconds"_L1).toInteger(plan.lasts.count()));
    return plan;
}

void keepPlan(QJsonObject &application, const SharePlan &plan)
{
    QJsonObject share = application.value(shareKey).toObject();
    share["way"_L1] = plan.way;
    share["fields"_L1] = fieldsToKeep(plan);
    share["origins"_L1] = QJsonArray::fromStringList(plan.origins);
    share["maxCalls"_L1] = plan.maxCalls;
    share["maxCallsPerAddress"_L1] = plan.maxCallsPerAddress;
    share["seconds"_L1] = qint64(plan.lasts.count());
    share["endsAtMidnight"_L1] = plan.endsAtMidnight;
    application[shareKey] = share;
}

bool keptAcceptance(const QJsonObject &application)
{
    return application.value(shareKey).toObject().value("accepted"_L1).toBool();
}

void keepAcceptance(QJsonObject &application)
{
    QJsonObject share = application.value(shareKey).toObject();
    share["accepted"_L1] = true;
    application[shareKey] = share;
}

} // namespace rr
