/* SPDX-License-Identifier: BSD-3-Clause */
/* "Did you mean": the nearest of some names by edit distance (Wagner and Fischer, 1974). */
#include "base/text.h"

#include <string.h>

/* A changed case costs so little that it only decides between equals. */
enum { LONGEST_NAME = 80, EDIT = 100, CASE = 1 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* EDIT for each character to insert, delete or replace, CASE for each in the wrong case. */
static int distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    int row[LONGEST_NAME + 1]; /* (b_size + 1): distances of a's first i characters */
    for (size_t j = 0; j <= b_size; j++)
        row[j] = EDIT * (int)j;
    for (size_t i = 1; i <= a_size; i++) {
        int diagonal = row[0];
        row[0] = EDIT * (int)i;
        for (size_t j = 1; j <= b_size; j++) {
            int change = a[i - 1] == b[j - 1]                 ? 0
                         : lower(a[i - 1]) == lower(b[j - 1]) ? CASE
                                                              : EDIT;
            int best = least(diagonal + change, least(row[j], row[j - 1]) + EDIT);
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[b_size];
}

const char *crn_nearest_name(const char *name, size_t count,
                             const char *(*name_of)(const void *context, size_t i),
                             const void *context)
{
    size_t size = strlen(name);
    if (size == 0 || size > LONGEST_NAME)
        return NULL;
    /* A third of the characters may be wrong, in short names two; the case always. */
    int edits_allowed = size > 6 ? (int)size / 3 : size > 2 ? 2 : 1;
    int allowed = EDIT * edits_allowed + CASE * (int)size;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *candidate = name_of(context, i);
        size_t candidate_size = candidate != NULL ? strlen(candidate) : 0;
        if (candidate_size == 0 || candidate_size > LONGEST_NAME)
            continue;
        int edits = distance(name, size, candidate, candidate_size);
        /* With everything replaced nothing of the name is left. */
        bool alike = edits < EDIT * (int)(size < candidate_size ? candidate_size : size);
        if (alike && (nearest == NULL ? edits <= allowed : edits < allowed)) {
            nearest = candidate;
            allowed = edits;
        }
    }
    return nearest;
}
