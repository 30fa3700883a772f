/* SPDX-License-Identifier: BSD-3-Clause */
/* How NumPy prints arrays: numpy/_core/arrayprint.py of NumPy 2.4 with its usual options
 * (precision 8, threshold 1000, edgeitems 3, linewidth 75). The elements are gone through
 * twice: for the columns that all of them get, and to print. */
#include "model/array_repr.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/dtype.h"
#include "model/model.h"

enum {
    PRECISION = 8,
    THRESHOLD = 1000,
    EDGE_ITEMS = 3,
    LINE_WIDTH = 75,
    MOST_AXES = 4,
    INDENT = 6, /* "array(" */
    LONGEST_NUMBER = 64
};

/* A finite number's digits in front of the point, with the sign, and behind it; exponent:
 * "+05". */
typedef struct number_text {
    char whole[LONGEST_NUMBER], fraction[LONGEST_NUMBER], exponent[8];
} number_text;

/* The columns of all elements. */
typedef struct element_format {
    bool is_float, scientific, as_objects;
    int width;       /* of what is no float; 0: each as long as it is */
    int left, right; /* of a float, around the point */
    int precision;   /* digits behind the point; of scientific ones */
    int exponent;    /* its digits, likewise */
} element_format;

typedef struct array_printer {
    const crn_array *array;
    element_format format;
    bool summary; /* the middle of long axes is left out */
    crn_text *out;
    size_t line; /* where the line that grows begins in out */
} array_printer;

/* ---- numbers ---- */

static double number_at(const crn_array *array, const char *at)
{
    crn_array one = crn_array_view_1d(at, array->dtype, 1);
    return crn_array_get(&one, 0);
}

/* The digits of a %e or %f text to the parts; zeros at the end of the fraction are left out.
 * The point may be the locale's. */
static void split(const char *text, number_text *out)
{
    const size_t whole = strcspn(text, ".,e"), end = strcspn(text, "e");
    size_t size = end > whole ? end - whole - 1 : 0;
    const char *fraction = text + whole + 1;
    while (size > 0 && fraction[size - 1] == '0')
        size--;
    snprintf(out->whole, sizeof out->whole, "%.*s", (int)whole, text);
    snprintf(out->fraction, sizeof out->fraction, "%.*s", (int)size, size > 0 ? fraction : "");
    snprintf(out->exponent, sizeof out->exponent, "%s", text[end] == 'e' ? text + end + 1 : "");
}

/* The shortest digits that read back to the number, at most PRECISION of them behind the
 * point. */
static void write_number(const crn_array *array, double value, bool scientific,
                         number_text *out)
{
    char text[LONGEST_NUMBER];
    for (int digits = 0; digits <= PRECISION; digits++) {
        snprintf(text, sizeof text, scientific ? "%.*e" : "%.*f", digits, value);
        const double back = strtod(text, NULL);
        if (array->dtype == CRN_FLOAT64 ? back == value : (float)back == (float)value)
            break;
    }
    split(text, out);
}

/* The smallest and largest absolute value besides zero decide for exponents. */
typedef struct number_range {
    double least, most;
    bool has_finite;
} number_range;

static bool is_scientific(const number_range *range)
{
    return range->most > 0 &&
           (range->most >= 1e8 || range->least < 1e-4 || range->most / range->least > 1000);
}

static void larger(int *width, size_t size)
{
    if ((int)size > *width)
        *width = (int)size;
}

/* Room for nan and inf, which end where the numbers end. */
static void fit_special(element_format *format, double value)
{
    const int size = isinf(value) && value < 0 ? 4 : 3;
    larger(&format->left, (size_t)(size > format->right + 1 ? size - format->right - 1 : 0));
}

/* ---- walking the elements that are shown ---- */

typedef void element_visitor(array_printer *p, const char *at, void *context);

/* Elements of an axis that are shown, of its length: [0, *head) and [*tail, length). */
static void shown_of(const array_printer *p, int axis, int64_t *head, int64_t *tail)
{
    const int64_t length = p->array->shape[axis];
    const bool cut = p->summary && length > 2 * EDGE_ITEMS;
    *head = cut ? EDGE_ITEMS : length;
    *tail = cut ? length - EDGE_ITEMS : length;
}

/* As deep as the array has axes. */
static void visit(array_printer *p, int axis, const char *at, element_visitor *visitor,
                  void *context)
{
    if (axis == p->array->ndim) {
        visitor(p, at, context);
        return;
    }
    int64_t head, tail;
    shown_of(p, axis, &head, &tail);
    for (int64_t i = 0; i < p->array->shape[axis]; i = i + 1 == head ? tail : i + 1)
        visit(p, axis + 1, at + i * p->array->strides[axis], visitor, context);
}

