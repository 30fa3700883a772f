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
