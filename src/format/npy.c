/* SPDX-License-Identifier: BSD-3-Clause */
/* NumPy's .npy: a magic string, a version, and a Python dict literal that says what the bytes
 * behind it are. Format and padding: numpy/lib/_format_impl.py 2.4 (versions 1.0, 2.0 and 3.0
 * differ in the width of the length and in the encoding of the dict). The dict is parsed, never
 * evaluated, and must have exactly the three keys that NumPy writes. */
#include "format/npy.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cell.h"

static const char MAGIC[6] = {'\x93', 'N', 'U', 'M', 'P', 'Y'};

enum {
    HEADER_MOST = 10000, /* bytes; numpy.load refuses longer ones as well (_MAX_HEADER_SIZE) */
    HEADER_ALIGN = 64,   /* the data begins at a multiple of this */
    GROWTH_DIGITS = 21,  /* blanks so that the first length can grow in place */
    PREFIX_BYTES = 6 + 2 + 2,
};

typedef struct npy_header {
    char order; /* '<', '>', '=' or '|' */
    crn_dtype dtype;
    int64_t itemsize;
    bool fortran_order;
    int32_t ndim;
    int64_t shape[CRN_MAX_NDIM];
} npy_header;

bool crn_npy_sniff(const uint8_t *bytes, size_t size)
{
    return size >= sizeof MAGIC && memcmp(bytes, MAGIC, sizeof MAGIC) == 0;
}

/* ---- the dict literal ---- */

static crn_status malformed(const crn_bytes *in, const char *expected, crn_error *err)
{
    return crn_fail_at(err, CRN_FORMAT, crn_bytes_offset(in),
                       "malformed .npy header: expected %s", expected);
}

/* The next byte that is no blank, not consumed; 0 at the end. */
static char peek(crn_bytes *in)
{
    while (in->position < in->size && strchr(" \t\n", in->data[in->position]) != NULL &&
           in->data[in->position] != '\0')
        in->position++;
    return in->position < in->size ? (char)in->data[in->position] : '\0';
}

static bool accept(crn_bytes *in, char c)
{
    if (peek(in) != c || c == '\0')
        return false;
    in->position++;
    return true;
}

/* A quoted string without escapes: no key and no dtype that we read needs one. */
static crn_status read_string(crn_bytes *in, const char **text, size_t *size, crn_error *err)
{
    char quote = peek(in);
    if (quote != '\'' && quote != '"')
        return malformed(in, "a string", err);
    const uint8_t *begin = in->data + in->position + 1;
    const uint8_t *end = memchr(begin, quote, crn_bytes_left(in) - 1);
    if (end == NULL || memchr(begin, '\\', (size_t)(end - begin)) != NULL)
        return malformed(in, "a closing quote", err);
    *text = (const char *)begin;
    *size = (size_t)(end - begin);
    in->position += *size + 2;
    return CRN_OK;
}

static crn_status read_length(crn_bytes *in, int64_t *value, crn_error *err)
{
    int64_t n = 0;
    char c = peek(in);
    if (c < '0' || c > '9')
        return malformed(in, "a length", err);
    while (in->position < in->size && in->data[in->position] >= '0' &&
           in->data[in->position] <= '9') {
        int digit = in->data[in->position++] - '0';
        if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, digit, &n))
            return crn_fail_at(err, CRN_LIMIT, crn_bytes_offset(in),
                               "a length in the .npy header is too large");
    }
    if (in->position < in->size && in->data[in->position] == 'L')
        in->position++; /* a Python 2 long */
    *value = n;
    return CRN_OK;
}

/* (), (3,) or (3, 4) */
static crn_status read_shape(crn_bytes *in, npy_header *header, crn_error *err)
{
    if (!accept(in, '('))
        return malformed(in, "the shape's '('", err);
    bool comma = true;
    while (!accept(in, ')')) {
        if (!comma)
            return malformed(in, "',' or ')'", err);
        if (header->ndim == CRN_MAX_NDIM)
            return crn_fail(err, CRN_UNSUPPORTED, "the array has more than %d axes",
                            CRN_MAX_NDIM);
        CRN_TRY(read_length(in, &header->shape[header->ndim++], err));
        comma = accept(in, ',');
    }
    if (header->ndim == 1 && !comma)
        return malformed(in, "',' after the only length", err);
    return CRN_OK;
}

