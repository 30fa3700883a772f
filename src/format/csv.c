/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading CSV and TSV (RFC 4180, and what pandas.read_csv takes beyond it: blank lines are
 * skipped, a quote inside an unquoted field is a character). One pass reads all numbers
 * straight into columns; a second one, only when some columns are text, collects where those
 * texts are. */
#include "format/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "format/column.h"
#include "format/table.h"

typedef struct csv_reader {
    const char *text, *at, *end;
    char delimiter;
    int64_t line; /* of `at`, from 1 */
    uint64_t text_bytes;
    uint64_t memory_bytes;
} csv_reader;

/* The table while it is read. */
typedef struct csv_table {
    size_t count;
    crn_column *columns; /* count */
    crn_span *first;     /* count: the fields of the first line */
    bool header;
    csv_reader data; /* where the second line begins */
} csv_table;

/* ---- fields ---- */

/* A delimiter or the end of a line or of the text. */
static bool is_separator(const csv_reader *in, const char *at)
{
    return at == in->end || *at == in->delimiter || *at == '\n' ||
           (*at == '\r' && (at + 1 == in->end || at[1] == '\n'));
}

/* Moves over the separator at `at`. True when another field of the same line follows. */
static bool pass_separator(csv_reader *in)
{
    if (in->at == in->end)
        return false;
    if (*in->at == in->delimiter) {
        in->at++;
        return true;
    }
    in->at += *in->at == '\r' && in->at + 1 < in->end ? 2 : 1;
    in->line++;
    return false;
}

/* After the opening quote. The span is what the quotes enclose. */
static crn_status read_quoted(csv_reader *in, crn_span *span, crn_error *err)
{
    int64_t line = in->line;
    const char *begin = in->at;
    for (;;) {
        const char *quote = memchr(in->at, '"', (size_t)(in->end - in->at));
        if (quote == NULL)
            return crn_fail_at(err, CRN_FORMAT, (uint64_t)(begin - in->text),
                               "line %lld opens a quote that nothing closes", (long long)line);
        for (const char *p = in->at; (p = memchr(p, '\n', (size_t)(quote - p))) != NULL; p++)
            in->line++;
        in->at = quote + 1;
        if (in->at == in->end || *in->at != '"')
            break;
        span->doubled = true;
        in->at++;
    }
    span->begin = (size_t)(begin - in->text);
    span->size = (size_t)(in->at - 1 - begin);
    if (!is_separator(in, in->at))
        return crn_fail_at(err, CRN_FORMAT, (uint64_t)(in->at - in->text),
                           "line %lld has text behind a closing quote", (long long)in->line);
    return CRN_OK;
}

/* The next field; *more: another one of the same line follows. */
static crn_status read_field(csv_reader *in, crn_span *span, bool *more, crn_error *err)
{
    *span = (crn_span){0};
    if (in->at < in->end && *in->at == '"') {
        in->at++;
        CRN_TRY(read_quoted(in, span, err));
    } else {
        const char *at = in->at;
        while (!is_separator(in, at))
            at++;
        span->begin = (size_t)(in->at - in->text);
        span->size = (size_t)(at - in->at);
        in->at = at;
    }
    if (span->size > in->text_bytes)
        return crn_fail(err, CRN_LIMIT,
                        "line %lld has a field of %zu bytes: limit text_bytes = %llu",
                        (long long)in->line, span->size, (unsigned long long)in->text_bytes);
    *more = pass_separator(in);
    return CRN_OK;
}

