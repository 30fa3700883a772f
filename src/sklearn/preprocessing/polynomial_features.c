/* SPDX-License-Identifier: BSD-3-Clause */
/* PolynomialFeatures, as sklearn/preprocessing/_polynomial.py (1.9). Files before 1.0 know no
 * minimum degree. */
#include "ops/features.h"
#include "sklearn/estimator.h"

typedef struct polynomial_features {
    crn_estimator_base base;
    const crn_object *degree; /* the largest, or (least, largest) */
    bool interaction_only, include_bias;
    const char *order;
    int64_t _min_degree, _max_degree, n_output_features_, _n_out_full; /* -1: not said */
    int64_t n_input_features_;
} polynomial_features;

/* clang-format off */
#define NUMBER(member, since_)                                                                 \
    {.name = #member, .type = CRN_FIELD_INT, .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,   \
     .offset = offsetof(polynomial_features, member), .dflt = "-1", .since = since_}
/* clang-format on */

static const crn_field fields[] = {
    CRN_PARAM(polynomial_features, degree, OBJECT, "2", "int >= 0 | array"),
    CRN_PARAM(polynomial_features, interaction_only, BOOL, "False", NULL),
    CRN_PARAM(polynomial_features, include_bias, BOOL, "True", NULL),
    CRN_PARAM_SINCE(polynomial_features, order, STRING, "'C'", "'C' | 'F'", "0.21", NULL),
    CRN_BASE_FIELDS,
    NUMBER(_min_degree, "1.0"),
    NUMBER(_max_degree, "1.0"),
    {.name = "n_output_features_",
     .type = CRN_FIELD_INT,
     .flags = CRN_FIELD_FITTED,
     .offset = offsetof(polynomial_features, n_output_features_)},
    NUMBER(_n_out_full, "1.0"),
    {.name = "n_input_features_",
     .type = CRN_FIELD_INT,
     .flags = CRN_FIELD_FITTED | CRN_FIELD_OPTIONAL,
     .offset = offsetof(polynomial_features, n_input_features_),
     .dflt = "-1",
     .until = "1.0"},
    CRN_FIELDS_END,
};

static crn_polynomial polynomial(const polynomial_features *self)
{
    return (crn_polynomial){.min_degree = self->_min_degree,
                            .max_degree = self->_max_degree,
                            .interaction_only = self->interaction_only,
                            .include_bias = self->include_bias};
}

/* Where the file does not say them: from the parameter. */
static crn_status settle_degrees(polynomial_features *self, crn_error *err)
{
    int64_t low = 0, high = 0;
    if (self->_min_degree < 0 || self->_max_degree < 0) {
        const bool pair = crn_object_length(self->degree) == 2;
        if (pair ? !crn_object_as_int(crn_object_item(self->degree, 0), &low) ||
                       !crn_object_as_int(crn_object_item(self->degree, 1), &high)
                 : !crn_object_as_int(self->degree, &high))
            return crn_fail(err, CRN_FORMAT, "degree is neither an int nor a pair of ints");
        self->_min_degree = low;
        self->_max_degree = high;
    }
    if (self->_min_degree < 0 || self->_max_degree < self->_min_degree)
        return crn_fail(err, CRN_FORMAT, "degree is not a range of degrees");
    return CRN_OK;
}

static crn_status check(void *self, crn_error *err)
{
    polynomial_features *model = self;
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = model->n_input_features_;
    CRN_TRY(settle_degrees(model, err));
    const crn_polynomial terms = polynomial(model);
    const int64_t n = model->base.n_features_in_;
    const int64_t whole = crn_polynomial_columns(&terms, n, true);
    if (n < 1 || whole < 0)
        return crn_fail(err, CRN_LIMIT, "more than %d polynomial features", CRN_MOST_COLUMNS);
    if (crn_polynomial_columns(&terms, n, false) != model->n_output_features_ ||
        model->n_output_features_ < 1)
        return crn_fail(err, CRN_FORMAT, "n_output_features_ does not fit the degrees");
    model->_n_out_full = whole;
    model->n_input_features_ = n;
    return CRN_OK;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    const crn_polynomial terms = polynomial(self);
    return crn_polynomial_features(graph, x, &terms);
}

/* Versions before 1.0 know a largest degree alone. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const polynomial_features *model = self;
    int64_t degree, least;
    if (crn_version_compare(sklearn, "1.0") >= 0 || crn_object_as_int(model->degree, &degree))
        return CRN_OK;
    if (!crn_object_as_int(crn_object_item(model->degree, 0), &least) || least > 1 ||
        !crn_object_as_int(crn_object_item(model->degree, 1), &degree))
        return crn_fail(err, CRN_UNSUPPORTED,
                        "scikit-learn %s takes no least degree, which came with 1.0", sklearn);
    return crn_object_set(document, state, "degree", crn_object_int(document, degree))
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_PolynomialFeatures = {
    .name = "PolynomialFeatures",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._polynomial sklearn.preprocessing._data "
               "sklearn.preprocessing.data",
    .size = sizeof(polynomial_features),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower,
    .check = check,
    .write = write,
};
