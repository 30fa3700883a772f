/* SPDX-License-Identifier: BSD-3-Clause */
/* repr() of every golden file against that of the scikit-learn that made it
 * (tests/golden/sklearn/reprs.txt), and of models that were made of text. */
#include "unit/sklearn/fitting.h"

#include <ctype.h>

#include "base/file.h"
#include "format/json.h"

/* The first lines of the summary, up to "library:". */
static char *repr_of(const crn_model *model)
{
    char *text = NULL;
    assert_ok(crn_model_inspect(model, CRN_INSPECT_SUMMARY, &text, &err));
    char *end = strstr(text, "\nlibrary:");
    assert_non_null(end);
    *end = '\0';
    return text;
}

static void assert_repr(const char *expression, const char *want)
{
    crn_model *model = parse(expression);
    char *got = repr_of(model);
    assert_string_equal(got, want);
    crn_string_free(got);
    crn_model_destroy(model);
}

/* ---- golden files ---- */

/* Python breaks lines with the addresses in them that are left out here. */
static bool has_address(const char *text)
{
    return strstr(text, "<function") != NULL || strstr(text, " object>") != NULL;
}

static void remove_blanks(char *text)
{
    char *to = text;
    for (const char *at = text; *at != '\0'; at++) {
        if (!isspace((unsigned char)*at))
            *to++ = *at;
    }
    *to = '\0';
}

static void check_file(const char *name, const char *want)
{
    char path[1024];
    crn_model *model = NULL;
    snprintf(path, sizeof path, "%s/sklearn/%s", CRN_GOLDEN_DIR, name);
    assert_ok(crn_model_load(path, NULL, &model, &err));
    char *got = repr_of(model), *expected = strdup(want);
    if (has_address(want)) {
        remove_blanks(got);
        remove_blanks(expected);
    }
    if (strcmp(got, expected) != 0)
        fail_msg("%s:\n%s\n%s", name, got, expected);
    free(expected);
    crn_string_free(got);
    crn_model_destroy(model);
}

/* A line is a path, a tab and a JSON string. */
static void check_line(char *line)
{
    char *tab = strchr(line, '\t');
    crn_document *document = NULL;
    crn_object *text = NULL;
    assert_non_null(tab);
    *tab = '\0';
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_ok(crn_json_read(document, tab + 1, strlen(tab + 1), NULL, &text, &err));
    check_file(line, crn_object_text(text));
    crn_document_release(document);
}

static void test_files_of_every_version(void **state)
{
    (void)state;
    FILE *file = fopen(CRN_GOLDEN_DIR "/sklearn/reprs.txt", "r");
    char *line = NULL;
    size_t capacity = 0;
    int count = 0;
    assert_non_null(file);
    for (; getline(&line, &capacity, file) > 0; count++) {
        line[strcspn(line, "\n")] = '\0';
        check_line(line);
    }
    free(line);
    fclose(file);
    assert_true(count > 1000);
}

/* ---- models of text ---- */

static void test_kernels(void **state)
{
    (void)state;
    assert_repr("GaussianProcessRegressor(kernel=Sum(k1=RBF(length_scale=[2.5, 3]), "
                "k2=DotProduct()))",
                "GaussianProcessRegressor(kernel=RBF(length_scale=[2.5, 3]) + "
                "DotProduct(sigma_0=1))");
}

static void test_functions(void **state)
{
    (void)state;
    assert_repr("FunctionTransformer(func=np.log1p)",
                "FunctionTransformer(func=<ufunc 'log1p'>)");
    assert_repr("OneHotEncoder(dtype=np.float32)",
                "OneHotEncoder(dtype=<class 'numpy.float32'>)");
}

/* Of 700 characters and more the middle is left out, as by scikit-learn 1.9.1. */
static void test_the_middle_is_cut(void **state)
{
    (void)state;
    char text[2400];
    size_t size = (size_t)snprintf(text, sizeof text, "OneHotEncoder(categories=[[");
    for (int i = 0; i < 28; i++)
        size += (size_t)snprintf(text + size, sizeof text - size,
                                 "%s'a category with the number %d'", i > 0 ? ", " : "", i);
    snprintf(text + size, sizeof text - size, "]])");
    crn_model *model = parse(text);
    char *got = repr_of(model);
    assert_non_null(
        strstr(got, "OneHotEncoder(categories=[['a category with the number 0',\n"));
    assert_non_null(strstr(got, "11',\n                           'a categor...\n"
                                "                           'a category with the number 15',"));
    assert_non_null(strstr(got, "'a category with the number 27']])"));
    assert_null(strstr(got, "number 12"));
    crn_string_free(got);
    crn_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_of_every_version),
        cmocka_unit_test(test_kernels),
        cmocka_unit_test(test_functions),
        cmocka_unit_test(test_the_middle_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