/* What a field is when its column is one of numbers. Blanks around a number do not matter. */
static crn_column_kind classify(const char *text, size_t size, crn_column_cell *cell)
{
    const char *end = text + size;
    crn_column_kind kind;
    while (text < end && (*text == ' ' || *text == '\t'))
        text++;
    while (text < end && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    cell->real = (double)NAN;
    if (crn_field_is_missing(text, (size_t)(end - text)))
        return CRN_COLUMN_MISSING;
    if (crn_scan_number(text, end, &kind, cell) == end)
        return kind;
    return crn_parse_double(text, (size_t)(end - text), &cell->real) ? CRN_COLUMN_REAL
                                                                     : CRN_COLUMN_TEXT;
}

/* The next field of a column, as a cell. Most are bare numbers, which need one look only. */
static crn_status read_cell(csv_reader *in, const crn_column *column, crn_column_kind *kind,
                            crn_column_cell *cell, bool *more, crn_error *err)
{
    crn_span span;
    if (column->kind != CRN_COLUMN_TEXT) {
        const char *after = crn_scan_number(in->at, in->end, kind, cell);
        if (after != NULL && is_separator(in, after)) {
            in->at = after;
            *more = pass_separator(in);
            return CRN_OK;
        }
    }
    CRN_TRY(read_field(in, &span, more, err));
    *kind = CRN_COLUMN_TEXT;
    if (column->kind != CRN_COLUMN_TEXT)
        *kind = classify(in->text + span.begin, span.size, cell);
    return CRN_OK;
}

/* ---- lines ---- */

static void skip_blank_lines(csv_reader *in)
{
    while (in->at < in->end && *in->at != in->delimiter && is_separator(in, in->at))
        pass_separator(in);
}

/* The kind of field i of the first line. */
static crn_column_kind first_kind(const csv_table *table, size_t i, crn_column_cell *cell)
{
    return classify(table->data.text + table->first[i].begin, table->first[i].size, cell);
}

/* Counts the fields of the whole line, of which `read` are behind us, for the message. */
static crn_status ragged(csv_reader *in, const csv_table *table, size_t read, bool more,
                         int64_t line, crn_error *err)
{
    bool text = false;
    crn_column_cell cell;
    while (more) {
        crn_span span;
        CRN_TRY(read_field(in, &span, &more, err));
        read++;
    }
    for (size_t i = 0; i < table->count; i++)
        text = text || first_kind(table, i, &cell) == CRN_COLUMN_TEXT;
    return crn_fail(err, CRN_FORMAT, "line %lld has %zu field%s, the %s has %zu",
                    (long long)line, read, read == 1 ? "" : "s", text ? "header" : "first line",
                    table->count);
}

static crn_status read_row(csv_reader *in, csv_table *table, crn_error *err)
{
    int64_t line = in->line;
    CRN_TRY(crn_columns_grow(table->columns, table->count, in->memory_bytes, err));
    for (size_t i = 0; i < table->count; i++) {
        crn_column *column = &table->columns[i];
        crn_column_kind kind;
        crn_column_cell cell = {0};
        bool more;
        CRN_TRY(read_cell(in, column, &kind, &cell, &more, err));
        crn_column_append(column, kind, cell);
        if (more != (i + 1 < table->count))
            return ragged(in, table, i + 1, more, line, err);
    }
    return CRN_OK;
}

/* Reads the first line as it stands: whether it is a header shows later. */
static crn_status read_first_line(csv_reader *in, csv_table *table, crn_error *err)
{
    size_t capacity = 0;
    bool more = true;
    while (more) {
        void *grown = table->first;
        crn_status status = crn_grow(&grown, &capacity, table->count, sizeof(crn_span), err);
        table->first = grown;
        CRN_TRY(status);
        CRN_TRY(read_field(in, &table->first[table->count], &more, err));
        table->count++;
    }
    return CRN_OK;
}

/* ---- the header ---- */

typedef struct field_text {
    const char *at;
    size_t size;
} field_text;

static int compare_fields(const void *a, const void *b)
{
    const field_text *x = a, *y = b;
    int order = memcmp(x->at, y->at, x->size < y->size ? x->size : y->size);
    return order != 0 ? order : (x->size > y->size) - (x->size < y->size);
}

static crn_status first_is_distinct(const csv_table *table, bool *distinct, crn_error *err)
{
    field_text *fields = crn_calloc(table->count, sizeof *fields);
    if (fields == NULL)
        return crn_no_memory(err);
    for (size_t i = 0; i < table->count; i++)
        fields[i] =
            (field_text){table->data.text + table->first[i].begin, table->first[i].size};
    qsort(fields, table->count, sizeof *fields, compare_fields);
    *distinct = true;
    for (size_t i = 1; i < table->count; i++)
        *distinct = *distinct && compare_fields(&fields[i - 1], &fields[i]) != 0;
    free(fields);
    return CRN_OK;
}

/* A text over numbers is a name; so are texts only, when no two are equal. Otherwise the first
 * line is the first row. */
static crn_status decide_header(csv_table *table, crn_error *err)
{
    bool texts = false, numbers = false;
    for (size_t i = 0; i < table->count; i++) {
        crn_column_cell cell;
        crn_column_kind kind = first_kind(table, i, &cell), below = table->columns[i].kind;
        texts = texts || kind == CRN_COLUMN_TEXT;
        numbers = numbers || kind == CRN_COLUMN_WHOLE || kind == CRN_COLUMN_REAL;
        if (kind == CRN_COLUMN_TEXT && (below == CRN_COLUMN_WHOLE || below == CRN_COLUMN_REAL))
            table->header = true;
    }
    if (!table->header && texts && !numbers)
        CRN_TRY(first_is_distinct(table, &table->header, err));
    if (table->header)
        return CRN_OK;
    CRN_TRY(crn_columns_grow(table->columns, table->count, table->data.memory_bytes, err));
    for (size_t i = 0; i < table->count; i++) {
        crn_column_cell cell = {0};
        crn_column_kind kind = first_kind(table, i, &cell);
        crn_column_prepend(&table->columns[i], kind, cell);
    }
    return CRN_OK;
}

/* ---- columns of text ---- */

static size_t count_texts(const csv_table *table)
{
    size_t count = 0;
    for (size_t i = 0; i < table->count; i++)
        count += table->columns[i].kind == CRN_COLUMN_TEXT;
    return count;
}

/* The fields of all columns of text: spans is (texts, rows). The first pass has checked every
 * line. */
static crn_status collect_spans(const csv_table *table, crn_span *spans, size_t rows,
                                crn_error *err)
{
    csv_reader in = table->data;
    for (size_t row = 0; row < rows; row++) {
        crn_span *to = spans + row;
        bool first = row == 0 && !table->header, more;
        if (!first)
            skip_blank_lines(&in);
        for (size_t i = 0; i < table->count; i++) {
            crn_span span;
            if (first)
                span = table->first[i];
            else
                CRN_TRY(read_field(&in, &span, &more, err));
            if (table->columns[i].kind != CRN_COLUMN_TEXT)
                continue;
            *to = span;
            to += rows;
        }
    }
    return CRN_OK;
}

static crn_status read_texts(const csv_table *table, size_t texts, size_t rows, crn_span **out,
                             crn_error *err)
{
    size_t cells, bytes;
    if (!crn_mul_size(texts, rows, &cells) || !crn_mul_size(cells, sizeof(crn_span), &bytes) ||
        bytes > table->data.memory_bytes)
        return crn_fail(err, CRN_LIMIT,
                        "the table needs more than the limit memory_bytes = %llu",
                        (unsigned long long)table->data.memory_bytes);
    *out = crn_calloc(cells, sizeof(crn_span));
    if (*out == NULL)
        return crn_no_memory(err);
    return collect_spans(table, *out, rows, err);
}

/* ---- the table ---- */

/* The name above column i, "" without a header. */
static crn_status read_name(const csv_table *table, size_t i, crn_text *name, crn_error *err)
{
    const crn_span *span = &table->first[i];
    const char *text = table->data.text + span->begin;
    crn_text_clear(name);
    if (!table->header)
        return CRN_OK;
    if (!crn_utf8_is_valid(text, span->size))
        return crn_fail_at(err, CRN_FORMAT, span->begin, "the header is not UTF-8 text");
    for (size_t at = 0; at < span->size; at++) {
        crn_text_add_char(name, text[at]);
        if (span->doubled && text[at] == '"')
            at++;
    }
    return crn_text_status(name, err);
}

static crn_status add_columns(csv_table *table, const crn_span *spans, size_t rows,
                              crn_table *out, crn_error *err)
{
    crn_text name = CRN_TEXT_INIT;
    crn_status status = CRN_OK;
    for (size_t i = 0; i < table->count; i++) {
        crn_column *column = &table->columns[i];
        crn_array array = CRN_ARRAY_INIT;
        CRN_TRY_OR_DONE(read_name(table, i, &name, err));
        if (column->kind == CRN_COLUMN_TEXT) {
            CRN_TRY_OR_DONE(crn_strings_of_spans(table->data.text, spans, (int64_t)rows,
                                                 table->data.memory_bytes, &array, err));
            spans += rows;
        } else {
            CRN_TRY_OR_DONE(crn_column_take(column, &array, err));
        }
        CRN_TRY_OR_DONE(
            crn_table_adopt(out, name.data != NULL ? name.data : "", name.size, &array, err));
    }
done:
    crn_text_free(&name);
    return status;
}

static crn_status read_table(csv_reader *in, csv_table *table, crn_table *out, crn_error *err)
{
    skip_blank_lines(in);
    if (in->at == in->end)
        return crn_fail(err, CRN_FORMAT, "the table is empty");
    CRN_TRY(read_first_line(in, table, err));
    table->columns = crn_columns_create(table->count, 1);
    if (table->columns == NULL)
        return crn_no_memory(err);
    table->data = *in;
    for (skip_blank_lines(in); in->at < in->end; skip_blank_lines(in))
        CRN_TRY(read_row(in, table, err));
    CRN_TRY(decide_header(table, err));

    size_t texts = count_texts(table);
    size_t rows = (size_t)(table->columns[0].end - table->columns[0].begin);
    crn_span *spans = NULL;
    crn_status status = texts > 0 ? read_texts(table, texts, rows, &spans, err) : CRN_OK;
    if (status == CRN_OK)
        status = add_columns(table, spans, rows, out, err);
    free(spans);
    return status;
}

/* The first of , TAB ; that the first line has. */
static char find_delimiter(const char *text, size_t size)
{
    static const char candidates[] = {',', '\t', ';'};
    const char *end = memchr(text, '\n', size);
    size_t line = end != NULL ? (size_t)(end - text) : size;
    for (size_t i = 0; i < sizeof candidates; i++) {
        if (memchr(text, candidates[i], line) != NULL)
            return candidates[i];
    }
    return ',';
}

/* Text is neither UTF-16, which says so in its first bytes, nor does it hold NULs. */
static crn_status check_text(const char *text, size_t size, crn_error *err)
{
    if (size >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
        return crn_fail_at(err, CRN_UNSUPPORTED, 0,
                           "the table is UTF-16 text: save it as UTF-8");
    const char *nul = size > 0 ? memchr(text, '\0', size) : NULL;
    if (nul != NULL)
        return crn_fail_at(err, CRN_FORMAT, (uint64_t)(nul - text),
                           "not a text file: it holds a zero byte");
    return CRN_OK;
}

crn_status crn_csv_read(const char *text, size_t size, char delimiter, const crn_limits *limits,
                        crn_table **out, crn_error *err)
{
    static const char bom[] = {'\xef', '\xbb', '\xbf'};
    crn_limits bounds = crn_limits_complete(limits);
    CRN_TRY(check_text(text, size, err));
    csv_reader in = {
        .text = text,
        .at = text,
        .end = text + size,
        .delimiter = delimiter,
        .line = 1,
        .text_bytes = bounds.text_bytes,
        .memory_bytes = bounds.memory_bytes,
    };
    if (size >= sizeof bom && memcmp(text, bom, sizeof bom) == 0)
        in.at += sizeof bom;
    if (delimiter == '\0')
        in.delimiter = find_delimiter(in.at, (size_t)(in.end - in.at));

    csv_table reading = {0};
    crn_table *table = NULL;
    crn_status status = crn_table_create(&table, err);
    if (status == CRN_OK)
        status = read_table(&in, &reading, table, err);
    if (status == CRN_OK)
        crn_table_mark_fields(table);
    crn_columns_destroy(reading.columns, reading.count);
    free(reading.first);
    if (status != CRN_OK) {
        crn_table_destroy(table);
        return status;
    }
    *out = table;
    return CRN_OK;
}
