/* SPDX-License-Identifier: BSD-3-Clause */
/* A tree with everything that the HDF5 writer can write. The unit test compares its bytes with
 * golden/hdf5/written.h5, interop/write_hdf5.c writes it for h5py and h5dump.
 * interop/check_hdf5.py repeats the values. */
#ifndef CRN_TESTS_H5_SAMPLE_H
#define CRN_TESTS_H5_SAMPLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/hdf5.h"

enum {
    SAMPLE_MEMBERS = 300,
    SAMPLE_NAMES = 2000,
    SAMPLE_CONFIG = 70000,
    SAMPLE_ATTRIBUTES = 60
};

#define SAMPLE_TRY(call)                                                                       \
    do {                                                                                       \
        crn_status sample_status_ = (call);                                                    \
        if (sample_status_ != CRN_OK)                                                          \
            return sample_status_;                                                             \
    } while (0)

/* The numbers 0 .. n-1, as bool 0 and 1 by turns. */
static inline crn_status sample_ramp(crn_dtype dtype, int32_t ndim, const int64_t *shape,
                                     crn_array *out, crn_error *err)
{
    double ramp[24];
    int64_t count = 1;
    for (int32_t i = 0; i < ndim; i++)
        count *= shape[i];
    for (int64_t i = 0; i < count; i++)
        ramp[i] = (double)(dtype == CRN_BOOL ? i % 2 : i);
    crn_array values = crn_array_view_1d(ramp, CRN_FLOAT64, count);
    SAMPLE_TRY(crn_array_create(dtype, 0, ndim, shape, out, err));
    return crn_array_copy_to(&values, dtype, out->itemsize, out->data, err);
}

static inline crn_status sample_dataset(crn_h5 *h5, const char *path, crn_dtype dtype,
                                        int32_t ndim, const int64_t *shape, crn_error *err)
{
    crn_array array = CRN_ARRAY_INIT;
    crn_status status = sample_ramp(dtype, ndim, shape, &array, err);
    if (status == CRN_OK)
        status = crn_h5_dataset(h5, crn_h5_root(h5), path, &array, NULL, err);
    crn_array_free(&array);
    return status;
}

static inline crn_status sample_numbers(crn_h5 *h5, crn_error *err)
{
    const int64_t matrix[2] = {2, 3}, empty[2] = {0, 3};
    for (int dtype = CRN_BOOL; dtype <= CRN_FLOAT64; dtype++) {
        char path[64];
        snprintf(path, sizeof path, "numbers/%s", crn_dtype_name((crn_dtype)dtype));
        SAMPLE_TRY(sample_dataset(h5, path, (crn_dtype)dtype, 2, matrix, err));
    }
    SAMPLE_TRY(sample_dataset(h5, "scalar", CRN_INT64, 0, NULL, err));
    SAMPLE_TRY(sample_dataset(h5, "empty", CRN_FLOAT32, 2, empty, err));
    /* A transposed view is stored in C order. */
    const float rows[2][3] = {{0, 1, 2}, {3, 4, 5}};
    crn_array view = crn_array_view_2d(rows, CRN_FLOAT32, 3, 2);
    view.strides[0] = sizeof(float);
    view.strides[1] = 3 * sizeof(float);
    SAMPLE_TRY(crn_h5_dataset(h5, crn_h5_root(h5), "transposed", &view, NULL, err));
    for (int i = SAMPLE_MEMBERS; i-- > 0;) {
        char path[64];
        snprintf(path, sizeof path, "members/member_%d", i);
        SAMPLE_TRY(sample_dataset(h5, path, CRN_UINT8, 0, NULL, err));
    }
    return CRN_OK;
}

/* A legacy Keras file in small: configuration over 64 KiB, name lists, one of them split. */
static inline crn_status sample_model(crn_h5 *h5, crn_error *err)
{
    static char config[SAMPLE_CONFIG], names[SAMPLE_NAMES][64];
    static const char *list[SAMPLE_NAMES];
    static const char *const weights[2] = {"dense/kernel:0", "dense/bias:0"};
    crn_h5_node *root = crn_h5_root(h5), *group;
    const int64_t kernel[2] = {4, 3};
    memset(config, 'x', sizeof config);
    for (int i = 0; i < SAMPLE_NAMES; i++) {
        snprintf(names[i], sizeof names[i], "a_layer_with_quite_a_long_name_that_goes_on_%d",
                 i);
        list[i] = names[i];
    }
    SAMPLE_TRY(crn_h5_set_text(h5, root, "keras_version", "2.15.0", 6, true, err));
    SAMPLE_TRY(crn_h5_set_text(h5, root, "model_config", config, sizeof config, false, err));
    SAMPLE_TRY(crn_h5_set_text(h5, root, "backend", "theano", 6, true, err));
    SAMPLE_TRY(
        crn_h5_set_text(h5, root, "backend", "tensorflow", 10, true, err)); /* replaces */
    SAMPLE_TRY(crn_h5_set_text(h5, root, "nothing", "", 0, false, err));
    SAMPLE_TRY(crn_h5_set_text(h5, root, "caf\xc3\xa9", "\xc3\xbc", 2, true, err));
    SAMPLE_TRY(crn_h5_group(h5, root, "model_weights/dense", &group, err));
    SAMPLE_TRY(crn_h5_set_names(h5, group, "weight_names", weights, 2, err));
    SAMPLE_TRY(
        sample_dataset(h5, "model_weights/dense/dense/kernel:0", CRN_FLOAT32, 2, kernel, err));
    SAMPLE_TRY(sample_dataset(h5, "model_weights/dense/dense/bias:0", CRN_FLOAT32, 1,
                              kernel + 1, err));
    SAMPLE_TRY(crn_h5_group(h5, root, "model_weights/dropout", &group, err));
    SAMPLE_TRY(crn_h5_set_names(h5, group, "weight_names", NULL, 0, err));
    SAMPLE_TRY(crn_h5_group(h5, root, "model_weights", &group, err));
    return crn_h5_set_names(h5, group, "layer_names", list, SAMPLE_NAMES, err);
}

static inline crn_status sample_attributes(crn_h5 *h5, crn_error *err)
{
    crn_h5_node *group;
    SAMPLE_TRY(crn_h5_group(h5, crn_h5_root(h5), "attributes", &group, err));
    for (int i = 0; i < SAMPLE_ATTRIBUTES; i++) {
        char name[64];
        crn_array array = CRN_ARRAY_INIT;
        const int64_t shape[2] = {2, i % 5};
        snprintf(name, sizeof name, "attribute_%d", i);
        crn_dtype dtype = i % 3 == 0 ? CRN_BOOL : i % 3 == 1 ? CRN_INT32 : CRN_FLOAT64;
        crn_status status = sample_ramp(dtype, i % 3, shape, &array, err);
        if (status == CRN_OK)
            status = crn_h5_set_number(h5, group, name, &array, err);
        crn_array_free(&array);
        SAMPLE_TRY(status);
    }
    return CRN_OK;
}

/* The file's bytes. */
static inline crn_status sample_write(crn_text *out, crn_error *err)
{
    crn_h5 *h5;
    SAMPLE_TRY(crn_h5_create(&h5, err));
    crn_status status = sample_model(h5, err);
    if (status == CRN_OK)
        status = sample_numbers(h5, err);
    if (status == CRN_OK)
        status = sample_attributes(h5, err);
    if (status == CRN_OK)
        status = crn_h5_write(h5, out, err);
    crn_h5_destroy(h5);
    return status;
}

#endif
