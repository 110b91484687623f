# SPDX-License-Identifier: Apache-2.0
# The front door: what people type. CMake does the work, by the presets of CMakePresets.json.

PRESET ?= dev
JOBS   ?= $(shell nproc)
ARGS   ?=
SECONDS_EACH ?= 600

release := build/release
tests   := build/$(PRESET)
# The thread sanitizer of GCC 12 needs the old, smaller randomisation of addresses.
run_tests := $(if $(filter tsan,$(PRESET)),setarch -R)

.PHONY: help run test storm fuzz bench build lint format clean
.DEFAULT_GOAL := help

help:  ## Say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

run:  ## Install what is missing, build, and serve the demo city (ARGS="--listen 127.0.0.1:0")
	@tools/install.sh run build
	@$(MAKE) --no-print-directory build
	@exec $(release)/diary serve --demo $(ARGS)

test:  ## Run all tests (PRESET=asan or tsan under a sanitizer; ARGS="-L nodb" for some)
	@tools/install.sh run build test
	@cmake --preset $(PRESET)
	@cmake --build $(tests) -j $(JOBS)
	@$(run_tests) $(tests)/tests/with_cluster ctest --test-dir $(tests) --output-on-failure --timeout 300 -j2 $(ARGS)

storm:  ## Eight sessions do everything at once, for ten minutes (SECONDS_EACH=600 ARGS=seed)
	@tools/install.sh run build test
	@cmake --preset $(PRESET)
	@cmake --build $(tests) -j $(JOBS) --target storm
	@$(tests)/tests/storm $(SECONDS_EACH) $(ARGS)

fuzz:  ## Let libFuzzer look for what breaks the parsers (SECONDS_EACH=600 ARGS="header json")
	@tools/install.sh run build fuzz
	@tools/fuzz.sh $(SECONDS_EACH) $(ARGS)

bench:  ## Measure, and print the figures
	@tools/install.sh run build bench
	@cmake --preset release
	@cmake --build $(release) -j $(JOBS) --target diary bench_hello bench_routing bench_places bench_traces bench_tiles
	@bench/run $(ARGS)

build:  ## Build the optimised program, build/release/diary
	@cmake --preset release
	@cmake --build $(release) -j $(JOBS) --target diary

lint:  ## Check format, layers, scripts and headers, and let clang-tidy look at everything
	@tools/install.sh run build test lint
	@tools/lint.sh

format:  ## Format all C++ in place
	@tools/install.sh lint
	@git ls-files -z '*.cpp' '*.hpp' | xargs -0 clang-format-19 -i

clean:  ## Remove everything that was built
	@rm -rf build
