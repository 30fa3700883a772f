/* SPDX-License-Identifier: BSD-3-Clause */
/* Class labels: their sorted distinct values and their codes, as numpy.unique gives them, and
 * their text. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"

/* One label while it is sorted. */
typedef struct label {
    int64_t row;
    union {
        int64_t integer;
        double real;
        struct {
            const void *at;
            int64_t size; /* bytes */
        } text;
    } as;
} label;

typedef int (*compare_fn)(const void *, const void *);

static int compare_integers(const void *a, const void *b)
{
    int64_t left = ((const label *)a)->as.integer, right = ((const label *)b)->as.integer;
    return (left > right) - (left < right);
}

/* NaNs are one value behind all others (numpy.unique with equal_nan=True). */
static int compare_reals(const void *a, const void *b)
{
    double left = ((const label *)a)->as.real, right = ((const label *)b)->as.real;
    if (isnan(left) || isnan(right))
        return (isnan(left) != 0) - (isnan(right) != 0);
    return (left > right) - (left < right);
}

static int compare_strings(const void *a, const void *b)
{
    const label *left = a, *right = b;
    for (int64_t i = 0; i < left->as.text.size; i += (int64_t)sizeof(uint32_t)) {
        uint32_t l, r;
        memcpy(&l, (const char *)left->as.text.at + i, sizeof l);
        memcpy(&r, (const char *)right->as.text.at + i, sizeof r);
        if (l != r)
            return l < r ? -1 : 1;
    }
    return 0;
}

static int compare_bytes(const void *a, const void *b)
{
    const label *left = a, *right = b;
    return memcmp(left->as.text.at, right->as.text.at, (size_t)left->as.text.size);
}

static compare_fn compare_of(crn_dtype dtype)
{
    if (dtype == CRN_STRING)
        return compare_strings;
    if (dtype == CRN_BYTES)
        return compare_bytes;
    if (crn_dtype_is_float(dtype))
        return compare_reals;
    return crn_dtype_is_number(dtype) ? compare_integers : NULL;
}

static const void *element(const crn_array *labels, int64_t i)
{
    return (const char *)labels->data + i * labels->strides[0];
}

static crn_status read_labels(const crn_array *labels, label *out, crn_error *err)
{
    for (int64_t i = 0; i < labels->shape[0]; i++) {
        crn_array one = crn_array_rows(labels, i, i + 1);
        out[i].row = i;
        if (labels->dtype == CRN_STRING || labels->dtype == CRN_BYTES) {
            out[i].as.text.at = element(labels, i);
            out[i].as.text.size = labels->itemsize;
        } else if (crn_dtype_is_float(labels->dtype)) {
            CRN_TRY(crn_array_copy_to(&one, CRN_FLOAT64, 0, &out[i].as.real, err));
        } else if (labels->dtype == CRN_UINT64) {
            uint64_t value;
            memcpy(&value, element(labels, i), sizeof value);
            out[i].as.integer = (int64_t)(value - ((uint64_t)1 << 63)); /* keeps the order */
        } else {
            CRN_TRY(crn_array_copy_to(&one, CRN_INT64, 0, &out[i].as.integer, err));
        }
    }
    return CRN_OK;
}

/* Codes by row, and the row of the first label of each class moved to the front of `sorted`. */
static int64_t number_classes(label *sorted, int64_t n, compare_fn compare, int64_t *codes)
{
    int64_t classes = 0;
    for (int64_t i = 0; i < n; i++) {
        if (classes == 0 || compare(&sorted[classes - 1], &sorted[i]) != 0)
            sorted[classes++] = sorted[i];
        codes[sorted[i].row] = classes - 1;
    }
    return classes;
}

static crn_status take_classes(const crn_array *labels, const label *first, int64_t count,
                               crn_array *classes, crn_error *err)
{
    CRN_TRY(crn_array_create(labels->dtype, labels->itemsize, 1, &count, classes, err));
    for (int64_t i = 0; i < count; i++)
        memcpy((char *)classes->data + i * classes->itemsize, element(labels, first[i].row),
               (size_t)classes->itemsize);
    return CRN_OK;
}

