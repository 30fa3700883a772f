/* SPDX-License-Identifier: BSD-3-Clause */
/* Damaged constructor expressions: the parser answers with an object or with an error that
 * points into the text, and what parses may still be no model, which the families then say. */
#include "test.h"

#include "mutations.h"

#include "cornichon/model.h"
#include "model/expression.h"

static const char *const seeds[] = {
    "make_pipeline(StandardScaler(), PCA(n_components=2), LogisticRegression(C=0.5))",
    "Pipeline([('scale', StandardScaler()), ('svc', LogisticRegression(class_weight={0: "
    "1.0}))])",
    "Sequential([Input((4,)), Dense(128, activation='relu'), Dense(3, "
    "activation=\"softmax\")])",
    "PCA(n_components=-1.5e+10, tol=float('inf'), random_state=np.int64(7)) # a comment",
    "f('\\x41\\u00e9\\U0001F600\\101\\n', [[], {}, (), None, True], -np.inf, a=1_000)",
};

enum { SEEDS = sizeof seeds / sizeof seeds[0] };

/* Parses and prints what came of it. */
static crn_status parse(crn_buffer *file, crn_error *err)
{
    crn_document *document = NULL;
    crn_object *object = NULL;
    const size_t size = crn_buffer_size(file);
    CRN_TRY(crn_document_create(NULL, &document, err));
    crn_status status =
        crn_expression_parse(document, crn_buffer_data(file), size, &object, err);
    if (status == CRN_OK) {
        crn_text printed = CRN_TEXT_INIT;
        crn_expression_print(object, &printed);
        assert_int_equal(printed.status, CRN_OK);
        crn_text_free(&printed);
    } else {
        assert_null(object);
        assert_true(err->offset <= size || err->offset == CRN_NO_OFFSET);
    }
    crn_document_release(document);
    return status;
}

static crn_status make_model(crn_buffer *file, crn_error *err)
{
    crn_model *model = NULL;
    char *text = crn_calloc(crn_buffer_size(file) + 1, 1);
    assert_non_null(text);
    memcpy(text, crn_buffer_data(file), crn_buffer_size(file));
    crn_status status = crn_model_parse(text, &model, err);
    assert_true((status == CRN_OK) == (model != NULL));
    crn_model_destroy(model);
    free(text);
    return status;
}

static void test_prefixes(void **state)
{
    (void)state;
    for (int i = 0; i < SEEDS; i++)
        try_prefixes(parse, (const uint8_t *)seeds[i], strlen(seeds[i]), 1);
}

static void test_mutations(void **state)
{
    (void)state;
    for (int i = 0; i < SEEDS; i++)
        try_mutations(parse, (const uint8_t *)seeds[i], strlen(seeds[i]), 2000);
}

static void test_mutated_models(void **state)
{
    (void)state;
    for (int i = 0; i < SEEDS; i++)
        try_mutations(make_model, (const uint8_t *)seeds[i], strlen(seeds[i]), 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_mutated_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
