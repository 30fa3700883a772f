/* SPDX-License-Identifier: BSD-3-Clause */
/* Copying elements from strided to dense memory, converted as NumPy's astype does. Every pair
 * of native types has its own loop; the half-precision types pass through float or double in
 * small blocks. */
#include "base/cell.h"
#include <math.h>
#include <string.h>

#include "base/csr.h"
#include "base/dtype.h"

/* Converts n elements, `stride` bytes apart, to dense ones. Memory may be unaligned: arrays lie
 * in mapped files wherever their writer put them. */
typedef void (*convert_fn)(const char *in, int64_t stride, char *out, int64_t n);

/* ---- floats to integers ---- */

/* C leaves values out of range undefined. These give what NumPy gives on x86-64: the least
 * integer of the machine's conversion, cut down to the type. */
static int64_t to_int64(double value)
{
    return value >= -0x1p63 && value < 0x1p63 ? (int64_t)value : INT64_MIN;
}

static int32_t to_int32(double value)
{
    return value > -0x1p31 - 1 && value < 0x1p31 ? (int32_t)value : INT32_MIN;
}

static uint64_t to_uint64(double value)
{
    if (value >= 0x1p63)
        return value < 0x1p64 ? (uint64_t)value : 0;
    return (uint64_t)to_int64(value);
}

#define WHOLE_INT8(v)   (int8_t) to_int32(v)
#define WHOLE_INT16(v)  (int16_t) to_int32(v)
#define WHOLE_INT32(v)  to_int32(v)
#define WHOLE_INT64(v)  to_int64(v)
#define WHOLE_UINT8(v)  (uint8_t) to_int32(v)
#define WHOLE_UINT16(v) (uint16_t) to_int32(v)
#define WHOLE_UINT32(v) (uint32_t) to_int64(v)
#define WHOLE_UINT64(v) to_uint64(v)

/* ---- the loops ---- */

#define LOOP(from, from_type, to, to_type, expression)                                         \
    static void from##_to_##to(const char *in, int64_t stride, char *out, int64_t n)           \
    {                                                                                          \
        for (int64_t i = 0; i < n; i++) {                                                      \
            from_type v;                                                                       \
            memcpy(&v, in + i * stride, sizeof v);                                             \
            to_type converted = (to_type)(expression);                                         \
            memcpy(out + i * (int64_t)sizeof converted, &converted, sizeof converted);         \
        }                                                                                      \
    }

#define LOOPS_TO_REAL(from, type)                                                              \
    LOOP(from, type, bool8, uint8_t, v != 0)                                                   \
    LOOP(from, type, float32, float, v)                                                        \
    LOOP(from, type, float64, double, v)

#define LOOPS_FROM_INTEGER(from, type)                                                         \
    LOOPS_TO_REAL(from, type)                                                                  \
    LOOP(from, type, int8, int8_t, v)                                                          \
    LOOP(from, type, int16, int16_t, v)                                                        \
    LOOP(from, type, int32, int32_t, v)                                                        \
    LOOP(from, type, int64, int64_t, v)                                                        \
    LOOP(from, type, uint8, uint8_t, v)                                                        \
    LOOP(from, type, uint16, uint16_t, v)                                                      \
    LOOP(from, type, uint32, uint32_t, v)                                                      \
    LOOP(from, type, uint64, uint64_t, v)

#define LOOPS_FROM_FLOAT(from, type)                                                           \
    LOOPS_TO_REAL(from, type)                                                                  \
    LOOP(from, type, int8, int8_t, WHOLE_INT8(v))                                              \
    LOOP(from, type, int16, int16_t, WHOLE_INT16(v))                                           \
    LOOP(from, type, int32, int32_t, WHOLE_INT32(v))                                           \
    LOOP(from, type, int64, int64_t, WHOLE_INT64(v))                                           \
    LOOP(from, type, uint8, uint8_t, WHOLE_UINT8(v))                                           \
    LOOP(from, type, uint16, uint16_t, WHOLE_UINT16(v))                                        \
    LOOP(from, type, uint32, uint32_t, WHOLE_UINT32(v))                                        \
    LOOP(from, type, uint64, uint64_t, WHOLE_UINT64(v))

/* A bool of a file may hold any byte: it is read as one, and is true unless it is 0. */
#define LOOPS_FROM_BOOL(to, type) LOOP(bool8, uint8_t, to, type, v != 0)

