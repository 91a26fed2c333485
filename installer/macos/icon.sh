#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the bundle's icon of the PNGs: icon.sh OUTPUT.icns. On macOS.
set -eu
: "${1:?the file to write}"
icons=$(dirname "$0")/../../resources/icons
set_folder=$(mktemp -d)/realtime-relay.iconset
mkdir "$set_folder"
for size in 16 32 128 256 512; do
    cp "$icons/realtime-relay-$size.png" "$set_folder/icon_${size}x${size}.png"
done
cp "$icons/realtime-relay-32.png" "$set_folder/icon_16x16@2x.png"
cp "$icons/realtime-relay-64.png" "$set_folder/icon_32x32@2x.png"
cp "$icons/realtime-relay-256.png" "$set_folder/icon_128x128@2x.png"
cp "$icons/realtime-relay-512.png" "$set_folder/icon_256x256@2x.png"
iconutil --convert icns --output "$1" "$set_folder"
