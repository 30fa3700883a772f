/* SPDX-License-Identifier: BSD-3-Clause */
/* Fits the estimators of tests/golden/sklearn/make_fits.py and compares them with what
 * scikit-learn fitted; reads estimators from states written as Python writes them. */
#ifndef CRN_TESTS_SKLEARN_FITTING_H
#define CRN_TESTS_SKLEARN_FITTING_H

#include "test.h"

#include "cornichon/cornichon.h"
#include "format/pickle.h"
#include "model/expression.h"
#include "sklearn/estimator.h"
#include "unit/solve/golden.h"

static crn_error err;
static golden_file fits;

/* Group setup and teardown. */
static inline int read_fits(void **state)
{
    (void)state;
    fits = golden_read("../sklearn/fits");
    return 0;
}

static inline int free_fits(void **state)
{
    (void)state;
    golden_free(&fits);
    return 0;
}

/* ---- data ---- */

static inline crn_array matrix_of(const char *name)
{
    const golden_matrix *m = golden_get(&fits, "%s", name);
    return crn_array_view_2d(m->values, CRN_FLOAT64, m->rows, m->columns);
}

static inline crn_array vector_of(const char *name)
{
    const golden_matrix *m = golden_get(&fits, "%s", name);
    return crn_array_view_1d(m->values, CRN_FLOAT64, m->rows * m->columns);
}

/* y and weight may be NULL. */
static inline crn_data data_of(const char *x, const char *y, const char *weight)
{
    crn_data data = CRN_DATA_INIT;
    data.x = matrix_of(x);
    if (y != NULL)
        data.y = vector_of(y);
    if (weight != NULL)
        data.sample_weight = vector_of(weight);
    return data;
}

/* ---- warnings ---- */

typedef struct warnings {
    int count;
    char text[8][800];
} warnings;

static inline void hear_warning(void *context, const char *message)
{
    warnings *heard = context;
    assert_null(strchr(message, '\n')); /* one line, as model.h says */
    if (heard->count < 8)
        snprintf(heard->text[heard->count], sizeof heard->text[0], "%s", message);
    heard->count++;
}

static inline crn_fit_options listening(warnings *heard)
{
    crn_fit_options options = CRN_FIT_OPTIONS_INIT;
    *heard = (warnings){0};
    options.warning = hear_warning;
    options.warning_context = heard;
    return options;
}

/* ---- models ---- */

static inline crn_model *parse(const char *expression)
{
    crn_model *model = NULL;
    assert_ok(crn_model_parse(expression, &model, &err));
    return model;
}

static inline crn_model *fitted_on(const char *expression, const crn_data *data)
{
    crn_model *model = parse(expression);
    assert_ok(crn_model_fit(model, data, NULL, NULL, &err));
    return model;
}

static inline crn_model *fitted(const char *expression, const char *x, const char *y)
{
    const crn_data data = data_of(x, y, NULL);
    return fitted_on(expression, &data);
}

static inline void assert_fit_fails(const char *expression, const crn_data *data,
                                    crn_status status, const char *message)
{
    crn_model *model = parse(expression);
    assert_status(status, crn_model_fit(model, data, NULL, NULL, &err));
    assert_string_equal(err.message, message);
    crn_model_destroy(model);
}

static inline void assert_parse_fails(const char *expression, crn_status status,
                                      const char *message)
{
    crn_model *model = NULL;
    assert_status(status, crn_model_parse(expression, &model, &err));
    assert_null(model);
    assert_string_equal(err.message, message);
}

/* Element by element, with the name in the message. */
static inline void assert_golden(const crn_array *got, const golden_matrix *want, double rtol)
{
    if (crn_array_size(got) != want->rows * want->columns)
        fail_msg("%s has %lld elements", want->name, (long long)crn_array_size(got));
    for (int64_t i = 0; i < want->rows * want->columns; i++) {
        const double a = crn_array_get(got, i), b = want->values[i];
        if (!(fabs(a - b) <= rtol * 1e-2 + rtol * fabs(b)) && !(isnan(a) && isnan(b)))
            fail_msg("%s: element %lld is %.17g, not %.17g", want->name, (long long)i, a, b);
    }
}

/* The attributes, separated by commas, are those of scikit-learn's case. */
static inline void assert_attributes(const crn_model *model, const char *name,
                                     const char *attributes, double rtol)
{
    char list[160], *rest = list;
    snprintf(list, sizeof list, "%s", attributes);
    for (char *at = strtok_r(list, ",", &rest); at != NULL; at = strtok_r(NULL, ",", &rest)) {
        crn_array got = CRN_ARRAY_INIT, numbers = CRN_ARRAY_INIT;
        const golden_matrix *want = golden_get(&fits, "%s.%s", name, at);
        assert_ok(crn_model_get(model, at, &got, &err));
        assert_ok(crn_array_astype(&got, CRN_FLOAT64, &numbers, &err));
        assert_golden(&numbers, want, rtol);
        crn_array_free(&got);
        crn_array_free(&numbers);
    }
}

/* What a method gives for the rows is the golden matrix of that name. */
static inline void assert_answer(const crn_model *model, crn_method method,
                                 const crn_array *rows, const char *name, double rtol)
{
    crn_array got = CRN_ARRAY_INIT;
    const golden_matrix *want = golden_get(&fits, "%s", name);
    assert_ok(crn_model_predict(model, method, rows, &got, &err));
    assert_int_equal(got.dtype, CRN_FLOAT64);
    assert_golden(&got, want, rtol);
    crn_array_free(&got);
}

/* One number of a model. */
static inline double number_of(const crn_model *model, const char *path)
{
    crn_array got = CRN_ARRAY_INIT;
    assert_ok(crn_model_get(model, path, &got, &err));
    const double value = crn_array_get(&got, 0);
    crn_array_free(&got);
    return value;
}

/* ---- states ---- */

/* The model of an instance with that state, a dict as Python prints it; lists stand for arrays.
 */
static inline crn_status read_state(const char *module, const char *cls, const char *state,
                                    crn_model **out)
{
    crn_document *document = NULL;
    crn_object *dict = NULL;
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_ok(crn_expression_parse(document, state, strlen(state), &dict, &err));
    crn_object *object =
        crn_object_instance(document, CRN_BY_NEWOBJ, crn_object_global(document, module, cls));
    assert_non_null(object);
    object->as.instance->state = dict;
    err = (crn_error)CRN_ERROR_INIT;
    crn_status status = crn_sklearn_read(object, document, out, &err);
    crn_document_release(document);
    return status;
}

static inline crn_model *model_of_state(const char *module, const char *cls, const char *state)
{
    crn_model *model = NULL;
    if (read_state(module, cls, state, &model) != CRN_OK)
        fail_msg("%s: %s (%s)", cls, err.message, err.where);
    return model;
}

static inline void assert_state_fails(const char *module, const char *cls, const char *state,
                                      crn_status status, const char *message)
{
    crn_model *model = NULL;
    assert_int_equal(read_state(module, cls, state, &model), status);
    assert_null(model);
    assert_string_equal(err.message, message);
}

/* Saves, loads and frees the model: what came back. */
static inline crn_model *saved_and_loaded(crn_model *model, const char *path,
                                          const char *sklearn)
{
    crn_save_options options = CRN_SAVE_OPTIONS_INIT;
    crn_model *back = NULL;
    options.sklearn = sklearn;
    assert_ok(crn_model_save(model, path, &options, &err));
    crn_model_destroy(model);
    assert_ok(crn_model_load(path, NULL, &back, &err));
    remove(path);
    return back;
}

#endif
