// SPDX-License-Identifier: MIT
#pragma once

class QWidget;

namespace rr {

class RelayControl;

// What ends something for others is asked first. `over`: where the question stands; may be nullptr.

/// Stops sharing; where calls came in by it, after asking.
void stopSharing(RelayControl &control, QWidget *over);
/// Makes a new link after asking, for the old one is in people's hands.
void makeNewLink(RelayControl &control, QWidget *over);
/// Shares as the last time, or says why not.
void shareAgain(RelayControl &control, QWidget *over);

} // namespace rr
