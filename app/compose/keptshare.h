// SPDX-License-Identifier: MIT
#pragma once

#include "core/sharing/shareplan.h"

#include <QJsonObject>

#include <optional>

namespace rr {

// What is kept of a share in the settings file, under "share" of its "application" object. Never the link's secret, nor what
// a way asks for as a secret.

/// Nothing where there is no plan that can be used.
std::optional<SharePlan> keptPlan(const QJsonObject &application);
void keepPlan(QJsonObject &application, const SharePlan &plan);

/// Whether the question before the first share was answered with yes.
bool keptAcceptance(const QJsonObject &application);
void keepAcceptance(QJsonObject &application);

} // namespace rr
