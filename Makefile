# Everything here needs Go, git and bash, and nothing else. `make` alone lists the targets.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# What `make run` runs, and on what. ARGS is added at the end.
FILE  ?= examples/incident/pipeline.yaml
INPUT ?= examples/incident/access.log
# Where the pipeline may write.
OUT   ?= out
ARGS  ?=

# Which benchmarks `make bench` runs, and how often.
BENCH ?= .
COUNT ?= 1

# How long `make fuzz` spends on each target.
FUZZTIME ?= 30s

.PHONY: help run build test bench bench-check fuzz fmt tidy

help: ## list the targets
	@while IFS= read -r line; do \
		if [[ $$line =~ ^([a-z-]+):.*'## '(.*)$$ ]]; then printf 'make %-11s %s\n' "$${BASH_REMATCH[1]}" "$${BASH_REMATCH[2]}"; fi; \
	done < Makefile

run: build ## run the incident example (FILE=… INPUT=… OUT=… ARGS=… for another)
	@mkdir -p "$(OUT)"
	bin/weir run "$(FILE)" --input "$(INPUT)" --out "$(OUT)" $(ARGS)

build: ## build bin/weir
	go build -o bin/weir ./cmd/weir

test: ## all that CI runs: format, vet, static checks, tidy modules, tests with the race detector
	@scripts/check.sh

bench: ## run the benchmarks of the root package (BENCH=pattern COUNT=n)
	GODEBUG=adaptivestackstart=0 go test -run '^$$' -bench '$(BENCH)' -count $(COUNT) .

bench-check: ## compare allocations with bench/baseline.json (ARGS=-update writes it anew)
	go run ./bench/check $(ARGS)

fuzz: ## run every fuzz target for FUZZTIME (30s)
	@scripts/fuzz.sh $(FUZZTIME)

fmt: ## format, and rewrite to the idioms of the Go version in use
	@for m in $$(scripts/modules.sh); do (cd "$$m" && go fix ./... && go fmt ./...); done

tidy: ## go mod tidy in every module
	@for m in $$(scripts/modules.sh) tools; do echo "tidy $$m"; (cd "$$m" && GOWORK=off go mod tidy); done
