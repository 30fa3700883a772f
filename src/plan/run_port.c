/* SPDX-License-Identifier: BSD-3-Clause */
#include "plan/run_port.h"

#include <string.h>

#include "base/csr.h"
#include "ops/infer.h"

static bool same_item(const crn_array *array, const crn_type *type)
{
    if (array->ndim != type->ndim + 1)
        return false;
    for (int32_t i = 0; i < type->ndim; i++) {
        if (array->shape[i + 1] != type->shape[i])
            return false;
    }
    return true;
}

/* A kernel may use an element only where the element's type may stand. */
static bool is_aligned(const crn_array *array)
{
    size_t size = crn_dtype_size(array->dtype);
    size_t alignment = size > 8 ? 8 : size > 0 ? size : array->dtype == CRN_STRING ? 4 : 1;
    return ((uintptr_t)array->data & (alignment - 1)) == 0;
}

static bool is_convertible(const crn_array *array, const crn_type *type)
{
    if (crn_dtype_is_number(type->dtype))
        return crn_dtype_is_number(array->dtype) || array->dtype == CRN_CSR;
    if (type->dtype == CRN_OBJECT)
        return crn_dtype_is_number(array->dtype) || array->dtype == type->dtype;
    /* A string is cut where it is longer than the model's; such models take one character more
     * than they compare, so a cut one equals nothing. */
    return array->dtype == type->dtype;
}

static crn_status wrong_shape(const crn_array *array, const crn_type *type, crn_error *err)
{
    if (array->ndim == 2 && type->ndim == 1)
        return crn_fail(
            err, CRN_SHAPE,
            "X has %lld features, but the model is expecting %lld features as input",
            (long long)array->shape[1], (long long)type->shape[0]);
    crn_type given = {.dtype = array->dtype, .itemsize = array->itemsize, .ndim = array->ndim};
    memcpy(given.shape, array->shape, sizeof given.shape);
    return crn_infer_misfit("input", &given, type, err);
}

crn_status crn_port_take_input(crn_run_port *input, const crn_array *given,
                               const crn_type *type, crn_error *err)
{
    input->array = *given;
    crn_array *array = &input->array;
    if (array->ndim == 1 && type->ndim == 1 && type->shape[0] == 1) {
        array->ndim = 2; /* a vector for one column */
        array->shape[1] = 1;
        array->strides[1] = array->itemsize;
    }
    if (array->ndim == 2 && type->ndim == 0 && array->shape[1] == 1)
        array->ndim = 1; /* one column for a vector */
    if (!same_item(array, type))
        return wrong_shape(array, type, err);
    if (array->dtype == CRN_CSR)
        CRN_TRY(crn_csr_check(array, err));
    input->direct = array->dtype == type->dtype && array->itemsize == type->itemsize &&
                    is_aligned(array) && crn_array_is_contiguous(array);
    if (!input->direct && !is_convertible(array, type))
        return crn_fail(err, CRN_DTYPE, "an array of %s cannot be converted to %s",
                        crn_dtype_name(array->dtype), crn_dtype_name(type->dtype));
    return CRN_OK;
}

static crn_status check_output(const crn_array *given, const crn_type *type, int64_t rows,
                               crn_error *err)
{
    if (given->dtype != type->dtype || given->itemsize != type->itemsize)
        return crn_fail(err, CRN_DTYPE, "the output array is %s, not %s",
                        crn_dtype_name(given->dtype), crn_dtype_name(type->dtype));
    if (!same_item(given, type) || given->shape[0] != rows || !crn_array_is_contiguous(given) ||
        !is_aligned(given)) {
        char text[128];
        return crn_fail(err, CRN_SHAPE, "the output array is not a dense %s of %lld rows",
                        crn_type_text(type, text, sizeof text), (long long)rows);
    }
    return CRN_OK;
}

static crn_status create_output(const crn_type *type, int64_t rows, crn_array *out,
                                crn_error *err)
{
    int64_t shape[CRN_MAX_NDIM] = {rows};
    for (int32_t i = 0; i < type->ndim; i++)
        shape[i + 1] = type->shape[i];
    return crn_array_create(type->dtype, type->itemsize, type->ndim + 1, shape, out, err);
}

crn_status crn_ports_take_outputs(const crn_plan *plan, int64_t rows, crn_run_port *ports,
                                  crn_array *outputs, crn_error *err)
{
    size_t count = crn_plan_output_count(plan);
    for (size_t i = 0; i < count; i++) {
        if (outputs[i].data != NULL)
            CRN_TRY(check_output(&outputs[i], crn_plan_output_type(plan, i), rows, err));
        ports[i].array = outputs[i];
        ports[i].made = outputs[i].data == NULL;
    }
    for (size_t i = 0; i < count; i++) {
        crn_array *array = &ports[i].array;
        if (array->data != NULL || crn_plan_output_type(plan, i)->sparse ||
            create_output(crn_plan_output_type(plan, i), rows, array, err) == CRN_OK)
            continue;
        for (size_t k = 0; k < i; k++) {
            if (outputs[k].data == NULL)
                crn_array_free(&ports[k].array);
        }
        return crn_no_memory(err);
    }
    for (size_t i = 0; i < count; i++)
        outputs[i] = ports[i].array;
    return CRN_OK;
}