/* "<f8", "|b1", "<U12": byte order, kind, and bytes (for U: characters). */
static crn_status read_descr_string(const char *text, size_t size, npy_header *header,
                                    crn_error *err)
{
    crn_bytes digits = crn_bytes_of(text, size);
    int64_t n = 0;
    bool known =
        size >= 3 && strchr("<>|=", text[0]) != NULL && text[0] != '\0' && text[1] != 'O';
    if (known) {
        digits.position = 2;
        known = read_length(&digits, &n, NULL) == CRN_OK && crn_bytes_left(&digits) == 0;
    }
    if (known && text[1] == 'U')
        known = !__builtin_mul_overflow(n, 4, &n);
    /* V and M have parts that our dtypes do not tell: fields, units. */
    known = known && text[1] != 'V' && text[1] != 'M' &&
            crn_dtype_from_kind(text[1], n, &header->dtype);
    if (!known && size >= 2 && text[1] == 'O')
        return crn_fail(
            err, CRN_UNSUPPORTED,
            "the array holds Python objects (a pickle inside a .npy file): not supported");
    if (!known)
        return crn_fail(err, CRN_UNSUPPORTED, "arrays of dtype '%.*s' are not supported",
                        size < 100 ? (int)size : 100, text);
    header->order = text[0];
    header->itemsize = n;
    return CRN_OK;
}

/* A list is a structured dtype, a tuple a dtype with a shape: neither is a table or a tensor.
 */
static crn_status read_descr(crn_bytes *in, npy_header *header, crn_error *err)
{
    const char *text;
    size_t size;
    char c = peek(in);
    if (c == '[' || c == '(') {
        const uint8_t *begin = in->data + in->position;
        size = crn_bytes_left(in) < 100 ? crn_bytes_left(in) : 100;
        for (size_t i = 1; i < size; i++) {
            if (begin[i] == (c == '[' ? ']' : ')'))
                size = i + 1;
        }
        return crn_fail(err, CRN_UNSUPPORTED, "structured arrays are not supported: dtype %.*s",
                        (int)size, (const char *)begin);
    }
    CRN_TRY(read_string(in, &text, &size, err));
    return read_descr_string(text, size, header, err);
}

static crn_status read_order(crn_bytes *in, npy_header *header, crn_error *err)
{
    char c = peek(in);
    const char *word = c == 'T' ? "True" : "False";
    size_t size = strlen(word);
    if (crn_bytes_left(in) < size || memcmp(in->data + in->position, word, size) != 0)
        return malformed(in, "True or False", err);
    in->position += size;
    header->fortran_order = c == 'T';
    return CRN_OK;
}

static crn_status read_item(crn_bytes *in, npy_header *header, unsigned *seen, crn_error *err)
{
    static const char *const keys[] = {"descr", "fortran_order", "shape"};
    static crn_status (*const readers[])(crn_bytes *, npy_header *,
                                         crn_error *) = {read_descr, read_order, read_shape};
    const char *key;
    size_t size;
    CRN_TRY(read_string(in, &key, &size, err));
    for (unsigned i = 0; i < 3; i++) {
        if (strlen(keys[i]) != size || memcmp(keys[i], key, size) != 0)
            continue;
        if ((*seen & 1u << i) != 0)
            return malformed(in, "each key once", err);
        *seen |= 1u << i;
        if (!accept(in, ':'))
            return malformed(in, "':'", err);
        return readers[i](in, header, err);
    }
    return malformed(in, "the keys descr, fortran_order and shape", err);
}

static crn_status read_dict(crn_bytes *in, npy_header *header, crn_error *err)
{
    unsigned seen = 0;
    bool comma = true;
    if (!accept(in, '{'))
        return malformed(in, "'{'", err);
    while (!accept(in, '}')) {
        if (!comma)
            return malformed(in, "',' or '}'", err);
        CRN_TRY(read_item(in, header, &seen, err));
        comma = accept(in, ',');
    }
    if (seen != 7)
        return malformed(in, "the keys descr, fortran_order and shape", err);
    if (peek(in) != '\0' || crn_bytes_left(in) != 0)
        return malformed(in, "nothing behind the '}'", err);
    return CRN_OK;
}

