/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists of child estimators in each of the ways in which Python holds them. */
#include "test.h"

#include "model/expression.h"
#include "model/model.h"
#include "model/model_list.h"
#include "model/opaque.h"
#include "sklearn/estimator.h"

static crn_error err;
static crn_document *document;

static crn_status read_model(void *context, const crn_object *object, crn_model **out,
                             crn_error *error)
{
    if (crn_object_is(object, CRN_OBJ_INSTANCE))
        return crn_sklearn_parse(context, object, out, error);
    return crn_opaque_create(context, object, out, error);
}

static crn_object *parse(const char *text)
{
    crn_object *object = NULL;
    assert_ok(crn_expression_parse(document, text, strlen(text), &object, &err));
    return object;
}

static crn_field_context context_of(bool reads)
{
    return (crn_field_context){.document = document,
                               .class_name = "Test",
                               .read_model = reads ? read_model : NULL,
                               .context = document};
}

static crn_object *expression(const crn_model *model, crn_document *into, void *unused,
                              crn_error *error)
{
    (void)unused;
    (void)error;
    return crn_model_expression(model, into);
}

/* Reads a list, and writes it as it was. */
static void assert_round_trip(const char *text, crn_model_list_kind kind, int64_t count)
{
    const crn_field_context context = context_of(true);
    crn_model_list list = {0};
    crn_text repr = CRN_TEXT_INIT;
    assert_ok(crn_model_list_read(&list, parse(text), &context, &err));
    assert_int_equal(list.kind, kind);
    assert_int_equal(list.count, count);
    crn_object *again = crn_model_list_write(&list, document, expression, NULL, &err);
    assert_non_null(again);
    crn_object_repr(again, 0, &repr);
    assert_string_equal(repr.data, text);
    crn_text_free(&repr);
    crn_model_list_free(&list, crn_model_destroy);
    assert_null(list.at);
}

static void test_every_kind(void **state)
{
    (void)state;
    assert_round_trip("None", CRN_MODELS_NONE, 0);
    assert_round_trip("[]", CRN_MODELS_LIST, 0);
    assert_round_trip("[PCA(), 'drop', None]", CRN_MODELS_LIST, 3);
    assert_round_trip("(PCA(n_components=2),)", CRN_MODELS_TUPLE, 1);
    assert_round_trip("[('a', PCA()), ('b', 'passthrough')]", CRN_MODELS_PAIRS, 2);
    assert_round_trip("{'a': PCA(), 'b': StandardScaler()}", CRN_MODELS_DICT, 2);
}

static void test_what_is_no_estimator(void **state)
{
    (void)state;
    const crn_field_context context = context_of(true);
    crn_model_list list = {0};
    assert_ok(crn_model_list_read(&list, parse("['drop', PCA()]"), &context, &err));
    assert_true(crn_opaque_is_str(list.at[0], "drop"));
    assert_false(crn_opaque_is_str(list.at[0], "passthrough"));
    assert_null(crn_opaque_object(list.at[1]));
    assert_false(crn_model_has_method(list.at[0], CRN_TRANSFORM));
    crn_model_list_free(&list, crn_model_destroy);
}

static void assert_refused(const char *text, bool reads, const char *message)
{
    const crn_field_context context = context_of(reads);
    crn_model_list list = {0};
    err = (crn_error)CRN_ERROR_INIT;
    assert_status(CRN_FORMAT, crn_model_list_read(&list, parse(text), &context, &err));
    assert_non_null(strstr(err.message, message));
    crn_model_list_free(&list, crn_model_destroy);
}

static void test_what_is_no_list(void **state)
{
    (void)state;
    assert_refused("3", true, "expected a list or an array of estimators, got int");
    assert_refused("[('a', PCA()), PCA()]", true, "item 1 is not a (name, estimator) pair");
    assert_refused("{1: PCA()}", true, "item 0 is not a (name, estimator) pair");
    assert_refused("[PCA()]", false, "no estimators are expected here");
    crn_model_list list;
    assert_status(CRN_LIMIT,
                  crn_model_list_create(&list, CRN_MODELS_LIST, CRN_MAX_MODELS + 1, 0, &err));
}

static int create(void **state)
{
    (void)state;
    return crn_document_create(NULL, &document, &err) == CRN_OK ? 0 : -1;
}

static int release(void **state)
{
    (void)state;
    crn_document_release(document);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind),
        cmocka_unit_test(test_what_is_no_estimator),
        cmocka_unit_test(test_what_is_no_list),
    };
    return cmocka_run_group_tests(tests, create, release);
}
