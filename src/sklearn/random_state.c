/* SPDX-License-Identifier: BSD-3-Clause */
#include "sklearn/random_state.h"

#include <sys/random.h>

crn_status crn_random_state_of(const crn_object *random_state, const crn_fit_options *options,
                               crn_random_state *out, crn_error *err)
{
    int64_t seed = 0;
    if (crn_object_is_none(random_state)) {
        uint32_t drawn = (uint32_t)options->seed;
        if (!options->has_seed && getrandom(&drawn, sizeof drawn, 0) != (ssize_t)sizeof drawn)
            return crn_fail(err, CRN_IO, "the system gives no random numbers");
        seed = drawn;
    } else if (!crn_object_as_int(random_state, &seed) || seed < 0 || seed > UINT32_MAX) {
        return crn_fail(
            err, CRN_ARGUMENT,
            "random_state must be an int in the range [0, 4294967295] or None here");
    }
    crn_random_state_seed(out, (uint32_t)seed);
    return CRN_OK;
}

/* ---- of a file ---- */

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
