# make alone prints the targets. On a fresh Debian machine with Go and gcc, make demo and make test are all that is needed.

SHELL := /bin/bash
.NOTPARALLEL:
.DEFAULT_GOAL := help

# The mariadbd and gearmand commands are in /usr/sbin.
export PATH := $(PATH):/usr/local/sbin:/usr/sbin
# The version is stamped below; Go's own stamp fails in a checkout that another user owns.
export GOFLAGS := $(shell go env GOFLAGS) -buildvcs=false

VERSION   := $(shell git -c safe.directory='*' describe --tags --always --dirty 2>/dev/null || echo devel)
TOOLS     := .cache/tools/$(shell go env GOVERSION)
STAGE     := bash tools/stage.sh

# What tests take from the command line: make test PKG=./snapshot/... TESTFLAGS=-v
PKG       ?= ./...
TESTFLAGS ?= $(if $(filter true,$(CI)),-count=1)
BENCH     ?= .
BENCHTIME ?= 200ms
FUZZTIME  ?= 5s
N         ?= 50
SEED      ?=

.PHONY: help deps deps-bench deps-e2e build demo test race lint fmt fuzz bench score e2e soak check

help: ## print the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## install what is missing of MariaDB's binaries, gearmand, mydumper, zstd and git (root, apt-get), or say what to install
	@$(STAGE) deps bash tools/deps.sh base

deps-bench:
	@$(STAGE) deps-bench bash tools/deps.sh base bench

deps-e2e:
	@$(STAGE) deps-e2e bash tools/deps.sh base e2e

build: ## build bin/fuzzy and bin/th-worker
	@$(STAGE) build go build -trimpath -ldflags '-X main.version=$(VERSION)' -o bin/ ./cmd/...

demo: deps build ## the main job on sample data: rules, scrub, show, run, report
	@$(STAGE) demo bash testdata/demo/demo.sh

test: deps ## all tests; make test PKG=./snapshot/... for some of them
	@$(STAGE) test go test -timeout 15m $(TESTFLAGS) $(PKG)

race: deps ## all tests under the race detector
	@$(STAGE) race go test -race -timeout 20m $(TESTFLAGS) $(PKG)

lint: $(TOOLS)/golangci-lint ## gofumpt and golangci-lint, pinned in tools/go.mod
	@$(STAGE) lint bash tools/lint.sh $(TOOLS)

fmt: $(TOOLS)/golangci-lint ## format all code with gofumpt
	@$(TOOLS)/gofumpt -w .

fuzz: ## run each Go fuzz target for FUZZTIME (5s)
	@$(STAGE) fuzz bash tools/fuzz.sh $(FUZZTIME) $(PKG)

bench: deps-bench build ## all Go benchmarks, briefly, and the programs beside a limit; make bench BENCH=Scan BENCHTIME=2s
	@$(STAGE) bench go test -run=NONE -bench='$(BENCH)' -benchmem -benchtime=$(BENCHTIME) -timeout 30m $(PKG)
	@$(STAGE) programs python3 bench/programs.py

score: build ## how good the proposals of fuzzy annotate are, on schemas that people judged; fails when they are not
	@$(STAGE) score python3 bench/score.py

e2e: deps-e2e build ## real dumps, models and migrations, end to end (python3-heat, python3-neutron, python3-nova, python3-django)
	@$(STAGE) e2e bash testdata/e2e/e2e.sh

soak: deps ## N builds (50) while Gearman servers restart and workers are killed; make soak N=500 SEED=1
	@$(STAGE) soak env SOAK_N=$(N) SOAK_SEED=$(SEED) go test -count=1 -timeout 0 -v -run TestSoak ./cmd/th-worker

check: lint build test race fuzz ## what .ci/run runs, followed there by e2e, score and soak

# Linking golangci-lint needs neither cgo nor symbols; without them it builds in about half the time.
$(TOOLS)/golangci-lint: tools/go.mod tools/go.sum
	@mkdir -p $(TOOLS)
	@$(STAGE) lint-tools bash -c 'cd tools && CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o ../$(TOOLS)/ \
		github.com/golangci/golangci-lint/v2/cmd/golangci-lint mvdan.cc/gofumpt' && touch $@
