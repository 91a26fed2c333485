// SPDX-License-Identifier: MIT
#pragma once

#include "core/config/settingstable.h"

#include <optional>

/// The environment is everybody's: what in it is evidently not meant for the relay.
namespace rr {

/// Why the value of a variable that has a setting's name (bare or with the prefix) was evidently set for something else, as
/// the end of "it is …". Nothing: it is the relay's, or may be meant for it.
///
/// HOST is the host's name for tcsh, its kind for conda and autoconf, a page's address for web frameworks, where the relay
/// wants an address; DEBUG is a list of names for Node.js. RELAY_PORT is a link ("tcp://…") in a container beside a service
/// that is named "relay" (Kubernetes, Docker).
std::optional<Sentence> othersValue(const SettingSpec &spec, const QString &variable, const QString &value);

/// What to say of a variable that begins with the prefix and is no setting; the setting that may be meant, if there is one.
/// Nothing for the links of a container.
std::optional<Sentence> strayVariable(const QString &variable, const QString &value);

/// Without one pair of quotes around it, and trimmed: files of variables (docker run --env-file) hand quotes on.
QString withoutQuotes(const QString &value);

} // namespace rr
