#!/usr/bin/env bash
# Prints the folders of the modules that go.work names and that hold packages, one a line. A module's path below that of
# the root module is its folder; internal/arch holds that true.
# Two modules are not in go.work, which would give every build the versions that they require: tools (the checks' own) and
# bench/peers (what weir is compared with). make bench-peers vets, tests and runs the latter.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

root=github.com/weirflow/weir
go list -m | while IFS= read -r module; do
	folder=${module#"$root"}
	folder=${folder#/}
	packages=$(cd "./$folder" && go list -e ./... 2>/dev/null)
	[[ -z $packages ]] || echo "${folder:-.}"
done
