# SPDX-License-Identifier: BSD-3-Clause
# The same kernel sources, compiled once per CPU level; kernels.c picks one at run time.
file(GLOB CRN_KERNEL_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.inc.c)
set(CRN_KERNEL_OBJECTS)
# A kernel has no use for errno or floating-point traps; NaN and infinity keep their meaning. In the matrix
# product and in distances a * b + c is one multiply-add where the level has it.
set(CRN_KERNEL_OPTIONS -O3 -fno-math-errno -fno-trapping-math)
# Sanitized, what -O3 unrolls takes the compiler minutes; reads and writes outside are what matters in kernels.
if(CRN_SANITIZE)
    set(CRN_KERNEL_OPTIONS -O1 -fno-sanitize=undefined -fno-math-errno -fno-trapping-math)
endif()
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/affine.inc.c ${CMAKE_CURRENT_LIST_DIR}/product.inc.c ${CMAKE_CURRENT_LIST_DIR}/distances.inc.c ${CMAKE_CURRENT_LIST_DIR}/convolution.inc.c PROPERTIES COMPILE_OPTIONS -ffp-contract=fast)
# Ways down trees are scalar; gathering their states into vectors and back costs more than it saves.
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/tree.inc.c PROPERTIES COMPILE_OPTIONS "-fno-tree-vectorize;-fno-tree-slp-vectorize")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    set(CRN_KERNEL_LEVELS v2 v3 v4)
    set(CRN_KERNEL_FLAGS_v2 -march=x86-64-v2)
    set(CRN_KERNEL_FLAGS_v3 -march=x86-64-v3)
    set(CRN_KERNEL_FLAGS_v4 -march=x86-64-v4 -mprefer-vector-width=512)
else()
    set(CRN_KERNEL_LEVELS baseline)
    set(CRN_KERNEL_FLAGS_baseline)
endif()
foreach(level ${CRN_KERNEL_LEVELS})
    if(CRN_KERNEL_SOURCES)
        add_library(crn_kernels_${level} OBJECT ${CRN_KERNEL_SOURCES})
        target_include_directories(crn_kernels_${level} PRIVATE ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
        target_compile_definitions(crn_kernels_${level} PRIVATE CRN_LEVEL=${level})
        target_compile_options(crn_kernels_${level} PRIVATE ${CRN_KERNEL_OPTIONS} ${CRN_KERNEL_FLAGS_${level}})
        list(APPEND CRN_KERNEL_OBJECTS $<TARGET_OBJECTS:crn_kernels_${level}>)
    endif()
endforeach()
