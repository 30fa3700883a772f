/* SPDX-License-Identifier: BSD-3-Clause */
/* What the generated source of a built-in data set defines (tools/make_datasets.py). */
#ifndef CRN_FORMAT_DATASETS_DATASET_H
#define CRN_FORMAT_DATASETS_DATASET_H

#include <stddef.h>
#include <stdint.h>

enum {
    CRN_DATASET_LINE = 85
}; /* characters of base 85 in a line of `packed`, but for the last */

typedef struct crn_dataset {
    const char *name;
    const char *summary;
    int64_t rows;
    int64_t features;
    size_t classes;                   /* 0: regression */
    const char *const *feature_names; /* features */
    const char *const *target_names;  /* classes */
    /* Of each feature: its values are integers / 10^decimals. NULL: they are stored as doubles.
     */
    const int8_t *decimals;
    /* The columns, the target last, deflated (zlib) and in base 85. A column is `rows` int32 as
     * four planes of bytes, lowest first, or `rows` doubles. */
    const char (*packed)[CRN_DATASET_LINE + 1];
    size_t packed_bytes; /* deflated */
} crn_dataset;

extern const crn_dataset crn_dataset_iris;
extern const crn_dataset crn_dataset_wine;
extern const crn_dataset crn_dataset_digits;
extern const crn_dataset crn_dataset_breast_cancer;
extern const crn_dataset crn_dataset_diabetes;

#endif
