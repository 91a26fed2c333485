#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A folder that runs where it is unpacked, with Qt in it, as tar.gz: tarball.sh BUILD_FOLDER. For any Linux with the C
# library of the machine that it was made on, or a newer one.
set -euo pipefail
build=$(realpath "${1:?the build folder}")
version=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$build/CMakeCache.txt")
name=realtime-relay-$version-linux-$(uname -m)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
to=$work/$name

DESTDIR=$work/all cmake --install "$build" --strip >/dev/null
mkdir -p "$to/bin" "$to/lib/plugins/platforms" "$to/lib/plugins/tls" "$to/lib/plugins/sqldrivers"
cp "$work"/all/usr/bin/* "$to/bin/"
cp -r "$work/all/usr/share" "$to/share"
mkdir -p "$to/share/systemd"
cp "$work"/all/usr/lib/systemd/system/* "$work/all/etc/realtime-relay/relayd.json" "$to/share/systemd/"

tls=$(find /usr/lib /usr/lib64 -path '*qt6/plugins/tls/libqopensslbackend.so' 2>/dev/null | head -1 || true)
[ "$tls" ] || { echo "tarball.sh: Qt's plugin for TLS (qt6/plugins/tls/libqopensslbackend.so) is not below /usr/lib or \
/usr/lib64, where the Qt of a distribution has it. Install Qt from there." >&2; exit 1; }
plugins=$(dirname "$(dirname "$tls")")
cp "$plugins"/tls/libqopensslbackend.so "$to/lib/plugins/tls/"
for driver in sqlite sqlpsql; do
    [ -e "$plugins/sqldrivers/libq$driver.so" ] || { echo "tarball.sh: Qt's driver for a store (libq$driver.so) is not in \
$plugins/sqldrivers. Debian has it in libqt6sql6-sqlite and libqt6sql6-psql." >&2; exit 1; }
    cp "$plugins/sqldrivers/libq$driver.so" "$to/lib/plugins/sqldrivers/"
done
if [ -e "$to/bin/realtime-relay" ]; then
    cp "$plugins"/platforms/libq{xcb,offscreen}.so "$to/lib/plugins/platforms/"
    mkdir -p "$to/lib/plugins/xcbglintegrations" "$to/lib/plugins/imageformats"
    cp "$plugins"/xcbglintegrations/*.so "$to/lib/plugins/xcbglintegrations/"
    cp "$plugins"/imageformats/libqico.so "$to/lib/plugins/imageformats/"
fi
# Libraries but those that belong to the system: C and C++, graphics drivers, X11, D-Bus, fonts (as AppImage's list has
# it). OpenSSL 3 is the system's, too, and gets its updates there.
system='^(ld-linux.*|lib(c|m|dl|rt|pthread|resolv|util|gcc_s|stdc\+\+|GL|EGL|GLX|GLdispatch|OpenGL|drm|gbm|X11|X11-xcb|xcb|Xau|Xdmcp|fontconfig|freetype|expat|z|dbus-1|systemd|com_err|udev|ssl|crypto))\.so.*$'
find "$to/bin" "$to/lib/plugins" -type f -exec ldd {} + | awk '$3 ~ /^\// { print $3 }' | sort -u | while read -r library; do
    [[ $(basename "$library") =~ $system ]] || cp -L "$library" "$to/lib/"
done
find "$to/bin" "$to/lib" -type f | while read -r file; do
    origin=$(realpath --relative-to="$(dirname "$file")" "$to/lib")
    patchelf --set-rpath "\$ORIGIN/$origin" "$file"
done
printf '[Paths]\nPrefix = ..\nPlugins = lib/plugins\n' >"$to/bin/qt.conf"
mkdir -p "$build/packages"
tar -C "$work" --owner=0 --group=0 --sort=name --mtime="@${SOURCE_DATE_EPOCH:-$(date +%s)}" -czf "$build/packages/$name.tar.gz" "$name"
echo "$build/packages/$name.tar.gz"
