/* SPDX-License-Identifier: BSD-3-Clause */
/** @file limits.h
 *  Bounds on what a file may ask for. Every reader takes them; a bound that is reached is
 * CRN_LIMIT and the message names it. A zero field means the default. */
#ifndef CORNICHON_LIMITS_H
#define CORNICHON_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#include "cornichon/export.h"

CRN_BEGIN_DECLS

/** Most axes an array may have (NumPy allows 64; no model needs more than 8). */
#define CRN_MAX_NDIM 8

/** A plain struct for the stack. Initialise with CRN_LIMITS_INIT; set what should differ.
 *
 *      crn_limits limits = CRN_LIMITS_INIT;
 *      limits.file_bytes = 64u << 20; */
typedef struct crn_limits {
    size_t struct_size;      /**< sizeof(crn_limits) of the caller */
    uint64_t file_bytes;     /**< size of a file; default 64 GiB */
    uint64_t inflated_bytes; /**< bytes that decompression may produce; default 16 GiB */
    uint64_t inflate_ratio;  /**< inflated / compressed bytes, checked past the first MiB;
                                default 2000 */
    uint64_t memory_bytes;   /**< heap for the objects of one document (mapped arrays not
                                counted); default 16 GiB */
    uint64_t objects; /**< objects in one pickle or nodes in one HDF5 or JSON document; default
                         50 million */
    uint64_t nesting; /**< depth of nested containers; default 1000 */
    uint64_t text_bytes; /**< length of one string; default 256 MiB */
} crn_limits;

#ifdef __cplusplus
#define CRN_LIMITS_INIT                                                                        \
    {                                                                                          \
        sizeof(crn_limits), 0, 0, 0, 0, 0, 0, 0                                                \
    }
#else
#define CRN_LIMITS_INIT                                                                        \
    {                                                                                          \
        .struct_size = sizeof(crn_limits)                                                      \
    }
#endif

CRN_END_DECLS

#endif
