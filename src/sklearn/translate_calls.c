/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls in pickles that versions spell differently, said so that the target understands
 * them. */
#include <string.h>

#include "format/pickle.h"
#include "sklearn/translation.h"

/* The dict of cv_results_ that warned of its own keys, until 0.20. */
static crn_object *copy_deprecation_dict(crn_translation *t, const crn_object *object)
{
    crn_object *copy = crn_object_new(t->target, CRN_OBJ_DICT);
    if (!crn_translation_remember(t, object, copy))
        return crn_translation_fail(t);
    return crn_translation_items(t, &object->as.instance->set, &copy->as.items) ? copy : NULL;
}

/* NumPy >= 1.24 gives RandomState's constructor a bit generator as an object of its own; every
 * NumPy takes its name, and the state says the rest (numpy/random/_pickle.py). */
static crn_object *copy_random_state(crn_translation *t, const crn_object *object)
{
    crn_object *copy = crn_translation_instance(t, object);
    crn_object *args = crn_object_new(t->target, CRN_OBJ_TUPLE);
    if (copy == NULL)
        return NULL;
    if (!crn_object_append(t->target, args, crn_object_str(t->target, "MT19937")))
        return crn_translation_fail(t);
    copy->as.instance->args = args;
    return copy;
}

/* The class of a bit generator that is an object of its own: __bit_generator_ctor(PCG64); NULL
 * for anything else. */
static const char *bit_generator_name(const crn_object *object)
{
    if (!crn_object_is(object, CRN_OBJ_INSTANCE) ||
        !crn_object_is_global(object->as.instance->callable, "numpy.random._pickle",
                              "__bit_generator_ctor"))
        return NULL;
    const crn_object *cls = crn_object_item(object->as.instance->args, 0);
    return crn_object_is(cls, CRN_OBJ_GLOBAL) ? crn_object_text(cls->as.global.name) : NULL;
}

/* The same of a Generator. With a bit generator as an object of its own, the state is in that
 * one: a pair of the numbers and the seed that they came from. */
static crn_object *copy_generator(crn_translation *t, const crn_object *object)
{
    const crn_instance *from = object->as.instance;
    const crn_object *bits = crn_object_item(from->args, 0);
    const char *name = crn_object_text(bits);
    const crn_object *state = from->state;
    if (name == NULL && (name = bit_generator_name(bits)) != NULL)
        state = crn_object_item(bits->as.instance->state, 0);
    if (name == NULL || state == NULL)
        return crn_translation_instance(t, object);
    crn_object *callable = crn_translation_object(t, from->callable);
    crn_object *numbers = callable != NULL ? crn_translation_object(t, state) : NULL;
    crn_object *args = crn_object_new(t->target, CRN_OBJ_TUPLE);
    if (numbers == NULL)
        return NULL;
    crn_object *copy = crn_object_instance(t->target, CRN_BY_REDUCE, callable);
    if (!crn_translation_remember(t, object, copy) ||
        !crn_object_append(t->target, args, crn_object_str(t->target, name)))
        return crn_translation_fail(t);
    copy->as.instance->args = args;
    copy->as.instance->state = numbers;
    return copy;
}

/* Losses of scikit-learn that Cython pickled by a function of its own, __pyx_unpickle_CyX(CyX,
 * checksum, state): from 1.5 on it is CyX(*arguments), which all versions understand. What a
 * loss keeps are the arguments of its constructor. */
static crn_object *copy_loss(crn_translation *t, const crn_object *object)
{
    const crn_instance *from = object->as.instance;
    const crn_object *state =
        from->state != NULL ? from->state : crn_object_item(from->args, 2);
    crn_object *cls = crn_object_item(from->args, 0) != NULL
                          ? crn_translation_object(t, crn_object_item(from->args, 0))
                          : NULL;
    if (cls == NULL)
        return crn_fail(t->err, CRN_FORMAT, "a loss without a class"), NULL;
    crn_object *copy = crn_object_instance(t->target, CRN_BY_REDUCE, cls);
    if (!crn_translation_remember(t, object, copy))
        return crn_translation_fail(t);
    if (!crn_object_is(state, CRN_OBJ_TUPLE))
        return copy;
    copy->as.instance->args = crn_translation_object(t, state);
    return copy->as.instance->args != NULL ? copy : NULL;
}

