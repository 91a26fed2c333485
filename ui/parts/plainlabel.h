// SPDX-License-Identifier: MIT
#pragma once

class QLabel;
class QWidget;

namespace rr {

constexpr double largeText = 1.5;

/// A label for words that may come from outside: nothing in them is markup. Its accessible name is left alone, for a
/// screen reader would read that in place of the words; what they are is for the accessible description.
QLabel *plainLabel(QWidget *parent, double scale = 1, bool bold = false);

/// Has a screen reader say what the label says now, wherever the focus is.
void announce(QLabel &label);

} // namespace rr
