#!/bin/bash
# report.sh BIN_PATH FLOOR: lines covered per target, from the last `swift test
# --enable-code-coverage`. Fails when one of the libraries that carry the promises is under FLOOR.
set -euo pipefail

bin=$1
floor=$2
held="Stripe BillingCore StripeSandbox"
tests=("$bin"/*PackageTests.xctest)
profile="$bin/codecov/default.profdata"
html=.build/coverage
# The toolchain's own: another version may not read the profile.
cov=$(dirname "$(realpath "$(command -v swift)")")/llvm-cov

failed=0
for folder in Sources/*/; do
  target=$(basename "$folder")
  compgen -G "$folder**/*.swift" >/dev/null || compgen -G "$folder*.swift" >/dev/null || continue
  # Of the columns of TOTAL, the tenth is the percentage of lines.
  percent=$("$cov" report "${tests[0]}" -instr-profile="$profile" "$PWD/$folder" \
    | awk '$1 == "TOTAL" { sub("%", "", $10); print $10 }')
  note=""
  if [[ " $held " == *" $target "* ]] && awk "BEGIN { exit !(${percent:-0} < $floor) }"; then
    note="  under $floor%"
    failed=1
  fi
  printf '%-16s%7s%%%s\n' "$target" "${percent:-0.00}" "$note"
done

"$cov" show "${tests[0]}" -instr-profile="$profile" -format=html -output-dir="$html" "$PWD/Sources" \
  >/dev/null
echo "line by line: $html/index.html"
exit $failed
