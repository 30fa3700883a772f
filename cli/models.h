/* SPDX-License-Identifier: BSD-3-Clause */
/* The models of a command line: files in a row are a chain, with --combine they stand side by
 * side. */
#ifndef CRN_CLI_MODELS_H
#define CRN_CLI_MODELS_H

#include "options.h"

/* Loads one FILE, FILE#member or FILE:method. *has_method tells whether a method was named.
 * EXIT_OK, or an exit code after one line on stderr. */
int load_model(const options *o, const char *argument, crn_model **out, crn_method *method,
               bool *has_method);
/* All positional arguments as one model, and the method to ask: --method, the last argument's
 * :METHOD, or `otherwise`. */
int load_models(const options *o, crn_method otherwise, crn_model **out, crn_method *method);

/* predict, else transform, else the first method that the model has. */
crn_method main_method(const crn_model *model);
/* What a step before the last does when its argument names no method. */
crn_method step_method(const crn_model *model);

#endif
