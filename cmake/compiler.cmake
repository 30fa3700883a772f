# SPDX-License-Identifier: BSD-3-Clause
# How every target is compiled.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()
string(REPLACE "-O3" "-O2" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")

add_compile_definitions(_POSIX_C_SOURCE=200809L _DEFAULT_SOURCE)
# No contraction of a*b+c behind our back: results must not depend on the compiler's mood.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes
                    -Wpointer-arith -Wvla -Wwrite-strings -ffp-contract=off
                    -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
if(CRN_WERROR)
    add_compile_options(-Werror)
endif()
if(CRN_SANITIZE)
    add_compile_options(-fsanitize=${CRN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${CRN_SANITIZE})
endif()
