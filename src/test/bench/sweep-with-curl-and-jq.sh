#!/usr/bin/env bash
# A peer in the bench: the sweep that people use today. Every offline agent of a pool goes, one curl after the other.
set -euo pipefail

get() { curl -fsS -u ":$AZP_TOKEN" "$@"; }

pools=$AZP_URL/_apis/distributedtask/pools
pool=$(get "$pools?poolName=$AZP_POOL&api-version=7.1" | jq '.value[0].id')
get "$pools/$pool/agents?api-version=7.1" |
  jq '.value[] | select(.status == "offline") | .id' |
  while read -r agent; do
    get -X DELETE "$pools/$pool/agents/$agent?api-version=7.1"
  done
