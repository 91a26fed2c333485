#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the packages: installer/package.sh [deb] [rpm] [tgz]; deb and tgz when none is named. They land in
# build/package/packages/. What it needs besides the build's own packages: dpkg-dev and file for deb, rpm for rpm.
# BUILD_DIR: another build folder. Further options for CMake go behind --, for instance -- -DRELAY_DESKTOP=OFF.
set -euo pipefail
cd "$(dirname "$0")/.."

kinds=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    case "$1" in
    deb | rpm | tgz) kinds+=("$1") ;;
    *) sed -n '3,5s/^# //p' "$0" >&2; exit 2 ;;
    esac
    shift
done
[ $# -eq 0 ] || shift
[ ${#kinds[@]} -gt 0 ] || kinds=(deb tgz)

build=$(realpath -m "${BUILD_DIR:-build/package}")
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH
options=(-DCMAKE_BUILD_TYPE=Release -DRELAY_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr)
options+=(-DCMAKE_CXX_FLAGS="-fstack-protector-strong -D_FORTIFY_SOURCE=2 -ffile-prefix-map=$PWD=.")
options+=(-DCMAKE_EXE_LINKER_FLAGS="-Wl,-z,relro,-z,now")
command -v ccache >/dev/null && options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
cmake -S . -B "$build" -G Ninja --log-level=WARNING "${options[@]}" "$@" >/dev/null
cmake --build "$build"
for kind in "${kinds[@]}"; do
    if [ "$kind" = tgz ]; then
        installer/linux/tarball.sh "$build"
    else
        umask 022
        (cd "$build" && cpack -G "${kind^^}")
    fi
done
