// SPDX-License-Identifier: MIT
#pragma once

#include "app/compose/sharing.h"
#include "core/sharing/sharewords.h"

#include <QString>

namespace rr {

// What `realtime-relayd share` says, for people and for programs. Every text ends with a line feed, save termsAsLine().

QString waysAsText();
QString waysAsJson(); ///< one array

QString termsAsText(const ShareTermsInWords &words);
QString termsAsLine(const ShareTermsInWords &words);

QString stateAsText(const Sharing::Status &status); ///< without the link
QString linkAsText(const Sharing::Status &status); ///< in all its forms
QString visitorAsText(const Visitor &visitor);

/// One line, with the link in it while it is shared.
QString statusAsJson(const Sharing::Status &status);

} // namespace rr
