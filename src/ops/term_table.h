/* SPDX-License-Identifier: BSD-3-Clause */
/* From terms to columns: a hash table of texts, filled once and then only read. */
#ifndef CRN_OPS_TERM_TABLE_H
#define CRN_OPS_TERM_TABLE_H

#include "base/error.h"
#include "base/memory.h"

typedef struct crn_term_table crn_term_table;

/* Room for `count` terms of `bytes` bytes in all. */
crn_status crn_term_table_create(size_t count, size_t bytes, crn_term_table **out,
                                 crn_error *err);
void crn_term_table_destroy(crn_term_table *table); /* NULL is fine */

/* Copies the term; the caller keeps within what the table was made for. A term that is there
 * already gets the new column. */
void crn_term_table_add(crn_term_table *table, const char *term, size_t size, int32_t column);

/* The term's column; -1: unknown. */
int32_t crn_term_table_find(const crn_term_table *table, const char *term, size_t size);

#endif
