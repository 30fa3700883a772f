/* SPDX-License-Identifier: BSD-3-Clause */
/* Array views: shapes, strides, ownership. */
#include "cornichon/array.h"

#include "base/cell.h"
#include "base/csr.h"

void crn_array_set_shape(crn_array *array, int32_t ndim, const int64_t *shape)
{
    array->ndim = ndim;
    int64_t stride = array->itemsize;
    for (int32_t axis = ndim - 1; axis >= 0; axis--) {
        array->shape[axis] = shape[axis];
        array->strides[axis] = stride;
        /* An empty axis leaves the strides of those before it as if it had one element. */
        stride *= shape[axis] > 0 ? shape[axis] : 1;
    }
}

crn_status crn_shape_bytes(int64_t itemsize, int32_t ndim, const int64_t *shape, size_t *bytes,
                           crn_error *err)
{
    /* Empty axes count as one here, so that strides cannot overflow either. */
    int64_t product = itemsize;
    bool empty = false, overflow = itemsize < 0;
    for (int32_t axis = 0; axis < ndim && !overflow; axis++) {
        if (shape[axis] < 0)
            return crn_fail(err, CRN_LIMIT, "an array's axis %d has the negative length %lld",
                            axis, (long long)shape[axis]);
        empty |= shape[axis] == 0;
        overflow = __builtin_mul_overflow(product, shape[axis] > 0 ? shape[axis] : 1, &product);
    }
    if (overflow || (uint64_t)product > SIZE_MAX / 2)
        return crn_fail(err, CRN_LIMIT, "an array is larger than memory can be");
    *bytes = empty ? 0 : (size_t)product;
    return CRN_OK;
}

static crn_array borrow(const void *data, crn_dtype dtype, int32_t ndim, const int64_t *shape)
{
    /* The API takes inputs as const but has one array type: inputs are never written. */
    crn_array array = {.data = (void *)(uintptr_t)data, .dtype = dtype};
    array.itemsize = (int64_t)crn_dtype_size(dtype);
    crn_array_set_shape(&array, ndim, shape);
    return array;
}

crn_array crn_array_view_1d(const void *data, crn_dtype dtype, int64_t n)
{
    return borrow(data, dtype, 1, (const int64_t[]){n});
}

crn_array crn_array_view_2d(const void *data, crn_dtype dtype, int64_t rows, int64_t columns)
{
    return borrow(data, dtype, 2, (const int64_t[]){rows, columns});
}

static crn_status check_itemsize(crn_dtype dtype, int64_t *itemsize, crn_error *err)
{
    if (crn_dtype_name(dtype)[0] == '?' || dtype == CRN_CSR)
        return crn_fail(err, CRN_ARGUMENT, "%d is no element type", (int)dtype);
    if (crn_dtype_size(dtype) > 0)
        *itemsize = (int64_t)crn_dtype_size(dtype);
    else if (*itemsize < 0 || (dtype == CRN_STRING && *itemsize % 4 != 0))
        return crn_fail(err, CRN_ARGUMENT, "elements of type %s cannot have %lld bytes",
                        crn_dtype_name(dtype), (long long)*itemsize);
    return CRN_OK;
}

crn_status crn_array_create(crn_dtype dtype, int64_t itemsize, int32_t ndim,
                            const int64_t *shape, crn_array *out, crn_error *err)
{
    CRN_TRY(check_itemsize(dtype, &itemsize, err));
    if (ndim < 0 || ndim > CRN_MAX_NDIM)
        return crn_fail(err, CRN_ARGUMENT, "an array has 0 to %d axes, not %d", CRN_MAX_NDIM,
                        ndim);
    for (int32_t axis = 0; axis < ndim; axis++) {
        if (shape[axis] < 0)
            return crn_fail(err, CRN_ARGUMENT, "axis %d has the negative length %lld", axis,
                            (long long)shape[axis]);
    }
    size_t bytes;
    if (crn_shape_bytes(itemsize, ndim, shape, &bytes, NULL) != CRN_OK)
        return crn_no_memory(err);
    crn_buffer *owner = crn_buffer_create(bytes);
    if (owner == NULL)
        return crn_no_memory(err);

    *out = (crn_array){.data = crn_buffer_data(owner), .dtype = dtype, .itemsize = itemsize};
    out->owner = owner;
    crn_array_set_shape(out, ndim, shape);
    return CRN_OK;
}

crn_status crn_array_astype(const crn_array *in, crn_dtype dtype, crn_array *out,
                            crn_error *err)
{
    crn_array copy = CRN_ARRAY_INIT;
    if (dtype == CRN_OBJECT && in->dtype != CRN_CSR)
        return crn_cells_of_array(in, out, err);
    if (in->dtype == CRN_CSR)
        CRN_TRY(crn_csr_check(in, err));
    if (in->dtype == CRN_CSR && dtype == CRN_CSR)
        return crn_csr_copy(in, out, err);
    int64_t itemsize = in->dtype == dtype ? in->itemsize : 0;
    CRN_TRY(crn_array_create(dtype, itemsize, in->ndim, in->shape, &copy, err));
    crn_status status = crn_array_copy_to(in, dtype, copy.itemsize, copy.data, err);
    if (status != CRN_OK) {
        crn_array_free(&copy);
        return status;
    }
    *out = copy;
    return CRN_OK;
}

int64_t crn_array_size(const crn_array *array)
{
    int64_t size = 1;
    for (int32_t axis = 0; axis < array->ndim; axis++)
        size *= array->shape[axis];
    return size;
}

bool crn_array_is_contiguous(const crn_array *array)
{
    int64_t stride = array->itemsize;
    bool dense = array->dtype != CRN_CSR;
    for (int32_t axis = array->ndim - 1; axis >= 0; axis--) {
        if (array->shape[axis] == 0)
            return array->dtype != CRN_CSR;
        dense &= array->shape[axis] == 1 || array->strides[axis] == stride;
        stride *= array->shape[axis];
    }
    return dense;
}

crn_array crn_array_rows(const crn_array *array, int64_t begin, int64_t end)
{
    crn_array rows = *array;
    rows.owner = NULL;
    if (array->dtype == CRN_CSR)
        rows.strides[0] += begin;
    else
        rows.data = (char *)array->data + begin * array->strides[0];
    rows.shape[0] = end - begin;
    return rows;
}

void crn_array_free(crn_array *array)
{
    if (array == NULL)
        return;
    crn_buffer_release(array->owner);
    *array = (crn_array)CRN_ARRAY_INIT;
}

crn_array crn_array_share(const crn_array *array)
{
    crn_array shared = *array;
    crn_buffer_retain(shared.owner);
    return shared;
}

double crn_array_get(const crn_array *array, int64_t i)
{
    if (!crn_dtype_is_number(array->dtype))
        return 0;
    crn_array element = *array;
    element.ndim = 0;
    char *at = array->data;
    for (int32_t axis = array->ndim - 1; axis >= 0; axis--) {
        at += i % array->shape[axis] * array->strides[axis];
        i /= array->shape[axis];
    }
    element.data = at;
    double value = 0;
    crn_status status = crn_array_copy_to(&element, CRN_FLOAT64, 8, &value, NULL);
    return status == CRN_OK ? value : 0;
}
