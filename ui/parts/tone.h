// SPDX-License-Identifier: MIT
#pragma once

#include <QColor>
#include <QPalette>
#include <QPixmap>

namespace rr {

/// How a state is to be taken. Never told by its colour alone: the sign in the badge is another for each, and a word stands
/// beside it.
enum class Tone : quint8 { Quiet, Working, Good, Warning, Bad };

/// A disc in the colour of the tone with its sign in white, for both light and dark grounds. `side`: of its square, in pixels
/// of the layout.
QPixmap toneBadge(Tone tone, int side, qreal devicePixelRatio);

/// For words on the window's ground, which they can be read on (WCAG 2.1, 1.4.3); Quiet and Working are the palette's own.
QColor toneInk(Tone tone, const QPalette &palette);

} // namespace rr
