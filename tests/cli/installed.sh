#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The installed tree: pkg-config and the CMake package are enough to build the examples. Arguments: PROGRAM BUILD SOURCE.
. "$(dirname "$0")/lib.sh"
build=$2
source=$3

cmake --install "$build" --prefix "$PWD/prefix" >install.log
libdir=$(dirname "$(find prefix -name 'libcornichon.so' | head -1)")
export PKG_CONFIG_PATH="$PWD/$libdir/pkgconfig" LD_LIBRARY_PATH="$PWD/$libdir"
for example in "$source"/examples/0*.c; do
    name=$(basename "$example" .c)
    # shellcheck disable=SC2046
    cc "$example" $(pkg-config --cflags --libs cornichon) -o "$name"
    "./$name" >"$name.out" || die "$name failed"
    cases=$((cases + 1))
done
[ "$(find prefix -name 'cornichon.1')" ] || die "the man page is not installed"

mkdir package && cd package
cat >CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(uses_cornichon C)
find_package(cornichon REQUIRED)
add_executable(example example.c)
target_link_libraries(example cornichon::cornichon_shared)
EOF
cp "$source/examples/01_save_scikit_learn_model.c" example.c
cmake -S . -B build -DCMAKE_PREFIX_PATH="$PWD/../prefix" >cmake.log
cmake --build build >>cmake.log
./build/example | grep -q 'accuracy: 0\.9' || die "the example of the CMake package failed"
cases=$((cases + 1))
finish