static void note_range(array_printer *p, const char *at, void *context)
{
    number_range *range = context;
    const double value = fabs(number_at(p->array, at));
    range->has_finite |= isfinite(value);
    if (!isfinite(value) || value == 0)
        return;
    range->least = range->most == 0 || value < range->least ? value : range->least;
    range->most = value > range->most ? value : range->most;
}

static void note_parts(array_printer *p, const char *at, void *context)
{
    (void)context;
    const double value = number_at(p->array, at);
    element_format *format = &p->format;
    number_text number;
    if (!isfinite(value))
        return;
    write_number(p->array, value, format->scientific, &number);
    larger(&format->left, strlen(number.whole));
    larger(&format->precision, strlen(number.fraction));
    if (format->scientific)
        larger(&format->exponent, strlen(number.exponent) - 1);
}

static void note_special(array_printer *p, const char *at, void *context)
{
    (void)context;
    const double value = number_at(p->array, at);
    if (!isfinite(value))
        fit_special(&p->format, value);
}

static crn_array vector_of_one(const crn_array *array, const char *at)
{
    crn_array one = *array;
    one.data = (void *)at;
    one.owner = NULL;
    one.ndim = 1;
    one.shape[0] = 1;
    one.strides[0] = array->itemsize;
    return one;
}

static void note_width(array_printer *p, const char *at, void *context)
{
    (void)context;
    crn_text text = CRN_TEXT_INIT;
    const crn_array one = vector_of_one(p->array, at);
    crn_label_text(&one, 0, &text);
    larger(&p->format.width, text.size);
    crn_text_free(&text);
}

static void find_format(array_printer *p)
{
    number_range range = {0};
    element_format *format = &p->format;
    const crn_dtype dtype = p->array->dtype;
    format->is_float = crn_dtype_is_float(dtype);
    if (!format->is_float) {
        if (dtype == CRN_BOOL && p->array->ndim > 0)
            format->width = (int)strlen("False");
        else if (dtype != CRN_STRING && dtype != CRN_BYTES)
            visit(p, 0, p->array->data, note_width, NULL);
        return;
    }
    visit(p, 0, p->array->data, note_range, &range);
    format->scientific = is_scientific(&range);
    visit(p, 0, p->array->data, note_parts, NULL);
    format->right = format->precision + (format->scientific ? format->exponent + 2 : 0);
    visit(p, 0, p->array->data, note_special, NULL);
}

/* ---- printing ---- */

static void print_float(const array_printer *p, double value, crn_text *out)
{
    const element_format *format = &p->format;
    number_text number;
    if (!isfinite(value)) {
        const char *name = isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
        crn_text_printf(out, "%*s", format->left + format->right + 1, name);
        return;
    }
    write_number(p->array, value, format->scientific, &number);
    crn_text_printf(out, "%*s.%s", format->left, number.whole, number.fraction);
    const int missing = format->precision - (int)strlen(number.fraction);
    for (int i = 0; i < missing; i++)
        crn_text_add_char(out, format->scientific ? '0' : ' ');
    if (!format->scientific)
        return;
    crn_text_printf(out, "e%c", number.exponent[0]);
    for (int i = (int)strlen(number.exponent) - 1; i < format->exponent; i++)
        crn_text_add_char(out, '0');
    crn_text_add_string(out, number.exponent + 1);
}

static void print_element(const array_printer *p, const char *at, crn_text *out)
{
    if (p->format.is_float) {
        print_float(p, number_at(p->array, at), out);
        return;
    }
    crn_text text = CRN_TEXT_INIT;
    const crn_array one = vector_of_one(p->array, at);
    crn_label_repr(&one, 0, &text);
    crn_text_printf(out, "%*s", p->format.width, text.data != NULL ? text.data : "");
    crn_text_free(&text);
}

static int columns_of(const char *text, size_t size)
{
    int columns = 0;
    for (size_t i = 0; i < size; i++)
        columns += ((unsigned char)text[i] & 0xc0) != 0x80;
    return columns;
}

/* A word, on a new line when this one would grow over `width`. */
static void add_word(array_printer *p, const char *word, size_t size, int width, int hanging)
{
    const int line =
        p->out->size > p->line ? columns_of(p->out->data + p->line, p->out->size - p->line) : 0;
    if (line + columns_of(word, size) > width && line > hanging) {
        while (p->out->size > p->line && p->out->data[p->out->size - 1] == ' ')
            p->out->size--;
        crn_text_add_char(p->out, '\n');
        p->line = p->out->size;
        crn_text_printf(p->out, "%*s", hanging, "");
    }
    crn_text_add_bytes(p->out, word, size);
}

