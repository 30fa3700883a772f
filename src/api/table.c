/* SPDX-License-Identifier: BSD-3-Clause */
/* crn_table_read() and crn_table_write(): which reader a file is for, and which writer. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "format/cells.h"
#include "format/csv.h"
#include "format/npy.h"
#include "format/table.h"
#include "format/zip.h"

typedef enum table_format {
    FORMAT_NONE,
    FORMAT_CSV,
    FORMAT_TSV,
    FORMAT_JSONL,
    FORMAT_JSON,
    FORMAT_LINES,
    FORMAT_NPY,
    FORMAT_NPZ
} table_format;

static table_format format_of_name(const char *name)
{
    static const struct {
        const char *name;
        table_format format;
    } names[] = {{"csv", FORMAT_CSV},      {"tsv", FORMAT_TSV},   {"jsonl", FORMAT_JSONL},
                 {"ndjson", FORMAT_JSONL}, {"json", FORMAT_JSON}, {"txt", FORMAT_LINES},
                 {"npy", FORMAT_NPY},      {"npz", FORMAT_NPZ}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i].name, name) == 0)
            return names[i].format;
    }
    return FORMAT_NONE;
}

static table_format format_of_suffix(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot != NULL ? format_of_name(dot + 1) : FORMAT_NONE;
}

/* ---- reading ---- */

