/* SPDX-License-Identifier: BSD-3-Clause */
/* Real files of many versions of scikit-learn: each loads, answers every method as Python did,
 * is written back as the same bytes, and written anew for other versions still answers the
 * same. Every package of tests/golden/sklearn (<package>.tsv) goes through; a name as argument
 * runs that one alone. */
#include "test.h"

#include <dirent.h>
#include <stdlib.h>

#include "api/predictor.h"
#include "base/cell.h"
#include "base/file.h"
#include "cornichon/cornichon.h"
#include "format/cells.h"
#include "format/csv.h"
#include "format/npy.h"

/* Both compute in float64, in an order of additions that may differ: some units in the last
 * place of the largest term. Files fitted on float32 hold float32 numbers, and Python answers
 * float32 rows in float32. */
enum { MOST_OUTPUTS = 8 };
static const double RTOL = 1e-9, ATOL = 1e-11, RTOL_FLOAT32 = 1e-4, ATOL_FLOAT32 = 1e-5;

static crn_error err;

static char *path_of(const char *name)
{
    char *path = NULL;
    const size_t size = strlen(CRN_GOLDEN_DIR) + strlen(name) + 16;
    path = malloc(size);
    assert_non_null(path);
    snprintf(path, size, "%s/sklearn/%s", CRN_GOLDEN_DIR, name);
    return path;
}

static void read_npz(const char *name, const char *key, crn_array *out)
{
    char *path = path_of(name);
    crn_buffer *file = NULL;
    assert_ok(crn_file_read(path, 0, &file, &err));
    assert_ok(crn_npz_read(file, key, NULL, out, &err));
    crn_buffer_release(file);
    free(path);
}

/* Rows that are no array are kept as the text of a JSON list, x_json. */
static bool has_json(const char *name)
{
    char *path = path_of(name);
    crn_buffer *file = NULL;
    crn_array array = CRN_ARRAY_INIT;
    assert_ok(crn_file_read(path, 0, &file, &err));
    const bool has = crn_npz_read(file, "x_json", NULL, &array, NULL) == CRN_OK;
    crn_array_free(&array);
    crn_buffer_release(file);
    free(path);
    return has;
}

/* A list of lists is a matrix where the model takes one; else each item is a row. */
static void read_json_rows(const char *name, const crn_array *wanted, crn_array *out)
{
    crn_array text = CRN_ARRAY_INIT, cells = CRN_ARRAY_INIT;
    crn_table *table = NULL;
    read_npz(name, "x_json", &text);
    assert_ok(crn_array_astype(&text, CRN_OBJECT, &cells, &err));
    const crn_cell *json = cells.data;
    if (wanted->ndim == 2) {
        assert_ok(crn_json_table_read(json->as.text, json->size, NULL, &table, &err));
        assert_ok(crn_table_cells(table, NULL, 0, out, &err));
    } else {
        assert_ok(crn_json_cells(json->as.text, json->size, false, NULL, out, &err));
    }
    crn_table_destroy(table);
    crn_array_free(&text);
    crn_array_free(&cells);
}

/* ---- comparing ---- */

static void compare_numbers(const char *what, bool is_float32, const crn_array *got,
                            const crn_array *want)
{
    is_float32 |= want->dtype == CRN_FLOAT32;
    for (int64_t i = 0; i < crn_array_size(want); i++) {
        const double a = crn_array_get(got, i), b = crn_array_get(want, i);
        const double slack =
            (is_float32 ? ATOL_FLOAT32 : ATOL) + (is_float32 ? RTOL_FLOAT32 : RTOL) * fabs(b);
        if (!(fabs(a - b) <= slack) && !(isnan(a) && isnan(b)) && a != b)
            fail_msg("%s: element %lld is %.17g, not %.17g", what, (long long)i, a, b);
    }
}

static void compare_strings(const char *what, const crn_array *got, const crn_array *want)
{
    const uint32_t *a = got->data, *b = want->data;
    for (int64_t i = 0; i < crn_array_size(want); i++) {
        for (int64_t k = 0; k < got->itemsize / 4 || k < want->itemsize / 4; k++) {
            const uint32_t x = k < got->itemsize / 4 ? a[i * got->itemsize / 4 + k] : 0;
            const uint32_t y = k < want->itemsize / 4 ? b[i * want->itemsize / 4 + k] : 0;
            if (x != y)
                fail_msg("%s: label %lld differs", what, (long long)i);
        }
    }
}

