/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading the golden files of tests/golden/base (made by make.py there) line by line and word
 * by word. */
#ifndef CRN_TESTS_GOLDEN_LINES_H
#define CRN_TESTS_GOLDEN_LINES_H

#include "test.h"

#include <stdlib.h>

enum { LONGEST_LINE = 1 << 16 };

/* Calls check(line) for every line, without its end; fails when there are none. */
static inline void for_each_line(const char *name, void (*check)(char *line))
{
    char path[1024];
    snprintf(path, sizeof path, "%s/base/%s", CRN_GOLDEN_DIR, name);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("cannot open %s", path);
    static char line[LONGEST_LINE];
    int count = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        check(line);
        count++;
    }
    fclose(file);
    assert_true(count > 100);
}

/* The next word of a line; *rest moves behind it. */
static inline char *next_word(char **rest)
{
    char *word = strtok_r(NULL, " ", rest);
    assert_non_null(word);
    return word;
}

#endif