/* A text's format: what the suffix says, else what its first character says. */
static table_format format_of_text(const char *path, const char *text, size_t size)
{
    table_format format = format_of_suffix(path);
    if (format != FORMAT_NONE && format != FORMAT_NPY && format != FORMAT_NPZ)
        return format;
    size_t at = 0;
    while (at < size &&
           (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n'))
        at++;
    return at < size && (text[at] == '{' || text[at] == '[') ? FORMAT_JSONL : FORMAT_CSV;
}

static crn_status read_text(const char *path, crn_buffer *file, const crn_limits *limits,
                            crn_table **out, crn_error *err)
{
    size_t size = crn_buffer_size(file);
    const char *text = size > 0 ? crn_buffer_data(file) : "";
    switch (format_of_text(path, text, size)) {
    case FORMAT_TSV:
        return crn_csv_read(text, size, '\t', limits, out, err);
    case FORMAT_JSONL:
        return crn_jsonl_read(text, size, limits, out, err);
    case FORMAT_JSON:
        return crn_json_table_read(text, size, limits, out, err);
    case FORMAT_LINES:
        return crn_lines_read(text, size, limits, out, err);
    default:
        return crn_csv_read(text, size, '\0', limits, out, err);
    }
}

static crn_status table_of_file(const char *path, const char *key, crn_buffer *file,
                                const crn_limits *limits, crn_table **out, crn_error *err)
{
    crn_array array = CRN_ARRAY_INIT;
    crn_status status;
    const uint8_t *bytes = crn_buffer_data(file);
    size_t size = crn_buffer_size(file);
    bool zip = crn_zip_sniff(bytes, size);
    if (key != NULL && !zip)
        status = crn_fail(err, CRN_ARGUMENT, "'%s' is no .npz file: it has no array '%s'", path,
                          key);
    else if (zip && key == NULL && crn_npz_is_sparse(file, limits))
        status = crn_npz_read_sparse(file, limits, &array, err);
    else if (zip)
        status = crn_npz_read(file, key, limits, &array, err);
    else if (crn_npy_sniff(bytes, size))
        status = crn_npy_read(file, &array, err);
    else
        status = read_text(path, file, limits, out, err);
    if (status == CRN_OK && array.data != NULL)
        status = crn_table_of_array(&array, out, err);
    return status;
}

static crn_status read_table(const char *path, const char *key, const crn_limits *limits,
                             crn_table **out, crn_error *err)
{
    crn_buffer *file = NULL;
    CRN_TRY(crn_file_read(path, limits != NULL ? limits->file_bytes : 0, &file, err));
    crn_status status = table_of_file(path, key, file, limits, out, err);
    crn_buffer_release(file);
    return status;
}

/* "file.npz:key" is cut at its last colon, unless a file has that whole name. */
crn_status crn_table_read(const char *path, const crn_limits *limits, crn_table **out,
                          crn_error *err)
{
    const char *colon = strrchr(path, ':');
    if (colon == NULL || strcmp(path, "-") == 0 || access(path, F_OK) == 0)
        return read_table(path, NULL, limits, out, err);
    size_t size = (size_t)(colon - path);
    char *file = crn_calloc(size + 1, 1);
    if (file == NULL)
        return crn_no_memory(err);
    memcpy(file, path, size);
    crn_status status = read_table(file, colon + 1, limits, out, err);
    free(file);
    return status;
}

static bool is_json(const char *path, const char *text, size_t size, bool *lines)
{
    const table_format format = format_of_text(path, text, size);
    *lines = format == FORMAT_JSONL;
    return format == FORMAT_JSON || format == FORMAT_JSONL;
}

crn_status crn_records_read(const char *path, const crn_limits *limits, crn_array *out,
                            crn_error *err)
{
    crn_buffer *file = NULL;
    crn_table *table = NULL;
    crn_status status;
    bool lines;
    CRN_TRY(crn_file_read(path, limits != NULL ? limits->file_bytes : 0, &file, err));
    const size_t size = crn_buffer_size(file);
    const char *text = size > 0 ? crn_buffer_data(file) : "";
    if (!crn_zip_sniff((const uint8_t *)text, size) &&
        !crn_npy_sniff((const uint8_t *)text, size) && is_json(path, text, size, &lines)) {
        status = crn_json_cells(text, size, lines, limits, out, err);
        goto done;
    }
    CRN_TRY_OR_DONE(table_of_file(path, NULL, file, limits, &table, err));
    status = crn_table_records(table, out, err);
done:
    crn_table_destroy(table);
    crn_buffer_release(file);
    return status;
}

/* ---- writing ---- */

/* The table as one array: its own, its only column, or the columns side by side. */
static crn_status array_of(const crn_table *table, crn_array *out, crn_error *err)
{
    if (crn_table_array(table, out))
        return CRN_OK;
    if (crn_table_columns(table) == 1 && crn_table_column(table, 0, out))
        return CRN_OK;
    for (int64_t i = 0; crn_table_column(table, i, out); i++) {
        if (!crn_dtype_is_number(out->dtype) && crn_table_columns(table) > 1)
            return crn_table_cells(table, NULL, 0, out, err);
    }
    return crn_table_matrix(table, NULL, 0, out, err);
}

static crn_status write_npy(const crn_table *table, crn_text *out, crn_error *err)
{
    crn_array array = CRN_ARRAY_INIT;
    CRN_TRY(array_of(table, &array, err));
    crn_status status = crn_npy_write(&array, out, err);
    crn_array_free(&array);
    return status;
}

/* A named table gives an array a column; any other one array, with the name that
 * numpy.savez(file, x) gives it. */
static crn_status write_npz(const crn_table *table, crn_text *out, crn_error *err)
{
    size_t count = (size_t)crn_table_columns(table);
    if (!crn_table_has_names(table)) {
        const char *name = "arr_0";
        crn_array array = CRN_ARRAY_INIT;
        CRN_TRY(array_of(table, &array, err));
        crn_status status = crn_npz_write(&name, &array, 1, out, err);
        crn_array_free(&array);
        return status;
    }
    const char **names = crn_calloc(count, sizeof *names);
    crn_array *arrays = crn_calloc(count, sizeof *arrays);
    crn_status status = names != NULL && arrays != NULL ? CRN_OK : crn_no_memory(err);
    for (size_t i = 0; i < count && status == CRN_OK; i++) {
        names[i] = crn_table_name(table, (int64_t)i);
        crn_table_column(table, (int64_t)i, &arrays[i]);
    }
    if (status == CRN_OK)
        status = crn_npz_write(names, arrays, count, out, err);
    free(names);
    free(arrays);
    return status;
}

static crn_status write_text(const crn_table *table, table_format format, crn_text *out,
                             crn_error *err)
{
    switch (format) {
    case FORMAT_CSV:
        return crn_csv_write(table, ',', out, err);
    case FORMAT_TSV:
        return crn_csv_write(table, '\t', out, err);
    case FORMAT_JSONL:
        return crn_jsonl_write(table, out, err);
    case FORMAT_NPY:
        return write_npy(table, out, err);
    case FORMAT_NPZ:
        return write_npz(table, out, err);
    default:
        return crn_fail(err, CRN_UNSUPPORTED,
                        "tables are written as .csv, .tsv, .jsonl, .npy or .npz");
    }
}

/* As scipy.sparse.save_npz() writes it, or dense in the other formats. */
static crn_status write_sparse(const crn_array *array, table_format format, crn_text *out,
                               crn_error *err)
{
    if (format == FORMAT_NPZ)
        return crn_npz_write_sparse(array, out, err);
    crn_array dense = CRN_ARRAY_INIT;
    crn_table *table = NULL;
    CRN_TRY(crn_array_astype(array, ((const crn_csr *)array->data)->dtype, &dense, err));
    CRN_TRY(crn_table_of_array(&dense, &table, err));
    const crn_status status = write_text(table, format, out, err);
    crn_table_destroy(table);
    return status;
}

crn_status crn_table_write(const crn_table *table, const char *path, const char *format,
                           crn_error *err)
{
    table_format chosen = format != NULL           ? format_of_name(format)
                          : strcmp(path, "-") == 0 ? FORMAT_CSV
                                                   : format_of_suffix(path);
    crn_text text = {.cap = SIZE_MAX / 2};
    crn_array array = CRN_ARRAY_INIT;
    const bool sparse = crn_table_array(table, &array) && array.dtype == CRN_CSR;
    crn_status status = sparse ? write_sparse(&array, chosen, &text, err)
                               : write_text(table, chosen, &text, err);
    if (status == CRN_OK)
        status = crn_file_write(path, text.data, text.size, err);
    crn_text_free(&text);
    return status;
}
