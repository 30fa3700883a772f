/* SPDX-License-Identifier: BSD-3-Clause */
/* scikit-learn's sklearn.utils.validation.check_array and _check_n_features (1.9), and Keras's
 * InputSpec (keras/src/layers/input_spec.py, 3.15), as far as they concern rows of numbers. */
#include "api/input_check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/cell.h"
#include "base/csr.h"

/* The model whose words count: the first step of the first step ... */
static const crn_model *first_step(const crn_model *model)
{
    while (crn_model_step_count(model) > 0 && crn_model_step(model, 0) != NULL)
        model = crn_model_step(model, 0);
    return model;
}

int crn_input_checks(const crn_model *model, crn_method method,
                     crn_input_check out[CRN_MAX_PORTS])
{
    crn_port ports[CRN_MAX_PORTS], first_ports[CRN_MAX_PORTS];
    const crn_model *first = first_step(model);
    int count = model->type->inputs(model, method, ports);
    int first_count =
        first == model ? 0
                       : first->type->inputs(first, crn_model_step_method(first), first_ports);
    /* inverse_transform enters a chain at its other end. */
    bool from_first = first_count == count && method != CRN_INVERSE_TRANSFORM;
    for (int i = 0; i < count; i++) {
        const crn_port *port = &ports[i];
        const bool narrower = from_first && first_ports[i].admits > port->admits;
        out[i] = (crn_input_check){.sklearn = strcmp(first->type->family, "scikit-learn") == 0,
                                   .admits = narrower ? first_ports[i].admits : port->admits,
                                   .type = port->type,
                                   .kernels = crn_kernels_best()};
        snprintf(out[i].class_name, sizeof out[i].class_name, "%s",
                 first->type->class_name(first));
        snprintf(out[i].port_name, sizeof out[i].port_name, "%s",
                 port->name != NULL ? port->name : "");
    }
    return count;
}

/* ---- shapes ---- */

/* "(None, 28, 28)" or, with rows >= 0, "(2, 28, 28)". */
static void say_shape(int64_t rows, const int64_t *shape, int32_t ndim, char *buffer,
                      size_t size)
{
    size_t used = rows < 0 ? (size_t)snprintf(buffer, size, "(None")
                           : (size_t)snprintf(buffer, size, "(%lld", (long long)rows);
    for (int32_t i = 0; i < ndim && used < size; i++) {
        int more = shape[i] < 0
                       ? snprintf(buffer + used, size - used, ", None")
                       : snprintf(buffer + used, size - used, ", %lld", (long long)shape[i]);
        used += (size_t)more;
    }
    if (used < size)
        snprintf(buffer + used, size - used, ndim == 0 ? ",)" : ")");
}

static crn_status check_sklearn_shape(const crn_input_check *check, const crn_array *rows,
                                      crn_error *err)
{
    char shape[128];
    int32_t expected = check->type.ndim + 1;
    if (check->type.ndim == 0 && rows->ndim != 1)
        return crn_fail(err, CRN_SHAPE,
                        "y should be a 1d array, got an array of %d axes instead.", rows->ndim);
    if (rows->ndim != expected)
        return crn_fail(err, CRN_SHAPE, "Expected %dD array, got %s array instead", expected,
                        rows->ndim == 0   ? "scalar"
                        : rows->ndim == 1 ? "1D"
                        : rows->ndim == 2 ? "2D"
                                          : "3D or larger");
    if (rows->shape[0] == 0) {
        say_shape(rows->shape[0], rows->shape + 1, rows->ndim - 1, shape, sizeof shape);
        return crn_fail(
            err, CRN_ARGUMENT,
            "Found array with 0 sample(s) (shape=%s) while a minimum of 1 is required by %s.",
            shape, check->class_name);
    }
    if (check->type.ndim > 0 && check->type.shape[0] >= 0 &&
        rows->shape[1] != check->type.shape[0])
        return crn_fail(
            err, CRN_SHAPE, "X has %lld features, but %s is expecting %lld features as input.",
            (long long)rows->shape[1], check->class_name, (long long)check->type.shape[0]);
    return CRN_OK;
}

