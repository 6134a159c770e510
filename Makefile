# Every way to build, try, test and measure Tally. Two of them need nothing before: `make demo` and
# `make test` install the Debian packages that are missing.

SWIFT_BUILD = swift build -c release
TALLY = .build/release/tally
PYTEST = /usr/bin/python3 -m pytest
FUZZ_TARGETS = vote-line json journal snapshot
FUZZ_BUILD = $(CURDIR)/.build-fuzz

.PHONY: demo test test-swift test-black-box build bench soak simulate format lint packages test-packages bench-packages \
	fuzz-build test-fuzz fuzz sanitize-thread sanitize-address sanitize clean

## The main job on real input, with the embedded flat-file store.
demo: build
	$(TALLY) demo

## Everything that must pass, in the build that is shipped: release.
test: lint build test-swift test-black-box test-fuzz

build: packages
	$(SWIFT_BUILD) --product tally

test-swift: packages
	swift test -c release

test-black-box: build test-packages
	cd Tests/BlackBox && TALLY=$(CURDIR)/$(TALLY) $(PYTEST) -q .

## Ten seconds of each, from the inputs that are kept in Fuzzing/Corpus, always with the same seed.
test-fuzz: fuzz-build
	Fuzzing/run $(FUZZ_BUILD) 10 $(FUZZ_TARGETS) -- -seed=1

## As long as one likes: `make fuzz TARGET=vote-line SECONDS=600`; all of them without TARGET.
fuzz: fuzz-build
	Fuzzing/run $(FUZZ_BUILD) $(or $(SECONDS),60) $(or $(TARGET),$(FUZZ_TARGETS))

fuzz-build:
	$(SWIFT_BUILD) --package-path Fuzzing --scratch-path $(FUZZ_BUILD)

## The Swift tests under ThreadSanitizer and AddressSanitizer, and some that kill the server under
## load, with a server that is built so.
sanitize: sanitize-thread sanitize-address

sanitize-thread sanitize-address: sanitize-%: packages test-packages
	scripts/sanitize $*

## What depends on the machine's speed; writes the table of docs/PERFORMANCE.md.
bench: build bench-packages
	$(SWIFT_BUILD) --package-path Benchmarks
	TALLY=$(CURDIR)/$(TALLY) Benchmarks/.build/release/bench

## The tests that are worth repeating for long: more seeds, more kills.
soak: build test-packages
	cd Tests/BlackBox && TALLY=$(CURDIR)/$(TALLY) TALLY_SOAK=1 TALLY_SEED_COUNT=200 TALLY_KILLS=100 TALLY_FAILPOINT_KILLS=20 TALLY_BACKUPS=200 TALLY_SYNC_ERRORS=200 TALLY_CALL_ERRORS=99 TALLY_FULL_DISKS=50 $(PYTEST) -q test_model.py test_kill9.py test_kill9_ballots.py test_races.py test_redefinition_races.py test_self_audit.py test_failpoints.py test_disk_errors.py test_full_disk.py test_backup.py test_large_bodies.py

## The simulation with other seeds than those of the tests: a number of them, or FROM-TO.
SEEDS = 20000
simulate: packages
	TALLY_SIMULATION_SEEDS=$(SEEDS) swift test -c release --filter Simulation

format:
	swift format --in-place --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources Fuzzing/Package.swift Fuzzing/Sources/fuzz

lint:
	swift format lint --strict --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources Fuzzing/Package.swift Fuzzing/Sources/fuzz

packages:
	@scripts/install-packages libnghttp2-dev pkg-config

test-packages:
	@scripts/install-packages curl haproxy nghttp2-client nginx-light python3-cryptography python3-h2 python3-httpx python3-jwt python3-pytest strace

bench-packages: packages
	@scripts/install-packages nghttp2-client nghttp2-server postgresql-15 redis-server

clean:
	swift package clean
