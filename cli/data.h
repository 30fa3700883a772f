/* SPDX-License-Identifier: BSD-3-Clause */
/* The data of a command line: tables, matched to a model's features, with a target and weights
 * beside. */
#ifndef CRN_CLI_DATA_H
#define CRN_CLI_DATA_H

#include "options.h"

/* What -i, -t and --sample-weight name, ready for the library. Free with rows_free(). */
typedef struct rows {
    crn_table *table, *target_table, *weight_table;
    crn_data data; /* x, y, sample_weight, feature_names */
    bool owns_x;
    const char **names;  /* of the feature columns; NULL without a header */
    const char *dataset; /* name of a built-in data set; NULL: a file */
} rows;

enum { WITHOUT_TARGET, WITH_TARGET };

/* Reads `spec` (a file or a built-in data set). input: what an input of the model takes
 * (crn_model_input()), NULL: numbers. model: columns are matched to its feature
 * names; NULL: all but the target. WITH_TARGET: y is set from --target (required, but for
 * built-in data sets, when `needs` says so). */
int rows_read(const options *o, const char *spec, const crn_model *model,
              const crn_array *input, int target, rows *out);
/* Complains when no target was found. */
int rows_need_target(const options *o, const rows *r);
void rows_free(rows *r);

/* Writes predictions: the suffix of `path`, or --format, chooses the kind. */
int write_array(const options *o, const crn_array *array, const char *const *names,
                const char *path);

#endif
