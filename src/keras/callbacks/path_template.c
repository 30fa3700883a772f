/* SPDX-License-Identifier: BSD-3-Clause */
/* The part of Python's format mini-language that checkpoints' paths use
 * (docs.python.org/3.11/library/string.html, "Format Specification Mini-Language"). */
#include "keras/callbacks/path_template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_DIGITS = 99 }; /* of a width or a precision */

typedef struct replacement {
    const char *name, *spec; /* inside the template; spec may be empty */
    int name_size, spec_size;
} replacement;

typedef struct format_spec {
    bool zeros;
    int width, precision; /* precision -1: none */
    char type;            /* '\0': none */
} format_spec;

typedef struct filling {
    const char *path;
    int epoch;
    int64_t batch; /* -1: none */
    const crn_logs *logs;
    crn_text text;
} filling;

/* Up to two digits; false for more. */
static bool take_digits(const char **at, const char *end, int *out)
{
    for (*out = 0; *at < end && **at >= '0' && **at <= '9'; (*at)++) {
        *out = *out * 10 + (**at - '0');
        if (*out > MOST_DIGITS)
            return false;
    }
    return true;
}

static bool parse_spec(const replacement *r, format_spec *out)
{
    const char *at = r->spec, *end = at + r->spec_size;
    *out = (format_spec){.precision = -1};
    if (at < end && *at == '0') {
        out->zeros = true;
        at++;
    }
    if (!take_digits(&at, end, &out->width))
        return false;
    if (at < end && *at == '.') {
        const char *digits = ++at;
        if (!take_digits(&at, end, &out->precision) || at == digits)
            return false;
    }
    if (at < end && strchr("defg", *at) != NULL)
        out->type = *at++;
    return at == end;
}

static crn_status bad_spec(const replacement *r, const char *type, crn_error *err)
{
    return crn_fail(err, CRN_ARGUMENT,
                    "Invalid format specifier '%.*s' for object of type '%s'", r->spec_size,
                    r->spec, type);
}

/* printf and Python agree on e, f and g. */
static void add_typed(filling *f, const format_spec *spec, double value)
{
    int precision = spec->precision >= 0 ? spec->precision : 6;
    char format[] = {'%', '0', '*', '.', '*', spec->type, '\0'};
    if (!spec->zeros)
        memmove(format + 1, format + 2, sizeof format - 2);
    char number[512];
    snprintf(number, sizeof number, format, spec->width, precision, value);
    crn_text_add_string(&f->text, number);
}

static crn_status add_int(filling *f, const replacement *r, int64_t value, crn_error *err)
{
    format_spec spec;
    bool known = parse_spec(r, &spec), whole = spec.type == '\0' || spec.type == 'd';
    if (!known || (whole && spec.precision >= 0))
        return bad_spec(r, "int", err);
    if (!whole)
        add_typed(f, &spec, (double)value);
    else if (spec.zeros)
        crn_text_printf(&f->text, "%0*lld", spec.width, (long long)value);
    else
        crn_text_printf(&f->text, "%*lld", spec.width, (long long)value);
    return CRN_OK;
}

static crn_status add_float(filling *f, const replacement *r, double value, crn_error *err)
{
    format_spec spec;
    if (!parse_spec(r, &spec) || spec.type == 'd' || (spec.type == '\0' && r->spec_size > 0))
        return bad_spec(r, "float", err);
    if (spec.type == '\0')
        crn_text_add_double(&f->text, value);
    else
        add_typed(f, &spec, value);
    return CRN_OK;
}

static bool is_named(const replacement *r, const char *name)
{
    return strlen(name) == (size_t)r->name_size && strncmp(r->name, name, strlen(name)) == 0;
}

static crn_status add_replacement(filling *f, const replacement *r, crn_error *err)
{
    if (is_named(r, "epoch"))
        return add_int(f, r, f->epoch, err);
    if (is_named(r, "batch") && f->batch >= 0)
        return add_int(f, r, f->batch, err);
    for (int i = 0; i < f->logs->count; i++) {
        if (is_named(r, f->logs->names[i]))
            return add_float(f, r, f->logs->values[i], err);
    }
    return crn_fail(err, CRN_NOT_FOUND,
                    "Failed to format this callback filepath: \"%s\". Reason: '%.*s'", f->path,
                    r->name_size, r->name);
}

/* The braces at `at`, and what is between them; returns the place behind them. */
static const char *find_replacement(const char *at, replacement *out)
{
    const char *end = strchr(at, '}'), *colon = strchr(at, ':');
    if (end == NULL)
        return NULL;
    out->name = at + 1;
    out->spec = colon != NULL && colon < end ? colon + 1 : end;
    out->name_size = (int)((colon != NULL && colon < end ? colon : end) - out->name);
    out->spec_size = (int)(end - out->spec);
    return end + 1;
}

static crn_status fill(filling *f, crn_error *err)
{
    for (const char *at = f->path; *at != '\0';) {
        replacement r;
        if (*at != '{' && *at != '}') {
            crn_text_add_char(&f->text, *at++);
        } else if (at[1] == at[0]) {
            crn_text_add_char(&f->text, *at);
            at += 2;
        } else if (*at == '}' || (at = find_replacement(at, &r)) == NULL) {
            return crn_fail(err, CRN_ARGUMENT,
                            "Single brace encountered in format string: \"%s\"", f->path);
        } else {
            CRN_TRY(add_replacement(f, &r, err));
        }
    }
    return CRN_OK;
}

crn_status crn_path_template_fill(const char *path, int epoch, int64_t batch,
                                  const crn_logs *logs, char **out, crn_error *err)
{
    filling f = {.path = path, .epoch = epoch, .batch = batch, .logs = logs};
    crn_status status = fill(&f, err);
    char *text = status == CRN_OK ? crn_text_take(&f.text, err) : NULL;
    if (text == NULL) {
        crn_text_free(&f.text);
        return status != CRN_OK ? status : crn_no_memory(err);
    }
    *out = text;
    return CRN_OK;
}
