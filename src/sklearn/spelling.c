/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameters as the version spells them that a file is written for. */
#include "sklearn/spelling.h"

crn_status crn_spell_instead(crn_document *document, crn_object *state, const char *sklearn,
                             const char *name, const char *sentinel, const char *since,
                             const char *until, crn_object *value, crn_error *err)
{
    const crn_object *now = crn_object_get(state, name);
    const bool meant = sentinel != NULL ? crn_object_is_str(now, sentinel)
                                        : now != NULL && crn_object_is_none(now);
    const bool in_range = (since == NULL || crn_version_compare(sklearn, since) >= 0) &&
                          (until == NULL || crn_version_compare(sklearn, until) < 0);
    if (!meant || !in_range)
        return CRN_OK;
    return crn_object_set(document, state, name, value) ? CRN_OK
                                                        : crn_arena_fail(document->arena, err);
}
