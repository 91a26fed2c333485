#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Makes the first inputs that are no text: seeds.sh FOLDER writes FOLDER/NAME/* for the targets frames, closereason,
# dnsanswer and proxyheader.
set -euo pipefail
mkdir -p "$1/frames" "$1/closereason" "$1/dnsanswer" "$1/proxyheader"
cd "$1"

# frame NAME OPTIONS FRAMES…: the three bytes that fuzz_frames.cpp begins with, and frames.
frame() { local IFS=; printf "${*:2}" >"frames/$1"; }
client='\x01\x02\x03' server='\x00\x02\x03' # small messages; \x02 more: large ones
key='\x37\xfa\x21\x3d'
frame hello $client "\x81\x85$key\x7f\x9f\x4d\x51\x58"
frame fragments $client "\x01\x83$key\x7f\x9f\x4d" "\x89\x84$key" 'ping' "\x80\x82$key\x5b\x95"
frame empty $client "\x01\x80$key" "\x00\x80$key" "\x80\x80$key"
frame medium '\x03\x02\x03' "\x82\xfe\x01\x00$key" "$(printf 'x%.0s' {1..256})"
frame server_hello $server '\x81\x05Hello' '\x89\x00' '\x8a\x03abc' '\x88\x05\x03\xe8bye'
frame server_large '\x02\x02\x03' '\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00' "$(printf 'y%.0s' {1..200})"
frame too_large $server '\x81\x7e\x01\x2d'
frame reserved $server '\xc1\x01x'
frame not_shortest $server '\x81\x7e\x00\x05Hello'
frame unmasked_client $client '\x81\x05Hello'
frame nested $server '\x01\x01a' '\x81\x01b'

close() { printf "$2" >"closereason/$1"; }
close none ''
close normal '\x03\xe8bye'
close forbidden '\x03\xed'
close own '\x0b\xb8invalid_request_error.invalid_api_key'
close key '\x0b\xb8Incorrect API key provided: sk-zebra-0123456789'
close utf8 '\x13\x87gr\xc3\xbc\xc3\x9f \xe4\xbd\xa0 \xf0\x9f\x98\x80'
close not_utf8 '\x03\xf3\xc3\x28'
close surrogate '\x03\xf3\xed\xa0\x80'
close long "\x0f\xa0$(printf '\\xe2\\x82\\xac%.0s' {1..60})"

# proxy NAME BYTES…: version 2, and what is behind its signature.
proxy() { local IFS=; printf "\r\n\r\n\0\r\nQUIT\n${*:2}" >"proxyheader/$1"; }
proxy ipv4 '\x21\x11\x00\x0c' '\xc0\x00\x02\x07\xc6\x33\x64\x01\xdc\x04\x01\xbb' 'GET / HTTP/1.1\r\n'
proxy ipv6 '\x21\x21\x00\x24' "$(printf '\\x20%.0s' {1..32})" '\xdc\x04\x01\xbb'
proxy tlv '\x21\x11\x00\x13' '\xc0\x00\x02\x07\xc6\x33\x64\x01\xdc\x04\x01\xbb' '\x02\x00\x04name'
proxy unix '\x21\x31\x00\xd8' "$(printf '/%.0s' {1..216})"
proxy local '\x20\x00\x00\x00'
proxy unspecified '\x21\x00\x00\x03abc'
proxy half '\x21\x11\x00\x0c\xc0\x00'
proxy version1 '\x11\x11\x00\x00'
proxy too_long '\x21\x11\xff\xff'

# dns NAME PARTS…: the byte that fuzz_dnsanswer.cpp begins with, the flags and counts of a message, and what is behind its question.
dns() { local IFS=; printf "${*:2}" >"dnsanswer/$1"; }
ok='\x81\x80\x00\x01' # one question, which is answered
name='\xc0\x0c' # as in the question
dns none '\x00' $ok '\x00\x00\x00\x00\x00\x00'
dns ipv4 '\x00' $ok '\x00\x01\x00\x00\x00\x00' "$name\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xc0\x00\x02\x01"
dns ipv6 '\x01' $ok '\x00\x01\x00\x00\x00\x00' "$name\x00\x1c\x00\x01\x00\x00\x00\x3c\x00\x10" '0123456789abcdef'
dns alias '\x00' $ok '\x00\x02\x00\x00\x00\x00' "$name\x00\x05\x00\x01\x00\x00\x00\x3c\x00\x04\x01a$name" \
    '\x01a\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xc0\x00\x02\x01'
dns no_such_name '\x00' '\x81\x83\x00\x01' '\x00\x00\x00\x00\x00\x00'
dns truncated '\x00' '\x83\x80\x00\x01' '\x00\x00\x00\x00\x00\x00'
dns whole '\x02\x12\x34' $ok '\x00\x00\x00\x00\x00\x00' '\x05relay\x07example\x00\x00\x01\x00\x01'
