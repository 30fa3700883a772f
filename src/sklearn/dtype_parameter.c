/* SPDX-License-Identifier: BSD-3-Clause */
#include "sklearn/dtype_parameter.h"

#include <string.h>

#include "format/numpy_dtype.h"

/* By NumPy's name, or Python's for its own types. */
static bool find_name(const char *name, crn_dtype *out)
{
    static const struct {
        const char *name;
        crn_dtype dtype;
    } aliases[] = {{"float", CRN_FLOAT64},  {"double", CRN_FLOAT64}, {"int", CRN_INT64},
                   {"bool", CRN_BOOL},      {"bool_", CRN_BOOL},     {"float_", CRN_FLOAT64},
                   {"single", CRN_FLOAT32}, {"int_", CRN_INT64},     {"intp", CRN_INT64},
                   {"longlong", CRN_INT64}, {"intc", CRN_INT32},     {"uint", CRN_UINT64},
                   {"half", CRN_FLOAT16}};
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
        if (strcmp(aliases[i].name, name) == 0) {
            *out = aliases[i].dtype;
            return true;
        }
    }
    for (int dtype = CRN_BOOL; dtype <= CRN_FLOAT64; dtype++) {
        if (dtype != CRN_BFLOAT16 && strcmp(crn_dtype_name((crn_dtype)dtype), name) == 0) {
            *out = (crn_dtype)dtype;
            return true;
        }
    }
    return false;
}

/* "f4", "<i8" */
static bool find_code(const char *code, crn_dtype *out)
{
    int64_t size;
    if (*code == '<' || *code == '=' || *code == '|')
        code++;
    return *code != '\0' && crn_parse_int(code + 1, strlen(code + 1), &size) &&
           crn_dtype_from_kind(*code, size, out) && crn_dtype_is_number(*out);
}

crn_status crn_dtype_of_parameter(const crn_object *value, crn_dtype *out, crn_error *err)
{
    crn_numpy_dtype dtype;
    const char *name = crn_object_is(value, CRN_OBJ_GLOBAL)
                           ? crn_object_text(value->as.global.name)
                           : crn_object_text(value);
    if (name != NULL && (find_name(name, out) || find_code(name, out)))
        return CRN_OK;
    if (crn_object_is(value, CRN_OBJ_INSTANCE) &&
        crn_numpy_dtype_read(value, &dtype, NULL) == CRN_OK &&
        crn_dtype_is_number(dtype.dtype)) {
        *out = dtype.dtype;
        return CRN_OK;
    }
    crn_text said = {.cap = 100};
    crn_object_repr(value, 60, &said);
    crn_fail(err, CRN_UNSUPPORTED, "dtype=%s is no type of numbers",
             said.data != NULL ? said.data : "?");
    crn_text_free(&said);
    return CRN_UNSUPPORTED;
}
