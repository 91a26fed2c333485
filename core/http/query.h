// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>

namespace rr {

/// The first value of that name in the query of a request, percent-decoded like the names; null when there is none, empty
/// when it is empty. A plus sign stays one. `cases`: how names are compared.
QByteArray queryValue(
    QByteArrayView query, QByteArrayView name, Qt::CaseSensitivity cases = Qt::CaseSensitive);

/// Its values wherever it stands, in their order.
QList<QByteArray> queryValues(QByteArrayView query, QByteArrayView name);

} // namespace rr
