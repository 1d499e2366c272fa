#!/usr/bin/env bash
# Runs seq10, par8 and loop100 on Python's flujo and LangGraph, in a virtual environment beside this script (.venv).
#   bench/peers/python/run.sh [--json] [--rounds N] [--window SECONDS] [--only seq10,par8]
# PYTHON names the interpreter; it must be 3.13 or newer, which flujo 0.6 asks for. Where there is none, or no registry, one line
# says so and nothing fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

skip() {
	echo "bench/peers/python: skipped: $*" >&2
	exit 0
}

# fits says whether an interpreter is new enough and can make virtual environments.
fits() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 13))' 2>/dev/null; }

python=
if [[ -n ${PYTHON:-} ]]; then
	fits "$PYTHON" || skip "$PYTHON is not Python 3.13 or newer with venv"
	python=$PYTHON
else
	for p in python3.14 python3.13 python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[3-9]*/bin/python; do
		fits "$p" && python=$p && break
	done
	[[ -n $python ]] || skip "there is no Python 3.13 or newer (set PYTHON)"
fi

# The environment is made anew when the requirements change. The mark is written last, so one that was cut short is made again.
mark=.venv/requirements.txt
if ! cmp -s requirements.txt "$mark"; then
	echo "making .venv with $("$python" --version) ..." >&2
	"$python" -m venv --clear .venv || skip "the virtual environment could not be made"
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --retries 1 -r requirements.txt >&2 ||
		skip "pip could not install requirements.txt; is there a registry?"
	cp requirements.txt "$mark"
fi

# flujo keeps its runs in a database in the current folder.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
here=$PWD
cd "$work"
"$here/.venv/bin/python" "$here/compare.py" "$@"
