/* SPDX-License-Identifier: BSD-3-Clause */
/* keras.constraints: MaxNorm, NonNeg, UnitNorm, MinMaxNorm
 * (keras/src/constraints/constraints.py, 3.15), in float32. */
#include "keras/constraints/constraint.h"

#include <math.h>
#include <stdlib.h>

/* keras.config.epsilon() */
static const float epsilon = 1e-7f;

/* ---- norms over some axes ---- */

/* The weight's axes, split into those a norm is taken over and those that stay. */
typedef struct split {
    int over, stay;
    int64_t over_shape[CRN_MAX_NDIM], over_step[CRN_MAX_NDIM];
    int64_t stay_shape[CRN_MAX_NDIM], stay_step[CRN_MAX_NDIM];
} split;

static bool names_axis(const crn_object *axis, int32_t ndim, int32_t i)
{
    int64_t one;
    if (crn_object_as_int(axis, &one))
        return one == i || one + ndim == i;
    for (size_t k = 0; k < crn_object_length(axis); k++) {
        if (crn_object_as_int(crn_object_item(axis, k), &one) && (one == i || one + ndim == i))
            return true;
    }
    return false;
}

static split split_axes(const crn_array *weight, const crn_object *axis)
{
    split s = {0};
    int64_t step = crn_array_size(weight);
    for (int32_t i = 0; i < weight->ndim; i++) {
        step = weight->shape[i] > 0 ? step / weight->shape[i] : 0;
        if (names_axis(axis, weight->ndim, i)) {
            s.over_shape[s.over] = weight->shape[i];
            s.over_step[s.over++] = step;
        } else {
            s.stay_shape[s.stay] = weight->shape[i];
            s.stay_step[s.stay++] = step;
        }
    }
    return s;
}

static int64_t product(int n, const int64_t *shape)
{
    int64_t size = 1;
    for (int i = 0; i < n; i++)
        size *= shape[i];
    return size;
}

/* Where element k of the axes lies. */
static int64_t offset_of(int64_t k, int n, const int64_t *shape, const int64_t *step)
{
    int64_t offset = 0;
    for (int i = n - 1; i >= 0; i--) {
        offset += k % shape[i] * step[i];
        k /= shape[i];
    }
    return offset;
}

/* The factor by which a vector of this norm is multiplied. */
typedef float (*factor_fn)(const crn_constraint_config *config, float norm);

static void scale_vectors(const crn_constraint_config *config, const crn_array *weight,
                          factor_fn factor)
{
    split s = split_axes(weight, config->axis);
    int64_t length = product(s.over, s.over_shape);
    for (int64_t j = 0; j < product(s.stay, s.stay_shape); j++) {
        float *vector = (float *)weight->data + offset_of(j, s.stay, s.stay_shape, s.stay_step);
        float squares = 0.0f;
        for (int64_t k = 0; k < length; k++) {
            float x = vector[offset_of(k, s.over, s.over_shape, s.over_step)];
            squares += x * x;
        }
        float by = factor(config, sqrtf(squares));
        for (int64_t k = 0; k < length; k++)
            vector[offset_of(k, s.over, s.over_shape, s.over_step)] *= by;
    }
}

/* ---- classes ---- */

static float clip(float norm, double low, double high)
{
    return fminf(fmaxf(norm, (float)low), (float)high);
}

static float max_norm_factor(const crn_constraint_config *config, float norm)
{
    return clip(norm, 0.0, config->max_value) / (epsilon + norm);
}

static float unit_norm_factor(const crn_constraint_config *config, float norm)
{
    (void)config;
    return 1.0f / (epsilon + norm);
}

static float min_max_norm_factor(const crn_constraint_config *config, float norm)
{
    float desired = (float)config->rate * clip(norm, config->min_value, config->max_value) +
                    (float)(1.0 - config->rate) * norm;
    return desired / (epsilon + norm);
}

static void max_norm(const crn_constraint_config *config, const crn_array *weight)
{
    scale_vectors(config, weight, max_norm_factor);
}

