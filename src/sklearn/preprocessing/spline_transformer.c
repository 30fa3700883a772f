/* SPDX-License-Identifier: BSD-3-Clause */
/* SplineTransformer, as sklearn/preprocessing/_polynomial.py (1.9), and the states of SciPy's
 * BSpline: a dict up to SciPy 1.17, where the arrays are hidden ones, a pair of an inner object
 * and an array from 1.18 on. */
#include <math.h>
#include <string.h>

#include "format/pickle.h"
#include "ops/features.h"
#include "sklearn/estimator.h"

typedef struct spline_transformer {
    crn_estimator_base base;
    int64_t n_knots, degree;
    const crn_object *knots_;
    const char *extrapolation, *order, *handle_missing;
    bool include_bias, sparse_output;
    const crn_object *bsplines_; /* list (n_features_in_) of BSpline */
    int64_t n_features_out_;
    /* made of bsplines_ */
    crn_array t; /* (n_features_in_, knots): the knots of each, with those beyond the range */
} spline_transformer;

static const crn_field fields[] = {
    CRN_PARAM(spline_transformer, n_knots, INT, "5", "int >= 2"),
    CRN_PARAM(spline_transformer, degree, INT, "3", "int >= 0"),
    {.name = "knots",
     .type = CRN_FIELD_OBJECT,
     .flags = CRN_FIELD_PARAM,
     .offset = offsetof(spline_transformer, knots_),
     .dflt = "'uniform'",
     .constraint = "'quantile' | 'uniform' | array"},
    CRN_PARAM(spline_transformer, extrapolation, STRING, "'constant'",
              "'constant' | 'continue' | 'error' | 'linear' | 'periodic'"),
    CRN_PARAM(spline_transformer, include_bias, BOOL, "True", NULL),
    CRN_PARAM(spline_transformer, order, STRING, "'C'", "'C' | 'F'"),
    CRN_PARAM_SINCE(spline_transformer, handle_missing, STRING, "'error'", "'error' | 'zeros'",
                    "1.8", NULL),
    CRN_PARAM_SINCE(spline_transformer, sparse_output, BOOL, "False", NULL, "1.3", NULL),
    CRN_BASE_FIELDS,
    CRN_FITTED(spline_transformer, bsplines_, OBJECT),
    CRN_FITTED(spline_transformer, n_features_out_, INT),
    CRN_FIELDS_END,
};

static void release(void *self)
{
    crn_array_free(&((spline_transformer *)self)->t);
}

/* In the order of crn_extrapolation. */
static const char *const extrapolations[] = {"error", "constant", "linear", "continue",
                                             "periodic"};
enum { EXTRAPOLATIONS = sizeof extrapolations / sizeof *extrapolations };

static int extrapolation_of(const spline_transformer *self)
{
    for (int i = 0; i < EXTRAPOLATIONS; i++) {
        if (self->extrapolation != NULL && strcmp(self->extrapolation, extrapolations[i]) == 0)
            return i;
    }
    return EXTRAPOLATIONS;
}

/* Splines of a feature: those of a period are folded together. */
static int64_t spline_count(const spline_transformer *self, int64_t knots)
{
    const int64_t folded =
        extrapolation_of(self) == CRN_EXTRAPOLATE_PERIODIC ? self->degree : 0;
    return knots - self->degree - 1 - folded;
}

/* ---- reading ---- */

/* The dict with k, t and c (SciPy 1.17: _t and _c). */
static const crn_object *attributes_of(const crn_object *spline)
{
    const crn_object *state =
        crn_object_is(spline, CRN_OBJ_INSTANCE) ? spline->as.instance->state : NULL;
    const crn_object *inner = crn_object_item(state, 0);
    if (crn_object_is(state, CRN_OBJ_TUPLE) && crn_object_is(inner, CRN_OBJ_INSTANCE))
        state = inner->as.instance->state;
    return crn_object_is(state, CRN_OBJ_DICT) ? state : NULL;
}

enum { PART_T, PART_C, PART_K };

/* Knots, coefficients or degree: an attribute, or what a call says: BSpline(t, c, k, ...), as
 * we write it. */
