/* SPDX-License-Identifier: BSD-3-Clause */
/* The header of a .npy file whose descr is a list: {'descr': [('left_child', '<i8'), ...],
 * 'fortran_order': False, 'shape': (7,), } (numpy/lib/format.py). NumPy always writes the three
 * keys in this order. */
#include "format/joblib_records.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

static const char descr[] = "{'descr': [";

/* The text of the header. False when the file is no .npy file of version 1 or 2. */
static bool read_header(crn_bytes *in, crn_bytes *header)
{
    uint8_t major;
    uint16_t narrow;
    uint32_t size;
    const uint8_t *magic = crn_bytes_take(in, 6, NULL);
    if (magic == NULL || memcmp(magic, "\x93NUMPY", 6) != 0 ||
        crn_bytes_u8(in, &major, NULL) != CRN_OK || crn_bytes_take(in, 1, NULL) == NULL ||
        major < 1 || major > 2)
        return false;
    if (major == 1) {
        if (crn_bytes_u16(in, &narrow, NULL) != CRN_OK)
            return false;
        size = narrow;
    } else if (crn_bytes_u32(in, &size, NULL) != CRN_OK) {
        return false;
    }
    const uint8_t *text = crn_bytes_take(in, size, NULL);
    *header = crn_bytes_of(text, text != NULL ? size : 0);
    return text != NULL;
}

/* Moves past this text, and blanks before it; false when something else stands there. */
static bool accept(crn_bytes *in, const char *text)
{
    size_t size = strlen(text), at = in->position;
    while (at < in->size && in->data[at] == ' ')
        at++;
    if (in->size - at < size || memcmp(in->data + at, text, size) != 0)
        return false;
    in->position = at + size;
    return true;
}

bool crn_joblib_records_sniff(const crn_buffer *file)
{
    crn_bytes in = crn_bytes_of(crn_buffer_data(file), crn_buffer_size(file)), header;
    return read_header(&in, &header) && accept(&header, descr);
}

/* 'text' without escapes. */
static bool read_string(crn_bytes *in, const char **text, size_t *size)
{
    if (!accept(in, "'"))
        return false;
    const uint8_t *begin = in->data + in->position;
    const uint8_t *end = memchr(begin, '\'', crn_bytes_left(in));
    if (end == NULL)
        return false;
    *text = (const char *)begin;
    *size = (size_t)(end - begin);
    in->position += *size + 1;
    return true;
}

static bool read_number(crn_bytes *in, int64_t *value)
{
    accept(in, "");
    size_t digits = 0;
    const char *begin = (const char *)in->data + in->position;
    while (digits < crn_bytes_left(in) && begin[digits] >= '0' && begin[digits] <= '9')
        digits++;
    in->position += digits;
    return crn_parse_int(begin, digits, value);
}

/* numpy.dtype('i8') with byte order, or numpy.dtype('V56') with names, fields and itemsize. */
static crn_object *make_dtype(crn_document *d, const char *code, size_t size, const char *order,
                              crn_object *names, crn_object *fields, int64_t itemsize)
{
    crn_object *cls = crn_object_global(d, "numpy", "dtype");
    crn_object *dtype = cls != NULL ? crn_object_instance(d, CRN_BY_REDUCE, cls) : NULL;
    crn_object *state = crn_object_new(d, CRN_OBJ_TUPLE), *none = crn_object_none(d);
    if (dtype == NULL)
        return NULL;
    crn_object *args = dtype->as.instance->args;
    dtype->as.instance->state = state;
    bool made =
        crn_object_append(d, args, crn_object_str_n(d, code, size)) &&
        crn_object_append(d, args, crn_object_bool(d, false)) &&
        crn_object_append(d, args, crn_object_bool(d, true)) &&
        crn_object_append(d, state, crn_object_int(d, 3)) &&
        crn_object_append(d, state, crn_object_str(d, order)) &&
        crn_object_append(d, state, none) &&
        crn_object_append(d, state, names != NULL ? names : none) &&
        crn_object_append(d, state, fields != NULL ? fields : none) &&
        crn_object_append(d, state, crn_object_int(d, fields != NULL ? itemsize : -1)) &&
        crn_object_append(d, state, crn_object_int(d, fields != NULL ? 1 : -1)) &&
        crn_object_append(d, state, crn_object_int(d, fields != NULL ? 16 : 0));
    return made ? dtype : NULL;
}

