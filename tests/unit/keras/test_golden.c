/* SPDX-License-Identifier: BSD-3-Clause */
/* Real files of many versions of Keras: each loads, predicts as Keras did, is saved as
 * the same bytes, and predicts so again after it was written anew in the other format. Every package of tests/golden/layers (<package>.tsv)
 * goes through; a name as argument runs that one alone. */
#include "test.h"

#include <dirent.h>
#include <stdlib.h>

#include "api/predictor.h"
#include "base/file.h"
#include "cornichon/cornichon.h"
#include "format/npy.h"

/* Both compute in float32, in an order of additions that differs. */
enum { MOST_PORTS = 64 };
static const double RTOL = 2e-5, ATOL = 5e-6;

static crn_error err;

typedef struct golden {
    char *version, *name, *model, *npz;
} golden;

static char *path_of(const char *name)
{
    const size_t size = strlen(CRN_GOLDEN_DIR) + strlen(name) + 16;
    char *path = malloc(size);
    assert_non_null(path);
    snprintf(path, size, "%s/layers/%s", CRN_GOLDEN_DIR, name);
    return path;
}

/* x0, x1, ... or y0, y1, ...; returns their number. */
static int read_ports(const golden *g, char kind, crn_array *out)
{
    char *path = path_of(g->npz), key[8];
    crn_buffer *file = NULL;
    int count = 0;
    assert_ok(crn_file_read(path, 0, &file, &err));
    for (; count < MOST_PORTS; count++) {
        snprintf(key, sizeof key, "%c%d", kind, count);
        if (crn_npz_read(file, key, NULL, &out[count], NULL) != CRN_OK)
            break;
    }
    crn_buffer_release(file);
    free(path);
    assert_true(count > 0);
    return count;
}

static void free_ports(crn_array *arrays, int count)
{
    for (int i = 0; i < count; i++)
        crn_array_free(&arrays[i]);
}

static void compare_texts(const char *what, const crn_array *got, const crn_array *want)
{
    crn_array cells = CRN_ARRAY_INIT;
    assert_ok(crn_array_astype(want, CRN_OBJECT, &cells, &err));
    assert_int_equal(got->dtype, CRN_OBJECT);
    for (int64_t i = 0; i < crn_array_size(want); i++) {
        const crn_cell *a = (const crn_cell *)got->data + i;
        const crn_cell *b = (const crn_cell *)cells.data + i;
        if (a->size != b->size || memcmp(a->as.text, b->as.text, a->size) != 0)
            fail_msg("%s: text %lld differs", what, (long long)i);
    }
    crn_array_free(&cells);
}

static void compare(const char *what, const crn_array *got, const crn_array *want)
{
    if (crn_array_size(got) != crn_array_size(want) || got->shape[0] != want->shape[0])
        fail_msg("%s: %lld elements, not %lld", what, (long long)crn_array_size(got),
                 (long long)crn_array_size(want));
    if (want->dtype == CRN_STRING) {
        compare_texts(what, got, want);
        return;
    }
    for (int64_t i = 0; i < crn_array_size(want); i++) {
        const double a = crn_array_get(got, i), b = crn_array_get(want, i);
        if (!(fabs(a - b) <= ATOL + RTOL * fabs(b)) && !(isnan(a) && isnan(b)) && a != b)
            fail_msg("%s: element %lld is %.9g, not %.9g", what, (long long)i, a, b);
    }
}

static void ask(const golden *g, const crn_model *model)
{
    crn_array x[MOST_PORTS] = {CRN_ARRAY_INIT}, want[MOST_PORTS] = {CRN_ARRAY_INIT};
    crn_array got[MOST_PORTS] = {CRN_ARRAY_INIT};
    crn_predictor *predictor = NULL;
    char what[200];
    const int inputs = read_ports(g, 'x', x), outputs = read_ports(g, 'y', want);
    err = (crn_error)CRN_ERROR_INIT;
    if (crn_predictor_create_for(model, CRN_PREDICT, x, NULL, &predictor, &err) != CRN_OK ||
        crn_predict(predictor, x, got, &err) != CRN_OK)
        fail_msg("%s %s: %s", g->version, g->name, err.message);
    assert_int_equal(crn_predictor_outputs(predictor), outputs);
    for (int i = 0; i < outputs; i++) {
        snprintf(what, sizeof what, "%s %s, output %d", g->version, g->model, i);
        compare(what, &got[i], &want[i]);
    }
    crn_predictor_destroy(predictor);
    free_ports(x, inputs);
    free_ports(want, outputs);
    free_ports(got, outputs);
}

static crn_model *load(const char *path)
{
    crn_model *model = NULL;
    err = (crn_error)CRN_ERROR_INIT;
    if (crn_model_load(path, NULL, &model, &err) != CRN_OK)
        fail_msg("%s: %s (%s)", path, err.message, err.where);
    return model;
}

/* A model that nobody changed is saved as the same bytes. */
static void check_same_bytes(const char *path)
{
    crn_buffer *before = NULL, *after = NULL;
    crn_model *model = load(path);
    crn_save_options options = CRN_SAVE_OPTIONS_INIT;
    options.format = strstr(path, ".keras") != NULL ? "keras" : "h5";
    assert_ok(crn_model_save(model, "same.bin", &options, &err));
    crn_model_destroy(model);
    assert_ok(crn_file_read(path, 0, &before, &err));
    assert_ok(crn_file_read("same.bin", 0, &after, &err));
    assert_int_equal(crn_buffer_size(before), crn_buffer_size(after));
    assert_memory_equal(crn_buffer_data(before), crn_buffer_data(after),
                        crn_buffer_size(before));
    crn_buffer_release(before);
    crn_buffer_release(after);
    remove("same.bin");
}

/* What one version alone can say is refused by name in the other's format. */
static void check_written_anew(const golden *g, const char *path)
{
    static const char *const names[] = {"anew.keras", "anew.h5"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        crn_model *model = load(path);
        err = (crn_error)CRN_ERROR_INIT;
        const crn_status status = crn_model_save(model, names[i], NULL, &err);
        crn_model_destroy(model);
        if (status == CRN_UNSUPPORTED)
            continue;
        if (status != CRN_OK)
            fail_msg("%s as %s: %s", path, names[i], err.message);
        model = load(names[i]);
        ask(g, model);
        crn_model_destroy(model);
        remove(names[i]);
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
        g.npz = strtok_r(NULL, "\t\n", &rest);
        assert_non_null(g.npz);
        char *path = path_of(g.model);
        crn_model *model = load(path);
        ask(&g, model);
        crn_model_destroy(model);
        check_same_bytes(path);
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