static const crn_object *part_of(const crn_object *spline, size_t place)
{
    static const char *const names[] = {"t", "c", "k"}, *const hidden[] = {"_t", "_c", "k"};
    const crn_object *attributes = attributes_of(spline);
    if (attributes != NULL) {
        const crn_object *part = crn_object_get(attributes, names[place]);
        return part != NULL ? part : crn_object_get(attributes, hidden[place]);
    }
    const crn_object *args =
        crn_object_is(spline, CRN_OBJ_INSTANCE) ? spline->as.instance->args : NULL;
    return crn_object_item(args, place);
}

/* The coefficients are those of a basis: row i is 1 at i, and at i - count beyond the last. */
static bool is_basis(const crn_array *c, int64_t count)
{
    const double *at = c->data;
    for (int64_t i = 0; i < c->shape[0]; i++) {
        for (int64_t j = 0; j < count; j++) {
            if (at[i * count + j] != (i % count == j ? 1.0 : 0.0))
                return false;
        }
    }
    return true;
}

static crn_status check_coefficients(const spline_transformer *self, const crn_object *object,
                                     int64_t knots, crn_error *err)
{
    crn_array c = CRN_ARRAY_INIT, dense = CRN_ARRAY_INIT;
    const int64_t count = spline_count(self, knots);
    crn_status status = CRN_OK;
    CRN_TRY_OR_DONE(crn_object_to_array(object, &c, err));
    if (c.ndim != 2 || c.shape[0] != knots - self->degree - 1 || c.shape[1] != count)
        CRN_TRY_OR_DONE(crn_fail(err, CRN_FORMAT, "c does not fit t"));
    CRN_TRY_OR_DONE(crn_array_astype(&c, CRN_FLOAT64, &dense, err));
    if (!is_basis(&dense, count))
        CRN_TRY_OR_DONE(
            crn_fail(err, CRN_UNSUPPORTED, "splines that are no basis are not supported"));
done:
    crn_array_free(&c);
    crn_array_free(&dense);
    return status;
}

/* Knots that fit the degree; the number is that of the first feature. */
static crn_status check_knots(const spline_transformer *self, const crn_array *t,
                              int64_t feature, crn_error *err)
{
    const int64_t least = 2 * (self->degree + 1);
    if (t->ndim != 1 || t->dtype != CRN_FLOAT64 || t->shape[0] < least ||
        spline_count(self, t->shape[0]) < (self->degree > 1 ? self->degree : 1) ||
        (feature > 0 && t->shape[0] != self->t.shape[1]))
        return crn_fail(err, CRN_FORMAT, "t does not fit the degree");
    for (int64_t i = 0; i < t->shape[0]; i++) {
        const double knot = crn_array_get(t, i);
        if (!isfinite(knot) || (i > 0 && knot < crn_array_get(t, i - 1)))
            return crn_fail(err, CRN_FORMAT, "t does not rise");
    }
    return CRN_OK;
}

static crn_status make_room(spline_transformer *self, int64_t features, int64_t knots,
                            crn_error *err)
{
    enum { MOST_KNOTS = 1 << 24 };
    const int64_t shape[2] = {features, knots};
    if (knots > MOST_KNOTS / features)
        return crn_fail(err, CRN_LIMIT, "more than %d knots", MOST_KNOTS);
    release(self);
    return crn_array_create(CRN_FLOAT64, 0, 2, shape, &self->t, err);
}

static crn_status read_spline(spline_transformer *self, int64_t features, int64_t j,
                              crn_error *err)
{
    const crn_object *spline = crn_object_item(self->bsplines_, (size_t)j);
    crn_array t = CRN_ARRAY_INIT;
    crn_status status = CRN_OK;
    int64_t degree;
    if (part_of(spline, PART_T) == NULL || part_of(spline, PART_C) == NULL)
        return crn_fail(err, CRN_FORMAT, "no BSpline");
    if (!crn_object_as_int(part_of(spline, PART_K), &degree) || degree != self->degree)
        return crn_fail(err, CRN_FORMAT, "k is not the degree");
    CRN_TRY_OR_DONE(crn_object_to_array(part_of(spline, PART_T), &t, err));
    CRN_TRY_OR_DONE(check_knots(self, &t, j, err));
    if (j == 0)
        CRN_TRY_OR_DONE(make_room(self, features, t.shape[0], err));
    CRN_TRY_OR_DONE(check_coefficients(self, part_of(spline, PART_C), t.shape[0], err));
    CRN_TRY_OR_DONE(
        crn_array_copy_to(&t, CRN_FLOAT64, 0, (double *)self->t.data + j * t.shape[0], err));
done:
    crn_array_free(&t);
    return status;
}

