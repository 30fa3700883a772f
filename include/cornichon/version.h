/* SPDX-License-Identifier: BSD-3-Clause */
/** @file version.h
 *  Which cornichon this is. */
#ifndef CORNICHON_VERSION_H
#define CORNICHON_VERSION_H

#include "cornichon/export.h"

CRN_BEGIN_DECLS

#define CRN_VERSION_MAJOR 0
#define CRN_VERSION_MINOR 1
#define CRN_VERSION_PATCH 0
/** The version as one comparable number: major x 10000 + minor x 100 + patch. */
#define CRN_VERSION_NUMBER                                                                     \
    (CRN_VERSION_MAJOR * 10000 + CRN_VERSION_MINOR * 100 + CRN_VERSION_PATCH)

/** "0.1.0": of the library that runs, which may be newer than the header. Thread-safe. */
CRN_API const char *crn_version(void);

/** The instruction set that the kernels use here: "x86-64-v4", "x86-64-v3", "x86-64-v2",
 * "aarch64", "generic". The environment variable CRN_ISA can choose a lower one (for tests).
 * Thread-safe. */
CRN_API const char *crn_version_isa(void);

/** The libraries beneath, with versions, one a line: "OpenBLAS 0.3.21 (Zen)\nzlib 1.2.13\n...".
 * Thread-safe. */
CRN_API const char *crn_version_libraries(void);

CRN_END_DECLS

#endif
