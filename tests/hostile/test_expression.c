/* SPDX-License-Identifier: BSD-3-Clause */
/* Constructor expressions that someone damaged: the parser answers with a model or with an error that points into
 * the text, and never reads beyond it (the tests run under AddressSanitizer). */
#include "test.h"

#include <stdlib.h>

#include "cornichon/model.h"
#include "model/expression.h"

static crn_error err;

static const char *const seeds[] = {
    "make_pipeline(StandardScaler(), PCA(n_components=2), LogisticRegression(C=0.5))",
    "Pipeline([('scale', StandardScaler()), ('svc', LogisticRegression(class_weight={0: "
    "1.0}))])",
    "Sequential([Input((4,)), Dense(128, activation='relu'), Dense(3, "
    "activation=\"softmax\")])",
    "PCA(n_components=-1.5e+10, tol=float('inf'), random_state=np.int64(7)) # a comment",
    "f('\\x41\\u00e9\\U0001F600\\101\\n', [[], {}, (), None, True], -np.inf, a=1_000)",
};

/* xorshift64 (Marsaglia, 2003): the same damage on every run. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Up to four changes of single characters, and now and then a cut. */
static size_t damage(char *text, size_t size, uint64_t *random)
{
    static const char pool[] = "()[]{},=:'\"\\.-+#_eE0123456789 \nxuUnpinfaNone\x80\xff";
    int changes = 1 + (int)(next_random(random) % 4);
    for (int i = 0; i < changes; i++)
        text[next_random(random) % size] = pool[next_random(random) % (sizeof pool - 1)];
    return next_random(random) % 4 == 0 ? next_random(random) % (size + 1) : size;
}

static void check(const char *text, size_t size)
{
    /* A copy without a spare byte, so that reading beyond it is seen. */
    char *exact = malloc(size > 0 ? size : 1);
    assert_non_null(exact);
    memcpy(exact, text, size);
    crn_document *document = NULL;
    crn_object *object = NULL;
    assert_ok(crn_document_create(NULL, &document, &err));
    crn_status status = crn_expression_parse(document, exact, size, &object, &err);
    if (status == CRN_OK) {
        crn_text printed = CRN_TEXT_INIT;
        assert_non_null(object);
        crn_expression_print(object, &printed);
        assert_int_equal(printed.status, CRN_OK);
        crn_text_free(&printed);
    } else {
        assert_null(object);
        assert_int_equal(err.code, status);
        assert_true(status == CRN_FORMAT || status == CRN_LIMIT);
        assert_true(err.offset <= size || err.offset == CRN_NO_OFFSET);
    }
    crn_document_release(document);
    free(exact);
}

static void test_damaged_text(void **state)
{
    (void)state;
    uint64_t random = 20260101;
    for (int round = 0; round < 4000; round++) {
        const char *seed = seeds[next_random(&random) % (sizeof seeds / sizeof seeds[0])];
        char text[200];
        size_t size = strlen(seed);
        memcpy(text, seed, size);
        check(text, damage(text, size, &random));
    }
}

static void test_every_prefix(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
        for (size_t size = 0; size <= strlen(seeds[i]); size++)
            check(seeds[i], size);
    }
}

/* What parses may still be no model; the family then says so. */
static void test_damaged_models(void **state)
{
    (void)state;
    uint64_t random = 7;
    for (int round = 0; round < 2000; round++) {
        char text[200];
        size_t size = strlen(seeds[round % 2]);
        memcpy(text, seeds[round % 2], size);
        text[damage(text, size, &random)] = '\0';
        crn_model *model = NULL;
        err = (crn_error)CRN_ERROR_INIT;
        crn_status status = crn_model_parse(text, &model, &err);
        assert_true((status == CRN_OK) == (model != NULL));
        assert_true(status == CRN_OK || err.message[0] != '\0');
        crn_model_destroy(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damaged_text),
        cmocka_unit_test(test_every_prefix),
        cmocka_unit_test(test_damaged_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