static crn_status check(void *self, crn_error *err)
{
    spline_transformer *model = self;
    const int64_t features = (int64_t)crn_object_length(model->bsplines_);
    if (extrapolation_of(model) == EXTRAPOLATIONS)
        return crn_fail(err, CRN_UNSUPPORTED, "extrapolation='%s' is not supported",
                        model->extrapolation != NULL ? model->extrapolation : "None");
    if (model->degree < 0 || model->degree > 1 << 20)
        return crn_fail(err, CRN_FORMAT, "degree is out of range");
    if (model->base.n_features_in_ < 0)
        model->base.n_features_in_ = features;
    if (!crn_object_is(model->bsplines_, CRN_OBJ_LIST) || features < 1 ||
        features != model->base.n_features_in_)
        return crn_fail(err, CRN_FORMAT, "bsplines_ is not a list of %lld splines",
                        (long long)model->base.n_features_in_);
    for (int64_t j = 0; j < features; j++) {
        if (read_spline(model, features, j, err) != CRN_OK)
            return crn_where(err, "bsplines_[%lld]", (long long)j);
    }
    return CRN_OK;
}

/* ---- operations ---- */

static bool missing_is_zero(const spline_transformer *self)
{
    return self->handle_missing != NULL && strcmp(self->handle_missing, "zeros") == 0;
}

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    const spline_transformer *model = self;
    const crn_splines splines = {.degree = model->degree,
                                 .extrapolation = (crn_extrapolation)extrapolation_of(model),
                                 .include_bias = model->include_bias};
    return crn_spline_features(graph, x, &splines, crn_graph_constant(graph, &model->t));
}

static crn_admitted admits(const void *self, crn_method method)
{
    (void)method;
    return missing_is_zero(self) ? CRN_ADMITS_NAN : CRN_ADMITS_FINITE;
}

/* ---- writing ---- */

/* scipy.interpolate.BSpline(t, c, k, extrapolate): the constructor takes what states of some
 * versions do not. */
static crn_object *write_spline(const crn_object *spline, bool extrapolates, int64_t degree,
                                crn_document *document)
{
    crn_object *cls = crn_object_global(document, "scipy.interpolate", "BSpline");
    crn_object *call = cls != NULL ? crn_object_instance(document, CRN_BY_REDUCE, cls) : NULL;
    crn_object *args = crn_object_new(document, CRN_OBJ_TUPLE);
    if (call == NULL || args == NULL)
        return NULL;
    for (size_t i = 0; i < 2; i++) {
        crn_array array = CRN_ARRAY_INIT;
        if (crn_object_to_array(part_of(spline, i), &array, NULL) != CRN_OK)
            return NULL;
        const bool ok = crn_object_append(document, args, crn_object_array(document, &array));
        crn_array_free(&array);
        if (!ok)
            return NULL;
    }
    if (!crn_object_append(document, args, crn_object_int(document, degree)) ||
        !crn_object_append(document, args, crn_object_bool(document, extrapolates)))
        return NULL;
    call->as.instance->args = args;
    return call;
}

static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    (void)sklearn;
    const spline_transformer *model = self;
    const int extrapolation = extrapolation_of(model);
    const bool extrapolates =
        extrapolation == CRN_EXTRAPOLATE_PERIODIC || extrapolation == CRN_EXTRAPOLATE_CONTINUE;
    if (!model->base.fitted)
        return CRN_OK;
    crn_object *list = crn_object_new(document, CRN_OBJ_LIST);
    for (int64_t j = 0; j < model->t.shape[0]; j++) {
        const crn_object *spline = crn_object_item(model->bsplines_, (size_t)j);
        if (!crn_object_append(document, list,
                               write_spline(spline, extrapolates, model->degree, document)))
            return crn_arena_fail(document->arena, err);
    }
    return crn_object_set(document, state, "bsplines_", list)
               ? CRN_OK
               : crn_arena_fail(document->arena, err);
}

const crn_estimator crn_estimator_SplineTransformer = {
    .name = "SplineTransformer",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._polynomial",
    .size = sizeof(spline_transformer),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .lower = lower,
    .check = check,
    .admits = admits,
    .write = write,
    .release = release,
};
