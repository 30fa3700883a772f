/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks of the decompositions that solve a problem for each row. */
#include "sklearn/decomposition/coding.h"

#include <math.h>

crn_status crn_check_rounds(const char *name, int64_t max_iter, crn_error *err)
{
    return max_iter >= 0 && max_iter <= CRN_MOST_ROUNDS
               ? CRN_OK
               : crn_fail(err, CRN_LIMIT, "%s=%lld is not in [0, %d]", name,
                          (long long)max_iter, CRN_MOST_ROUNDS);
}

crn_status crn_check_finite(const crn_array *array, const char *name, crn_error *err)
{
    const int64_t size = crn_array_size(array);
    for (int64_t i = 0; i < size; i++) {
        if (!isfinite(crn_array_get(array, i)))
            return crn_fail(err, CRN_FORMAT, "%s contains NaN or infinity", name);
    }
    return CRN_OK;
}

/* MT19937's words and place in `key` and `pos`. */
static bool fill_words(const crn_object *key, const crn_object *pos, crn_random_state *out)
{
    enum { WORDS = sizeof out->key / sizeof *out->key };
    const crn_array *words = crn_object_as_array(key);
    int64_t position;
    if (words == NULL || words->dtype != CRN_UINT32 || crn_array_size(words) != WORDS ||
        !crn_object_as_int(pos, &position) || position < 0 || position > WORDS)
        return false;
    for (int64_t i = 0; i < WORDS; i++)
        out->key[i] = (uint32_t)crn_array_get(words, i);
    out->position = (int)position;
    return true;
}

/* A numpy.random.RandomState: its state is a dict, or a tuple in numpy 1.16. */
static bool fill_random_state(const crn_object *object, crn_random_state *out)
{
    if (!crn_object_is(object, CRN_OBJ_INSTANCE))
        return false;
    const crn_object *state = object->as.instance->state;
    *out = (crn_random_state){0};
    if (crn_object_is(state, CRN_OBJ_TUPLE))
        return fill_words(crn_object_item(state, 1), crn_object_item(state, 2), out);
    if (!crn_object_is(state, CRN_OBJ_DICT))
        return false;
    const crn_object *words = crn_object_get(state, "state");
    return crn_object_is(words, CRN_OBJ_DICT) &&
           fill_words(crn_object_get(words, "key"), crn_object_get(words, "pos"), out);
}

crn_status crn_stored_random_state(const crn_object *random_state, crn_random_state *out,
                                   crn_error *err)
{
    int64_t seed = 0;
    if (fill_random_state(random_state, out))
        return CRN_OK;
    if (random_state != NULL && !crn_object_is_none(random_state) &&
        !crn_object_as_int(random_state, &seed))
        return crn_fail(err, CRN_UNSUPPORTED, "random_state=%s is not supported",
                        crn_object_kind_name(random_state));
    if (seed < 0 || seed > UINT32_MAX)
        return crn_fail(err, CRN_ARGUMENT, "Seed must be between 0 and 2**32 - 1");
    crn_random_state_seed(out, (uint32_t)seed);
    return CRN_OK;
}
