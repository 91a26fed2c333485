#!/bin/sh
# SPDX-License-Identifier: MIT
# /etc/letsencrypt/renewal-hooks/deploy/realtime-relay: gives the relay the renewed certificate. It takes it into use by
# itself; no call is dropped.
set -eu
folder=/etc/realtime-relay/tls
install -d -m 0750 -g realtime-relay "$folder"
install -m 0640 -g realtime-relay "$RENEWED_LINEAGE/privkey.pem" "$RENEWED_LINEAGE/fullchain.pem" "$folder/"