static bool is_pyx_loss(const crn_object *callable)
{
    static const char prefix[] = "__pyx_unpickle_Cy";
    const char *module = crn_object_is(callable, CRN_OBJ_GLOBAL)
                             ? crn_object_text(callable->as.global.module)
                             : NULL;
    const char *name = module != NULL ? crn_object_text(callable->as.global.name) : NULL;
    return name != NULL && strncmp(name, prefix, sizeof prefix - 1) == 0 &&
           (strcmp(module, "_loss") == 0 || strcmp(module, "sklearn._loss._loss") == 0);
}

/* Until 1.5, check_array's force_all_finite; then ensure_all_finite. functools.partial keeps
 * (function, arguments, keywords, dict). */
static crn_object *copy_partial(crn_translation *t, const crn_object *object)
{
    static const char old[] = "force_all_finite", new[] = "ensure_all_finite";
    crn_object *copy = crn_translation_instance(t, object);
    const crn_object *function = crn_object_item(object->as.instance->args, 0);
    if (copy == NULL ||
        !crn_object_is_global(function, "sklearn.utils.validation", "check_array"))
        return copy;
    const bool is_old = crn_version_compare(t->sklearn, "1.6") < 0;
    const crn_object *keywords = crn_object_item(copy->as.instance->state, 2);
    for (size_t i = 0; crn_object_is(keywords, CRN_OBJ_DICT) && i < keywords->as.items.count;
         i += 2) {
        if (!crn_object_is_str(keywords->as.items.at[i], is_old ? new : old))
            continue;
        keywords->as.items.at[i] = crn_object_str(t->target, is_old ? old : new);
        if (keywords->as.items.at[i] == NULL)
            return crn_translation_fail(t);
    }
    return copy;
}

/* ---- metrics of neighbors ---- */

static bool is_minkowski(const crn_object *object)
{
    const crn_object *cls = crn_object_item(object->as.instance->args, 0);
    const char *name =
        crn_object_is(cls, CRN_OBJ_GLOBAL) ? crn_object_text(cls->as.global.name) : NULL;
    return name != NULL &&
           (strcmp(name, "MinkowskiDistance") == 0 || strcmp(name, "MinkowskiDistance64") == 0);
}

/* From 1.1 on, MinkowskiDistance has weights in its second place, or an empty array; before,
 * one 0 that nobody reads (sklearn/metrics/_dist_metrics.pyx.tp). */
static crn_object *copy_metric(crn_translation *t, const crn_object *object)
{
    crn_object *copy = crn_translation_instance(t, object);
    crn_array weights = CRN_ARRAY_INIT;
    const crn_object *state = object->as.instance->state;
    if (copy == NULL || !is_minkowski(object) || crn_object_item(state, 1) == NULL)
        return copy;
    if (crn_object_to_array(crn_object_item(state, 1), &weights, t->err) != CRN_OK)
        return NULL;
    const int64_t n = crn_array_size(&weights);
    const bool none = n == 0 || (n == 1 && crn_array_get(&weights, 0) == 0.0);
    const bool is_old = crn_version_compare(t->sklearn, "1.1") < 0;
    crn_array_free(&weights);
    if (!none && is_old) {
        crn_fail(
            t->err, CRN_UNSUPPORTED,
            "scikit-learn %s has no weights of the metric 'minkowski', which came with 1.1",
            t->sklearn);
        return NULL;
    }
    if (!none)
        return copy;
    const double zero = 0.0;
    const crn_array written = crn_array_view_1d(&zero, CRN_FLOAT64, is_old ? 1 : 0);
    copy->as.instance->state->as.items.at[1] = crn_object_array(t->target, &written);
    return copy->as.instance->state->as.items.at[1] != NULL ? copy : crn_translation_fail(t);
}

/* ---- all of them ---- */

crn_translation_call *crn_translation_of(const crn_object *object)
{
    static const struct {
        const char *module, *name;
        crn_translation_call *copy;
    } calls[] = {
        {"functools", "partial", copy_partial},
        {"numpy.random._pickle", "__generator_ctor", copy_generator},
        {"numpy.random._pickle", "__randomstate_ctor", copy_random_state},
        {"sklearn.metrics._dist_metrics", "newObj", copy_metric},
        {"sklearn.neighbors._dist_metrics", "newObj", copy_metric},
        {"sklearn.neighbors.dist_metrics", "newObj", copy_metric},
        {"sklearn.utils.deprecation", "DeprecationDict", copy_deprecation_dict},
    };
    const crn_object *callable = object->as.instance->callable;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (crn_object_is_global(callable, calls[i].module, calls[i].name))
            return calls[i].copy;
    }
    return is_pyx_loss(callable) ? copy_loss : NULL;
}
