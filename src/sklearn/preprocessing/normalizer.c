/* SPDX-License-Identifier: BSD-3-Clause */
/* Normalizer, as sklearn/preprocessing/_data.py (1.9): each row divided by its norm. */
#include <string.h>

#include "ops/normalise_rows.h"
#include "sklearn/estimator.h"

typedef struct normalizer {
    crn_estimator_base base;
    const char *norm;
    bool copy;
} normalizer;

static const crn_field fields[] = {
    CRN_PARAM(normalizer, norm, STRING, "'l2'", "'l1' | 'l2' | 'max'"),
    CRN_PARAM(normalizer, copy, BOOL, "True", NULL),
    CRN_BASE_FIELDS,
    CRN_FIELDS_END,
};

static crn_status check(void *self, crn_error *err)
{
    const char *norm = ((const normalizer *)self)->norm;
    if (norm == NULL ||
        (strcmp(norm, "l1") != 0 && strcmp(norm, "l2") != 0 && strcmp(norm, "max") != 0))
        return crn_fail(err, CRN_UNSUPPORTED, "norm='%s' is not supported",
                        norm != NULL ? norm : "None");
    return CRN_OK;
}

/* Before 0.23 the norm 'max' was the largest value, whatever its sign. */
static bool is_signed(const char *version)
{
    return version != NULL && crn_version_compare(version, "0.23") < 0;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    const normalizer *model = self;
    if (strcmp(model->norm, "l1") == 0)
        return crn_normalise_rows(graph, x, CRN_NORM_L1);
    if (strcmp(model->norm, "l2") == 0)
        return crn_normalise_rows(graph, x, CRN_NORM_L2);
    return crn_normalise_rows(
        graph, x, is_signed(model->base.sklearn_version) ? CRN_NORM_LARGEST : CRN_NORM_MAX);
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    (void)document, (void)state;
    const normalizer *model = self;
    if (model->norm != NULL && strcmp(model->norm, "max") == 0 &&
        is_signed(sklearn) != is_signed(model->base.sklearn_version))
        return crn_fail(err, CRN_UNSUPPORTED,
                        "scikit-learn %s has another norm='max', which changed with 0.23",
                        sklearn);
    return CRN_OK;
}

const crn_estimator crn_estimator_Normalizer = {
    .name = "Normalizer",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._data sklearn.preprocessing.data",
    .size = sizeof(normalizer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower,
    .check = check,
    .write = write,
};
