/* SPDX-License-Identifier: BSD-3-Clause */
/* TargetEncoder, as sklearn/preprocessing/_target_encoder.py (1.9): the mean of the target in
 * each category, one for each class where there are more than two. */
#include <stdlib.h>
#include <string.h>

#include "ops/rows.h"
#include "sklearn/preprocessing/categories.h"

typedef struct target_encoder {
    crn_estimator_base base;
    const crn_object *categories;
    const char *target_type;
    const crn_object *smooth, *cv, *shuffle, *random_state;
    const crn_object *categories_;
    const char *target_type_;
    crn_array classes_;     /* (n_classes); no data: a continuous target */
    crn_array target_mean_; /* () or (n_classes) */
    const crn_object *encodings_;
    /* what predicting needs of them */
    crn_categories known;
    int64_t targets;   /* means of one feature */
    double *encodings; /* [total + features, targets] of each slot */
} target_encoder;

static const crn_field fields[] = {
    CRN_PARAM(target_encoder, categories, OBJECT, "'auto'", "'auto' | list"),
    CRN_PARAM(target_encoder, target_type, STRING, "'auto'",
              "'auto' | 'binary' | 'continuous' | 'multiclass'"),
    CRN_PARAM(target_encoder, smooth, OBJECT, "'auto'", "'auto' | float [0, inf)"),
    CRN_PARAM(target_encoder, cv, OBJECT, "5", "cv"),
    CRN_PARAM(target_encoder, shuffle, OBJECT, "'deprecated'", "bool | 'deprecated'"),
    CRN_PARAM(target_encoder, random_state, OBJECT, "'deprecated'",
              "random_state | 'deprecated'"),
    CRN_BASE_FIELDS,
    CRN_FITTED(target_encoder, categories_, OBJECT),
    CRN_FITTED(target_encoder, target_type_, STRING),
    CRN_FITTED_ARRAY_OPTIONAL(target_encoder, classes_, NULL),
    CRN_FITTED_ARRAY(target_encoder, target_mean_, NULL),
    CRN_FITTED(target_encoder, encodings_, OBJECT),
    CRN_FIELDS_END,
};

/* ---- reading ---- */

/* One mean of each category of a feature. */
static crn_status read_encoding(target_encoder *self, const crn_object *object, int64_t i,
                                int64_t target, crn_error *err)
{
    const crn_categories *known = &self->known;
    const crn_array *means = crn_object_as_array(object);
    const int64_t count = known->starts[i + 1] - known->starts[i];
    if (means == NULL || !crn_dtype_is_number(means->dtype) || means->ndim != 1 ||
        means->shape[0] != count)
        return crn_fail(err, CRN_FORMAT, "encodings_ does not fit categories_");
    for (int64_t k = 0; k < count; k++)
        self->encodings[(known->starts[i] + k) * self->targets + target] =
            crn_array_get(means, k);
    return CRN_OK;
}

static crn_status read_encodings(target_encoder *self, crn_arena *arena, crn_error *err)
{
    const crn_categories *known = &self->known;
    const int64_t features = known->features, total = known->starts[features];
    size_t width = 0;
    if (!crn_object_is(self->encodings_, CRN_OBJ_LIST) ||
        !crn_mul_size((size_t)self->targets, (size_t)features, &width) ||
        crn_object_length(self->encodings_) != width)
        return crn_fail(err, CRN_FORMAT, "encodings_ is not a list of %zu arrays", width);
    if (!crn_mul_size((size_t)self->targets, sizeof(double), &width))
        return crn_no_memory(err);
    self->encodings = crn_arena_alloc(arena, (size_t)(total + features), width);
    if (self->encodings == NULL)
        return crn_arena_fail(arena, err);
    for (int64_t i = 0; i < features; i++) {
        for (int64_t target = 0; target < self->targets; target++) {
            CRN_TRY(read_encoding(
                self, crn_object_item(self->encodings_, (size_t)(i * self->targets + target)),
                i, target, err));
            self->encodings[(total + i) * self->targets + target] =
                crn_array_get(&self->target_mean_, target);
        }
    }
    return CRN_OK;
}

