#!/usr/bin/env bash
# Runs every fuzz target of the workspace, one after the other, for the given time each, or only those named.
#   scripts/fuzz.sh 30s
#   scripts/fuzz.sh 5s FuzzLoad FuzzExpr
# An input that fails is kept by Go under testdata/fuzz of its package: fix the fault and check the input in.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

time=${1:-30s}
[[ $time =~ ^[0-9]+$ ]] && time=${time}s
shift || true
only=" $* "

failed=0 count=0
while IFS=: read -r file func; do
	name=${func#func }
	name=${name%%(*}
	[[ $only == "  " || $only == *" $name "* ]] || continue
	count=$((count + 1))
	echo "fuzz $(dirname "$file") $name for $time"
	go test -run '^$' -fuzz "^$name\$" -fuzztime "$time" "$(dirname "$file")" </dev/null || failed=1
done < <(grep -rEo --include='*_test.go' --exclude-dir=testdata --exclude-dir='.?*' '^func Fuzz[A-Za-z0-9_]*\(' . | sort)

echo "$count fuzz targets"
# A name that no target has would pass for ever.
[[ $only == "  " || $count == $(wc -w <<<"$only") ]] || { echo "not all of$only exist"; exit 1; }
exit "$failed"
