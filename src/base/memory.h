/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory by lifetime: an arena for a document or a model (dropped whole), counted buffers for
 * arrays (shared between documents, models and callers), plain checked malloc for the rest. */
#ifndef CRN_BASE_MEMORY_H
#define CRN_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* a * b into *out; false when it overflows. */
bool crn_mul_size(size_t a, size_t b, size_t *out);

/* calloc(n, size) with at least one byte, so that NULL always means "out of memory". free() it.
 */
void *crn_calloc(size_t n, size_t size);

/* Makes room for one more element in a growing array of `size`-byte elements: doubles *capacity
 * when `count` has reached it. *items is NULL and *capacity 0 at first. free() it. */
crn_status crn_grow(void **items, size_t *capacity, size_t count, size_t size, crn_error *err);

/* ---- arena ---- */

typedef struct crn_arena crn_arena;

/* limit: most bytes it may hand out; 0: no limit. NULL when out of memory. */
crn_arena *crn_arena_create(uint64_t limit);
void crn_arena_destroy(crn_arena *arena); /* NULL is fine */

/* Zeroed, aligned for any type. NULL when memory or the limit is used up; crn_arena_fail() then
 * says which. n * size must not have been computed by the caller: overflow is checked here. */
void *crn_arena_alloc(crn_arena *arena, size_t n, size_t size);
crn_status crn_arena_fail(const crn_arena *arena, crn_error *err);

/* A copy of `size` bytes with a NUL behind. */
char *crn_arena_text(crn_arena *arena, const char *text, size_t size);

/* ---- counted buffers ---- */

/* The memory that arrays own together. Counted atomically: references may be dropped on any
 * thread. */
typedef struct crn_buffer crn_buffer;

/* `size` zeroed bytes, aligned to 64. NULL when out of memory. One reference is the caller's.
 */
crn_buffer *crn_buffer_create(size_t size);

/* Wraps memory that `release(context)` gives back with the last reference (a map, an inflated
 * block). On NULL (out of memory) nothing was taken: the caller still owns it. */
crn_buffer *crn_buffer_wrap(void *data, size_t size, void (*release)(void *context),
                            void *context);

crn_buffer *crn_buffer_retain(crn_buffer *buffer); /* NULL is fine; returns its argument */
void crn_buffer_release(crn_buffer *buffer);       /* NULL is fine */
/* Says that the buffer is a map of a file, never written: its pages can come again from there. */
void crn_buffer_mark_file(crn_buffer *buffer);
/* Whoever read these bytes will not ask for them soon: pages of a file need not stay in memory.
 * Nothing for other buffers, and NULL. */
void crn_buffer_rest(const crn_buffer *buffer, const void *from, size_t size);
void *crn_buffer_data(const crn_buffer *buffer);
size_t crn_buffer_size(const crn_buffer *buffer);

#endif
