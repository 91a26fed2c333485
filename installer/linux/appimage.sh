#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The tar.gz's tray application as one file: appimage.sh BUILD_FOLDER APPIMAGETOOL, after tarball.sh. appimagetool is not in
# Debian; the GitHub workflow fetches it.
set -euo pipefail
build=$(realpath "${1:?the build folder}")
tool=$(realpath "${2:?the file appimagetool}")
version=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$build/CMakeCache.txt")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=$work/AppDir

tarball=$build/packages/realtime-relay-$version-linux-$(uname -m).tar.gz
[ -e "$tarball" ] || { echo "appimage.sh: $tarball is missing; make it first: installer/package.sh tgz" >&2; exit 1; }
mkdir -p "$folder/usr"
tar -C "$folder/usr" --strip-components=1 -xzf "$tarball"
cp "$folder/usr/share/applications/realtime-relay.desktop" "$folder/"
cp "$folder/usr/share/icons/hicolor/256x256/apps/realtime-relay.png" "$folder/"
ln -s realtime-relay.png "$folder/.DirIcon"
ln -s usr/bin/realtime-relay "$folder/AppRun"
# It may run where there is no FUSE, as in a container.
ARCH=$(uname -m) "$tool" --appimage-extract-and-run "$folder" "$build/packages/Realtime_Relay-$version-$(uname -m).AppImage"
