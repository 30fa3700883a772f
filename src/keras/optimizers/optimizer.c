/* SPDX-License-Identifier: BSD-3-Clause */
/* Optimizers: reading and checking configs, making the variables and showing them in the order
 * of optimizer.variables (keras/src/optimizers/base_optimizer.py, 3.15). */
#include "keras/optimizers/optimizer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "keras/optimizers/state.h"

static const crn_keras_class *const classes[] = {
#define CRN_OPTIMIZER(name) &crn_optimizer_##name.base,
#include "keras/optimizers/optimizers.def"
#undef CRN_OPTIMIZER
};

const crn_keras_kind crn_optimizers = {
    .noun = "optimizer", .classes = classes, .count = sizeof classes / sizeof *classes};

/* ---- configs ---- */

/* A nullable integer of at least `least`; 0 for None. */
static crn_status read_count(const crn_object *object, const char *name, int64_t least,
                             int64_t *out, crn_error *err)
{
    *out = 0;
    if (object == NULL || crn_object_is_none(object))
        return CRN_OK;
    if (!crn_object_as_int(object, out) || *out < least)
        return crn_fail(err, CRN_ARGUMENT, "`%s` must be an integer >= %lld or None.", name,
                        (long long)least);
    return CRN_OK;
}

/* A nullable number; NaN for None. */
static crn_status read_number(const crn_object *object, const char *name, double *out,
                              crn_error *err)
{
    *out = NAN;
    if (object == NULL || crn_object_is_none(object))
        return CRN_OK;
    if (!crn_object_as_double(object, out) || isnan(*out))
        return crn_fail(err, CRN_ARGUMENT, "`%s` must be a number or None, not a %s.", name,
                        crn_object_kind_name(object));
    return CRN_OK;
}

static crn_status resolve(const crn_optimizer_config *config, crn_optimizer_settings *s,
                          crn_error *err)
{
    CRN_TRY(read_number(config->weight_decay, "weight_decay", &s->weight_decay, err));
    CRN_TRY(read_number(config->clipnorm, "clipnorm", &s->clipnorm, err));
    CRN_TRY(read_number(config->clipvalue, "clipvalue", &s->clipvalue, err));
    CRN_TRY(read_number(config->global_clipnorm, "global_clipnorm", &s->global_clipnorm, err));
    CRN_TRY(read_count(config->gradient_accumulation_steps, "gradient_accumulation_steps", 2,
                       &s->accumulation_steps, err));
    CRN_TRY(read_count(config->ema_overwrite_frequency, "ema_overwrite_frequency", 1,
                       &s->ema_overwrite_frequency, err));
    if (!isnan(s->clipnorm) + !isnan(s->clipvalue) + !isnan(s->global_clipnorm) > 1)
        return crn_fail(err, CRN_ARGUMENT,
                        "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set. "
                        "Received: clipnorm=%g, clipvalue=%g, global_clipnorm=%g",
                        s->clipnorm, s->clipvalue, s->global_clipnorm);
    if (config->loss_scale_factor != NULL && !crn_object_is_none(config->loss_scale_factor))
        return crn_fail(err, CRN_UNSUPPORTED, "`loss_scale_factor` is not supported");
    if (config->decay != 0.0)
        return crn_fail(err, CRN_UNSUPPORTED,
                        "Keras 2's `decay` of the learning rate is not supported");
    return CRN_OK;
}

/* What stands for learning_rate in a call or a record, or NULL. */
static const crn_object *learning_rate_of(const crn_object *object)
{
    if (crn_object_is(object, CRN_OBJ_DICT))
        return crn_object_get(crn_object_get(object, "config"), "learning_rate");
    if (!crn_object_is(object, CRN_OBJ_INSTANCE))
        return NULL;
    const crn_instance *call = object->as.instance;
    const crn_object *named = crn_object_get(call->kwargs, "learning_rate");
    return named != NULL ? named : crn_object_item(call->args, 0);
}

crn_status crn_optimizer_read(const crn_object *object, crn_document *document,
                              crn_optimizer **out, crn_error *err)
{
    const crn_object *rate = learning_rate_of(object);
    if (crn_object_is(rate, CRN_OBJ_DICT) || crn_object_is(rate, CRN_OBJ_INSTANCE))
        return crn_fail(err, CRN_UNSUPPORTED, "learning rate schedules are not supported");
    const crn_keras_class *cls;
    void *config;
    CRN_TRY(crn_keras_class_read(&crn_optimizers, object, document, &cls, &config, err));
    crn_status status =
        crn_optimizer_create((const crn_optimizer_class *)cls, config, document, out, err);
    free(config);
    return status;
}

/* ---- life ---- */

static crn_status make_scalars(crn_optimizer *o, crn_error *err)
{
    const crn_optimizer_config *config = o->config;
    CRN_TRY(crn_array_create(CRN_INT64, 0, 0, NULL, &o->iteration, err));
    CRN_TRY(crn_array_create(CRN_FLOAT32, 0, 0, NULL, &o->learning_rate, err));
    *(float *)o->learning_rate.data = (float)config->learning_rate;
    return CRN_OK;
}

crn_status crn_optimizer_create(const crn_optimizer_class *cls, const void *config,
                                crn_document *document, crn_optimizer **out, crn_error *err)
{
    crn_status status = CRN_OK;
    crn_optimizer *o = crn_calloc(1, sizeof *o);
    void *copy = crn_calloc(1, cls->base.size);
    if (o == NULL || copy == NULL) {
        free(o);
        free(copy);
        return crn_no_memory(err);
    }
    memcpy(copy, config, cls->base.size);
    o->cls = cls;
    o->config = copy;
    o->document = document != NULL ? crn_document_retain(document) : NULL;
    CRN_TRY_OR_DONE(resolve(copy, &o->settings, err));
    CRN_TRY_OR_DONE(make_scalars(o, err));
    *out = o;
done:
    if (status != CRN_OK)
        crn_optimizer_destroy(o);
    return status;
}

