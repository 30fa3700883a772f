/* SPDX-License-Identifier: BSD-3-Clause */
#include "data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"

/* A file of that name wins over a built-in data set. */
static int read_table(const options *o, const char *spec, crn_table **out, bool *is_dataset)
{
    crn_error err = CRN_ERROR_INIT;
    *is_dataset = crn_dataset_summary(spec) != NULL && access(spec, F_OK) != 0;
    const crn_status status = *is_dataset ? crn_table_dataset(spec, out, &err)
                                          : crn_table_read(spec, &o->limits, out, &err);
    return status == CRN_OK ? EXIT_OK : fail(spec, &err);
}

/* ---- target and weights: a column of the table, or a file of its own ---- */

/* A vector of a file with one column, or its only matrix. */
static int column_of_file(const options *o, const char *spec, crn_table **table, crn_array *out)
{
    bool is_dataset;
    int code = read_table(o, spec, table, &is_dataset);
    if (code != EXIT_OK)
        return code;
    if (crn_table_array(*table, out))
        return EXIT_OK;
    if (crn_table_columns(*table) != 1)
        return complain(spec, "has %lld columns; one was expected",
                        (long long)crn_table_columns(*table));
    crn_table_column(*table, 0, out);
    return EXIT_OK;
}

/* *column is the index in `table`, or -1 when the vector came from a file. */
static int take_column(const options *o, const char *what, const char *spec,
                       const crn_table *table, crn_table **other, crn_array *out,
                       int64_t *column)
{
    *column = crn_table_find(table, spec);
    if (*column >= 0 && crn_table_column(table, *column, out))
        return EXIT_OK;
    if (access(spec, F_OK) != 0 && strchr(spec, ':') == NULL)
        return usage(o, "--%s: '%s' is neither a column of the data nor a file", what, spec);
    return column_of_file(o, spec, other, out);
}

/* ---- features ---- */

/* Every column but those that are the target or the weights. */
static int64_t other_columns(const crn_table *table, int64_t target, int64_t weight,
                             int64_t *columns)
{
    int64_t count = 0;
    for (int64_t i = 0; i < crn_table_columns(table); i++) {
        if (i != target && i != weight)
            columns[count++] = i;
    }
    return count;
}

/* The columns that carry the model's feature names, in its order. -1 after a complaint. */
static int64_t named_columns(const char *spec, const crn_table *table, const crn_model *model,
                             int64_t *columns)
{
    const int64_t n = crn_model_features(model);
    for (int64_t i = 0; i < n; i++) {
        const char *name = crn_model_feature_name(model, i);
        columns[i] = crn_table_find(table, name);
        if (columns[i] < 0 || strcmp(crn_table_name(table, columns[i]), name) != 0) {
            complain(spec, "has no column '%s', which %s was fitted on", name,
                     crn_model_class(model));
            return -1;
        }
    }
    return n;
}

static bool matches_by_name(const crn_table *table, const crn_model *model)
{
    return model != NULL && crn_table_has_names(table) &&
           crn_model_feature_name(model, 0) != NULL;
}

/* Rows of mixed values, for a model that takes them. */
static bool takes_cells(const crn_array *input)
{
    return input != NULL && input->dtype == CRN_OBJECT;
}

static crn_status take_features(const crn_table *table, const crn_array *input,
                                const int64_t *columns, int64_t count, crn_array *out,
                                crn_error *err)
{
    return takes_cells(input) ? crn_table_cells(table, columns, count, out, err)
                              : crn_table_matrix(table, columns, count, out, err);
}

