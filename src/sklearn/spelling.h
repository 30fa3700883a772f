/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameters whose spelling depends on the version: sentinels such as 'warn' and 'deprecated',
 * and None where other versions want a number. For crn_estimator.write. */
#ifndef CRN_SKLEARN_SPELLING_H
#define CRN_SKLEARN_SPELLING_H

#include "sklearn/estimator.h"

/* In files for versions from `since` to before `until` (NULL: no bound), `value` takes the
 * place of a parameter that `state` has as the str `sentinel` (NULL: as None). */
crn_status crn_spell_instead(crn_document *document, crn_object *state, const char *sklearn,
                             const char *name, const char *sentinel, const char *since,
                             const char *until, crn_object *value, crn_error *err);

#endif
