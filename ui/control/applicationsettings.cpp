// SPDX-License-Identifier: MIT
#include "ui/control/applicationsettings.h"

#include <variant>

namespace rr {

using namespace Qt::StringLiterals;

namespace {

struct Row
{
    QLatin1String key;
    std::variant<QString ApplicationSettings::*, bool ApplicationSettings::*, int ApplicationSettings::*>
        member;
};

const Row table[] = {
    {"language"_L1, &ApplicationSettings::language},
    {"publicAddress"_L1, &ApplicationSettings::publicAddress},
    {"unusedPublicAddress"_L1, &ApplicationSettings::unusedPublicAddress},
    {"startRelayOnLaunch"_L1, &ApplicationSettings::startRelayOnLaunch},
    {"notifications"_L1, &ApplicationSettings::notifications},
    {"keepAwake"_L1, &ApplicationSettings::keepAwake},
    {"monochromeIcon"_L1, &ApplicationSettings::monochromeIcon},
    {"offeredAddress"_L1, &ApplicationSettings::offeredAddress},
    {"firstStep"_L1, &ApplicationSettings::firstStep},
    {"outsideCallWorked"_L1, &ApplicationSettings::outsideCallWorked},
    {"letOthersIn"_L1, &ApplicationSettings::letOthersIn},
};

void read(const QJsonValue &value, QString &into)
{
    into = value.toString(into);
}

void read(const QJsonValue &value, bool &into)
{
    into = value.toBool(into);
}

void read(const QJsonValue &value, int &into)
{
    into = value.toInt(into);
}

} // namespace

ApplicationSettings applicationFrom(const QJsonObject &object)
{
    ApplicationSettings application;
    for (const Row &row : table)
        std::visit([&](auto member) { read(object.value(row.key), application.*member); }, row.member);
    return application;
}

void writeInto(QJsonObject &object, const ApplicationSettings &application)
{
    for (const Row &row : table)
        std::visit([&](auto member) { object[row.key] = application.*member; }, row.member);
}

} // namespace rr
