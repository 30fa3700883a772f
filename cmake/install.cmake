# SPDX-License-Identifier: BSD-3-Clause
# make install: headers, both libraries, the program, pkg-config file, CMake package, man pages, completions.
include(CMakePackageConfigHelpers)

install(DIRECTORY include/cornichon DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS cornichon_shared cornichon_static crn_dependencies EXPORT cornichon
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})

# Relative to the file's own place, so that an installed tree can be moved.
file(RELATIVE_PATH CRN_PREFIX_FROM_PC /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/cornichon.pc.in cornichon.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/cornichon.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/cornichon)
configure_package_config_file(cmake/cornichon-config.cmake.in ${CMAKE_BINARY_DIR}/cornichon-config.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/cornichon-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(EXPORT cornichon NAMESPACE cornichon:: DESTINATION ${package_dir})
install(FILES ${CMAKE_BINARY_DIR}/cornichon-config.cmake ${CMAKE_BINARY_DIR}/cornichon-config-version.cmake
        DESTINATION ${package_dir})
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
