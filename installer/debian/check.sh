#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Proves the Debian packages: installer/debian/check.sh [FOLDER [NEXT]], the folder with the .deb files (without it they
# are built) and one with those of a later version (without it, they are the same ones with a higher number). As root, on
# Debian 12.
# Lints them, installs them into a fresh bookworm, lets systemd start the service there, uses it, upgrades, removes and
# purges; the application is started with a screen. Needs lintian desktop-file-utils appstream debootstrap
# systemd-container.
# BOOKWORM: an existing debootstrap of bookworm (--variant=minbase), copied instead of made anew.
set -euo pipefail

if [ $# = 0 ]; then
    cd "$(dirname "$0")/../.."
    ./dev package deb
    set -- build/package/packages
fi
packages=$(realpath "$1")
daemon=$(echo "$packages"/realtime-relayd_*.deb)
desktop=$(echo "$packages"/realtime-relay_*.deb)
next=${2:+$(realpath "$2")}

work=$(mktemp -d)
root=$work/bookworm
init=
finish() {
    [ -z "$init" ] || kill -9 "$init" 2>/dev/null || true
    # What the container has mounted is in its own namespace and goes with it.
    rm -rf --one-file-system "$work"
}
trap finish EXIT

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
inside() { chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
# In the booted system.
booted() { nsenter --all --target "$init" env LC_ALL=C.UTF-8 "$@"; }
eventually() {
    for _ in $(seq 150); do
        ! "$@" >/dev/null 2>&1 || return 0
        sleep 0.2
    done
    fail "this never came true: $*"
}
# What is there of the package: files, users, units.
traces() { inside find / -xdev \( -path /proc -o -path /sys -o -path /tmp \) -prune -o -print \
    | grep -v '^/var/\(cache\|log\|lib/apt\|lib/dpkg\)/' | sort; inside getent passwd; inside getent group; }

say "Lint"
lintian --fail-on error,warning --info "$daemon" "$desktop"
dpkg-deb -x "$daemon" "$work/daemon"
systemd-analyze security --offline=true --threshold=20 "$work"/daemon/usr/lib/systemd/system/realtime-relayd.service \
    | tail -1
dpkg-deb -x "$desktop" "$work/desktop"
desktop-file-validate "$work"/desktop/usr/share/applications/*.desktop
appstreamcli validate --no-net "$work"/desktop/usr/share/metainfo/*.xml
for page in "$work"/daemon/usr/share/man/man1/*.gz "$work"/desktop/usr/share/man/man1/*.gz; do
    [ -z "$(man --warnings --encoding=utf8 --local-file "$page" 2>&1 >/dev/null)" ] || fail "man complains about $page"
done
for file in "$work"/*/usr/share/bash-completion/completions/*; do
    bash -n "$file"
done
for file in "$work"/*/usr/share/zsh/vendor-completions/*; do
    ! command -v zsh >/dev/null || zsh -n "$file"
done

say "A fresh bookworm"
if [ "${BOOKWORM:-}" ]; then
    cp -a "$BOOKWORM" "$root"
else
    debootstrap --variant=minbase bookworm "$root" >"$work/debootstrap.log" || fail "$(tail -5 "$work/debootstrap.log")"
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" && chmod +x "$root/usr/sbin/policy-rc.d"
inside apt-get -qq update
inside apt-get -qq -y --no-install-recommends install systemd systemd-sysv curl procps xvfb xdotool >/dev/null 2>&1
for package in "$daemon" "$desktop"; do
    inside apt-get -qq -y --no-install-recommends satisfy "$(dpkg-deb -f "$package" Depends)" >/dev/null 2>&1
done
rm "$root/usr/sbin/policy-rc.d"
mkdir "$root/packages"
cp "$daemon" "$root/packages/daemon.deb"
cp "$desktop" "$root/packages/desktop.deb"
if [ "$next" ]; then
    cp "$next"/realtime-relayd_*.deb "$root/packages/next-daemon.deb"
    cp "$next"/realtime-relay_*.deb "$root/packages/next-desktop.deb"
else
    for name in daemon desktop; do
        dpkg-deb -R "$root/packages/$name.deb" "$work/next-$name"
        sed -i 's/^Version: .*/&+next/' "$work/next-$name/DEBIAN/control"
        dpkg-deb --root-owner-group -b "$work/next-$name" "$root/packages/next-$name.deb" >/dev/null
    done
fi
# shellcheck disable=SC2016
version() { booted dpkg-query -W -f='${Version}' "$1"; }
later() { dpkg-deb -f "$root/packages/next-$1.deb" Version; }
traces >"$work/before"

say "systemd starts in it"
: >"$root/etc/machine-id"
systemd-nspawn --quiet --register=no --keep-unit --private-network --directory="$root" --console=pipe --boot \
    >"$work/boot.log" 2>&1 </dev/null &
nspawn=$!
for _ in $(seq 100); do
    init=$(pgrep --parent "$nspawn" || true)
    [ -z "$init" ] || break
    sleep 0.1
done
[ "$init" ] || fail "no container: $(cat "$work/boot.log")"
eventually booted sh -c 'test -S /run/systemd/private && systemctl list-jobs | grep -q "No jobs"'

say "Install"
booted dpkg -i /packages/daemon.deb >/dev/null
eventually booted systemctl is-active realtime-relayd
booted systemctl is-enabled realtime-relayd
booted realtime-relayd --check-health
booted curl -fsS http://127.0.0.1:8080/health
echo
[ "$(booted stat -c '%a %U %G' /etc/realtime-relay/relayd.json)" = '640 root realtime-relay' ] || fail "the settings' mode"
pid=$(booted systemctl show -P MainPID realtime-relayd)
[ "$(booted stat -c %U "/proc/$pid")" = realtime-relay ] || fail "the daemon's user"
booted grep '^Max open files' "/proc/$pid/limits"
booted systemctl show -p Type,WatchdogUSec realtime-relayd

say "Reload, onto port 443, without root"
booted sed -i 's/"port": 8080/"port": 443/' /etc/realtime-relay/relayd.json
booted systemctl reload realtime-relayd
eventually booted curl -fsS http://127.0.0.1:443/health
booted systemctl is-active realtime-relayd

say "The watchdog notices a daemon that hangs"
booted mkdir -p /run/systemd/system/realtime-relayd.service.d
printf '[Service]\nWatchdogSec=2\n' | booted tee /run/systemd/system/realtime-relayd.service.d/watchdog.conf >/dev/null
booted systemctl daemon-reload
booted systemctl restart realtime-relayd
first=$(booted systemctl show -P MainPID realtime-relayd)
sleep 5 # two intervals in which it must not be killed
[ "$(booted systemctl show -P MainPID realtime-relayd)" = "$first" ] || fail "killed although it answered"
booted sh -c "kill -STOP $first"
anew() { local now; now=$(booted systemctl show -P MainPID realtime-relayd); [ "$now" != "$first" ] && [ "$now" != 0 ]; }
eventually anew
eventually booted curl -fsS http://127.0.0.1:443/health
booted rm -r /run/systemd/system/realtime-relayd.service.d
booted systemctl daemon-reload

say "Upgrade: the settings stay"
booted dpkg -i /packages/next-daemon.deb >/dev/null
[ "$(version realtime-relayd)" = "$(later daemon)" ] || fail "it is not the later version"
eventually booted curl -fsS http://127.0.0.1:443/health
booted grep -q '"port": 443' /etc/realtime-relay/relayd.json || fail "the settings are lost"
[ "$(booted stat -c '%a %U %G' /etc/realtime-relay/relayd.json)" = '640 root realtime-relay' ] || fail "the settings' mode"

booted journalctl --quiet -u realtime-relayd | grep 443 >/dev/null || fail "its log is not in the journal"

say "Stop: drained, and a clean end"
booted systemctl stop realtime-relayd
[ "$(booted systemctl show -P Result realtime-relayd)" = success ] || fail "it did not stop cleanly"

say "Bad settings: no start, and not again and again"
booted cp -p /etc/realtime-relay/relayd.json /root/good.json
printf '{ "port": "many" }' | booted tee /etc/realtime-relay/relayd.json >/dev/null
booted systemctl start realtime-relayd 2>/dev/null && fail "it started with bad settings"
[ "$(booted systemctl show -P NRestarts,ExecMainStatus --value realtime-relayd | tr '\n' ' ')" = '0 2 ' ] \
    || [ "$(booted systemctl show -P ExecMainStatus realtime-relayd)" = 2 ] || fail "another exit code than 2"
booted cp -p /root/good.json /etc/realtime-relay/relayd.json
booted rm /root/good.json
booted systemctl reset-failed realtime-relayd

say "Remove: the settings stay; purge: nothing does"
booted systemctl start realtime-relayd
booted dpkg -r realtime-relayd >/dev/null
booted curl -fsS http://127.0.0.1:443/health 2>/dev/null && fail "it still runs"
booted test -e /etc/realtime-relay/relayd.json || fail "the settings went with the package"
booted dpkg -P realtime-relayd 2>&1 | grep -v '^(Reading\|^Purging' || true

say "The application: its window appears, it relays, and its settings outlive an upgrade"
booted dpkg -i /packages/desktop.deb >/dev/null
booted useradd --create-home someone
as_someone() { booted setpriv --reuid someone --regid someone --init-groups env HOME=/home/someone DISPLAY=:9 "$@"; }
start_application() {
    as_someone realtime-relay --demo >"$work/application.log" 2>&1 </dev/null &
    eventually as_someone xdotool search --onlyvisible --name 'Realtime Relay' || fail "$(cat "$work/application.log")"
    as_someone xdotool search --onlyvisible --name 'Realtime Relay' getwindowname getwindowgeometry
    eventually booted curl -fsS http://127.0.0.1:8080/health
}
stop_application() {
    as_someone pkill --exact realtime-relay
    eventually booted sh -c '! pgrep --exact realtime-relay'
}
booted Xvfb :9 -screen 0 1280x800x24 >/dev/null 2>&1 </dev/null &
eventually as_someone xdotool getdisplaygeometry
start_application
stop_application
booted dpkg -i /packages/next-desktop.deb >/dev/null
[ "$(version realtime-relay)" = "$(later desktop)" ] || fail "it is not the later version"
start_application
stop_application
booted pkill Xvfb
booted dpkg -P realtime-relay >/dev/null
booted userdel --remove someone 2>/dev/null
kill -9 "$init"
wait "$nspawn" 2>/dev/null || true
init=
traces >"$work/after"
if diff "$work/before" "$work/after" | grep -i 'relay'; then
    fail "the above is left behind"
fi
say "All is well"
