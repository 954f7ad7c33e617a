#!/bin/bash
# start.sh BILLING: how long the program takes to start, as a ratio to curl, side by side.
set -euo pipefail

billing=$1
results=$(mktemp)
trap 'rm -f "$results"' EXIT

hyperfine -N --warmup 10 --runs 100 --style none --export-csv "$results" \
  "$billing version" "curl --version" 2>/dev/null >/dev/null
# command,mean,…: seconds
awk -F, '
  NR == 2 { billing = $2 }
  NR == 3 { curl = $2 }
  END {
    printf "billing version %.1f ms, curl --version %.1f ms: ratio %.2f (at most 2)\n",
      billing * 1000, curl * 1000, billing / curl
    exit billing > 2 * curl
  }' "$results"
