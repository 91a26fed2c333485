// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/relayerror.h"
#include "core/store/database.h"

#include <QStringList>

#include <optional>

namespace rr {

/// What a store is made of: tables rr_…, see schema.cpp. Amounts of money are kept in 10^-12 dollars, times in milliseconds since
/// 1970, days in days since then, all of UTC.
namespace schema {

/// The statements of each version, of which the first is 1; <bytes> and <identity> in them stand for the dialect's types.
const QList<QStringList> &versions();

/// Brings the store to the newest of `versions`, each in a transaction; of several that come at once one does it. RelayError
/// "store_newer": it was made by a program that knows more; or as Database has it.
std::optional<RelayError> migrate(
    Database &database, const QList<QStringList> &versions = schema::versions());

/// What a relay looks at again and again.
struct State
{
    qint64 version = 0;
    qint64 book = 0; ///< changes with every change of an access token
};
std::optional<State> state(Database &database);

} // namespace schema

/// The store is of a version that this program does not know.
RelayError newerStore(const StoreUrl &url);

} // namespace rr
