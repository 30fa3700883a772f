/* SPDX-License-Identifier: BSD-3-Clause */
/* The small models of tools/make_golden.py (area "model") and what they answer on five rows of
 * iris. */
#ifndef CRN_TESTS_MODEL_MODELS_H
#define CRN_TESTS_MODEL_MODELS_H

#include "test.h"

#include "cornichon/cornichon.h"
#include "unit/solve/golden.h"

static crn_error err;

static inline const char *model_path(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/model/%s.joblib", CRN_GOLDEN_DIR, name);
    return path;
}

static inline crn_model *load_model(const char *name)
{
    crn_model *model = NULL;
    assert_ok(crn_model_load(model_path(name), NULL, &model, &err));
    return model;
}

static inline crn_model *parse_model(const char *expression)
{
    crn_model *model = NULL;
    assert_ok(crn_model_parse(expression, &model, &err));
    return model;
}

static inline golden_file expected_answers(void)
{
    return golden_read("../model/expected");
}

/* (5, 4) rows of iris, borrowed from the golden file. */
static inline crn_array iris_rows(const golden_file *golden)
{
    const golden_matrix *rows = golden_get(golden, "rows");
    return crn_array_view_2d(rows->values, CRN_FLOAT64, rows->rows, rows->columns);
}

/* The model's method on the rows gives the matrix of that name. */
static inline void assert_answers(const crn_model *model, crn_method method, const crn_array *x,
                                  const golden_matrix *expected)
{
    crn_array y = CRN_ARRAY_INIT, numbers = CRN_ARRAY_INIT;
    assert_ok(crn_model_predict(model, method, x, &y, &err));
    assert_ok(crn_array_astype(&y, CRN_FLOAT64, &numbers, &err));
    assert_int_equal(crn_array_size(&y), expected->rows * expected->columns);
    assert_close(numbers.data, expected->values, (size_t)crn_array_size(&y), 1e-9, 1e-12);
    crn_array_free(&y);
    crn_array_free(&numbers);
}

/* Element i of a vector of strings, as ASCII. */
static inline const char *string_at(const crn_array *strings, int64_t i)
{
    static char text[64];
    const uint32_t *at = (const uint32_t *)strings->data + i * strings->itemsize / 4;
    size_t size = 0;
    for (; size < (size_t)strings->itemsize / 4 && at[size] != 0 && size < 63; size++)
        text[size] = (char)at[size];
    text[size] = '\0';
    return text;
}

#endif