static crn_status read_header(crn_bytes *in, npy_header *header, crn_error *err)
{
    uint8_t major, minor;
    uint16_t narrow = 0;
    uint32_t size = 0;
    const uint8_t *magic = crn_bytes_take(in, sizeof MAGIC, err);
    if (magic == NULL)
        return CRN_FORMAT;
    if (memcmp(magic, MAGIC, sizeof MAGIC) != 0)
        return crn_fail_at(err, CRN_FORMAT, 0,
                           "not a .npy file: it does not begin with \\x93NUMPY");
    CRN_TRY(crn_bytes_u8(in, &major, err));
    CRN_TRY(crn_bytes_u8(in, &minor, err));
    if (major < 1 || major > 3 || minor != 0)
        return crn_fail(err, CRN_UNSUPPORTED,
                        ".npy version %u.%u: 1.0, 2.0 and 3.0 are supported", major, minor);
    if (major == 1)
        CRN_TRY(crn_bytes_u16(in, &narrow, err));
    else
        CRN_TRY(crn_bytes_u32(in, &size, err));
    size = major == 1 ? narrow : size;
    if (size > HEADER_MOST)
        return crn_fail(err, CRN_LIMIT, "the .npy header has %u bytes, more than %d", size,
                        HEADER_MOST);
    uint64_t at = crn_bytes_offset(in);
    const uint8_t *text = crn_bytes_take(in, size, err);
    if (text == NULL)
        return CRN_FORMAT;
    crn_bytes dict = crn_bytes_of(text, size);
    dict.base = at;
    return read_dict(&dict, header, err);
}

/* ---- the data ---- */

/* Bytes of the numbers an element consists of: a complex has two, a string one per character.
 */
static int64_t part_bytes(const npy_header *header)
{
    switch (header->dtype) {
    case CRN_COMPLEX64:
    case CRN_COMPLEX128:
        return header->itemsize / 2;
    case CRN_STRING:
        return 4;
    case CRN_BYTES:
        return 1;
    default:
        return header->itemsize;
    }
}

/* A copy at an aligned address in this machine's byte order. */
static crn_buffer *copy_data(const uint8_t *data, size_t size, size_t part, bool swap)
{
    crn_buffer *copy = crn_buffer_create(size);
    if (copy == NULL || size == 0)
        return copy;
    uint8_t *out = crn_buffer_data(copy);
    memcpy(out, data, size);
    for (size_t at = 0; swap && at + part <= size; at += part) {
        for (size_t i = 0; i < part; i++)
            out[at + i] = data[at + part - 1 - i];
    }
    return copy;
}

static void set_strides(const npy_header *header, crn_array *out)
{
    crn_array_set_shape(out, header->ndim, header->shape);
    int64_t stride = header->itemsize;
    for (int32_t i = 0; header->fortran_order && i < header->ndim; i++) {
        out->strides[i] = stride;
        stride *= header->shape[i] > 0 ? header->shape[i] : 1;
    }
}

crn_status crn_npy_read(crn_buffer *file, crn_array *out, crn_error *err)
{
    crn_bytes in = crn_bytes_of(crn_buffer_data(file), crn_buffer_size(file));
    npy_header header = {0};
    size_t bytes;
    CRN_TRY(read_header(&in, &header, err));
    CRN_TRY(crn_shape_bytes(header.itemsize, header.ndim, header.shape, &bytes, err));
    uint64_t at = crn_bytes_offset(&in);
    size_t left = crn_bytes_left(&in);
    const uint8_t *data = crn_bytes_take(&in, bytes, NULL);
    if (data == NULL)
        return crn_fail_at(err, CRN_FORMAT, at,
                           "the .npy file ends early: its array needs %zu bytes, %zu "
                           "are left",
                           bytes, left);

    size_t part = (size_t)part_bytes(&header);
    bool swap = header.order == '>' && part > 1;
    crn_array array = {.dtype = header.dtype, .itemsize = header.itemsize};
    set_strides(&header, &array);
    if (swap || (uintptr_t)data % part != 0) {
        array.owner = copy_data(data, bytes, part, swap);
        if (array.owner == NULL)
            return crn_no_memory(err);
        array.data = crn_buffer_data(array.owner);
    } else {
        array.owner = crn_buffer_retain(file);
        array.data = (char *)crn_buffer_data(file) + at;
    }
    *out = array;
    return CRN_OK;
}

/* ---- writing ---- */

static crn_status add_descr(const crn_array *array, crn_text *out, crn_error *err)
{
    char kind = crn_dtype_kind(array->dtype);
    long long n =
        (long long)(array->dtype == CRN_STRING ? array->itemsize / 4 : array->itemsize);
    if (array->dtype == CRN_BFLOAT16 || strchr("biufcUS", kind) == NULL || kind == '\0')
        return crn_fail(err, CRN_UNSUPPORTED, "arrays of dtype %s cannot be written as .npy",
                        crn_dtype_name(array->dtype));
    char order = (kind == 'S' || (array->itemsize == 1 && kind != 'U')) ? '|' : '<';
    crn_text_printf(out, "'descr': '%c%c%lld', ", order, kind, n);
    return CRN_OK;
}

