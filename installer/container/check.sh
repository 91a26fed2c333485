#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Proves the container where there is no Docker: builds the Dockerfile with buildah (chroot isolation, vfs storage) on a
# base of debootstrap, and runs what it built with a read-only root, as its user. As root, on Debian 12.
# Needs buildah debootstrap yamllint. BOOKWORM: an existing debootstrap of bookworm for the base image.
set -euo pipefail
cd "$(dirname "$0")/../.."
for program in buildah debootstrap yamllint; do
    command -v "$program" >/dev/null || { echo "FAILED: $program is missing: apt-get install $program" >&2; exit 1; }
done

work=$(mktemp -d)
container=
finish() {
    [ -z "$container" ] || builder umount "$container" >/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
builder() { buildah --root "$work/storage" --runroot "$work/run" --storage-driver vfs "$@"; }
say() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

say "The base: what bookworm-slim is, made here"
slim=${BOOKWORM:-$work/bookworm}
[ -d "$slim" ] || debootstrap --variant=minbase bookworm "$slim" >"$work/log" || fail "$(tail -5 "$work/log")"
base=$(builder from scratch)
tar -C "$slim" --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/lists/*' --exclude='./usr/share/doc/*' \
    --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*' --exclude='./var/log/*' -cf "$work/base.tar" .
builder add --quiet "$base" "$work/base.tar" / >/dev/null
builder commit --quiet --rm "$base" localhost/bookworm-slim >/dev/null
rm "$work/base.tar"

say "Build"
builder bud --isolation chroot --network host --format docker --build-arg BASE=localhost/bookworm-slim \
    --ignorefile installer/container/Dockerfile.dockerignore -f installer/container/Dockerfile -t realtime-relay . \
    >"$work/log" 2>&1 || fail "$(tail -30 "$work/log")"

container=$(builder from realtime-relay)
root=$(builder mount "$container")
size=$(du -sm --apparent-size "$root" | cut -f1)
printf 'The image has %s MB, of which the base %s MB.\n' "$size" "$(du -sm --apparent-size \
    --exclude=var/cache/apt --exclude=var/lib/apt/lists --exclude=usr/share/doc --exclude=usr/share/man \
    --exclude=usr/share/locale --exclude=var/log "$slim" | cut -f1)"
[ "$size" -lt 120 ] || fail "the image is too large"
builder inspect --type image --format '{{.Docker.Config.User}} {{.Docker.Config.Healthcheck}}' realtime-relay

# As a container: own mounts, network and processes, a read-only root, the image's user, no capability.
cat >"$work/inside" <<'SH'
set -eu
root=$1
ip link set lo up
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
relay() {
    exec chroot --userspec=10001:10001 "$root" /usr/bin/env -i PATH=/usr/local/bin:/usr/bin LOG_FORMAT=json \
        DRAIN_TIMEOUT=600000 realtime-relayd "$@"
}
healthy() { (relay --check-health); }
fail() { echo "$*"; exit 1; }
! chroot "$root" touch /etc/x 2>/dev/null || fail "the root is not read-only"
! healthy 2>/dev/null || fail "healthy without a relay"
(relay --demo) &
relay=$!
for _ in $(seq 100); do ! healthy 2>/dev/null || break; sleep 0.1; done
healthy && echo "healthy"
exec 3<>/dev/tcp/127.0.0.1/8080
printf '%s\r\n' 'GET /v1/realtime?model=gpt-realtime HTTP/1.1' 'Host: relay' 'Connection: Upgrade' 'Upgrade: websocket' \
    'Sec-WebSocket-Version: 13' 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' 'Authorization: Bearer k' '' >&3
read -r -t 20 status <&3
[[ $status = *" 101 "* ]] || fail "no call: $status"
kill -TERM $relay
for _ in $(seq 100); do healthy 2>/dev/null || break; sleep 0.1; done
healthy 2>&1 | grep ' 503 ' || fail "it does not drain"
kill -0 $relay || fail "it did not wait for the call"
exec 3>&-
wait $relay && echo "stopped with 0 when the call had ended"
SH
say "Run, read-only, without root; then SIGTERM"
unshare --mount --net --pid --fork --mount-proc setpriv --bounding-set=-all,+setuid,+setgid,+sys_chroot,+sys_admin,+net_admin,+kill \
    bash "$work/inside" "$root"

say "Compose"
yamllint -d '{extends: default, rules: {document-start: disable, line-length: {max: 110}}}' \
    installer/container/docker-compose.yml
say "All is well"
