/* SPDX-License-Identifier: BSD-3-Clause */
/* What the reader remembers of a file so that the writer can make the same one
 * (crn_document.container). */
#ifndef CRN_FORMAT_PICKLE_CONTAINER_H
#define CRN_FORMAT_PICKLE_CONTAINER_H

#include "format/pickle.h"

typedef struct crn_pickle_container {
    crn_pickle_style style;
    bool c_pickler; /* batches as CPython's C pickler makes them, not as the Python one does */
    bool raw_controls; /* see pickle_text.h */
    bool legacy;       /* joblib <= 0.9: arrays are in files beside */
} crn_pickle_container;

#endif