LOOPS_FROM_BOOL(bool8, uint8_t)
LOOPS_FROM_BOOL(int8, int8_t)
LOOPS_FROM_BOOL(int16, int16_t)
LOOPS_FROM_BOOL(int32, int32_t)
LOOPS_FROM_BOOL(int64, int64_t)
LOOPS_FROM_BOOL(uint8, uint8_t)
LOOPS_FROM_BOOL(uint16, uint16_t)
LOOPS_FROM_BOOL(uint32, uint32_t)
LOOPS_FROM_BOOL(uint64, uint64_t)
LOOPS_FROM_BOOL(float32, float)
LOOPS_FROM_BOOL(float64, double)
LOOPS_FROM_INTEGER(int8, int8_t)
LOOPS_FROM_INTEGER(int16, int16_t)
LOOPS_FROM_INTEGER(int32, int32_t)
LOOPS_FROM_INTEGER(int64, int64_t)
LOOPS_FROM_INTEGER(uint8, uint8_t)
LOOPS_FROM_INTEGER(uint16, uint16_t)
LOOPS_FROM_INTEGER(uint32, uint32_t)
LOOPS_FROM_INTEGER(uint64, uint64_t)
LOOPS_FROM_FLOAT(float32, float)
LOOPS_FROM_FLOAT(float64, double)

#define ROW(from)                                                                              \
    {                                                                                          \
        [CRN_BOOL] = from##_to_bool8, [CRN_INT8] = from##_to_int8,                             \
        [CRN_INT16] = from##_to_int16, [CRN_INT32] = from##_to_int32,                          \
        [CRN_INT64] = from##_to_int64, [CRN_UINT8] = from##_to_uint8,                          \
        [CRN_UINT16] = from##_to_uint16, [CRN_UINT32] = from##_to_uint32,                      \
        [CRN_UINT64] = from##_to_uint64, [CRN_FLOAT32] = from##_to_float32,                    \
        [CRN_FLOAT64] = from##_to_float64,                                                     \
    }

/* [from][to]; NULL for the half-precision types. */
static const convert_fn native[CRN_FLOAT64 + 1][CRN_FLOAT64 + 1] = {
    [CRN_BOOL] = ROW(bool8),      [CRN_INT8] = ROW(int8),       [CRN_INT16] = ROW(int16),
    [CRN_INT32] = ROW(int32),     [CRN_INT64] = ROW(int64),     [CRN_UINT8] = ROW(uint8),
    [CRN_UINT16] = ROW(uint16),   [CRN_UINT32] = ROW(uint32),   [CRN_UINT64] = ROW(uint64),
    [CRN_FLOAT32] = ROW(float32), [CRN_FLOAT64] = ROW(float64),
};

/* ---- half precision ---- */

static bool is_half(crn_dtype dtype)
{
    return dtype == CRN_FLOAT16 || dtype == CRN_BFLOAT16;
}

/* Through float to float16, rounding once: the last bit of the float says whether anything was
 * cut off
 * ("round to odd": Boldo and Melquiond, "Emulation of FMA and correctly rounded sums", 2008).
 */
static uint16_t double_to_half(double value)
{
    float nearest = (float)value;
    if (isnan(value) || (double)nearest == value)
        return crn_float_to_half(nearest);
    uint32_t bits;
    memcpy(&bits, &nearest, sizeof bits);
    if (fabs((double)nearest) > fabs(value))
        bits--;
    bits |= 1;
    memcpy(&nearest, &bits, sizeof nearest);
    return crn_float_to_half(nearest);
}

enum { BLOCK = 256 };

static void widen(crn_dtype from, const char *in, int64_t stride, float *out, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        uint16_t bits;
        memcpy(&bits, in + i * stride, sizeof bits);
        out[i] = from == CRN_FLOAT16 ? crn_half_to_float(bits) : crn_bfloat_to_float(bits);
    }
}

/* NumPy's float16 takes doubles as they are and all else as float; ml_dtypes' bfloat16 takes
 * floats. */
static void narrow(const double *wide, crn_dtype to, char *out, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        uint16_t bits =
            to == CRN_FLOAT16 ? double_to_half(wide[i]) : crn_float_to_bfloat((float)wide[i]);
        memcpy(out + 2 * i, &bits, sizeof bits);
    }
}

static void convert_block(crn_dtype from, const char *in, int64_t stride, crn_dtype to,
                          char *out, int64_t n)
{
    float single[BLOCK];
    double wide[BLOCK];
    if (is_half(from)) {
        widen(from, in, stride, single, n);
        in = (const char *)single;
        stride = (int64_t)sizeof single[0];
        from = CRN_FLOAT32;
    } else if (is_half(to) && from != CRN_FLOAT64) {
        native[from][CRN_FLOAT32](in, stride, (char *)single, n);
        in = (const char *)single;
        stride = (int64_t)sizeof single[0];
        from = CRN_FLOAT32;
    }
    if (!is_half(to)) {
        native[from][to](in, stride, out, n);
        return;
    }
    native[from][CRN_FLOAT64](in, stride, (char *)wide, n);
    narrow(wide, to, out, n);
}

