/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers and nested lists of numbers in a layer's config, as
 * keras/src/saving/serialization_lib.py (3.15) and keras/src/saving/legacy/serialization.py
 * (2.15) write them. */
#include "keras/layers/preprocessing/config_numbers.h"

/* The list in the record of an array or of a tuple; other objects themselves. */
static const crn_object *unwrap(const crn_object *object)
{
    const crn_object *config = crn_object_get(object, "config"), *inside = NULL;
    if (!crn_object_is(object, CRN_OBJ_DICT))
        return object;
    inside = crn_object_get(config, "value"); /* {"class_name": "__numpy__", "config": ...} */
    if (inside == NULL)
        inside = crn_object_get(object, "value"); /* {"type": "ndarray", "value": ...} */
    if (inside == NULL)
        inside = crn_object_get(object, "items"); /* {"class_name": "__tuple__", ...} */
    return inside != NULL ? inside : object;
}

static bool is_sequence(const crn_object *object)
{
    return crn_object_is(object, CRN_OBJ_LIST) || crn_object_is(object, CRN_OBJ_TUPLE);
}

/* The shape that the first items have. */
static bool find_shape(const crn_object *object, int32_t *ndim, int64_t *shape)
{
    for (*ndim = 0; is_sequence(object); (*ndim)++) {
        if (*ndim == CRN_MAX_NDIM || crn_object_length(object) == 0)
            return false;
        shape[*ndim] = (int64_t)crn_object_length(object);
        object = unwrap(crn_object_item(object, 0));
    }
    return true;
}

/* Recurses no deeper than the shape has axes. */
static bool fill(const crn_object *object, int32_t ndim, const int64_t *shape, float **out)
{
    double number;
    object = unwrap(object);
    if (ndim == 0) {
        const bool is = crn_object_as_double(object, &number);
        if (is)
            *(*out)++ = (float)number;
        return is;
    }
    if (!is_sequence(object) || crn_object_length(object) != (size_t)shape[0])
        return false;
    for (size_t i = 0; i < (size_t)shape[0]; i++) {
        if (!fill(crn_object_item(object, i), ndim - 1, shape + 1, out))
            return false;
    }
    return true;
}

crn_status crn_config_numbers(const crn_layer *layer, const char *option,
                              const crn_object *object, crn_array *out, crn_error *err)
{
    int32_t ndim;
    int64_t shape[CRN_MAX_NDIM];
    const bool regular = find_shape(unwrap(object), &ndim, shape);
    if (regular) {
        CRN_TRY(crn_array_create(CRN_FLOAT32, 0, ndim, shape, out, err));
        float *at = out->data;
        if (fill(object, ndim, shape, &at))
            return CRN_OK;
        crn_array_free(out);
    }
    return crn_fail(err, CRN_ARGUMENT,
                    "%s: `%s` must be a number or a nested list of numbers of one shape",
                    layer->type->base.name, option);
}
