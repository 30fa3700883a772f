/* SPDX-License-Identifier: BSD-3-Clause */
/* The compressions that joblib, zip and HDF5 use, whole buffer to whole buffer, bounded. */
#ifndef CRN_FORMAT_CODEC_H
#define CRN_FORMAT_CODEC_H

#include "base/bytes.h"
#include "base/memory.h"
#include "base/text.h"
#include "cornichon/limits.h"
#include "format/pickle.h"

/* By the magic bytes of joblib's containers; CRN_CODEC_NONE when they are none of them. */
crn_codec crn_codec_sniff(const uint8_t *bytes, size_t size);

/* Inflates the whole input (further zlib and gzip streams behind the first are read on, as
 * joblib does). Bounded by limits->inflated_bytes and inflate_ratio. *out is one reference. */
crn_status crn_codec_inflate(crn_codec codec, const uint8_t *bytes, size_t size,
                             const crn_limits *limits, crn_buffer **out, crn_error *err);

/* Raw deflate (zip members) and zlib (HDF5 chunks) to exactly `size` bytes. */
crn_status crn_inflate_raw(const uint8_t *bytes, size_t size, void *out, size_t out_size,
                           crn_error *err);
crn_status crn_inflate_zlib(const uint8_t *bytes, size_t size, void *out, size_t out_size,
                            crn_error *err);
/* Raw deflate at level 6, appended. */
crn_status crn_deflate_raw(const void *bytes, size_t size, crn_text *out, crn_error *err);

/* Compresses as joblib's writer of that codec does. level -1: joblib's default (zlib and gzip
 * 3, bz2 9, xz and lzma 6, lz4 0). */
crn_status crn_codec_deflate(crn_codec codec, int level, const void *bytes, size_t size,
                             crn_text *out, crn_error *err);

/* The level that a stream says, or suggests by its header, that it was compressed with; -1:
 * nothing. */
int crn_codec_level(crn_codec codec, const uint8_t *bytes, size_t size);

#endif