static crn_status read(void *self, const crn_object *state, const crn_field_context *context,
                       crn_error *err)
{
    target_encoder *encoder = self;
    crn_arena *arena = context->document->arena;
    (void)state;
    if (!encoder->base.fitted)
        return CRN_OK;
    CRN_TRY(crn_categories_read(&encoder->known, encoder->categories_, arena, err));
    const bool multiclass =
        encoder->target_type_ != NULL && strcmp(encoder->target_type_, "multiclass") == 0;
    encoder->targets =
        multiclass && encoder->classes_.ndim == 1 ? encoder->classes_.shape[0] : 1;
    if (!crn_dtype_is_number(encoder->target_mean_.dtype) ||
        crn_array_size(&encoder->target_mean_) != encoder->targets)
        return crn_fail(err, CRN_FORMAT, "target_mean_ does not hold %lld numbers",
                        (long long)encoder->targets);
    return read_encodings(encoder, arena, err);
}

static crn_status check(void *self, crn_error *err)
{
    const target_encoder *encoder = self;
    if (encoder->base.n_features_in_ != encoder->known.features)
        return crn_fail(err, CRN_FORMAT, "categories_ has %lld lists for %lld features",
                        (long long)encoder->known.features,
                        (long long)encoder->base.n_features_in_);
    return CRN_OK;
}

/* 1.9 deprecates what came before as True and None. */
static crn_status write(const void *self, crn_document *document, crn_object *state,
                        const char *sklearn, crn_error *err)
{
    const target_encoder *encoder = self;
    bool made = true;
    if (encoder->target_type_ != NULL && strcmp(encoder->target_type_, "multiclass") == 0 &&
        crn_version_compare(sklearn, "1.4") < 0)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "scikit-learn %s has no multiclass TargetEncoder, which came with 1.4",
                        sklearn);
    if (crn_version_compare(sklearn, "1.9") >= 0)
        return CRN_OK;
    if (crn_object_is_str(encoder->shuffle, "deprecated"))
        made = crn_object_set(document, state, "shuffle", crn_object_bool(document, true));
    if (crn_object_is_str(encoder->random_state, "deprecated"))
        made =
            made && crn_object_set(document, state, "random_state", crn_object_none(document));
    return made ? CRN_OK : crn_arena_fail(document->arena, err);
}

/* ---- lowering ---- */

static crn_value lower(const void *self, crn_method method, crn_graph *graph, crn_value x)
{
    (void)method;
    const target_encoder *encoder = self;
    const crn_categories *known = &encoder->known;
    const int64_t slots = known->starts[known->features] + known->features;
    crn_value table =
        crn_graph_numbers(graph, CRN_FLOAT64, encoder->encodings, slots * encoder->targets,
                          encoder->targets > 1 ? encoder->targets : 0);
    crn_value y = crn_take(graph, table, crn_categories_slots(known, graph, x, false));
    return crn_reshape(graph, y, 1, (int64_t[]){known->features * encoder->targets});
}

static crn_type input_type(const void *self, crn_method method)
{
    (void)method;
    const target_encoder *encoder = self;
    return encoder->known.starts != NULL
               ? crn_categories_type(&encoder->known)
               : crn_type_vector(CRN_FLOAT64, encoder->base.n_features_in_);
}

const crn_estimator crn_estimator_TargetEncoder = {
    .name = "TargetEncoder",
    .module = "sklearn.preprocessing",
    .modules = "sklearn.preprocessing._target_encoder",
    .size = sizeof(target_encoder),
    .fields = fields,
    .methods = 1u << CRN_TRANSFORM,
    .flags = CRN_ALLOWS_NAN | CRN_STOPS_NAN,
    .lower = lower,
    .check = check,
    .input_type = input_type,
    .read = read,
    .write = write,
};
