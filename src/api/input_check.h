/* SPDX-License-Identifier: BSD-3-Clause */
/* The checks of rows before they are predicted, in the words of the library that the model
 * comes from. */
#ifndef CRN_API_INPUT_CHECK_H
#define CRN_API_INPUT_CHECK_H

#include "model/model.h"

/* What one input takes; the model may be gone by the time rows come. */
typedef struct crn_input_check {
    char class_name[64]; /* of the model, or of its first step, which is the one that
                            scikit-learn names */
    char port_name[64];
    bool sklearn; /* scikit-learn's words and rules; else Keras's */
    crn_admitted admits;
    crn_type type;
    const crn_kernels *kernels;
} crn_input_check;

/* Fills the checks of all inputs of a method; returns their number. */
int crn_input_checks(const crn_model *model, crn_method method,
                     crn_input_check out[CRN_MAX_PORTS]);

/* CRN_SHAPE, CRN_DTYPE or CRN_ARGUMENT. The type's open lengths (-1) take any. */
crn_status crn_input_check_rows(const crn_input_check *check, const crn_array *rows,
                                crn_error *err);
/* The two parts of it: what takes no look at the numbers, and what does. */
crn_status crn_input_check_shape(const crn_input_check *check, const crn_array *rows,
                                 crn_error *err);
crn_status crn_input_check_values(const crn_input_check *check, const crn_array *rows,
                                  crn_error *err);

#endif
