#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs a command in a network of its own, whose router has no way on: it answers "network unreachable" (ICMP) to whatever
# is sent to it, says that it must not pass it on to 10.98.0.0/16, and nothing at all of 10.97.0.0/16. Ends with 77, and says why, where no network can be made.
set -euo pipefail

if [ "${1:-}" != --inside ]; then
    command -v ip >/dev/null || { echo "Skipped: there is no \"ip\" (package iproute2)."; exit 77; }
    unshare --net true 2>/dev/null || { echo "Skipped: no network can be made here; it takes root."; exit 77; }
    exec unshare --net "$0" --inside "$@"
fi
shift

unshare --net sleep infinity &
router=$!
trap 'kill $router' EXIT
until [ "$(readlink /proc/$router/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
at_router() { nsenter --target $router --net "$@"; }

ip link set lo up
ip link add here type veth peer name there
ip link set there netns $router
ip address add 10.0.0.1/24 dev here
ip link set here up
at_router ip link set lo up
at_router ip address add 10.0.0.2/24 dev there
at_router ip link set there up
at_router sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
at_router sh -c 'echo 0 >/proc/sys/net/ipv4/icmp_ratelimit' # or most of its answers would be left out
at_router ip route add prohibit 10.98.0.0/16
at_router ip route add blackhole 10.97.0.0/16
ip route add default via 10.0.0.2

RELAY_DEAD_END=1 "$@"
