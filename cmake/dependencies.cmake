# SPDX-License-Identifier: BSD-3-Clause
# The libraries beneath, found once (docs/architecture.md says what each is for).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(BZip2 REQUIRED)
find_package(LibLZMA REQUIRED)
pkg_check_modules(LZ4 REQUIRED IMPORTED_TARGET liblz4)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(OPENBLAS REQUIRED IMPORTED_TARGET openblas)

add_library(crn_dependencies INTERFACE)
target_link_libraries(crn_dependencies INTERFACE PkgConfig::OPENBLAS PkgConfig::JANSSON PkgConfig::LZ4
                      PkgConfig::PCRE2 PkgConfig::UTF8PROC
                      ZLIB::ZLIB BZip2::BZip2 LibLZMA::LibLZMA Threads::Threads m)
