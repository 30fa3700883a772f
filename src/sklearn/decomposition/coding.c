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

crn_status crn_stored_random_state(const crn_object *random_state, crn_random_state *out,
                                   crn_error *err)
{
    int64_t seed = 0;
    if (random_state != NULL && !crn_object_is_none(random_state) &&
        !crn_object_as_int(random_state, &seed))
        return crn_fail(err, CRN_UNSUPPORTED,
                        "random_state=%s is not supported: an int or None is",
                        crn_object_kind_name(random_state));
    if (seed < 0 || seed > UINT32_MAX)
        return crn_fail(err, CRN_ARGUMENT, "Seed must be between 0 and 2**32 - 1");
    crn_random_state_seed(out, (uint32_t)seed);
    return CRN_OK;
}