static int choose_features(const char *spec, const crn_model *model, const crn_array *input,
                           int64_t target, int64_t weight, rows *r)
{
    crn_error err = CRN_ERROR_INIT;
    const int64_t all = crn_table_columns(r->table);
    int64_t most =
        model != NULL && crn_model_features(model) > all ? crn_model_features(model) : all;
    int64_t *columns = malloc((size_t)(most > 0 ? most : 1) * sizeof *columns);
    r->names = calloc((size_t)(most > 0 ? most : 1), sizeof *r->names);
    if (columns == NULL || r->names == NULL) {
        free(columns);
        return complain(spec, "out of memory");
    }
    const int64_t count = matches_by_name(r->table, model)
                              ? named_columns(spec, r->table, model, columns)
                              : other_columns(r->table, target, weight, columns);
    int code = count < 0 ? EXIT_FAILED : EXIT_OK;
    for (int64_t i = 0; i < count; i++)
        r->names[i] = crn_table_name(r->table, columns[i]);
    if (code == EXIT_OK &&
        take_features(r->table, input, columns, count, &r->data.x, &err) != CRN_OK)
        code = fail(spec, &err);
    r->owns_x = code == EXIT_OK;
    free(columns);
    /* load_iris() and its like give arrays without names, and a model fitted on names wants
     * them again. */
    if (crn_table_has_names(r->table) && r->dataset == NULL)
        r->data.feature_names = r->names;
    return code;
}

/* A cell for each row of a file: texts, dicts, lists. */
static int read_records(const options *o, const char *spec, rows *out)
{
    crn_error err = CRN_ERROR_INIT;
    out->owns_x = true;
    return crn_records_read(spec, &o->limits, &out->data.x, &err) == CRN_OK ? EXIT_OK
                                                                            : fail(spec, &err);
}

int rows_read(const options *o, const char *spec, const crn_model *model,
              const crn_array *input, int target, rows *out)
{
    bool is_dataset;
    int64_t target_column = -1, weight_column = -1;
    *out = (rows){.data = CRN_DATA_INIT};
    const bool records = input != NULL && input->dtype == CRN_OBJECT && input->ndim == 1;
    if (records && target == WITHOUT_TARGET)
        return read_records(o, spec, out);
    int code = read_table(o, spec, &out->table, &is_dataset);
    if (code != EXIT_OK)
        return code;
    const char *wanted = o->target;
    if (is_dataset) {
        out->dataset = spec;
        if (wanted == NULL || target == WITHOUT_TARGET)
            wanted = "target";
        target_column = crn_table_find(out->table, "target");
    }
    if (target == WITH_TARGET && wanted != NULL)
        code = take_column(o, "target", wanted, out->table, &out->target_table, &out->data.y,
                           &target_column);
    if (code == EXIT_OK && o->sample_weight != NULL && target == WITH_TARGET)
        code = take_column(o, "sample-weight", o->sample_weight, out->table, &out->weight_table,
                           &out->data.sample_weight, &weight_column);
    if (code != EXIT_OK)
        return code;
    if (!takes_cells(input) && crn_table_columns(out->table) == 1 &&
        crn_table_column(out->table, 0, &out->data.x) && out->data.x.dtype == CRN_STRING)
        return EXIT_OK; /* a list of texts or labels */
    const bool whole =
        target_column < 0 && weight_column < 0 && !matches_by_name(out->table, model);
    if (whole && !takes_cells(input) && crn_table_array(out->table, &out->data.x))
        return EXIT_OK;
    return choose_features(spec, model, input, target_column, weight_column, out);
}

int rows_need_target(const options *o, const rows *r)
{
    if (r->data.y.data != NULL)
        return EXIT_OK;
    return usage(o, "which column is the target? Name it with -t, or give a file");
}

void rows_free(rows *r)
{
    if (r->owns_x)
        crn_array_free(&r->data.x);
    free(r->names);
    crn_table_destroy(r->table);
    crn_table_destroy(r->target_table);
    crn_table_destroy(r->weight_table);
}

int write_array(const options *o, const crn_array *array, const char *const *names,
                const char *path)
{
    crn_error err = CRN_ERROR_INIT;
    crn_table *table = NULL;
    crn_status status = crn_table_from_array(array, names, &table, &err);
    if (status == CRN_OK)
        status = crn_table_write(table, path, o->format, &err);
    crn_table_destroy(table);
    return status == CRN_OK ? EXIT_OK : fail(path, &err);
}
