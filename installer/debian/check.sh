#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Proves the Debian packages: installer/debian/check.sh [SUITE… | FOLDER]. As root. Needs debootstrap systemd-container.
# For each suite (bookworm and trixie when none is named) they are built and linted in a bare root of it, of what is
# committed; those in FOLDER were made on this system, and are for its release.
# Then installed.sh installs, uses, upgrades, removes and purges them in another root, which has nothing but what they
# depend on; and apt there must refuse those of the other suites.
set -euo pipefail

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "only root can make the system that the packages are installed into: sudo $0 $*"
for program in debootstrap systemd-nspawn; do
    command -v "$program" >/dev/null || fail "$program is missing: apt-get install debootstrap systemd-container"
done

work=$(mktemp -d -p "${TMPDIR:-/var/tmp}") # 2 GB; /tmp may be memory
trap 'rm -rf --one-file-system "$work"' EXIT

suites=("$@")
[ $# -gt 0 ] || suites=(bookworm trixie)
if [ -d "${1:-}" ]; then
    # shellcheck disable=SC1091
    suites=("$(. /etc/os-release && echo "$VERSION_CODENAME")")
    mkdir "$work/${suites[0]}"
    cp "$1"/*.deb "$work/${suites[0]}/"
fi
cd "$(dirname "$0")/../.."

build='./dev package deb && cp build/package/packages/*.deb /out/'
lint='DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends lintian desktop-file-utils appstream \
        man-db systemd >/dev/null && installer/debian/lint.sh /out'
for suite in "${suites[@]}"; do
    [ ! -d "$work/$suite" ] || continue
    mkdir "$work/$suite"
    .ci/bareroot --out "$work/$suite" "$suite" "$build" "$lint"
    [ -e "$(echo "$work/$suite"/realtime-relayd_*.deb)" ] || fail "no packages for $suite; the reason is above"
done

# shellcheck disable=SC2016
dependencies='set -e
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update
    apt-get -y -qq --no-install-recommends install systemd systemd-sysv curl procps xvfb xdotool >/dev/null
    for package in /out/*.deb; do
        apt-get -y -qq --no-install-recommends satisfy "$(dpkg-deb -f "$package" Depends)" >/dev/null
    done'
# shellcheck disable=SC2016
refused='for package in /out/others/*.deb; do
        [ -e "$package" ] || continue
        ! words=$(apt-get install --simulate "$package" 2>&1) || { echo "apt would install $package"; exit 1; }
        grep "Depends: qt6-websockets-abi\|Depends: libqt6" <<<"$words"
    done'
for suite in "${suites[@]}"; do
    mkdir "$work/$suite/others"
    for other in "${suites[@]}"; do
        [ "$other" = "$suite" ] || cp "$work/$other"/*.deb "$work/$suite/others/"
    done
    .ci/bareroot --out "$work/$suite" "$suite" "$dependencies" "$refused" \
        'rm /etc/dpkg/dpkg.cfg.d/bareroot && tar -C / --one-file-system --exclude=./root/relay --exclude=./out \
            -cf /out/root.tar .'
    [ -e "$work/$suite/root.tar" ] || fail "no root for $suite; the reason is above"
    mkdir "$work/$suite/root"
    tar -C "$work/$suite/root" -xpf "$work/$suite/root.tar"
    rm "$work/$suite/root.tar"
    say "Installed on $suite"
    installer/debian/installed.sh "$work/$suite/root" "$work/$suite"
    rm -rf --one-file-system "$work/$suite/root"
done
say "All is well with the packages for ${suites[*]}"