static void print_row(array_printer *p, const char *at, int axis, int width)
{
    int64_t head, tail;
    shown_of(p, axis, &head, &tail);
    const int64_t length = p->array->shape[axis];
    const int hanging = INDENT + axis + 1;
    for (int64_t i = 0; i < length; i = i + 1 == head ? tail : i + 1) {
        crn_text word = CRN_TEXT_INIT;
        print_element(p, at + i * p->array->strides[axis], &word);
        if (i > 0)
            crn_text_add_string(p->out, ", ");
        if (i == tail && tail > head) {
            add_word(p, "...", 3, width, hanging);
            crn_text_add_string(p->out, ", ");
        }
        if (word.status == CRN_OK)
            add_word(p, word.data, word.size, width, hanging);
        crn_text_free(&word);
    }
}

/* Matrices stand on lines of their own, with empty lines between what has more axes. */
static void start_line(array_printer *p, int axis, int left)
{
    crn_text_printf(p->out, ",%.*s", left - 1, "\n\n\n\n");
    p->line = p->out->size;
    crn_text_printf(p->out, "%*s", INDENT + axis + 1, "");
}

/* As deep as the array has axes. `width`: columns that the brackets outside leave. */
static void print_axis(array_printer *p, const char *at, int axis, int width)
{
    const int left = p->array->ndim - axis;
    int64_t head, tail;
    if (left == 0) {
        print_element(p, at, p->out);
        return;
    }
    crn_text_add_char(p->out, '[');
    if (left == 1) {
        print_row(p, at, axis, width - 1);
    } else {
        shown_of(p, axis, &head, &tail);
        for (int64_t i = 0; i < p->array->shape[axis]; i = i + 1 == head ? tail : i + 1) {
            if (i > 0)
                start_line(p, axis, left);
            if (i == tail && tail > head) {
                crn_text_add_string(p->out, "...");
                start_line(p, axis, left);
            }
            print_axis(p, at + i * p->array->strides[axis], axis + 1, width - 1);
        }
    }
    crn_text_add_char(p->out, ']');
}

/* ---- dtypes ---- */

/* " dtype=float32" of what the elements do not say; "" of the others. */
static void dtype_text(const array_printer *p, char *out, size_t size)
{
    const crn_array *array = p->array;
    const crn_dtype dtype = array->dtype;
    const bool implied = dtype == CRN_BOOL || dtype == CRN_INT64 || dtype == CRN_FLOAT64;
    *out = '\0';
    if (p->format.as_objects)
        snprintf(out, size, "dtype=object");
    else if (dtype == CRN_STRING)
        snprintf(out, size, "dtype='<U%lld'", (long long)array->itemsize / 4);
    else if (dtype == CRN_BYTES)
        snprintf(out, size, "dtype='S%lld'", (long long)array->itemsize);
    else if (!implied || crn_array_size(array) == 0)
        snprintf(out, size, "dtype=%s", crn_dtype_name(dtype));
}

bool crn_array_repr(const crn_array *array, bool as_objects, crn_text *out)
{
    const bool is_text = array->dtype == CRN_STRING || array->dtype == CRN_BYTES;
    if (array->ndim > MOST_AXES || array->dtype == CRN_NO_DTYPE ||
        (array->dtype > CRN_FLOAT64 && !is_text))
        return false;
    array_printer p = {.array = array,
                       .format.as_objects = as_objects,
                       .summary = crn_array_size(array) > THRESHOLD,
                       .out = out};
    char dtype[LONGEST_NUMBER];
    dtype_text(&p, dtype, sizeof dtype);
    crn_text_add_string(out, "array(");
    p.line = out->size >= INDENT ? out->size - INDENT : 0;
    if (crn_array_size(array) == 0) {
        crn_text_add_string(out, "[]");
    } else {
        find_format(&p);
        print_axis(&p, array->data, 0, LINE_WIDTH - 1);
    }
    if (*dtype != '\0' && out->status == CRN_OK) {
        const int line = columns_of(out->data + p.line, out->size - p.line) + 1;
        const bool fits = line + (int)strlen(dtype) + 2 <= LINE_WIDTH;
        crn_text_printf(out, ",%s%s", fits ? " " : "\n      ", dtype);
    }
    crn_text_add_char(out, ')');
    return true;
}

void crn_numpy_scalar_repr(const crn_array *scalar, int numpy, crn_text *out)
{
    const crn_array one = vector_of_one(scalar, scalar->data);
    if (numpy < 2) {
        crn_label_repr(&one, 0, out);
        return;
    }
    if (scalar->dtype == CRN_BOOL) {
        crn_text_add_string(out, "np.");
        crn_label_repr(&one, 0, out);
        return;
    }
    const bool is_text = scalar->dtype == CRN_STRING || scalar->dtype == CRN_BYTES;
    crn_text_printf(out, is_text ? "np.%s_(" : "np.%s(", crn_dtype_name(scalar->dtype));
    crn_label_repr(&one, 0, out);
    crn_text_add_char(out, ')');
}
