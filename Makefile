# `make help` lists the targets. On a fresh Debian 12 or Ubuntu 24.04 with Swift installed, each of
# them does all the set-up it needs.

PREFIX ?= /usr/local
DESTDIR ?=
COVERAGE_FLOOR ?= 90

SWIFT ?= swift
# A few tests at a time: were all begun at once, each await of a test would wait for all the others.
TEST = $(SWIFT) test --experimental-maximum-parallelization-width 4
SOURCES = Sources Tests Package.swift
RELEASE = -c release --static-swift-stdlib
BUILD_PACKAGES = libcurl4-openssl-dev libsqlite3-dev libssl-dev pkg-config
# The tests make certificates with the openssl program and become another user with setpriv.
TEST_PACKAGES = openssl util-linux
PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help demo demo-report test test-unit test-integration test-e2e build install lint format coverage \
	conformance test-stripe bench docs clean packages test-packages swift

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) \
	| while IFS="$$(printf '\t')" read -r name text; do printf '  make %-18s%s\n' "$$name" "$$text"; done

# Set-up: what is missing is installed, and nothing is asked of the network when nothing is.

# install_packages(packages): those that dpkg does not have
define install_packages
	@missing=""; for package in $(1); do \
	  dpkg-query -W -f='$${Status}' "$$package" 2>/dev/null | grep -q "ok installed" \
	  || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
	  echo "installing$$missing" >&2; \
	  if [ "$$(id -u)" = 0 ]; then sudo=""; else sudo="sudo"; fi; \
	  $$sudo apt-get update -qq \
	  && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >&2; \
	fi
endef

packages: swift
	$(call install_packages,$(BUILD_PACKAGES))

test-packages: packages
	$(call install_packages,$(TEST_PACKAGES))

swift:
	@command -v $(SWIFT) >/dev/null || { \
	  echo "swift is not installed; see https://www.swift.org/install/linux/" >&2; exit 1; }

demo: packages ## show a subscription from the first plan to the last bill, in a sandbox
	@$(SWIFT) build --product billing
	@Tests/Demo/demo.sh "$$($(SWIFT) build --show-bin-path)/billing"

demo-report: packages ## live a year with 500 customers in a sandbox, and write its report page
	$(call install_packages,python3)
	@$(SWIFT) build --product billing
	@$(PYTHON) Tests/Demo/year.py "$$($(SWIFT) build --show-bin-path)/billing" .build/report.html

test: test-packages ## run all tests; what failed is listed at the end
	@mkdir -p .build; $(TEST) 2>&1 | tee .build/test.log; \
	grep -q "✔ Test run with" .build/test.log \
	|| { echo; echo "what failed:"; grep -E "✘|error:" .build/test.log | cut -c1-2000; exit 1; }

test-unit: test-packages ## run the tests that touch nothing outside their process
	$(TEST) --skip 'IntegrationTests' --skip 'E2ETests'

test-integration: test-packages ## run the tests over sockets, files and several processes
	$(TEST) --filter 'IntegrationTests'

test-e2e: test-packages ## run the tests of the whole program
	$(TEST) --filter 'E2ETests'

build: packages ## build the release: static, stripped
	$(SWIFT) build $(RELEASE) -Xlinker -s --product billing

install: build ## install it below PREFIX (/usr/local); DESTDIR is respected
	install -D -m 755 "$$($(SWIFT) build $(RELEASE) --show-bin-path)/billing" \
	  "$(DESTDIR)$(PREFIX)/bin/billing"

lint: swift ## check the format
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)

format: swift ## bring the sources into the format
	$(SWIFT) format --in-place --recursive --parallel $(SOURCES)

coverage: test-packages ## percent of lines per target; HTML in .build/coverage
	$(TEST) --enable-code-coverage
	@Tests/Coverage/report.sh "$$($(SWIFT) build --show-bin-path)" $(COVERAGE_FLOOR)

# virtual_environment(folder,requirements): with what the file names installed in it
define virtual_environment
	@test -x $(1)/bin/python || $(PYTHON) -m venv $(1)
	@$(1)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $(2)
endef

conformance: packages ## drive `billing sandbox serve` with the official Python SDK, new and old
	$(call install_packages,python3 python3-venv)
	@$(SWIFT) build --product billing
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 9))'
	$(call virtual_environment,.venv/newest,Tests/Conformance/requirements.txt)
	$(call virtual_environment,.venv/acacia,Tests/Conformance/requirements-acacia.txt)
	@billing="$$($(SWIFT) build --show-bin-path)/billing"; \
	.venv/newest/bin/python Tests/Conformance/run.py "$$billing" \
	&& .venv/newest/bin/python Tests/Conformance/notify.py "$$billing" \
	&& .venv/newest/bin/python Tests/Conformance/lifecycle.py "$$billing" \
	&& .venv/acacia/bin/python Tests/Conformance/lifecycle.py "$$billing"

test-stripe: packages ## run one script against the sandbox and, with a test key, Stripe itself
	$(call install_packages,python3)
	@$(SWIFT) build --product billing
	@$(PYTHON) Tests/Live/run.py "$$($(SWIFT) build --show-bin-path)/billing"

bench: build ## measure speed, as ratios to well-known programs; all of it, whatever fails
	$(call install_packages,hyperfine curl wrk sqlite3 python3 python3-venv)
	$(call virtual_environment,.venv/bench,Tests/Benchmarks/requirements.txt)
	@billing="$$($(SWIFT) build $(RELEASE) --show-bin-path)/billing"; \
	failed=0; measure() { "$$@" || failed=1; }; \
	measure Tests/Benchmarks/start.sh "$$billing"; \
	measure $(PYTHON) Tests/Benchmarks/sandbox.py "$$billing" .venv/bench/bin/localstripe; \
	measure $(PYTHON) Tests/Benchmarks/apply.py "$$billing"; \
	measure .venv/bench/bin/python Tests/Benchmarks/replay.py "$$billing"; \
	measure $(PYTHON) Tests/Benchmarks/listen.py "$$billing"; \
	measure $(PYTHON) Tests/Benchmarks/usage.py "$$billing"; \
	measure $(PYTHON) Tests/Benchmarks/metrics.py "$$billing"; \
	measure $(PYTHON) Tests/Benchmarks/latency.py "$$billing"; \
	exit $$failed

docs: packages ## write the table of commands in README.md
	$(call install_packages,python3)
	@$(SWIFT) build --product billing
	@"$$($(SWIFT) build --show-bin-path)/billing" commands --json \
	| $(PYTHON) Tests/Documentation/commands.py README.md

clean: ## remove what was built
	rm -rf .build .venv