/* Python's str() of each cell, as make.py keeps objects; numbers as numbers. */
static void compare_cells(const char *what, const crn_array *got, const crn_array *want)
{
    crn_array strings = CRN_ARRAY_INIT, numbers = CRN_ARRAY_INIT;
    if (want->dtype != CRN_STRING) {
        assert_ok(crn_array_astype(got, CRN_FLOAT64, &numbers, &err));
        compare_numbers(what, false, &numbers, want);
        crn_array_free(&numbers);
        return;
    }
    assert_ok(crn_cells_as_strings(got, &strings, &err));
    compare_strings(what, &strings, want);
    crn_array_free(&strings);
}

static void compare(const char *what, bool is_float32, const crn_array *got,
                    const crn_array *want)
{
    if (got->ndim != want->ndim)
        fail_msg("%s has %d axes, not %d", what, got->ndim, want->ndim);
    for (int32_t i = 0; i < want->ndim; i++) {
        if (got->shape[i] != want->shape[i])
            fail_msg("%s: axis %d is %lld, not %lld", what, i, (long long)got->shape[i],
                     (long long)want->shape[i]);
    }
    if (got->dtype == CRN_CSR) {
        crn_array dense = CRN_ARRAY_INIT;
        assert_ok(crn_array_astype(got, CRN_FLOAT64, &dense, &err));
        compare_numbers(what, is_float32, &dense, want);
        crn_array_free(&dense);
    } else if (got->dtype == CRN_OBJECT)
        compare_cells(what, got, want);
    else if (want->dtype == CRN_STRING)
        compare_strings(what, got, want);
    else
        compare_numbers(what, is_float32, got, want);
}

/* make.py keeps sparse answers as dense ones. */
static void make_dense(crn_array *array)
{
    crn_array dense = CRN_ARRAY_INIT;
    if (array->dtype != CRN_CSR)
        return;
    assert_ok(crn_array_astype(array, ((crn_csr *)array->data)->dtype, &dense, &err));
    crn_array_free(array);
    *array = dense;
}

/* ---- one case ---- */

typedef struct golden {
    char *version, *name, *model, *npz, *methods;
} golden;

/* One method: each output against the array of its name, "kneighbors.1" where there are
 * several. */
static void ask(const golden *g, const crn_model *model, const char *method_name)
{
    crn_array x = CRN_ARRAY_INIT, want = CRN_ARRAY_INIT, got[MOST_OUTPUTS] = {CRN_ARRAY_INIT};
    crn_predictor *predictor = NULL;
    crn_method method;
    char what[160], key[64];
    snprintf(what, sizeof what, "%s %s %s", g->version, g->name, method_name);
    assert_true(crn_method_find(method_name, &method));
    const crn_array wanted = crn_model_input(model, method, 0);
    if (method != CRN_INVERSE_TRANSFORM && has_json(g->npz))
        read_json_rows(g->npz, &wanted, &x);
    else
        read_npz(g->npz, method == CRN_INVERSE_TRANSFORM ? "transform" : "x", &x);
    err = (crn_error)CRN_ERROR_INIT;
    if (crn_predictor_create_for(model, method, &x, NULL, &predictor, &err) != CRN_OK ||
        crn_predict(predictor, &x, got, &err) != CRN_OK)
        fail_msg("%s: %s", what, err.message);
    const int count = crn_predictor_outputs(predictor);
    assert_in_range(count, 1, MOST_OUTPUTS);
    for (int i = 0; i < count; i++) {
        snprintf(key, sizeof key, count > 1 ? "%s.%d" : "%s", method_name, i);
        read_npz(g->npz, key, &want);
        make_dense(&got[i]);
        compare(what, x.dtype == CRN_FLOAT32, &got[i], &want);
        crn_array_free(&want);
        crn_array_free(&got[i]);
    }
    crn_predictor_destroy(predictor);
    crn_array_free(&x);
}