crn_status crn_labels_encode(const crn_array *labels, crn_array *classes, crn_array *codes,
                             crn_error *err)
{
    compare_fn compare = compare_of(labels->dtype);
    if (labels->ndim != 1)
        return crn_fail(err, CRN_SHAPE,
                        "y should be a 1d array, got an array of %d axes instead.",
                        labels->ndim);
    if (compare == NULL)
        return crn_fail(err, CRN_DTYPE, "labels must be numbers or strings, not %s",
                        crn_dtype_name(labels->dtype));
    int64_t n = labels->shape[0];
    crn_array numbers = CRN_ARRAY_INIT;
    label *sorted = crn_calloc((size_t)n, sizeof *sorted);
    crn_status status = sorted == NULL ? crn_no_memory(err) : CRN_OK;
    if (status == CRN_OK)
        status = crn_array_create(CRN_INT64, 0, 1, &n, &numbers, err);
    if (status == CRN_OK)
        status = read_labels(labels, sorted, err);
    if (status == CRN_OK) {
        qsort(sorted, (size_t)n, sizeof *sorted, compare);
        int64_t count = number_classes(sorted, n, compare, numbers.data);
        status = take_classes(labels, sorted, count, classes, err);
    }
    free(sorted);
    if (status == CRN_OK)
        *codes = numbers;
    else
        crn_array_free(&numbers);
    return status;
}

/* ---- text ---- */

static void add_string(const crn_array *labels, int64_t i, crn_text *out)
{
    const char *at = element(labels, i);
    for (int64_t j = 0; j < labels->itemsize; j += (int64_t)sizeof(uint32_t)) {
        uint32_t code_point;
        memcpy(&code_point, at + j, sizeof code_point);
        if (code_point == 0)
            return; /* the padding; NumPy cannot keep NULs at the end either */
        crn_text_add_code_point(out, code_point);
    }
}

void crn_label_text(const crn_array *labels, int64_t i, crn_text *out)
{
    crn_array one = crn_array_rows(labels, i, i + 1);
    int64_t integer = 0;
    double real = 0;
    if (labels->dtype == CRN_STRING) {
        add_string(labels, i, out);
    } else if (labels->dtype == CRN_BYTES) {
        const char *at = element(labels, i);
        crn_text_add_bytes(out, at, strnlen(at, (size_t)labels->itemsize));
    } else if (labels->dtype == CRN_UINT64) {
        uint64_t value;
        memcpy(&value, element(labels, i), sizeof value);
        crn_text_printf(out, "%llu", (unsigned long long)value);
    } else if (crn_dtype_is_float(labels->dtype)) {
        if (crn_array_copy_to(&one, CRN_FLOAT64, 0, &real, NULL) != CRN_OK)
            return;
        if (labels->dtype == CRN_FLOAT64)
            crn_text_add_double(out, real);
        else
            crn_text_add_float(out, (float)real);
    } else if (crn_array_copy_to(&one, CRN_INT64, 0, &integer, NULL) == CRN_OK) {
        if (labels->dtype == CRN_BOOL)
            crn_text_add_string(out, integer != 0 ? "True" : "False");
        else
            crn_text_printf(out, "%lld", (long long)integer);
    }
}

void crn_label_repr(const crn_array *labels, int64_t i, crn_text *out)
{
    if (labels->dtype != CRN_STRING && labels->dtype != CRN_BYTES) {
        crn_label_text(labels, i, out);
        return;
    }
    crn_text text = CRN_TEXT_INIT;
    crn_label_text(labels, i, &text);
    if (labels->dtype == CRN_BYTES)
        crn_text_add_char(out, 'b');
    crn_text_add_python_string(out, text.data != NULL ? text.data : "", text.size);
    if (text.status != CRN_OK)
        out->status = text.status;
    crn_text_free(&text);
}

/* ---- strings ---- */

static int64_t code_points_of(const char *utf8)
{
    size_t size = strlen(utf8), position = 0;
    int64_t count = 0;
    uint32_t code_point;
    while (position < size && crn_utf8_next(utf8, size, &position, &code_point))
        count++;
    return count;
}

crn_status crn_names_to_array(const char *const *strings, int64_t count, crn_array *out,
                              crn_error *err)
{
    int64_t longest = 1; /* NumPy has no width of 0 */
    for (int64_t i = 0; i < count; i++) {
        if (strings[i] == NULL || !crn_utf8_is_valid(strings[i], strlen(strings[i])))
            return crn_fail(err, CRN_ARGUMENT, "string %lld is not valid UTF-8", (long long)i);
        int64_t length = code_points_of(strings[i]);
        longest = length > longest ? length : longest;
    }
    crn_array array = CRN_ARRAY_INIT;
    CRN_TRY(crn_array_create(CRN_STRING, longest * (int64_t)sizeof(uint32_t), 1, &count, &array,
                             err));
    for (int64_t i = 0; i < count; i++) {
        uint32_t *at = (uint32_t *)array.data + i * longest; /* (longest) */
        size_t size = strlen(strings[i]), position = 0;
        while (position < size && crn_utf8_next(strings[i], size, &position, at))
            at++;
    }
    *out = array;
    return CRN_OK;
}
