/* SPDX-License-Identifier: BSD-3-Clause */
/* The progress of a fit, in Keras's manner. */
#ifndef CRN_CLI_PROGRESS_H
#define CRN_CLI_PROGRESS_H

#include "options.h"

typedef struct progress {
    const options *o;
    bool animate;
    bool line_open;    /* a moving line waits for its end */
    double last_drawn; /* seconds into the epoch */
} progress;

progress progress_create(const options *o);
/* A crn_progress_fn; context is a progress. Stops the fit after SIGINT. */
bool on_progress(void *context, const crn_progress *p);
/* Lets the first SIGINT stop the fit gently; the second one kills. */
void progress_catch_interrupt(void);

#endif
