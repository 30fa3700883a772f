# SPDX-License-Identifier: BSD-3-Clause
# The front door. Each target does its own set-up: on a bare Debian 12 `make demo` and `make check` are enough.
#
#   make           the release build: build/cornichon, build/libcornichon.so, build/libcornichon.a
#   make demo      the job of the README on real iris data; files in build/demo/
#   make check     all tests: unit, contract, golden, hostile, CLI (ASan + UBSan), examples, interop with real
#                  scikit-learn and Keras, layers, symbols, headers
#   make bench     cornichon beside scikit-learn and Keras, as ratios
#   make bench-load      a forest of 500 MB from its file, beside joblib.load: time and memory
#   make bench-predict   predictions beside scikit-learn, its Intel extension, onnxruntime and Treelite
#   make install   PREFIX=/usr/local
#   make format    clang-format over all sources

BUILD    ?= build
PREFIX   ?= /usr/local
JOBS     ?= $(shell nproc)
CMAKE    ?= cmake
# AddressSanitizer needs to see the leaks, and no others: OpenBLAS keeps its buffers.
export ASAN_OPTIONS  ?= detect_leaks=1:allocator_may_return_null=1
export LSAN_OPTIONS  ?= suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0
export UBSAN_OPTIONS ?= print_stacktrace=1

.PHONY: all setup python demo check check-static check-asan check-release check-interop bench bench-load bench-predict install format clean

all: setup
	$(CMAKE) -S . -B $(BUILD) -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=$(PREFIX)
	$(CMAKE) --build $(BUILD) -j $(JOBS)

setup:
	@tools/setup

# The newest libraries, and the older scikit-learns whose files are read and written.
python: $(BUILD)/python/.ready $(BUILD)/sklearn-1.0/.ready $(BUILD)/sklearn-1.2/.ready $(BUILD)/sklearn-1.5/.ready

$(BUILD)/python/.ready: tests/interop/requirements.txt
	python3 -m venv $(BUILD)/python
	$(BUILD)/python/bin/pip install -q -r $<
	touch $@

$(BUILD)/sklearn-%/.ready: tests/interop/sklearn-%/requirements.txt $(BUILD)/python/.ready
	tools/environment $* $(BUILD)/sklearn-$*
	touch $@

demo: all
	tools/demo $(BUILD)

check: all check-static check-asan check-release check-interop

# What needs no build: who includes whom, exported symbols, public headers alone as C11 and C++17.
check-static: all
	tools/check_layers
	tools/check_symbols $(BUILD)/libcornichon.so
	tools/check_headers

check-asan:
	$(CMAKE) -S . -B $(BUILD)/asan -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCRN_WERROR=ON \
	    -DCRN_SANITIZE=address,undefined
	$(CMAKE) --build $(BUILD)/asan -j $(JOBS)
	ctest --test-dir $(BUILD)/asan --output-on-failure -j $(JOBS)

# The same tests on the code that ships: the optimiser may not change an answer.
check-release: all
	ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS)

check-interop: all python
	$(BUILD)/python/bin/python tests/interop/run.py $(BUILD)

bench: all python
	$(BUILD)/python/bin/python bench/run.py $(BUILD)

bench-predict: all $(BUILD)/bench-python/.ready
	$(BUILD)/bench-python/bin/python bench/predict.py $(BUILD)

bench-load: all $(BUILD)/bench-python/.ready
	$(BUILD)/bench-python/bin/python bench/load.py $(BUILD)

$(BUILD)/bench-python/.ready: bench/requirements.txt
	python3 -m venv $(BUILD)/bench-python
	$(BUILD)/bench-python/bin/pip install -q -r $<
	touch $@

install: all
	$(CMAKE) --install $(BUILD)

format:
	git ls-files '*.c' '*.h' | xargs clang-format -i

clean:
	rm -rf $(BUILD)
