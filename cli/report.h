/* SPDX-License-Identifier: BSD-3-Clause */
/* What the program says: errors and warnings on stderr, one line each, and exit codes. */
#ifndef CRN_CLI_REPORT_H
#define CRN_CLI_REPORT_H

#include "options.h"

/* "cornichon: FILE: what is wrong (where, byte offset)"; returns the exit code of the status.
 * subject may be NULL. */
int fail(const char *subject, const crn_error *err);
/* One line about the command line and where help is; returns EXIT_USAGE. */
int usage(const options *o, const char *format, ...) CRN_PRINTF(2, 3);
/* One line of the program's own; returns EXIT_FAILED. */
int complain(const char *subject, const char *format, ...) CRN_PRINTF(2, 3);
/* "cornichon: warning: ...", unless --quiet. */
void warn(const options *o, const char *format, ...) CRN_PRINTF(2, 3);
/* The same without the word: something worth knowing. */
void note(const options *o, const char *format, ...) CRN_PRINTF(2, 3);
/* A crn_warning_fn whose context is the options. */
void on_warning(void *context, const char *message);
/* True when a moving bar and colour may be shown on stderr. */
bool may_animate(const options *o);

#endif
