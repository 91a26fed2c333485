#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs a command in a network of its own that plays the internet: the public resolvers' addresses are there, and those of a
# server, of a tunnel service and of visitors. What the system asks for names, whom it trusts, and what ssh knows are empty
# folders, for the command to fill. Ends with 77, and says why, where no such network can be made.
set -euo pipefail

if [ "${1:-}" != --inside ]; then
    command -v ip >/dev/null || { echo "Skipped: there is no \"ip\" (package iproute2)."; exit 77; }
    unshare --net --mount true 2>/dev/null || { echo "Skipped: no network can be made here; it takes root."; exit 77; }
    exec unshare --net --mount "$0" --inside "$@"
fi
shift

ip link set lo up
for address in 1.1.1.1 8.8.8.8 198.51.100.1 198.51.100.2; do
    ip address add "$address/32" dev lo
done
ip route add local 203.0.113.0/24 dev lo # visitors have addresses that are none of this machine's interfaces
for folder in /etc/ssl/certs /etc/ssh /run; do
    mount -t tmpfs none "$folder"
done
mkdir --parents /run/sshd /run/relay
resolvers=$(mktemp)
trap 'rm "$resolvers"' EXIT
echo 'nameserver 1.1.1.1' >"$resolvers"
mount --bind "$resolvers" "$(readlink --canonicalize /etc/resolv.conf)"

RELAY_OUTSIDE=1 "$@"
