#!/bin/bash
# demo.sh BILLING: shows the tool at work in a folder of its own, through the built-in sandbox.
set -euo pipefail

program=$(realpath "$1")
plans=$(realpath "$(dirname "$0")/../../plans.yaml")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cp "$plans" plans.yaml

# Nothing of the caller's environment takes part.
for name in $(compgen -e | grep -E '^(BILLING|STRIPE)_' || true); do unset "$name"; done

step() { printf '\n# %s\n' "$1"; }

# run CODE WORDS…: shows a command and what it prints, and insists on its exit code
run() {
  local wanted=$1 code=0
  shift
  printf '$ billing %s\n' "$*"
  "$program" "$@" || code=$?
  if [ "$code" != "$wanted" ]; then
    echo "demo: exit code $code instead of $wanted" >&2
    exit 1
  fi
  if [ "$code" != 0 ]; then printf '(exit code %s)\n' "$code"; fi
}

step "Products and prices are made from plans.yaml"
run 0 --sandbox plans seed

step "A customer, and a subscription paid with the test card 4242 4242 4242 4242"
run 0 --sandbox customer create --email ada@example.com
run 0 --sandbox subscribe ada@example.com starter --payment-method pm_card_visa

step "A card that the bank declines: an error with its hint, and no subscription"
run 0 --sandbox customer create --email grace@example.com
run 6 --sandbox subscribe grace@example.com starter --payment-method pm_card_visa_chargeDeclined

step "A cancellation, for the end of the period that is paid"
run 0 --sandbox cancel ada@example.com

step "What happened, in order"
run 0 --sandbox subscription history ada@example.com
