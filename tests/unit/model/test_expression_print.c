/* SPDX-License-Identifier: BSD-3-Clause */
/* The layout of calls: what scikit-learn 1.9.1 prints for estimators
 * (tests/golden/model/reprs.txt) comes back when it is parsed and printed. */
#include "test.h"

#include "base/file.h"
#include "model/expression.h"

static crn_error err;

static void assert_prints(const char *text, size_t size, const char *expected,
                          size_t expected_size)
{
    crn_document *document = NULL;
    crn_object *object = NULL;
    crn_text out = CRN_TEXT_INIT;
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_ok(crn_expression_parse(document, text, size, &object, &err));
    crn_expression_print(object, &out);
    if (out.size != expected_size || memcmp(out.data, expected, expected_size) != 0)
        fail_msg("printed\n%s\nnot\n%.*s", out.data, (int)expected_size, expected);
    crn_text_free(&out);
    crn_document_release(document);
}

static void test_scikit_learns_own_reprs(void **state)
{
    (void)state;
    crn_buffer *file = NULL;
    assert_ok(crn_file_read(CRN_GOLDEN_DIR "/model/reprs.txt", 0, &file, &err));
    const char *at = crn_buffer_data(file), *end = at + crn_buffer_size(file);
    int count = 0;
    while (at < end) {
        const char *next = at;
        while (next < end && strncmp(next, "\n----\n", 6) != 0 && next + 1 < end)
            next++;
        assert_prints(at, (size_t)(next - at), at, (size_t)(next - at));
        at = next + 6;
        count++;
    }
    assert_true(count >= 9);
    crn_buffer_release(file);
}

static void test_long_containers_are_cut(void **state)
{
    (void)state;
    char text[400] = "[";
    for (int i = 0; i < 40; i++)
        strncat(text, i < 39 ? "100, " : "100]", sizeof text - strlen(text) - 1);
    static const char expected[] =
        "[100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100,\n"
        " 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, ...]";
    assert_prints(text, strlen(text), expected, sizeof expected - 1);
}

static void test_keras_calls_keep_their_places(void **state)
{
    (void)state;
    static const char text[] = "Sequential([Dense(128, activation='relu'), Dense(64, "
                               "activation='relu'), Dense(3, activation='softmax')])";
    static const char expected[] =
        "Sequential([Dense(128, activation='relu'), Dense(64, "
        "activation='relu'),\n            Dense(3, activation='softmax')])";
    assert_prints(text, sizeof text - 1, expected, sizeof expected - 1);
}

static void test_deep_nesting_ends_on_one_line(void **state)
{
    (void)state;
    char text[240];
    memset(text, '[', 99);
    memcpy(text + 99, "'0123456789'", 13);
    size_t size = strlen(text);
    memset(text + size, ']', 99);
    text[size + 99] = '\0';
    crn_document *document = NULL;
    crn_object *object = NULL;
    crn_text out = CRN_TEXT_INIT;
    assert_ok(crn_document_create(NULL, &document, &err));
    assert_ok(crn_expression_parse(document, text, strlen(text), &object, &err));
    crn_expression_print(object, &out);
    assert_int_equal(out.status, CRN_OK);
    assert_string_equal(out.data, text);
    crn_text_free(&out);
    crn_document_release(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scikit_learns_own_reprs),
        cmocka_unit_test(test_long_containers_are_cut),
        cmocka_unit_test(test_keras_calls_keep_their_places),
        cmocka_unit_test(test_deep_nesting_ends_on_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
