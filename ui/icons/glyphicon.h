// SPDX-License-Identifier: MIT
#pragma once

#include <QColor>
#include <QIcon>

namespace rr {

enum class Glyph : quint8 {
    Overview,
    Calls,
    History,
    Access,
    Log,
    Settings,
    Doctor,
    About,
    Copy,
    Start,
    Stop,
    Warning,
    Done
};

/// A plain sign in the text colour of the palette in force when it is painted, sharp at every scale: follows
/// a change between light and dark by itself. `ink`: another colour than that.
QIcon glyphIcon(Glyph glyph, const QColor &ink = {});

} // namespace rr
