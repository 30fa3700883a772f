/* SPDX-License-Identifier: BSD-3-Clause */
/* Files: mapped for reading, atomic for writing. */
#ifndef CRN_BASE_FILE_H
#define CRN_BASE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"

/* The file's bytes: a private read-only map, or, for pipes and the like ("-" is stdin), a copy
 * on the heap. At most `limit` bytes (0: 64 GiB; CRN_LIMIT beyond). *out is one reference.
 * Errors: CRN_IO with the system's words. */
crn_status crn_file_read(const char *path, uint64_t limit, crn_buffer **out, crn_error *err);

/* A file that appears whole or not at all: written beside its target under a hidden name,
 * flushed to disk, renamed over it. A failed run leaves the old file as it was. "-" is stdout,
 * written directly. */
typedef struct crn_output crn_output;

crn_status crn_output_open(const char *path, crn_output **out, crn_error *err);
crn_status crn_output_write(crn_output *out, const void *bytes, size_t size, crn_error *err);
/* Makes the file appear and frees `out`, whatever comes of it. */
crn_status crn_output_commit(crn_output *out, crn_error *err);
/* Removes what was written and frees `out`. NULL is fine. */
void crn_output_discard(crn_output *out);

/* The three calls above for bytes at hand. */
crn_status crn_file_write(const char *path, const void *bytes, size_t size, crn_error *err);

#endif