/* The dict as repr() writes it, with blanks for the first length to grow. */
static crn_status add_dict(const crn_array *array, crn_text *out, crn_error *err)
{
    crn_text_add_char(out, '{');
    CRN_TRY(add_descr(array, out, err));
    crn_text_add_string(out, "'fortran_order': False, 'shape': (");
    for (int32_t i = 0; i < array->ndim; i++)
        crn_text_printf(out, i > 0 ? ", %lld" : "%lld", (long long)array->shape[i]);
    crn_text_add_string(out, array->ndim == 1 ? ",), }" : "), }");
    if (array->ndim > 0) {
        char digits[24];
        int used = snprintf(digits, sizeof digits, "%lld", (long long)array->shape[0]);
        crn_text_printf(out, "%*s", GROWTH_DIGITS - used, "");
    }
    return CRN_OK;
}

/* The array's bytes in C order. */
static crn_status add_data(const crn_array *array, crn_text *out, crn_error *err)
{
    size_t bytes;
    CRN_TRY(crn_shape_bytes(array->itemsize, array->ndim, array->shape, &bytes, err));
    if (crn_array_is_contiguous(array)) {
        crn_text_add_bytes(out, array->data, bytes);
        return CRN_OK;
    }
    crn_buffer *dense = crn_buffer_create(bytes);
    if (dense == NULL)
        return crn_no_memory(err);
    crn_status status =
        crn_array_copy_to(array, array->dtype, array->itemsize, crn_buffer_data(dense), err);
    if (status == CRN_OK)
        crn_text_add_bytes(out, crn_buffer_data(dense), bytes);
    crn_buffer_release(dense);
    return status;
}

/* What numpy.array(list) makes of the cells: numbers of one kind when all are (None is none),
 * else the strings that str() gives. */
static crn_status cells_as_plain(const crn_array *cells, crn_array *out, crn_error *err)
{
    const int64_t n = crn_array_size(cells);
    const crn_cell *cell = cells->data;
    crn_cell_kind widest = CRN_CELL_BOOL;
    bool numbers = n > 0, bools = n > 0;
    for (int64_t i = 0; i < n; i++) {
        numbers = numbers && crn_cell_is_number(&cell[i]);
        bools = bools && cell[i].kind == CRN_CELL_BOOL;
        widest = cell[i].kind > widest ? cell[i].kind : widest;
    }
    if (numbers)
        return crn_array_astype(cells,
                                bools                      ? CRN_BOOL
                                : widest == CRN_CELL_FLOAT ? CRN_FLOAT64
                                                           : CRN_INT64,
                                out, err);
    return crn_cells_as_strings(cells, out, err);
}

static crn_status write_cells(const crn_array *array, crn_text *out, crn_error *err)
{
    crn_array dense = CRN_ARRAY_INIT, plain = CRN_ARRAY_INIT;
    crn_status status;
    CRN_TRY_OR_DONE(crn_array_astype(array, CRN_OBJECT, &dense, err));
    CRN_TRY_OR_DONE(cells_as_plain(&dense, &plain, err));
    CRN_TRY_OR_DONE(crn_npy_write(&plain, out, err));
done:
    crn_array_free(&dense);
    crn_array_free(&plain);
    return status;
}

crn_status crn_npy_write(const crn_array *array, crn_text *out, crn_error *err)
{
    if (array->dtype == CRN_OBJECT)
        return write_cells(array, out, err);
    crn_text dict = CRN_TEXT_INIT;
    crn_status status = add_dict(array, &dict, err);
    CRN_TRY_OR_DONE(status);
    CRN_TRY_OR_DONE(crn_text_status(&dict, err));
    if (out->cap == 0)
        out->cap = SIZE_MAX / 2; /* an array is as large as it is */

    size_t size = dict.size + 1; /* with the line break; NumPy pads by 1 to 64 blanks */
    size_t blanks = HEADER_ALIGN - (PREFIX_BYTES + size) % HEADER_ALIGN;
    size += blanks;
    crn_text_add_bytes(out, MAGIC, sizeof MAGIC);
    crn_text_add_bytes(out, (uint8_t[]){1, 0, (uint8_t)size, (uint8_t)(size >> 8)}, 4);
    crn_text_add_bytes(out, dict.data, dict.size);
    crn_text_printf(out, "%*s\n", (int)blanks, "");
    CRN_TRY_OR_DONE(add_data(array, out, err));
    CRN_TRY_OR_DONE(crn_text_status(out, err));
done:
    crn_text_free(&dict);
    return status;
}