static crn_status check_keras_shape(const crn_input_check *check, const crn_array *rows,
                                    crn_error *err)
{
    bool same = rows->ndim == check->type.ndim + 1;
    /* A vector of scalars may lack its last axis, as in Keras. */
    if (rows->ndim == 1 && check->type.ndim == 1 && check->type.shape[0] == 1)
        return CRN_OK;
    for (int32_t i = 0; same && i < check->type.ndim; i++)
        same = check->type.shape[i] < 0 || rows->shape[i + 1] == check->type.shape[i];
    if (same)
        return CRN_OK;
    char expected[128], found[128];
    say_shape(-1, check->type.shape, check->type.ndim, expected, sizeof expected);
    say_shape(rows->ndim > 0 ? rows->shape[0] : 0, rows->shape + 1, rows->ndim - 1, found,
              sizeof found);
    return crn_fail(
        err, CRN_SHAPE,
        "Input '%s' of %s is incompatible with the layer: expected shape=%s, found shape=%s",
        check->port_name, check->class_name, expected, found);
}

/* ---- NaN and infinity ---- */

/* scikit-learn looks for NaN among objects, and not for infinity. */
static crn_status check_cells(const crn_array *rows, crn_admitted admits, crn_error *err)
{
    const int64_t size = crn_array_size(rows);
    const crn_cell *cells = rows->data;
    if (admits != CRN_ADMITS_FINITE || !crn_array_is_contiguous(rows))
        return CRN_OK;
    for (int64_t i = 0; i < size; i++) {
        if (crn_cell_is_nan(&cells[i]))
            return crn_fail(err, CRN_ARGUMENT, "Input X contains NaN.");
    }
    return CRN_OK;
}

static bool is_surely_finite(const crn_kernels *kernels, const crn_array *rows)
{
    if (!crn_dtype_is_float(rows->dtype))
        return true;
    if (!crn_array_is_contiguous(rows))
        return false;
    if (rows->dtype == CRN_FLOAT64)
        return kernels->all_finite_f64(crn_array_size(rows), rows->data);
    return rows->dtype == CRN_FLOAT32 &&
           kernels->all_finite_f32(crn_array_size(rows), rows->data);
}

static crn_status check_values(const crn_kernels *kernels, const crn_array *rows,
                               crn_admitted admits, crn_error *err)
{
    if (rows->dtype == CRN_OBJECT)
        return check_cells(rows, admits, err);
    if (is_surely_finite(kernels, rows))
        return CRN_OK;
    int64_t size = crn_array_size(rows);
    bool any_nan = false, any_infinity = false;
    for (int64_t i = 0; i < size; i++) {
        double value = crn_array_get(rows, i);
        any_nan |= isnan(value) != 0;
        any_infinity |= isinf(value) != 0;
    }
    if (any_nan && admits == CRN_ADMITS_FINITE)
        return crn_fail(err, CRN_ARGUMENT, "Input X contains NaN.");
    if (any_infinity)
        return crn_fail(err, CRN_ARGUMENT,
                        "Input X contains infinity or a value too large for dtype('%s').",
                        crn_dtype_name(rows->dtype));
    return CRN_OK;
}

/* The numbers of sparse rows. */
static crn_array values_of(const crn_array *rows)
{
    return rows->dtype == CRN_CSR ? crn_csr_values(rows) : *rows;
}

crn_status crn_input_check_shape(const crn_input_check *check, const crn_array *rows,
                                 crn_error *err)
{
    if (rows->data == NULL && crn_array_size(rows) > 0)
        return crn_fail(err, CRN_ARGUMENT, "input '%s' has no data", check->port_name);
    CRN_TRY(check->sklearn ? check_sklearn_shape(check, rows, err)
                           : check_keras_shape(check, rows, err));
    if (rows->dtype == CRN_CSR)
        CRN_TRY(crn_csr_check(rows, err));
    const crn_dtype dtype = values_of(rows).dtype;
    if (crn_dtype_is_number(check->type.dtype) && !crn_dtype_is_number(dtype) &&
        dtype != CRN_OBJECT)
        return crn_fail(err, CRN_DTYPE, "%s takes numbers, not an array of %s",
                        check->class_name, crn_dtype_name(rows->dtype));
    return CRN_OK;
}

crn_status crn_input_check_values(const crn_input_check *check, const crn_array *rows,
                                  crn_error *err)
{
    const crn_array values = values_of(rows);
    return check->admits != CRN_ADMITS_ALL
               ? check_values(check->kernels, &values, check->admits, err)
               : CRN_OK;
}

crn_status crn_input_check_rows(const crn_input_check *check, const crn_array *rows,
                                crn_error *err)
{
    CRN_TRY(crn_input_check_shape(check, rows, err));
    return crn_input_check_values(check, rows, err);
}
