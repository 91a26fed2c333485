#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What can be said of the Debian packages without installing them: installer/debian/lint.sh FOLDER, on the Debian release
# that they are for. Needs lintian desktop-file-utils appstream man-db systemd.
set -euo pipefail
packages=$(realpath "${1:?the folder of the packages}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

printf '\n== Lint\n'
lintian --fail-on error,warning --info "$packages"/*.deb
for package in realtime-relayd realtime-relay; do
    dpkg-deb -x "$packages/$package"_*.deb "$work"
done
systemd-analyze security --offline=true --threshold=20 "$work/usr/lib/systemd/system/realtime-relayd.service" | tail -1
desktop-file-validate "$work"/usr/share/applications/*.desktop
appstreamcli validate --no-net "$work"/usr/share/metainfo/*.xml
for page in "$work"/usr/share/man/man1/*.gz; do
    [ -z "$(man --warnings --encoding=utf8 --local-file "$page" 2>&1 >/dev/null)" ] || fail "man complains about $page"
done
for file in "$work"/usr/share/bash-completion/completions/*; do
    bash -n "$file"
done
for file in "$work"/usr/share/zsh/vendor-completions/*; do
    ! command -v zsh >/dev/null || zsh -n "$file"
done
