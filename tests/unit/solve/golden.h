/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads the golden files of tools/make_solve_golden.py: named matrices as text. */
#ifndef CRN_TESTS_SOLVE_GOLDEN_H
#define CRN_TESTS_SOLVE_GOLDEN_H

#include "test.h"

#include <stdlib.h>

typedef struct golden_matrix {
    char name[64];
    int64_t rows, columns;
    double *values; /* (rows, columns) */
} golden_matrix;

typedef struct golden_file {
    golden_matrix *matrices;
    size_t count;
} golden_file;

static inline golden_file golden_read(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/solve/%s.txt", CRN_GOLDEN_DIR, name);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("cannot open %s", path);
    golden_file golden = {0};
    golden_matrix next;
    long long rows, columns;
    while (fscanf(file, "%63s %lld %lld", next.name, &rows, &columns) == 3) {
        next.rows = rows;
        next.columns = columns;
        next.values = malloc((size_t)(rows * columns) * sizeof(double));
        assert_non_null(next.values);
        for (int64_t i = 0; i < rows * columns; i++)
            assert_int_equal(fscanf(file, "%lf", &next.values[i]), 1);
        golden.matrices = realloc(golden.matrices, (golden.count + 1) * sizeof next);
        assert_non_null(golden.matrices);
        golden.matrices[golden.count++] = next;
    }
    fclose(file);
    return golden;
}

static inline void golden_free(golden_file *golden)
{
    for (size_t i = 0; i < golden->count; i++)
        free(golden->matrices[i].values);
    free(golden->matrices);
    *golden = (golden_file){0};
}

/* A matrix by name; the name may be a format: golden_get(&file, "svd_%d_u", i). */
static inline const golden_matrix *golden_get(const golden_file *golden, const char *format,
                                              ...)
{
    char name[64];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    for (size_t i = 0; i < golden->count; i++)
        if (strcmp(golden->matrices[i].name, name) == 0)
            return &golden->matrices[i];
    fail_msg("no golden matrix %s", name);
    return NULL;
}

static inline double *new_doubles(int64_t n)
{
    double *values = calloc((size_t)(n > 0 ? n : 1), sizeof(double));
    assert_non_null(values);
    return values;
}

#define assert_matrix_close(got, want, rtol, atol)                                             \
    assert_close(got, (want)->values, (size_t)((want)->rows * (want)->columns), rtol, atol)

/* The sample weights of all tests. */
static inline double *new_weights(int64_t n)
{
    double *weights = new_doubles(n);
    for (int64_t i = 0; i < n; i++)
        weights[i] = 0.5 + (double)(i * 7 % 11) / 10.0;
    return weights;
}

#endif