static void unit_norm(const crn_constraint_config *config, const crn_array *weight)
{
    scale_vectors(config, weight, unit_norm_factor);
}

static void min_max_norm(const crn_constraint_config *config, const crn_array *weight)
{
    scale_vectors(config, weight, min_max_norm_factor);
}

static void non_neg(const crn_constraint_config *config, const crn_array *weight)
{
    (void)config;
    float *w = weight->data;
    for (int64_t i = 0; i < crn_array_size(weight); i++)
        w[i] = w[i] < 0.0f ? 0.0f : w[i];
}

/* Axes are an int or a list of ints. */
static crn_status check(const void *config, crn_error *err)
{
    const crn_object *axis = ((const crn_constraint_config *)config)->axis;
    int64_t one;
    bool good = axis == NULL || crn_object_as_int(axis, &one) || crn_object_length(axis) > 0;
    for (size_t k = 0; k < crn_object_length(axis); k++)
        good = good && crn_object_as_int(crn_object_item(axis, k), &one);
    return good ? CRN_OK
                : crn_fail(err, CRN_ARGUMENT,
                           "`axis` of a constraint must be an int or a list of ints");
}

#define AXIS CRN_PARAM(crn_constraint_config, axis, OBJECT, "0", NULL)

static const crn_field max_norm_fields[] = {
    CRN_PARAM(crn_constraint_config, max_value, REAL, "2", NULL), AXIS, CRN_FIELDS_END};
static const crn_field unit_norm_fields[] = {AXIS, CRN_FIELDS_END};
static const crn_field non_neg_fields[] = {CRN_FIELDS_END};
static const crn_field min_max_norm_fields[] = {
    CRN_PARAM(crn_constraint_config, min_value, REAL, "0.0", NULL),
    CRN_PARAM(crn_constraint_config, max_value, REAL, "1.0", NULL),
    CRN_PARAM(crn_constraint_config, rate, REAL, "1.0", NULL), AXIS, CRN_FIELDS_END};

#define CONSTRAINT(class_, others, function)                                                   \
    static const crn_constraint_class function##_class = {                                     \
        .base = {.name = #class_,                                                              \
                 .other_names = others,                                                        \
                 .module = "keras.constraints",                                                \
                 .size = sizeof(crn_constraint_config),                                        \
                 .fields = function##_fields,                                                  \
                 .check = check},                                                              \
        .apply = function}

CONSTRAINT(MaxNorm, "max_norm", max_norm);
CONSTRAINT(MinMaxNorm, "min_max_norm", min_max_norm);
CONSTRAINT(NonNeg, "non_neg", non_neg);
CONSTRAINT(UnitNorm, "unit_norm", unit_norm);

static const crn_keras_class *const classes[] = {&max_norm_class.base, &min_max_norm_class.base,
                                                 &non_neg_class.base, &unit_norm_class.base};

const crn_keras_kind crn_constraints = {
    .noun = "constraint", .classes = classes, .count = sizeof classes / sizeof *classes};

crn_status crn_constraint_read(const crn_object *object, crn_document *document,
                               crn_constraint *out, crn_error *err)
{
    *out = (crn_constraint){0};
    if (object == NULL || crn_object_is_none(object))
        return CRN_OK;
    const crn_keras_class *cls;
    void *config;
    CRN_TRY(crn_keras_class_read(&crn_constraints, object, document, &cls, &config, err));
    out->cls = (const crn_constraint_class *)cls;
    out->config = *(const crn_constraint_config *)config;
    free(config);
    return CRN_OK;
}

crn_object *crn_constraint_write(const crn_constraint *constraint, crn_document *document)
{
    return constraint->cls == NULL
               ? crn_object_none(document)
               : crn_keras_class_write(&constraint->cls->base, &constraint->config, document);
}

void crn_constraint_apply(const crn_constraint *constraint, const crn_array *weight)
{
    if (constraint->cls != NULL)
        constraint->cls->apply(&constraint->config, weight);
}
