/* SPDX-License-Identifier: BSD-3-Clause */
#include "compare.h"

#include <math.h>
#include <string.h>

static double element(const crn_array *array, int64_t i)
{
    crn_array one = *array;
    double value = NAN;
    int64_t at[CRN_MAX_NDIM] = {0}, rest = i;
    for (int32_t k = array->ndim - 1; k >= 0; k--) {
        at[k] = rest % array->shape[k];
        rest /= array->shape[k];
    }
    char *data = array->data;
    for (int32_t k = 0; k < array->ndim; k++)
        data += at[k] * array->strides[k];
    one.data = data;
    one.ndim = 0;
    crn_array number = CRN_ARRAY_INIT;
    if (crn_array_astype(&one, CRN_FLOAT64, &number, NULL) == CRN_OK)
        value = *(const double *)number.data;
    crn_array_free(&number);
    return value;
}

/* A vector and a matrix of one column hold the same numbers. */
static bool same_size(const crn_array *a, const crn_array *b)
{
    if (crn_array_size(a) != crn_array_size(b))
        return false;
    return a->ndim == 0 || b->ndim == 0 || a->shape[0] == b->shape[0];
}

static double unit(double expected, bool is_float32)
{
    const double size = fabs(expected);
    if (is_float32)
        return (double)nextafterf((float)size, INFINITY) - (double)(float)size;
    return nextafter(size, INFINITY) - size;
}

static void compare_numbers(const crn_array *got, const crn_array *expected, distance *d)
{
    const bool is_float32 = got->dtype == CRN_FLOAT32 || expected->dtype == CRN_FLOAT32;
    for (int64_t i = 0; i < d->elements; i++) {
        const double a = element(got, i), b = element(expected, i);
        if (a == b || (isnan(a) && isnan(b)))
            continue;
        const double error = fabs(a - b), ulp = error / unit(b, is_float32);
        d->beyond += !(error <= d->atol + d->rtol * fabs(b));
        if (!(ulp <= d->largest_ulp)) {
            d->largest_ulp = ulp;
            d->largest = error;
            d->worst = i;
        }
    }
}

/* Code points of element i, without the NULs that pad it. */
static bool same_label(const crn_array *a, const crn_array *b, int64_t i)
{
    const char *x = (const char *)a->data + i * a->itemsize;
    const char *y = (const char *)b->data + i * b->itemsize;
    const int64_t most = a->itemsize > b->itemsize ? a->itemsize : b->itemsize;
    for (int64_t k = 0; k < most; k += 4) {
        uint32_t left = 0, right = 0;
        if (k < a->itemsize)
            memcpy(&left, x + k, 4);
        if (k < b->itemsize)
            memcpy(&right, y + k, 4);
        if (left != right)
            return false;
    }
    return true;
}

static void compare_labels(const crn_array *got, const crn_array *expected, distance *d)
{
    for (int64_t i = 0; i < d->elements; i++) {
        if (same_label(got, expected, i))
            continue;
        if (d->beyond++ == 0)
            d->worst = i;
    }
}

distance compare_arrays(const options *o, const crn_array *got, const crn_array *expected)
{
    const bool is_float32 = got->dtype == CRN_FLOAT32 || expected->dtype == CRN_FLOAT32;
    distance d = {.worst = -1,
                  .rtol = o->given.rtol ? o->rtol
                          : is_float32  ? 1e-4
                                        : 1e-7,
                  .atol = o->given.atol ? o->atol
                          : is_float32  ? 1e-5
                                        : 1e-9,
                  .labels = got->dtype == CRN_STRING || expected->dtype == CRN_STRING};
    d.same_shape = same_size(got, expected);
    if (d.labels)
        d.same_shape = d.same_shape && got->dtype == expected->dtype &&
                       crn_array_is_contiguous(got) && crn_array_is_contiguous(expected);
    if (!d.same_shape)
        return d;
    d.elements = crn_array_size(expected);
    if (d.labels)
        compare_labels(got, expected, &d);
    else
        compare_numbers(got, expected, &d);
    return d;
}

bool within(const distance *d)
{
    return d->same_shape && d->beyond == 0;
}
