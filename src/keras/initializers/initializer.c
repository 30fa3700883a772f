/* SPDX-License-Identifier: BSD-3-Clause */
/* keras.initializers (keras/src/initializers/random_initializers.py and
 * constant_initializers.py, 3.15): the classes of initializers.def and how each fills a weight.
 */
#include "keras/initializers/initializer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "keras/initializers/orthogonal.h"

/* ---- constants ---- */

static void fill_with(const crn_array *out, float value)
{
    float *w = out->data;
    for (int64_t i = 0; i < crn_array_size(out); i++)
        w[i] = value;
}

static crn_status fill_constant(const crn_initializer_config *config, crn_generator *generator,
                                const crn_array *out, crn_error *err)
{
    (void)generator;
    (void)err;
    fill_with(out, (float)config->value);
    return CRN_OK;
}

static crn_status fill_zeros(const crn_initializer_config *config, crn_generator *generator,
                             const crn_array *out, crn_error *err)
{
    (void)config;
    (void)generator;
    (void)err;
    fill_with(out, 0.0f);
    return CRN_OK;
}

static crn_status fill_ones(const crn_initializer_config *config, crn_generator *generator,
                            const crn_array *out, crn_error *err)
{
    (void)config;
    (void)generator;
    (void)err;
    fill_with(out, 1.0f);
    return CRN_OK;
}

static crn_status fill_identity(const crn_initializer_config *config, crn_generator *generator,
                                const crn_array *out, crn_error *err)
{
    (void)generator;
    if (out->ndim != 2)
        return crn_fail(
            err, CRN_SHAPE,
            "Identity matrix initializer can only be used for 2D matrices. Received: "
            "rank %d",
            (int)out->ndim);
    fill_with(out, 0.0f);
    for (int64_t i = 0; i < out->shape[0] && i < out->shape[1]; i++)
        ((float *)out->data)[i * out->shape[1] + i] = (float)config->gain;
    return CRN_OK;
}

/* ---- random numbers ---- */

static void draw_uniform(crn_generator *generator, const crn_array *out, double low,
                         double high)
{
    float *w = out->data;
    for (int64_t i = 0; i < crn_array_size(out); i++)
        w[i] = (float)(low + (high - low) * crn_generator_double(generator));
}

static void draw_normal(crn_generator *generator, const crn_array *out, double mean,
                        double stddev)
{
    float *w = out->data;
    for (int64_t i = 0; i < crn_array_size(out); i++)
        w[i] = (float)(mean + stddev * crn_generator_normal(generator));
}

/* What lies more than two standard deviations from the mean is drawn again. */
static void draw_truncated(crn_generator *generator, const crn_array *out, double mean,
                           double stddev)
{
    float *w = out->data;
    for (int64_t i = 0; i < crn_array_size(out); i++) {
        double z;
        do
            z = crn_generator_normal(generator);
        while (fabs(z) > 2.0);
        w[i] = (float)(mean + stddev * z);
    }
}

static crn_status fill_uniform(const crn_initializer_config *config, crn_generator *generator,
                               const crn_array *out, crn_error *err)
{
    (void)err;
    draw_uniform(generator, out, config->minval, config->maxval);
    return CRN_OK;
}

static crn_status fill_normal(const crn_initializer_config *config, crn_generator *generator,
                              const crn_array *out, crn_error *err)
{
    (void)err;
    draw_normal(generator, out, config->mean, config->stddev);
    return CRN_OK;
}

static crn_status fill_truncated_normal(const crn_initializer_config *config,
                                        crn_generator *generator, const crn_array *out,
                                        crn_error *err)
{
    (void)err;
    draw_truncated(generator, out, config->mean, config->stddev);
    return CRN_OK;
}

static crn_status fill_orthogonal(const crn_initializer_config *config,
                                  crn_generator *generator, const crn_array *out,
                                  crn_error *err)
{
    return crn_orthogonal_fill(config->gain, generator, out, err);
}

/* ---- variance scaling ---- */

void crn_initializer_fans(const crn_array *array, double *fan_in, double *fan_out)
{
    double field = 1.0;
    for (int32_t i = 0; i + 2 < array->ndim; i++)
        field *= (double)array->shape[i];
    *fan_in = *fan_out = array->ndim > 0 ? (double)array->shape[array->ndim - 1] * field : 1.0;
    if (array->ndim >= 2)
        *fan_in = (double)array->shape[array->ndim - 2] * field;
}

/* The constant makes the standard deviation right after the cut at two
 * (scipy.stats.truncnorm.std(-2, 2)). */
static crn_status fill_scaled(const crn_initializer_config *config, crn_generator *generator,
                              const crn_array *out, crn_error *err)
{
    (void)err;
    double fan_in, fan_out;
    crn_initializer_fans(out, &fan_in, &fan_out);
    double fan = (fan_in + fan_out) / 2.0;
    if (strcmp(config->mode, "fan_avg") != 0)
        fan = strcmp(config->mode, "fan_in") == 0 ? fan_in : fan_out;
    double variance = config->scale / fmax(1.0, fan);
    if (strcmp(config->distribution, "uniform") == 0)
        draw_uniform(generator, out, -sqrt(3.0 * variance), sqrt(3.0 * variance));
    else if (strcmp(config->distribution, "untruncated_normal") == 0)
        draw_normal(generator, out, 0.0, sqrt(variance));
    else
        draw_truncated(generator, out, 0.0, sqrt(variance) / 0.87962566103423978);
    return CRN_OK;
}

