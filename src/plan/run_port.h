/* SPDX-License-Identifier: BSD-3-Clause */
/* The caller's arrays of one run, checked against the plan's inputs and outputs. */
#ifndef CRN_PLAN_RUN_PORT_H
#define CRN_PLAN_RUN_PORT_H

#include "plan/plan.h"

/* A graph input or output during one crn_run_rows(). */
typedef struct crn_run_port {
    crn_array array; /* (rows, item...) of the caller */
    bool direct;     /* an input that is read in place */
    bool made;       /* an output that this call allocated */
    size_t row_bytes;
} crn_run_port;

/* CRN_SHAPE or CRN_DTYPE unless the array's items are, or can be converted to, those of the
 * type. */
crn_status crn_port_take_input(crn_run_port *input, const crn_array *given,
                               const crn_type *type, crn_error *err);

/* Checks the outputs that are given first, so that a failure leaves none allocated; then makes
 * the rest, but for sparse ones, whose size is known when they are computed. */
crn_status crn_ports_take_outputs(const crn_plan *plan, int64_t rows, crn_run_port *ports,
                                  crn_array *outputs, crn_error *err);

#endif
