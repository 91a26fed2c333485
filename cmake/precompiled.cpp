// SPDX-License-Identifier: MIT
// A target needs a source.