/* ('left_child', '<i8') at *offset. False for what is no such field of a plain type. */
static bool read_field(crn_document *d, crn_bytes *in, crn_object *names, crn_object *fields,
                       int64_t *offset)
{
    const char *name, *code;
    size_t name_size, code_size;
    if (!accept(in, "(") || !read_string(in, &name, &name_size) || !accept(in, ",") ||
        !read_string(in, &code, &code_size) || !accept(in, ")") || code_size < 3)
        return false;
    const char order[] = {code[0], '\0'};
    crn_object *dtype = make_dtype(d, code + 1, code_size - 1, order, NULL, NULL, 0);
    crn_object *entry = crn_object_new(d, CRN_OBJ_TUPLE),
               *key = crn_object_str_n(d, name, name_size);
    crn_numpy_dtype read;
    if (dtype == NULL || crn_numpy_dtype_read(dtype, &read, NULL) != CRN_OK ||
        read.dtype == CRN_OBJECT ||
        __builtin_add_overflow(*offset, read.itemsize, &read.itemsize))
        return false;
    bool made = crn_object_append(d, entry, dtype) &&
                crn_object_append(d, entry, crn_object_int(d, *offset)) &&
                crn_object_append(d, names, key) && crn_object_set_pair(d, fields, key, entry);
    *offset = read.itemsize;
    return made;
}

static bool read_fields(crn_document *d, crn_bytes *in, crn_object **dtype)
{
    crn_object *names = crn_object_new(d, CRN_OBJ_TUPLE),
               *fields = crn_object_new(d, CRN_OBJ_DICT);
    int64_t itemsize = 0;
    if (!accept(in, descr))
        return false;
    do {
        if (!read_field(d, in, names, fields, &itemsize))
            return false;
    } while (accept(in, ","));
    char code[24];
    snprintf(code, sizeof code, "V%lld", (long long)itemsize);
    *dtype = make_dtype(d, code, strlen(code), "|", names, fields, itemsize);
    return accept(in, "]") && *dtype != NULL;
}

static bool read_shape(crn_bytes *in, crn_numpy_raw *raw)
{
    if (!accept(in, ", 'fortran_order': "))
        return false;
    raw->fortran = accept(in, "True");
    if (!raw->fortran && !accept(in, "False"))
        return false;
    if (!accept(in, ", 'shape': ("))
        return false;
    while (!accept(in, ")")) {
        if (raw->ndim == CRN_MAX_NDIM || !read_number(in, &raw->shape[raw->ndim++]))
            return false;
        accept(in, ",");
    }
    return true;
}

crn_status crn_joblib_records_read(crn_document *document, const crn_buffer *file,
                                   crn_numpy_raw *raw, crn_object **dtype, crn_error *err)
{
    crn_bytes in = crn_bytes_of(crn_buffer_data(file), crn_buffer_size(file)), header;
    *raw = (crn_numpy_raw){0};
    if (!read_header(&in, &header) || !read_fields(document, &header, dtype) ||
        !read_shape(&header, raw))
        return crn_fail(err, CRN_FORMAT,
                        "the .npy file's header is not that of an array of plain records");
    CRN_TRY(crn_numpy_dtype_read(*dtype, &raw->dtype, err));
    CRN_TRY(crn_numpy_raw_measure(raw, err));
    raw->bytes = crn_bytes_take(&in, raw->size, err);
    return raw->bytes == NULL ? CRN_FORMAT : CRN_OK;
}
