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

# What went wrong, and what to do next.
fail() {
    printf 'installer/package.sh: %s\n' "$@" >&2
    exit 1
}
programs=(cmake ninja)
[[ " ${kinds[*]} " != *" deb "* ]] || programs+=(dpkg-deb dpkg-shlibdeps file)
[[ " ${kinds[*]} " != *" rpm "* ]] || programs+=(rpmbuild)
[[ " ${kinds[*]} " != *" tgz "* ]] || programs+=(patchelf ldd)
for program in "${programs[@]}"; do
    command -v "$program" >/dev/null ||
        fail "$program is missing; install it, or name kinds that do without it. On Debian ./dev package installs it."
done

build=$(realpath -m "${BUILD_DIR:-build/package}")
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH
options=(-DCMAKE_BUILD_TYPE=Release -DRELAY_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr)
options+=(-DCMAKE_CXX_FLAGS="-ffile-prefix-map=$PWD=.")
command -v ccache >/dev/null && options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
cmake -S . -B "$build" -G Ninja --log-level=WARNING "${options[@]}" "$@" >/dev/null ||
    fail "CMake could not configure $build; it says why above."
cmake --build "$build" || fail "It could not be compiled; the reason is above, behind FAILED."
for kind in "${kinds[@]}"; do
    if [ "$kind" = tgz ]; then
        installer/linux/tarball.sh "$build" || fail "The tar.gz could not be made; the reason is above."
    else
        umask 022
        (cd "$build" && cpack -G "${kind^^}") || fail "CPack could not make the $kind packages; it says why above."
    fi
done
