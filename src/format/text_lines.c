/* SPDX-License-Identifier: BSD-3-Clause */
/* A plain text as a table: one column, a string a line. What the text vectorizers read. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "format/csv.h"
#include "format/table.h"

/* The lines, without their ends; blank ones are empty strings, for their number matters. */
static crn_status find_lines(const char *text, size_t size, crn_span **spans, size_t *count,
                             crn_error *err)
{
    size_t capacity = 0;
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t length = end != NULL ? (size_t)(end - text) - at : size - at;
        void *grown = *spans;
        crn_status status = crn_grow(&grown, &capacity, *count, sizeof(crn_span), err);
        *spans = grown;
        CRN_TRY(status);
        bool cr = length > 0 && text[at + length - 1] == '\r';
        (*spans)[(*count)++] = (crn_span){.begin = at, .size = length - cr};
        at += length + 1;
    }
    return CRN_OK;
}

crn_status crn_lines_read(const char *text, size_t size, const crn_limits *limits,
                          crn_table **out, crn_error *err)
{
    crn_limits bounds = crn_limits_complete(limits);
    crn_span *spans = NULL;
    size_t count = 0;
    crn_table *table = NULL;
    crn_array lines = CRN_ARRAY_INIT;
    crn_status status;
    CRN_TRY_OR_DONE(find_lines(text, size, &spans, &count, err));
    CRN_TRY_OR_DONE(
        crn_strings_of_spans(text, spans, (int64_t)count, bounds.memory_bytes, &lines, err));
    CRN_TRY_OR_DONE(crn_table_create(&table, err));
    CRN_TRY_OR_DONE(crn_table_adopt(table, "", 0, &lines, err));
    *out = table;
    table = NULL;
done:
    free(spans);
    crn_table_destroy(table);
    return status;
}
