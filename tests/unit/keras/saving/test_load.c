/* SPDX-License-Identifier: BSD-3-Clause */
/* Files that Keras 2.4 to 3.15 wrote, all kinds of them: they load and predict as Keras does. */
#include "test.h"

#include "unit/keras/saving/keras_files.h"

/* One line of manifest.tsv. */
typedef struct golden_case {
    char kind[32], file[128], x[128], y[128];
} golden_case;

static bool next_case(FILE *manifest, golden_case *out)
{
    return fscanf(manifest, "%31s %127s %127s %127s", out->kind, out->file, out->x, out->y) ==
           4;
}

static bool exists(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file != NULL)
        fclose(file);
    return file != NULL;
}

/* The whole model that weights alone belong to: the same name, .h5 or .keras. */
static const char *architecture_of(const char *file)
{
    static char path[600];
    const char *slash = strchr(file, '/'), *dot = strchr(slash, '.');
    static const char *const suffixes[] = {".keras", ".h5"};
    for (size_t i = 0; i < 2; i++) {
        char name[256];
        snprintf(name, sizeof name, "%.*s%s", (int)(dot - file), file, suffixes[i]);
        snprintf(path, sizeof path, "%s", golden(name));
        if (exists(path))
            return path;
    }
    fail_msg("%s has no model", file);
    return NULL;
}

static void test_golden_files(void **state)
{
    (void)state;
    golden_case row;
    size_t count = 0;
    FILE *manifest = fopen(golden("manifest.tsv"), "r");
    assert_non_null(manifest);
    while (next_case(manifest, &row)) {
        const bool weights = strstr(row.kind, "weights") != NULL;
        crn_model *model = golden_model(row.file, weights ? architecture_of(row.file) : NULL);
        crn_array x = golden_array(row.x), y = golden_array(row.y);
        assert_predicts(model, &x, &y, 1e-5, 1e-6);
        crn_array_free(&x);
        crn_array_free(&y);
        crn_model_destroy(model);
        count++;
    }
    fclose(manifest);
    assert_int_equal(count, 168);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