static void ask_all(const golden *g, const crn_model *model)
{
    char methods[160], *rest = methods;
    if (g->methods == NULL)
        return; /* an estimator that only describes its own data */
    snprintf(methods, sizeof methods, "%s", g->methods);
    for (char *method = strtok_r(methods, ",", &rest); method != NULL;
         method = strtok_r(NULL, ",", &rest))
        ask(g, model, method);
}

static crn_model *load(const char *path)
{
    crn_model *model = NULL;
    err = (crn_error)CRN_ERROR_INIT;
    if (crn_model_load(path, NULL, &model, &err) != CRN_OK)
        fail_msg("%s: %s (%s)", path, err.message, err.where);
    return model;
}

/* An untouched file is written as the same bytes; compressed ones are compared inside, by
 * loading. */
static void check_same_bytes(const golden *g, const char *path)
{
    crn_buffer *before = NULL, *after = NULL;
    crn_model *model = load(path);
    const bool is_pickle = strstr(path, ".pkl") != NULL;
    crn_save_options options = CRN_SAVE_OPTIONS_INIT;
    options.format = is_pickle ? "pickle" : "joblib";
    assert_ok(crn_model_save(model, "same.bin", &options, &err));
    assert_ok(crn_file_read(path, 0, &before, &err));
    assert_ok(crn_file_read("same.bin", 0, &after, &err));
    const bool compressed = strstr("zlib gzip bz2 lzma xz lz4", g->name) != NULL &&
                            strstr(g->model, "files/") != NULL;
    if (!compressed &&
        (crn_buffer_size(before) != crn_buffer_size(after) ||
         memcmp(crn_buffer_data(before), crn_buffer_data(after), crn_buffer_size(before)) != 0))
        fail_msg("%s is not written as the same bytes", path);
    crn_buffer_release(before);
    crn_buffer_release(after);
    crn_model_destroy(model);
    model = load("same.bin");
    ask_all(g, model);
    crn_model_destroy(model);
    remove("same.bin");
}

/* Written for another version: the file answers the same, or the version cannot say the model
 * and the error tells what. */
static void check_written_anew(const golden *g, const char *path)
{
    static const char *const targets[] = {"0.22", "1.2", "1.9"};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        crn_model *model = load(path);
        crn_save_options options = CRN_SAVE_OPTIONS_INIT;
        options.sklearn = targets[i];
        err = (crn_error)CRN_ERROR_INIT;
        const crn_status status = crn_model_save(model, "anew.joblib", &options, &err);
        crn_model_destroy(model);
        if (status == CRN_UNSUPPORTED && strncmp(err.message, "scikit-learn ", 13) == 0)
            continue;
        if (status != CRN_OK)
            fail_msg("%s for %s: %s", path, targets[i], err.message);
        model = load("anew.joblib");
        ask_all(g, model);
        crn_model_destroy(model);
        remove("anew.joblib");
    }
}

static int run_package(const char *table_name)
{
    char line[512], *table = path_of(table_name);
    int cases = 0;
    FILE *file = fopen(table, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        char *rest = line;
        golden g = {.version = strtok_r(line, "\t", &rest)};
        g.name = strtok_r(NULL, "\t", &rest);
        g.model = strtok_r(NULL, "\t", &rest);
        g.npz = strtok_r(NULL, "\t", &rest);
        g.methods = strtok_r(NULL, "\t\n", &rest);
        assert_non_null(g.npz);
        char *path = path_of(g.model);
        crn_model *model = load(path);
        ask_all(&g, model);
        crn_model_destroy(model);
        check_same_bytes(&g, path);
        check_written_anew(&g, path);
        free(path);
        cases++;
    }
    fclose(file);
    free(table);
    return cases;
}

static const char *only; /* the package named on the command line; NULL: all */

static void test_every_golden_file(void **state)
{
    (void)state;
    char *folder = path_of("");
    DIR *directory = opendir(folder);
    int cases = 0;
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        const size_t size = strlen(entry->d_name);
        if (size < 4 || strcmp(entry->d_name + size - 4, ".tsv") != 0)
            continue;
        if (only == NULL ||
            (strlen(only) == size - 4 && strncmp(only, entry->d_name, size - 4) == 0))
            cases += run_package(entry->d_name);
    }
    closedir(directory);
    free(folder);
    assert_true(cases > 0);
}

int main(int argc, char **argv)
{
    only = argc > 1 ? argv[1] : NULL;
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_golden_file)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
