// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

namespace rr {

/// Finds one member of a JSON object without parsing the rest, on the data path: no allocation, one pass.
/// `object` starts with the object's brace (blanks may stand before it) and may be cut short or go on after
/// its end. Returns the bytes from the first of the member's value to the end of `object`; empty when the
/// member is not there, has an escape in its name, or the text is not JSON up to there. The first of equal
/// names wins.
QByteArrayView jsonMember(QByteArrayView object, QByteArrayView name);

} // namespace rr
