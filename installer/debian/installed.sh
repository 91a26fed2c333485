#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Lives with the Debian packages: installer/debian/installed.sh ROOT FOLDER, a root of a Debian release with what they
# depend on, systemd, curl, procps, xvfb and xdotool (check.sh makes it), which is changed, and the folder with the packages.
# Installs a lower version, lets systemd start the service, uses it, upgrades to these packages, removes and purges them,
# and starts the application with a screen. As root. Needs systemd-container.
set -euo pipefail

root=$(realpath "$1")
packages=$(realpath "$2")
work=$(mktemp -d)
init=
finish() {
    [ -z "$init" ] || kill -9 "$init" 2>/dev/null || true
    # What the container has mounted is in its own namespace and goes with it.
    rm -rf "$work"
}
trap finish EXIT

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
# In the booted system.
booted() { nsenter --all --target "$init" env LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
eventually() {
    for _ in $(seq 150); do
        ! "$@" >/dev/null 2>&1 || return 0
        sleep 0.2
    done
    fail "this never came true: $*"
}
# What is there of the package: files, users, units.
traces() {
    (cd "$root" && find . -xdev \( -path ./tmp -o -path ./packages -o -path ./var/cache -o -path ./var/log \
        -o -path ./var/lib/apt -o -path ./var/lib/dpkg \) -prune -o -print | sort)
    cat "$root/etc/passwd" "$root/etc/group"
}
# shellcheck disable=SC2016
version() { booted dpkg-query -W -f='${Version}' "$1"; }

mkdir "$root/packages"
cp "$packages"/realtime-relayd_*.deb "$root/packages/daemon.deb"
cp "$packages"/realtime-relay_*.deb "$root/packages/desktop.deb"
for name in daemon desktop; do
    dpkg-deb -R "$root/packages/$name.deb" "$work/$name"
    sed -i 's/^Version: .*/Version: 0.0.1/' "$work/$name/DEBIAN/control"
    dpkg-deb --root-owner-group -b "$work/$name" "$root/packages/lower-$name.deb" >/dev/null
done
of_package() { dpkg-deb -f "$root/packages/$1.deb" Version; }
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
booted apt-get install -qq --no-install-recommends /packages/lower-daemon.deb >/dev/null
[ "$(version realtime-relayd)" = 0.0.1 ] || fail "it is not the lower version"
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

say "Access tokens, made by root in the store of the service, which goes on writing there"
token() { booted realtime-relayd token "$@" --config /etc/realtime-relay/relayd.json; }
token add demo --usd-a-day 5 | grep -q 'ek_rr_' || fail "no access token"
token list
[ "$(booted find /var/lib/realtime-relay ! -user realtime-relay)" = '' ] || fail "the store has files of another user"
[ "$(booted stat -c '%a' /var/lib/realtime-relay)" = 700 ] || fail "the store's mode"
booted systemctl restart realtime-relayd
token revoke demo

say "Reload, onto port 443, without root"
booted sed -i 's/"port": 8080/"port": 443/' /etc/realtime-relay/relayd.json
booted systemctl reload realtime-relayd
eventually booted curl -fsS http://127.0.0.1:443/health
booted systemctl is-active realtime-relayd

say "Upgrade: the settings stay"
booted apt-get install -qq --no-install-recommends /packages/daemon.deb >/dev/null
[ "$(version realtime-relayd)" = "$(of_package daemon)" ] || fail "it is not the package's version"
eventually booted curl -fsS http://127.0.0.1:443/health
booted grep -q '"port": 443' /etc/realtime-relay/relayd.json || fail "the settings are lost"
[ "$(booted stat -c '%a %U %G' /etc/realtime-relay/relayd.json)" = '640 root realtime-relay' ] || fail "the settings' mode"

booted journalctl --quiet -u realtime-relayd | grep 443 >/dev/null || fail "its log is not in the journal"

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
booted apt-get remove -qq realtime-relayd >/dev/null
booted curl -fsS http://127.0.0.1:443/health 2>/dev/null && fail "it still runs"
booted test -e /etc/realtime-relay/relayd.json || fail "the settings went with the package"
booted apt-get purge -qq realtime-relayd >/dev/null
booted test -e /var/lib/realtime-relay && fail "the store is left behind"

say "The application: its window appears, it relays, and its settings outlive an upgrade"
booted apt-get install -qq --no-install-recommends /packages/lower-desktop.deb >/dev/null
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
booted apt-get install -qq --no-install-recommends /packages/desktop.deb >/dev/null
[ "$(version realtime-relay)" = "$(of_package desktop)" ] || fail "it is not the package's version"
start_application
stop_application
booted pkill Xvfb
booted apt-get purge -qq realtime-relay >/dev/null
booted userdel --remove someone 2>/dev/null
kill -9 "$init"
wait "$nspawn" 2>/dev/null || true
init=
traces >"$work/after"
if diff "$work/before" "$work/after" | grep -i 'relay'; then
    fail "the above is left behind"
fi
