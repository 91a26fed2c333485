#!/bin/sh
# SPDX-License-Identifier: MIT
# Draws the PNGs of the packages from the SVG. Needs rsvg-convert (Debian: librsvg2-bin).
set -e
cd "$(dirname "$0")"
for size in 16 24 32 48 64 128 256 512; do
    rsvg-convert --width $size --height $size --output realtime-relay-$size.png realtime-relay.svg
done
