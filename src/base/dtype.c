/* SPDX-License-Identifier: BSD-3-Clause */
/* Element types: their names, sizes and kinds, and the half-precision formats. */
#include "base/dtype.h"

#include <math.h>
#include <string.h>

const char *crn_dtype_name(crn_dtype dtype)
{
    switch (dtype) {
#define CRN_DTYPE_NAME(name, number, text, size)                                               \
    case CRN_##name:                                                                           \
        return text;
        CRN_DTYPE_MAP(CRN_DTYPE_NAME)
#undef CRN_DTYPE_NAME
    case CRN_NO_DTYPE:
        break;
    }
    return "?";
}

size_t crn_dtype_size(crn_dtype dtype)
{
    switch (dtype) {
#define CRN_DTYPE_SIZE(name, number, text, size)                                               \
    case CRN_##name:                                                                           \
        return size;
        CRN_DTYPE_MAP(CRN_DTYPE_SIZE)
#undef CRN_DTYPE_SIZE
    case CRN_NO_DTYPE:
        break;
    }
    return 0;
}

/* The array interface's letter of each type (numpy/doc: "The array interface protocol").
 * bfloat16 is no NumPy type; ml_dtypes registers it as a void of two bytes. */
static const struct {
    crn_dtype dtype;
    char kind;
} kinds[] = {
    {CRN_BOOL, 'b'},      {CRN_INT8, 'i'},       {CRN_INT16, 'i'},   {CRN_INT32, 'i'},
    {CRN_INT64, 'i'},     {CRN_UINT8, 'u'},      {CRN_UINT16, 'u'},  {CRN_UINT32, 'u'},
    {CRN_UINT64, 'u'},    {CRN_FLOAT16, 'f'},    {CRN_FLOAT32, 'f'}, {CRN_FLOAT64, 'f'},
    {CRN_COMPLEX64, 'c'}, {CRN_COMPLEX128, 'c'}, {CRN_STRING, 'U'},  {CRN_BYTES, 'S'},
    {CRN_RECORD, 'V'},    {CRN_OBJECT, 'O'},     {CRN_DATETIME, 'M'}};

bool crn_dtype_from_kind(char kind, int64_t size, crn_dtype *out)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        /* In a file an object is a pointer. */
        size_t fixed = kind == 'O' ? CRN_POINTER_BYTES : crn_dtype_size(kinds[i].dtype);
        if (kinds[i].kind != kind || (fixed > 0 && (int64_t)fixed != size))
            continue;
        if (size < 0 || (kinds[i].dtype == CRN_STRING && size % 4 != 0))
            return false;
        *out = kinds[i].dtype;
        return true;
    }
    return false;
}

char crn_dtype_kind(crn_dtype dtype)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].dtype == dtype)
            return kinds[i].kind;
    }
    return dtype == CRN_BFLOAT16 ? 'V' : '?';
}

bool crn_dtype_is_float(crn_dtype dtype)
{
    return dtype >= CRN_FLOAT16 && dtype <= CRN_FLOAT64;
}

bool crn_dtype_is_integer(crn_dtype dtype)
{
    return dtype >= CRN_INT8 && dtype <= CRN_UINT64;
}

bool crn_dtype_is_number(crn_dtype dtype)
{
    return dtype >= CRN_BOOL && dtype <= CRN_FLOAT64;
}

/* ---- half precision ---- */

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static float float_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

float crn_half_to_float(uint16_t half)
{
    uint32_t sign = (uint32_t)(half & 0x8000u) << 16;
    uint32_t rest = (uint32_t)(half & 0x7FFFu);
    if (rest >= 0x7C00u) /* infinity, NaN */
        return float_of(sign | 0x7F800000u | (rest & 0x3FFu) << 13);
    if (rest < 0x400u) { /* zero, subnormal: exact in float */
        float value = (float)rest * 0x1p-24f;
        return float_of(sign | bits_of(value));
    }
    return float_of(sign | ((rest << 13) + ((127u - 15u) << 23)));
}

uint16_t crn_float_to_half(float value)
{
    uint32_t bits = bits_of(value);
    uint16_t sign = (uint16_t)(bits >> 16 & 0x8000u);
    uint32_t rest = bits & 0x7FFFFFFFu;
    if (rest > 0x7F800000u) { /* NaN: its first bits, and never infinity's pattern */
        uint32_t payload = rest >> 13 & 0x3FFu;
        return (uint16_t)(sign | 0x7C00u | (payload > 0 ? payload : 1u));
    }
    if (rest >= 0x477FF000u) /* rounds to more than 65504 */
        return (uint16_t)(sign | 0x7C00u);
    if (rest < 0x38800000u) { /* below 2**-14: the result counts steps of 2**-24 */
        float steps = float_of(rest) * 0x1p24f;
        return (uint16_t)(sign | (uint16_t)rintf(steps));
    }
    uint32_t rounded = rest + 0xFFFu + (rest >> 13 & 1u);
    return (uint16_t)(sign | ((rounded - ((127u - 15u) << 23)) >> 13));
}

float crn_bfloat_to_float(uint16_t bits)
{
    return float_of((uint32_t)bits << 16);
}

uint16_t crn_float_to_bfloat(float value)
{
    uint32_t bits = bits_of(value);
    if (isnan(value)) /* ml_dtypes gives the quiet NaN of this sign */
        return (uint16_t)((bits >> 16 & 0x8000u) | 0x7FC0u);
    return (uint16_t)((bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16);
}