static void convert_numbers(crn_dtype from, const char *in, int64_t stride, crn_dtype to,
                            char *out, int64_t n)
{
    if (!is_half(from) && !is_half(to)) {
        native[from][to](in, stride, out, n);
        return;
    }
    int64_t width = (int64_t)crn_dtype_size(to);
    for (int64_t i = 0; i < n; i += BLOCK) {
        int64_t count = n - i < BLOCK ? n - i : BLOCK;
        convert_block(from, in + i * stride, stride, to, out + i * width, count);
    }
}

/* ---- whole arrays ---- */

/* One walk over an array: what the elements are and what they become. */
typedef struct copy_plan {
    crn_dtype from, to;
    int64_t from_size, to_size;
    bool bytes_only; /* the same type: move bytes, cut or padded with zeros */
} copy_plan;

static void copy_run(const copy_plan *plan, const char *in, int64_t stride, char *out,
                     int64_t n)
{
    if (!plan->bytes_only) {
        convert_numbers(plan->from, in, stride, plan->to, out, n);
        return;
    }
    if (stride == plan->from_size && plan->from_size == plan->to_size) {
        memcpy(out, in, (size_t)(n * plan->to_size));
        return;
    }
    size_t taken = (size_t)(plan->from_size < plan->to_size ? plan->from_size : plan->to_size);
    for (int64_t i = 0; i < n; i++, out += plan->to_size, in += stride) {
        memcpy(out, in, taken);
        memset(out + taken, 0, (size_t)plan->to_size - taken);
    }
}

/* Walks the rows along the last axis in C order. */
static void copy_rows(const crn_array *in, const copy_plan *plan, char *out)
{
    int32_t last = in->ndim - 1;
    int64_t index[CRN_MAX_NDIM] = {0};
    const char *at = in->data;
    for (;;) {
        copy_run(plan, at, in->strides[last], out, in->shape[last]);
        out += in->shape[last] * plan->to_size;
        int32_t axis = last - 1;
        for (; axis >= 0; axis--) {
            at += in->strides[axis];
            if (++index[axis] < in->shape[axis])
                break;
            at -= index[axis] * in->strides[axis];
            index[axis] = 0;
        }
        if (axis < 0)
            return;
    }
}

static crn_status choose_plan(const crn_array *in, crn_dtype dtype, int64_t itemsize,
                              copy_plan *plan, crn_error *err)
{
    *plan = (copy_plan){.from = in->dtype, .to = dtype, .from_size = in->itemsize};
    plan->to_size = crn_dtype_size(dtype) > 0 ? (int64_t)crn_dtype_size(dtype) : itemsize;
    if (crn_dtype_is_number(in->dtype) && crn_dtype_is_number(dtype)) {
        plan->bytes_only = in->dtype == dtype && dtype != CRN_BOOL;
        return CRN_OK;
    }
    bool same = in->dtype == dtype && dtype != CRN_NO_DTYPE &&
                (dtype != CRN_OBJECT || in->data != NULL);
    if (same && (dtype != CRN_RECORD || plan->from_size == plan->to_size)) {
        plan->bytes_only = true;
        return CRN_OK;
    }
    return crn_fail(err, CRN_DTYPE, "cannot convert an array of %s to %s",
                    crn_dtype_name(in->dtype), crn_dtype_name(dtype));
}

crn_status crn_array_copy_to(const crn_array *in, crn_dtype dtype, int64_t itemsize, void *out,
                             crn_error *err)
{
    copy_plan plan;
    const bool has_data = in->data != NULL || in->dtype != CRN_OBJECT; /* not one of a file */
    if (has_data && in->dtype == CRN_OBJECT && crn_dtype_is_number(dtype))
        return crn_cells_to_numbers(in, dtype, out, err);
    if (crn_dtype_is_number(in->dtype) && dtype == CRN_OBJECT) {
        crn_cells_of_numbers(in, out);
        return CRN_OK;
    }
    if (in->dtype == CRN_CSR && crn_dtype_is_number(dtype)) {
        crn_csr_to_dense(in, dtype, out);
        return CRN_OK;
    }
    CRN_TRY(choose_plan(in, dtype, itemsize, &plan, err));
    int64_t size = crn_array_size(in);
    if (size == 0 || plan.to_size == 0)
        return CRN_OK;
    if (crn_array_is_contiguous(in))
        copy_run(&plan, in->data, in->itemsize, out, size);
    else
        copy_rows(in, &plan, out);
    return CRN_OK;
}
