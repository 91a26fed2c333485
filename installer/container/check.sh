#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Proves the container where there is no Docker: builds the Dockerfile with buildah (chroot isolation, vfs storage) on a
# base of debootstrap, and runs what it built with a read-only root, as its user. As root, on Debian 12.
# Needs buildah debootstrap yamllint. BOOKWORM: an existing debootstrap of bookworm for the base image.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
storage="--root $work/storage --runroot $work/run --storage-driver vfs"
container=
finish() {
    [ -z "$container" ] || buildah $storage umount "$container" >/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
say() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

say "The base: what bookworm-slim is, made here"
slim=${BOOKWORM:-$work/bookworm}
[ -d "$slim" ] || debootstrap --variant=minbase bookworm "$slim" >"$work/log" || fail "$(tail -5 "$work/log")"
base=$(buildah $storage from scratch)
tar -C "$slim" --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/lists/*' --exclude='./usr/share/doc/*' \
    --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*' --exclude='./var/log/*' -cf "$work/base.tar" .
buildah $storage add --quiet "$base" "$work/base.tar" / >/dev/null
buildah $storage commit --quiet --rm "$base" localhost/bookworm-slim >/dev/null
rm "$work/base.tar"

say "Build"
buildah $storage bud --isolation chroot --network host --format docker --build-arg BASE=localhost/bookworm-slim \
    --ignorefile installer/container/Dockerfile.dockerignore -f installer/container/Dockerfile -t realtime-relay . \
    >"$work/log" 2>&1 || fail "$(tail -30 "$work/log")"

container=$(buildah $storage from realtime-relay)
root=$(buildah $storage mount "$container")
size=$(du -sm --apparent-size "$root" | cut -f1)
printf 'The image has %s MB, of which the base %s MB.\n' "$size" "$(du -sm --apparent-size \
    --exclude=var/cache/apt --exclude=var/lib/apt/lists --exclude=usr/share/doc --exclude=usr/share/man \
    --exclude=usr/share/locale --exclude=var/log "$slim" | cut -f1)"
[ "$size" -lt 120 ] || fail "the image is too large"
buildah $storage inspect --type image --format '{{.Docker.Config.User}} {{.Docker.Config.Healthcheck}}' realtime-relay

# As a container: own mounts, network and processes, a read-only root, the image's user, no capability.
cat >"$work/inside" <<'SH'
set -eu
ip link set lo up
mount --bind "$1" "$1"
mount -o remount,bind,ro "$1"
mount -t proc proc "$1/proc"
relay() { chroot --userspec=10001:10001 "$1" /usr/bin/env -i PATH=/usr/local/bin:/usr/bin MAX_CONNECTIONS=7 realtime-relayd $2; }
! chroot "$1" touch /etc/x 2>/dev/null || { echo "the root is not read-only"; exit 1; }
! relay "$1" --check-health 2>/dev/null || { echo "healthy without a relay"; exit 1; }
chroot --userspec=10001:10001 "$1" /usr/bin/env -i PATH=/usr/local/bin:/usr/bin MAX_CONNECTIONS=7 LOG_FORMAT=json \
    realtime-relayd --demo &
relay=$!
for i in $(seq 100); do relay "$1" --check-health 2>/dev/null && break; sleep 0.1; done
relay "$1" --check-health && echo "healthy"
kill -TERM $relay
wait $relay && echo "stopped with 0"
SH
say "Run, read-only, without root; then SIGTERM"
unshare --mount --net --pid --fork --mount-proc setpriv --bounding-set=-all,+setuid,+setgid,+sys_chroot,+sys_admin,+net_admin \
    bash "$work/inside" "$root"

say "Compose"
yamllint -d '{extends: default, rules: {document-start: disable, line-length: {max: 110}}}' \
    installer/container/docker-compose.yml
say "All is well"
