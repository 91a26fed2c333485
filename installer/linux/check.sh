#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Proves the tar.gz and the RPMs as far as Debian 12 can: installer/linux/check.sh [FOLDER [NEXT]], the folder with them
# (without it they are built) and one with RPMs of a later version. As root. Needs rpm rpmlint debootstrap systemd-container.
# The tar.gz runs in a bookworm that has no Qt, from a path with a blank in it. The RPMs are installed into a bookworm
# that has their libraries; what they say about dependencies is only read, as the names are those of Fedora.
# BOOKWORM: an existing debootstrap of bookworm (--variant=minbase), copied instead of made anew.
set -euo pipefail
for program in rpm rpmlint debootstrap systemd-nspawn; do
    command -v "$program" >/dev/null || {
        echo "FAILED: $program is missing: apt-get install rpm rpmlint debootstrap systemd-container" >&2
        exit 1
    }
done
if [ $# = 0 ]; then
    cd "$(dirname "$0")/../.."
    ./dev package rpm tgz
    set -- build/package/packages
fi
packages=$(realpath "$1")
next=${2:+$(realpath "$2")}
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
root=$work/bookworm
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
say() { printf '\n== %s\n' "$*"; }
install() {
    chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$@" \
        >"$work/apt.log" 2>&1 || fail "$(tail -5 "$work/apt.log")"
}
# Runs standard input in it, with its own processes and network.
inside() {
    systemd-nspawn --quiet --register=no --keep-unit --private-network --directory="$root" --pipe bash -euo pipefail -s
}

say "A bookworm"
if [ "${BOOKWORM:-}" ]; then
    cp -a "$BOOKWORM" "$root"
else
    debootstrap --variant=minbase bookworm "$root" >"$work/log" || fail "$(tail -5 "$work/log")"
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
chroot "$root" apt-get -qq update
install curl openssl procps xvfb xdotool libegl1 libopengl0 libfontconfig1 libdbus-1-3 libx11-xcb1
! ls "$root"/usr/lib/*/libQt6Core.so.6 2>/dev/null || fail "it has Qt already"

say "The tar.gz, without Qt"
mkdir "$root/opt/some where"
tar -C "$root/opt/some where" --strip-components=1 -xzf "$packages"/realtime-relay-*-linux-*.tar.gz
inside <<'SH'
eventually() { for _ in $(seq 150); do ! "$@" >/dev/null 2>&1 || return 0; sleep 0.2; done; echo "never true: $*"; cat /log; exit 1; }
bin='/opt/some where/bin'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout /key.pem \
    -out /cert.pem 2>/dev/null
export TLS_CERT_FILE=/cert.pem TLS_KEY_FILE=/key.pem
"$bin/realtime-relayd" --demo >/log 2>&1 &
daemon=$!
eventually "$bin/realtime-relayd" --check-health
curl -fsS --cacert /cert.pem https://localhost:8080/health
echo
kill $daemon
wait $daemon
unset TLS_CERT_FILE TLS_KEY_FILE
Xvfb :9 >/dev/null 2>&1 &
screen=$!
export DISPLAY=:9 HOME=/root
eventually xdotool getdisplaygeometry
"$bin/realtime-relay" --demo >/log 2>&1 &
application=$!
eventually xdotool search --onlyvisible --name 'Realtime Relay'
xdotool search --onlyvisible --name 'Realtime Relay' getwindowname
eventually curl -fsS http://127.0.0.1:8080/health
ldd "$bin"/realtime-relay* /opt/some\ where/lib/plugins/*/*.so | grep 'libQt6\|libicu' | grep -v '/opt/some where/' && exit 1
kill $application
wait $application
kill $screen
SH

say "The RPMs"
# Wanted, or of rpmlint on Debian: not signed; settings for root and the service only; its list of licences is empty.
rpmlint "$packages"/*.rpm | grep ': [EW]: ' | grep -v 'no-signature\|non-standard-gid\|non-readable .*relayd.json\|\
no-manual-page-for-binary\|manpage-not-compressed\|invalid-license\|only-non-binary-in-usr-lib' && fail "rpmlint complains"
install libqt6websockets6 libqt6sql6 libqt6widgets6 rpm
rpms() { for name in realtime-relayd realtime-relay; do echo "$1/$name"-[0-9]*.rpm; done; }
mkdir "$root/rpms" "$root/next"
# shellcheck disable=SC2046
cp $(rpms "$packages") "$root/rpms/"
# shellcheck disable=SC2046
[ -z "$next" ] || cp $(rpms "$next") "$root/next/"
inside <<'SH'
rpm --initdb
rpm --install --nodeps /rpms/*.rpm
rpm --verify realtime-relay realtime-relayd --nodeps
getent passwd realtime-relay
settings=/etc/realtime-relay/relayd.json
[ "$(stat -c '%a %U %G' $settings)" = '640 root realtime-relay' ]
realtime-relayd --config $settings --check-config
QT_QPA_PLATFORM=offscreen realtime-relay --version
sed -i 's/8080/8443/' $settings
if ls /next/*.rpm >/dev/null 2>&1; then
    rpm --upgrade --nodeps /next/*.rpm
    rpm --query realtime-relayd realtime-relay
    grep -q 8443 $settings
fi
rpm --erase realtime-relay realtime-relayd
! test -e /usr/bin/realtime-relayd
ls ${settings}.rpmsave
SH
say "All is well"
