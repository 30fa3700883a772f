/* SPDX-License-Identifier: BSD-3-Clause */
/* Saving objects as a stream: what pickle_save.c, pickle_save_array.c and pickle_write.c share. */
#ifndef CRN_FORMAT_PICKLE_SAVE_H
#define CRN_FORMAT_PICKLE_SAVE_H

#include "format/pickle_emit.h"
#include "format/pickle_lower.h"

struct crn_save_task; /* something that is half done */

typedef struct crn_pickle_saver {
    crn_pickle_output o;
    crn_pickle_lowering lowering;
    struct crn_save_task *tasks;
    size_t count, capacity;
    uint64_t begin; /* where the outermost stream begins in o.out */
} crn_pickle_saver;

/* A whole stream, PROTO to STOP. Uses the saver up. */
crn_status crn_pickle_save(crn_pickle_saver *saver, const crn_object *root, crn_error *err);

/* What follows the wrapper of a joblib array: its bytes, or a pickle of its own. `self` is the array,
 * `body` the wrapper that was written for it. */
crn_status crn_pickle_save_array(crn_pickle_saver *saver, const crn_object *self,
                                 const crn_object *body, crn_error *err);

#endif