static bool is_one_of(const char *name, const char *const *known)
{
    for (; *known != NULL; known++) {
        if (name != NULL && strcmp(name, *known) == 0)
            return true;
    }
    return false;
}

static crn_status check_scaling(const crn_initializer_config *config, crn_error *err)
{
    static const char *const modes[] = {"fan_in", "fan_out", "fan_avg", NULL};
    static const char *const distributions[] = {"uniform", "truncated_normal",
                                                "untruncated_normal", "normal", NULL};
    if (config->scale <= 0.0)
        return crn_fail(err, CRN_ARGUMENT,
                        "Argument `scale` must be positive float. Received: scale=%g",
                        config->scale);
    if (!is_one_of(config->mode, modes))
        return crn_fail(
            err, CRN_ARGUMENT,
            "Invalid `mode` argument: %s. Please use one of fan_in, fan_out, fan_avg",
            config->mode != NULL ? config->mode : "None");
    if (!is_one_of(config->distribution, distributions))
        return crn_fail(err, CRN_ARGUMENT,
                        "Invalid `distribution` argument: %s. Please use one of uniform, "
                        "truncated_normal, untruncated_normal",
                        config->distribution != NULL ? config->distribution : "None");
    return CRN_OK;
}

/* ---- classes ---- */

#define SEED CRN_PARAM(crn_initializer_config, seed, OBJECT, "None", NULL)

static const crn_field none_fields[] = {CRN_FIELDS_END};
static const crn_field seed_fields[] = {SEED, CRN_FIELDS_END};
static const crn_field constant_fields[] = {
    CRN_PARAM(crn_initializer_config, value, REAL, "0.0", NULL), CRN_FIELDS_END};
static const crn_field gain_fields[] = {
    CRN_PARAM(crn_initializer_config, gain, REAL, "1.0", NULL), CRN_FIELDS_END};
static const crn_field orthogonal_fields[] = {
    CRN_PARAM(crn_initializer_config, gain, REAL, "1.0", NULL), SEED, CRN_FIELDS_END};
static const crn_field normal_fields[] = {
    CRN_PARAM(crn_initializer_config, mean, REAL, "0.0", NULL),
    CRN_PARAM(crn_initializer_config, stddev, REAL, "0.05", NULL), SEED, CRN_FIELDS_END};
static const crn_field uniform_fields[] = {
    CRN_PARAM(crn_initializer_config, minval, REAL, "-0.05", NULL),
    CRN_PARAM(crn_initializer_config, maxval, REAL, "0.05", NULL), SEED, CRN_FIELDS_END};
static const crn_field scaling_fields[] = {
    CRN_PARAM(crn_initializer_config, scale, REAL, "1.0", NULL),
    CRN_PARAM(crn_initializer_config, mode, STRING, "'fan_in'", NULL),
    CRN_PARAM(crn_initializer_config, distribution, STRING, "'truncated_normal'", NULL), SEED,
    CRN_FIELDS_END};

#define CRN_INITIALIZER(class_, others, function, rows, scale_, mode_, distribution_)          \
    static const crn_initializer_class initializer_##class_ = {                                \
        .base = {.name = #class_,                                                              \
                 .other_names = others,                                                        \
                 .module = "keras.initializers",                                               \
                 .size = sizeof(crn_initializer_config),                                       \
                 .fields = rows##_fields},                                                     \
        .fill = fill_##function,                                                               \
        .scale = scale_,                                                                       \
        .mode = mode_,                                                                         \
        .distribution = distribution_};
#include "keras/initializers/initializers.def"
#undef CRN_INITIALIZER

static const crn_keras_class *const classes[] = {
#define CRN_INITIALIZER(class_, others, function, rows, scale_, mode_, distribution_)          \
    &initializer_##class_.base,
#include "keras/initializers/initializers.def"
#undef CRN_INITIALIZER
};

const crn_keras_kind crn_initializers = {
    .noun = "initializer", .classes = classes, .count = sizeof classes / sizeof *classes};

crn_status crn_initializer_read(const crn_object *object, crn_document *document,
                                crn_initializer *out, crn_error *err)
{
    const crn_keras_class *cls;
    void *config;
    CRN_TRY(crn_keras_class_read(&crn_initializers, object, document, &cls, &config, err));
    out->cls = (const crn_initializer_class *)cls;
    out->config = *(const crn_initializer_config *)config;
    free(config);
    if (out->cls->mode != NULL) {
        out->config.scale = out->cls->scale;
        out->config.mode = out->cls->mode;
        out->config.distribution = out->cls->distribution;
    }
    return out->cls->fill == fill_scaled ? check_scaling(&out->config, err) : CRN_OK;
}

crn_object *crn_initializer_write(const crn_initializer *initializer, crn_document *document)
{
    return crn_keras_class_write(&initializer->cls->base, &initializer->config, document);
}

crn_status crn_initializer_fill(const crn_initializer *initializer, crn_generator *generator,
                                const crn_array *out, crn_error *err)
{
    int64_t seed;
    crn_generator own;
    if (crn_object_as_int(initializer->config.seed, &seed)) {
        crn_generator_seed(&own, (uint64_t)seed);
        generator = &own;
    }
    return initializer->cls->fill(&initializer->config, generator, out, err);
}
