// SPDX-License-Identifier: MIT
#pragma once

#include "ui/control/statuspresenter.h"

#include <QColor>
#include <QIcon>
#include <QPixmap>

namespace rr {

/// How the tray icon is drawn: on a coloured tile, or one colour without a tile, as some panels want it.
enum class IconLook : quint8 { Coloured, Monochrome };

/// The program's sign, drawn on whole pixels at any size: three bars of a voice, flat when the relay is off and
/// low while it is not known to work, with the number of calls as a badge, and an exclamation mark behind it when something
/// needs the operator. The state can be told by shape alone; green says that it works. `ink`: the colour of the monochrome
/// look.
QPixmap relayPixmap(int pixels, IconState state, int calls, IconLook look = IconLook::Coloured,
    const QColor &ink = Qt::black);

/// The same in every size that trays and windows ask for.
QIcon relayIcon(
    IconState state, int calls, IconLook look = IconLook::Coloured, const QColor &ink = Qt::black);

} // namespace rr
