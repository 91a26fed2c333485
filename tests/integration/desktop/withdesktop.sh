#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs a command in a desktop of its own: an X server without a screen, a session bus, a window manager and a
# tray. Ends with the command, and with its exit code.
set -u
work=$(mktemp -d)
mkdir -m 700 "$work/runtime"
export XDG_RUNTIME_DIR="$work/runtime" HOME="$work/home" XDG_CONFIG_HOME="$work/home/.config" LC_ALL=C.UTF-8
mkdir -p "$XDG_CONFIG_HOME"
unset WAYLAND_DISPLAY QT_QPA_PLATFORM LANGUAGE

# Without -noreset it begins anew when its last client leaves, and turns away who comes at that moment: the window
# manager, when xprop below has just gone.
Xvfb -displayfd 3 -screen 0 1920x1440x24 -nolisten tcp -noreset 3>"$work/display" 2>"$work/xvfb.log" &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "$work"' EXIT
for _ in $(seq 600); do
    [ -s "$work/display" ] && break
    sleep 0.1
done
display=$(tr -d '[:space:]' <"$work/display")
[ -n "$display" ] || { cat "$work/xvfb.log"; exit 1; }
export DISPLAY=":$display"

dbus-run-session -- bash -c '
    openbox >/dev/null 2>&1 & manager=$!
    # A panel that asks for its place while the window manager is starting may never be shown.
    for _ in $(seq 600); do
        xprop -root _NET_SUPPORTING_WM_CHECK | grep -q "window id" && break
        sleep 0.1
    done
    trayer --edge bottom --align right --widthtype request --height 28 >/dev/null 2>&1 & tray=$!
    # The program shows its window where there is no tray.
    for _ in $(seq 600); do
        xdotool search --class "^trayer$" >/dev/null 2>&1 && break
        sleep 0.1
    done
    "$@"; result=$?
    kill "$manager" "$tray"
    exit "$result"' bash "$@"
