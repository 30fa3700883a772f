/* SPDX-License-Identifier: BSD-3-Clause */
/* Open addressing with linear probing, at most half full. A slot says all of a text of up to 8
 * bytes, as most terms are; of a longer one it holds a hash, and the text stands elsewhere. */
#include "ops/term_table.h"

#include <stdlib.h>
#include <string.h>

typedef struct slot {
    uint64_t key;   /* size <= 8: the text, padded with zeros; else its hash */
    int32_t column; /* -1: the slot is free */
    uint32_t size;
} slot;

struct crn_term_table {
    slot *slots;
    size_t *places; /* [slots]: where a longer text begins in `texts` */
    size_t mask;    /* number of slots - 1 */
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
    table->places = crn_calloc(slots, sizeof *table->places);
    table->texts = crn_calloc(bytes, 1);
    table->mask = slots - 1;
    if (table->slots == NULL || table->places == NULL || table->texts == NULL) {
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
    free(table->places);
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
static inline uint64_t mix(uint64_t hash, uint64_t word)
{
    return (hash ^ (hash >> 32) ^ word) * 0x9E3779B97F4A7C15u;
}

/* What the slot of a text holds as its key. */
static inline uint64_t key_of(const char *text, size_t size)
{
    uint64_t key = load(text, size);
    for (size_t at = 8; at < size; at += 8)
        key = mix(key, load(text + (size - at >= 8 ? at : size - 8), 8));
    return key;
}

/* The place of the term, or the free one where it belongs. */
static inline size_t place_of(const crn_term_table *table, const char *term, size_t size)
{
    const uint64_t key = key_of(term, size), hash = mix(key, size);
    for (size_t i = (size_t)(hash >> 32) & table->mask;; i = (i + 1) & table->mask) {
        const slot *s = &table->slots[i];
        if (s->column < 0)
            return i;
        if (s->key == key && s->size == size &&
            (size <= 8 || memcmp(table->texts + table->places[i], term, size) == 0))
            return i;
    }
}

void crn_term_table_add(crn_term_table *table, const char *term, size_t size, int32_t column)
{
    const size_t place = place_of(table, term, size);
    slot *s = &table->slots[place];
    if (s->column < 0 && size > 8) {
        table->places[place] = table->used;
        memcpy(table->texts + table->used, term, size);
        table->used += size;
    }
    *s = (slot){.key = key_of(term, size), .column = column, .size = (uint32_t)size};
}

int32_t crn_term_table_find(const crn_term_table *table, const char *term, size_t size)
{
    return table->slots[place_of(table, term, size)].column;
}