static void free_arrays(crn_array *arrays, size_t count)
{
    for (size_t i = 0; arrays != NULL && i < count; i++)
        crn_array_free(&arrays[i]);
    free(arrays);
}

void crn_optimizer_destroy(crn_optimizer *o)
{
    if (o == NULL)
        return;
    free_arrays(o->weights, o->count);
    free_arrays(o->state, o->count * (size_t)o->slot_count);
    crn_array_free(&o->iteration);
    crn_array_free(&o->learning_rate);
    crn_document_release(o->document);
    free(o->config);
    free(o);
}

/* The slots of all kinds in the order of optimizer.variables: averages, accumulators, the
 * class's own. */
static void list_slots(crn_optimizer *o)
{
    const crn_optimizer_config *config = o->config;
    int n = 0;
    o->average = config->use_ema ? n++ : -1;
    o->accumulator = o->settings.accumulation_steps > 0 ? n++ : -1;
    if (o->average >= 0)
        o->slots[o->average] = (crn_optimizer_slot){.name = "average", .group = o->average};
    if (o->accumulator >= 0)
        o->slots[o->accumulator] =
            (crn_optimizer_slot){.name = "gradient_accumulator", .group = o->accumulator};
    o->first_slot = n;
    o->slot_count = n + o->cls->slots(config, o->slots + n);
    for (int s = o->first_slot; s < o->slot_count; s++)
        o->slots[s].group += n;
}

crn_status crn_optimizer_build(crn_optimizer *o, const crn_array *weights, size_t count,
                               crn_error *err)
{
    if (o->built)
        return crn_fail(err, CRN_STATE, "the optimizer %s is built already",
                        crn_optimizer_name(o));
    list_slots(o);
    o->weights = crn_calloc(count, sizeof *o->weights);
    o->state = crn_calloc(count * (size_t)o->slot_count, sizeof *o->state);
    if (o->weights == NULL || o->state == NULL)
        return crn_no_memory(err);
    o->count = count;
    for (size_t i = 0; i < count; i++) {
        if (weights[i].dtype != CRN_FLOAT32 || !crn_array_is_contiguous(&weights[i]))
            return crn_fail(err, CRN_DTYPE, "optimizers train dense float32 weights only");
        o->weights[i] = crn_array_share(&weights[i]);
        for (int s = 0; s < o->slot_count; s++)
            CRN_TRY(crn_array_create(CRN_FLOAT32, 0, weights[i].ndim, weights[i].shape,
                                     &o->state[(size_t)s * count + i], err));
    }
    o->built = true;
    return CRN_OK;
}

void crn_optimizer_move(crn_optimizer *o, const crn_array *weights)
{
    for (size_t i = 0; i < o->count; i++) {
        crn_array_free(&o->weights[i]);
        o->weights[i] = crn_array_share(&weights[i]);
    }
}

bool crn_optimizer_is_built(const crn_optimizer *o)
{
    return o->built;
}

/* ---- asking ---- */

const crn_optimizer_class *crn_optimizer_class_of(const crn_optimizer *o)
{
    return o->cls;
}

const crn_optimizer_config *crn_optimizer_config_of(const crn_optimizer *o)
{
    return o->config;
}

const char *crn_optimizer_name(const crn_optimizer *o)
{
    const crn_optimizer_config *config = o->config;
    return config->name != NULL ? config->name : o->cls->snake_name;
}

double crn_optimizer_learning_rate(const crn_optimizer *o)
{
    return (double)*(const float *)o->learning_rate.data;
}

void crn_optimizer_set_learning_rate(crn_optimizer *o, double learning_rate)
{
    *(float *)o->learning_rate.data = (float)learning_rate;
}

crn_object *crn_optimizer_write(const crn_optimizer *o, crn_document *document)
{
    void *copy = crn_calloc(1, o->cls->base.size);
    if (copy == NULL)
        return NULL;
    memcpy(copy, o->config, o->cls->base.size);
    crn_optimizer_config *config = copy;
    config->name = crn_optimizer_name(o);
    config->learning_rate = crn_optimizer_learning_rate(o);
    crn_object *record = crn_keras_class_write(&o->cls->base, copy, document);
    free(copy);
    return record;
}

size_t crn_optimizer_variable_count(const crn_optimizer *o)
{
    return 2 + (o->built ? o->count * (size_t)o->slot_count : 0);
}

crn_optimizer_variable crn_optimizer_variable_at(crn_optimizer *o, size_t i)
{
    if (i == 0)
        return (crn_optimizer_variable){"iteration", -1, &o->iteration};
    if (i == 1)
        return (crn_optimizer_variable){"learning_rate", -1, &o->learning_rate};
    i -= 2;
    for (int first = 0, next; first < o->slot_count; first = next) {
        for (next = first;
             next < o->slot_count && o->slots[next].group == o->slots[first].group;)
            next++;
        size_t width = (size_t)(next - first);
        if (i < width * o->count) {
            size_t slot = (size_t)first + i % width, weight = i / width;
            return (crn_optimizer_variable){o->slots[slot].name, (int64_t)weight,
                                            &o->state[slot * o->count + weight]};
        }
        i -= width * o->count;
    }
    return (crn_optimizer_variable){NULL, -1, NULL};
}
