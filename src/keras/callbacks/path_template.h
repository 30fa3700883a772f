/* SPDX-License-Identifier: BSD-3-Clause */
/* Paths with the numbers of an epoch in them: "{epoch:02d}-{val_loss:.2f}.keras", as str.format
 * fills them. */
#ifndef CRN_KERAS_CALLBACKS_PATH_TEMPLATE_H
#define CRN_KERAS_CALLBACKS_PATH_TEMPLATE_H

#include "keras/callbacks/callback.h"

/* {name} or {name:spec}; {{ and }} stand for braces. The names are epoch (from 1), batch (from
 * 1, when >= 0) and those of the logs; a spec is [0][width][.precision][d, e, f or g]. *out is
 * for free(). Errors: CRN_NOT_FOUND and CRN_ARGUMENT in the words of Keras's KeyError and
 * Python's ValueError. */
crn_status crn_path_template_fill(const char *path, int epoch, int64_t batch,
                                  const crn_logs *logs, char **out, crn_error *err);

#endif
