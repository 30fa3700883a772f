/* SPDX-License-Identifier: BSD-3-Clause */
/* The growing string, and names that are nearly right. */
#include "test.h"

#include <stdlib.h>

#include "base/text.h"

static void text_grows(void **state)
{
    (void)state;
    crn_text text = CRN_TEXT_INIT;
    crn_text_add_string(&text, "");
    assert_string_equal(text.data, "");
    for (int i = 0; i < 1000; i++) {
        crn_text_add_char(&text, (char)('a' + i % 26));
        assert_int_equal(strlen(text.data), i + 1);
    }
    crn_text_add_bytes(&text, "x\0y", 3);
    assert_int_equal(text.size, 1003);
    assert_memory_equal(text.data + 998,
                        "kl"
                        "x\0y",
                        6);
    crn_text_free(&text);
    assert_null(text.data);
}

static void printf_appends(void **state)
{
    (void)state;
    crn_text text = CRN_TEXT_INIT;
    crn_text_printf(&text, "%s has %d features", "X", 12);
    crn_text_printf(&text, "%*d.", 200, 7);
    assert_int_equal(text.size, 17 + 201);
    assert_memory_equal(text.data, "X has 12 features  ", 19);
    assert_string_equal(text.data + text.size - 2, "7.");
    crn_text_free(&text);
}

static void clearing_keeps_the_memory(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_text text = {.cap = 3};
    crn_text_add_string(&text, "abc");
    char *before = text.data;
    crn_text_add_char(&text, 'd');
    assert_int_equal(crn_text_status(&text, &err), CRN_LIMIT);
    crn_text_clear(&text);
    assert_ptr_equal(text.data, before);
    assert_string_equal(text.data, "");
    assert_ok(crn_text_status(&text, &err));
    crn_text_free(&text);
}

static void the_cap_holds_and_failure_sticks(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_text text = {.cap = 10};
    crn_text_add_string(&text, "12345678");
    crn_text_add_string(&text, "abc");
    crn_text_add_string(&text, "z"); /* would fit, but something is missing before it */
    crn_text_printf(&text, "%d", 1);
    assert_string_equal(text.data, "12345678");
    assert_status(CRN_LIMIT, crn_text_status(&text, &err));
    assert_string_equal(err.message, "text would be longer than 10 bytes");
    assert_null(crn_text_take(&text, &err));
    crn_text_free(&text);
    assert_int_equal(text.cap, 10);
}

static void taking_hands_over(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_text text = CRN_TEXT_INIT;
    char *nothing = crn_text_take(&text, &err);
    assert_string_equal(nothing, "");
    free(nothing);
    crn_text_add_string(&text, "PCA");
    char *taken = crn_text_take(&text, &err);
    assert_string_equal(taken, "PCA");
    assert_null(text.data);
    crn_text_add_string(&text, "again");
    assert_string_equal(taken, "PCA");
    free(taken);
    crn_text_free(&text);
}

/* ---- nearest names ---- */

static const char *const names[] = {
    "PCA",          "KMeans", "LogisticRegression", "Ridge",        "RidgeCV", "MinMaxScaler",
    "MaxAbsScaler", "SVC",    "LinearRegression",   "n_components", "C",       ""};
enum { NAME_COUNT = sizeof names / sizeof names[0] };

static const char *name_of(const void *context, size_t i)
{
    return ((const char *const *)context)[i];
}

static void assert_nearest(const char *name, const char *want)
{
    const char *nearest = crn_nearest_name(name, NAME_COUNT, name_of, names);
    if (want == NULL)
        assert_null(nearest);
    else if (nearest == NULL)
        fail_msg("nothing near %s", name);
    else
        assert_string_equal(nearest, want);
}

static void near_names_are_found(void **state)
{
    (void)state;
    assert_nearest("PAC", "PCA");
    assert_nearest("pca", "PCA");
    assert_nearest("Kmean", "KMeans");
    assert_nearest("LOGISTICREGRESSION", "LogisticRegression");
    assert_nearest("LogisticRegresion", "LogisticRegression");
    assert_nearest("n_component", "n_components");
    assert_nearest("ncomponents", "n_components");
    assert_nearest("ridge", "Ridge");
    assert_nearest("ridgecv", "RidgeCV");
    assert_nearest("MinMaxScalar", "MinMaxScaler");
    assert_nearest("c", "C");
}

static void far_names_are_not(void **state)
{
    (void)state;
    assert_nearest("Dense", NULL);
    assert_nearest("x", NULL);
    assert_nearest("", NULL);
    assert_nearest("GradientBoostingClassifier", NULL);
    char longest[300];
    memset(longest, 'P', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_nearest(longest, NULL);
    assert_null(crn_nearest_name("PCA", 0, name_of, names));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_grows),
        cmocka_unit_test(printf_appends),
        cmocka_unit_test(clearing_keeps_the_memory),
        cmocka_unit_test(the_cap_holds_and_failure_sticks),
        cmocka_unit_test(taking_hands_over),
        cmocka_unit_test(near_names_are_found),
        cmocka_unit_test(far_names_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
