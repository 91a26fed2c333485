// SPDX-License-Identifier: MIT
#pragma once

namespace rr {

/// Opens what of standard input, output and error is closed on /dev/null, as Node.js does. Else the next thing that is opened,
/// the pipe of signals or a client's connection, becomes standard error and is sent the log. The first thing that a program
/// does. Nothing on Windows, where descriptors are not given away by number.
void openStandardDescriptors();

} // namespace rr
