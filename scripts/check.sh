#!/usr/bin/env bash
# Checks all that must hold before a change lands; CI runs this and nothing else.
#   scripts/check.sh             every part
#   scripts/check.sh vet test    these parts
# All parts run, whatever fails; the output of a part is shown only if it fails. It needs no service and no key.
# The fuzz targets of what reads bytes from outside, and of the state's merge, search for 5 s each; FUZZTIME=30s lets every target
# search for that time, FUZZTIME=0 none. The seeds of fuzz targets always run, as tests.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
exec </dev/null

# What a developer has set must not decide whether a test passes.
unset OPENAI_API_KEY OPENAI_BASE_URL WEIR_WITHOUT
# A clone that git refuses to read (another owner) still builds.
GOFLAGS="$(go env GOFLAGS) -buildvcs=false"
export GOFLAGS

fuzztime=${FUZZTIME:-}
core=(FuzzLoad FuzzExpr FuzzTemplate FuzzMergeTwin FuzzRecord FuzzTwinDecode FuzzTwinEncode)
parts=(gofmt vet fix staticcheck tidy test plain allocs bench debug fuzz)

# each runs a command in the folder of every module.
each() {
	local m status=0
	for m in "${modules[@]}"; do
		(cd "$m" && "$@") || {
			echo "(in module $m)"
			status=1
		}
	done
	return "$status"
}

# silent passes when a command succeeds and has no findings to print; what it says on stderr is shown, no more.
silent() {
	local out status=0
	out=$("$@") || status=$?
	[[ -z $out ]] || { echo "$out"; status=1; }
	return "$status"
}

part_gofmt() { # files that gofmt would write differently
	find . \( -name '.?*' -o -name testdata -o -name vendor \) -prune -o -name '*.go' -print0 |
		silent xargs -0 "$(go env GOROOT)/bin/gofmt" -l || { echo "to do: make fmt"; return 1; }
}

part_vet() { each go vet ./...; }

part_fix() { # code that newer Go says more plainly
	each silent go fix -diff ./... || { echo "to do: make fmt"; return 1; }
}

part_staticcheck() { # the version is pinned in tools/go.mod
	local tool
	tool=$(cd tools && GOWORK=off go tool -n staticcheck) || return 1
	each "$tool" ./...
}

part_tidy() { # go.mod and go.sum say what the code needs; go mod tidy does not read go.work
	local m status=0
	for m in "${modules[@]}" tools; do
		(cd "$m" && GOWORK=off go mod tidy -diff) || { echo "(in module $m)"; status=1; }
	done
	[[ $status == 0 ]] || echo "to do: make tidy"
	return "$status"
}

part_test() { # the race detector allocates too, so tests that count allocations have a part of their own
	if [[ $(go env CGO_ENABLED) == 1 ]]; then
		each go test -race -skip Alloc -timeout 8m ./...
	else
		each go test -skip Alloc -timeout 8m ./...
	fi
}

part_plain() { # every test again with every optimisation dropped: an answer may not depend on one
	WEIR_WITHOUT=all go test -skip Alloc -timeout 8m ./...
}

part_allocs() { # tests with Alloc in their name
	on "$(holding '^func Test[A-Za-z0-9_]*Alloc')" go test -run Alloc
}

part_bench() { # the workloads allocate no more than bench/baseline.json says; times are printed and fail nothing
	go run ./bench/check
}

part_debug() { # packages that watch themselves under a build tag
	on "$(holding '^//go:build weirdebug')" go test -tags weirdebug
}

# holding gives the packages with a file that holds a pattern.
holding() {
	grep -rlE --include='*.go' --exclude-dir=testdata --exclude-dir='.?*' "$1" . | while IFS= read -r f; do dirname "$f"; done | sort -u
}

# on runs a command with packages, one a line, as further arguments. None is a failure: a part that finds nothing to do
# would pass for ever.
on() {
	local packages=() p
	while IFS= read -r p; do [[ -z $p ]] || packages+=("$p"); done <<<"$1"
	shift
	[[ ${#packages[@]} -gt 0 ]] || { echo "no package has what this part looks for; is the pattern in scripts/check.sh still right?"; return 1; }
	"$@" "${packages[@]}"
}

part_fuzz() {
	if [[ -z $fuzztime ]]; then
		scripts/fuzz.sh 5s "${core[@]}"
	else
		scripts/fuzz.sh "$fuzztime"
	fi
}

# skip says why a part does not run here, or nothing.
skip() {
	[[ $1 == fuzz && $fuzztime =~ ^0s?$ ]] && echo "the seeds ran as tests"
}

# note says what a part left out here, or nothing.
note() {
	[[ $1 == test && $(go env CGO_ENABLED) != 1 ]] && echo "without the race detector, which needs a C compiler"
}

if [[ $# -gt 0 ]]; then
	for p in "$@"; do
		declare -F "part_$p" >/dev/null || { echo "no part is called $p; there are: ${parts[*]}"; exit 2; }
	done
	parts=("$@")
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
modules=()
while IFS= read -r m; do modules+=("$m"); done < <(scripts/modules.sh)
[[ ${#modules[@]} -gt 0 ]] || { echo "go list finds no module; is go.work here and does it parse?"; exit 1; }

echo "$(go version), modules: ${modules[*]}"
start=$SECONDS failed=() table=()
for p in "${parts[@]}"; do
	why=$(skip "$p")
	if [[ -n $why ]]; then
		echo "$p: skipped: $why"
		table+=("$(printf '%-12s %7s  skipped' "$p" -)")
		continue
	fi
	echo "$p ..."
	began=$SECONDS result=ok
	"part_$p" >"$log" 2>&1 || result=FAILED
	took=$((SECONDS - began))
	if [[ $result == FAILED ]]; then
		failed+=("$p")
		echo "---- $p failed; what it printed:"
		cat "$log"
		echo "---- end of $p"
	fi
	extra=$(note "$p")
	echo "$p: $result, $took s${extra:+ ($extra)}"
	table+=("$(printf '%-12s %5d s  %s' "$p" "$took" "$result${extra:+ ($extra)}")")
done

printf '\n%-12s %7s  %s\n' part time result
printf '%s\n' "${table[@]}"
printf '%-12s %5d s\n' all $((SECONDS - start))
if [[ ${#failed[@]} -gt 0 ]]; then
	echo
	echo "FAILED: ${failed[*]} (the output stands above; again: scripts/check.sh ${failed[*]})"
	exit 1
fi
echo
echo "all checks passed"
