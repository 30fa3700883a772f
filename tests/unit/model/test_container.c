/* SPDX-License-Identifier: BSD-3-Clause */
/* Files that hold more than a model. Instances are made as a pickle records them. */
#include "test.h"

#include "model/container.h"

static crn_error err;
static crn_document *document;

static int begin(void **state)
{
    (void)state;
    return crn_document_create(NULL, &document, NULL) == CRN_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    crn_document_release(document);
    return 0;
}

static crn_object *instance(const char *module, const char *name)
{
    return crn_object_instance(document, CRN_BY_NEWOBJ,
                               crn_object_global(document, module, name));
}

/* {"scaler": StandardScaler, "clf": LogisticRegression, "score": 0.5, 7: "x"} */
static crn_object *bundle(void)
{
    crn_object *dict = crn_object_new(document, CRN_OBJ_DICT);
    crn_object *scaler = instance("sklearn.preprocessing._data", "StandardScaler");
    crn_object *classifier = instance("sklearn.linear_model._logistic", "LogisticRegression");
    assert_true(crn_object_set(document, dict, "scaler", scaler));
    assert_true(crn_object_set(document, dict, "clf", classifier));
    assert_true(crn_object_set(document, dict, "score", crn_object_float(document, 0.5)));
    assert_true(crn_object_set_pair(document, dict, crn_object_int(document, 7),
                                    crn_object_str(document, "x")));
    return dict;
}

static const crn_object *pick(const crn_object *root, const char *member)
{
    const crn_object *picked = NULL;
    assert_ok(crn_container_pick(root, member, &picked, &err));
    return picked;
}

static void test_what_stands_for_itself(void **state)
{
    (void)state;
    crn_object *model = instance("a", "B");
    assert_ptr_equal(pick(model, NULL), model);
    crn_object *numbers = crn_object_new(document, CRN_OBJ_LIST);
    assert_true(crn_object_append(document, numbers, crn_object_int(document, 1)));
    assert_ptr_equal(pick(numbers, NULL), numbers); /* nothing in it could be a model */
}

static void test_the_only_item_that_can_predict(void **state)
{
    (void)state;
    crn_object *dict = bundle();
    assert_ptr_equal(pick(dict, NULL), crn_object_get(dict, "clf"));
}

static void test_the_key_model_comes_first(void **state)
{
    (void)state;
    crn_object *dict = bundle(), *model = instance("a", "B");
    assert_true(crn_object_set(document, dict, "model", model));
    assert_ptr_equal(pick(dict, NULL), model);
}

static void test_a_single_instance_needs_no_family(void **state)
{
    (void)state;
    crn_object *tuple = crn_object_new(document, CRN_OBJ_TUPLE), *model = instance("a", "B");
    assert_true(crn_object_append(document, tuple, crn_object_str(document, "v1")));
    assert_true(
        crn_object_append(document, tuple, instance("numpy.core.multiarray", "_reconstruct")));
    assert_true(crn_object_append(document, tuple, model));
    assert_ptr_equal(pick(tuple, NULL), model);
    assert_ptr_equal(pick(tuple, "2"), model);
    assert_ptr_equal(pick(tuple, "-1"), model);
}

static void test_members_by_key_place_and_path(void **state)
{
    (void)state;
    crn_object *dict = bundle(), *list = crn_object_new(document, CRN_OBJ_LIST);
    assert_true(crn_object_append(document, list, dict));
    assert_string_equal(crn_object_text(pick(dict, "7")), "x");
    assert_ptr_equal(pick(list, "0/scaler"), crn_object_get(dict, "scaler"));
}

static void test_a_dict_subclass_counts(void **state)
{
    (void)state;
    crn_object *bunch = instance("sklearn.utils", "Bunch"), *dict = bundle();
    bunch->as.instance->set = dict->as.items;
    assert_ptr_equal(pick(bunch, NULL), crn_object_get(dict, "clf"));
}

static void test_errors_list_the_items(void **state)
{
    (void)state;
    const crn_object *picked = NULL;
    crn_object *list = crn_object_new(document, CRN_OBJ_LIST);
    assert_true(crn_object_append(document, list, instance("a", "B")));
    assert_true(crn_object_append(document, list, instance("a", "C")));
    assert_status(CRN_ARGUMENT, crn_container_pick(list, NULL, &picked, &err));
    assert_string_equal(err.message,
                        "several items could be the model, so name one (FILE#ITEM): "
                        "0 (B), 1 (C)");
    assert_status(CRN_NOT_FOUND, crn_container_pick(list, "2", &picked, &err));
    assert_string_equal(err.message, "there is no item '2' in this list: 0 (B), 1 (C)");
    assert_status(CRN_NOT_FOUND, crn_container_pick(bundle(), "classifier", &picked, &err));
    assert_string_equal(
        err.message, "there is no item 'classifier' in this dict: 'scaler' (StandardScaler), "
                     "'clf' (LogisticRegression), 'score' (float), 7 (str)");
    assert_status(CRN_NOT_FOUND, crn_container_pick(bundle(), "score/0", &picked, &err));
    assert_string_equal(err.message, "there is no item '0' in this float");
    assert_null(picked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_stands_for_itself),
        cmocka_unit_test(test_the_only_item_that_can_predict),
        cmocka_unit_test(test_the_key_model_comes_first),
        cmocka_unit_test(test_a_single_instance_needs_no_family),
        cmocka_unit_test(test_members_by_key_place_and_path),
        cmocka_unit_test(test_a_dict_subclass_counts),
        cmocka_unit_test(test_errors_list_the_items),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
