/* SPDX-License-Identifier: BSD-3-Clause */
/* Open addressing with linear probing, at most half full. A slot holds the hash, so that a text
 * is compared only where it is found; texts of up to 8 bytes, which most terms are, stand in the
 * slot themselves. */
#include "ops/term_table.h"

#include <stdlib.h>
#include <string.h>

typedef struct slot {
    union {
        uint64_t inlined; /* size <= 8: the text, padded with zeros */
        size_t at;        /* else: where it begins in `texts` */
    } text;
    uint32_t hash;
    int32_t column; /* -1: the slot is free */
    uint32_t size;
} slot;

struct crn_term_table {
    slot *slots;
    size_t mask; /* number of slots - 1 */
    char *texts;
    size_t used; /* bytes of `texts` */
};

crn_status crn_term_table_create(size_t count, size_t bytes, crn_term_table **out,
                                 crn_error *err)
{
    enum { LEAST = 16 };
    size_t slots = LEAST;
    while (slots < 2 * count && slots <= SIZE_MAX / 4)
        slots *= 2;
    crn_term_table *table = crn_calloc(1, sizeof *table);
    if (table == NULL)
        return crn_no_memory(err);
    table->slots = crn_calloc(slots, sizeof *table->slots);
    table->texts = crn_calloc(bytes, 1);
    table->mask = slots - 1;
    if (table->slots == NULL || table->texts == NULL) {
        crn_term_table_destroy(table);
        return crn_no_memory(err);
    }
    for (size_t i = 0; i < slots; i++)
        table->slots[i].column = -1;
    *out = table;
    return CRN_OK;
}

void crn_term_table_destroy(crn_term_table *table)
{
    if (table == NULL)
        return;
    free(table->slots);
    free(table->texts);
    free(table);
}

/* The first (last) 8 bytes of a text, or all of a shorter one. */
static inline uint64_t load(const char *text, size_t size)
{
    uint64_t word = 0;
    uint32_t first, last;
    if (size >= 8) {
        memcpy(&word, text, 8);
    } else if (size >= 4) {
        memcpy(&first, text, 4);
        memcpy(&last, text + size - 4, 4);
        word = first | (uint64_t)last << (8 * (size - 4));
    } else if (size > 0) {
        word = (uint64_t)(unsigned char)text[0] |
               (uint64_t)(unsigned char)text[size / 2] << (8 * (size / 2)) |
               (uint64_t)(unsigned char)text[size - 1] << (8 * (size - 1));
    }
    return word;
}

/* Words of 8 bytes, mixed by multiplication. */
static inline uint32_t hash_of(const char *text, size_t size, uint64_t first)
{
    const uint64_t factor = 0x9E3779B97F4A7C15u;
    uint64_t hash = (first ^ size) * factor;
    for (size_t at = 8; at < size; at += 8) {
        const size_t from = size - at >= 8 ? at : size - 8;
        hash = (hash ^ (hash >> 32) ^ load(text + from, 8)) * factor;
    }
    return (uint32_t)(hash >> 32);
}

/* The slot of the term, or the free one where it belongs. */
static inline slot *place_of(const crn_term_table *table, const char *term, size_t size,
                             uint64_t first, uint32_t hash)
{
    for (size_t i = hash & table->mask;; i = (i + 1) & table->mask) {
        slot *s = &table->slots[i];
        if (s->column < 0)
            return s;
        if (s->hash != hash || s->size != size)
            continue;
        if (size <= 8 ? s->text.inlined == first
                      : memcmp(table->texts + s->text.at, term, size) == 0)
            return s;
    }
}

void crn_term_table_add(crn_term_table *table, const char *term, size_t size, int32_t column)
{
    const uint64_t first = load(term, size);
    const uint32_t hash = hash_of(term, size, first);
    slot *s = place_of(table, term, size, first, hash);
    if (s->column >= 0) {
        s->column = column;
        return;
    }
    *s = (slot){.hash = hash, .column = column, .size = (uint32_t)size};
    if (size <= 8) {
        s->text.inlined = first;
        return;
    }
    s->text.at = table->used;
    memcpy(table->texts + table->used, term, size);
    table->used += size;
}

int32_t crn_term_table_find(const crn_term_table *table, const char *term, size_t size)
{
    const uint64_t first = load(term, size);
    return place_of(table, term, size, first, hash_of(term, size, first))->column;
}
