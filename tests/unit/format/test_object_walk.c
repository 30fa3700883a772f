/* SPDX-License-Identifier: BSD-3-Clause */
/* How deep objects are nested. */
#include "format/object.h"

#include "test.h"

static crn_document *d;

static int set_up(void **state)
{
    (void)state;
    return crn_document_create(NULL, &d, NULL) == CRN_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    crn_document_release(d);
    return 0;
}

/* A chain of `depth` containers of that kind, with an int in the innermost. */
static crn_object *chain(crn_object_kind kind, int depth)
{
    crn_object *inner = crn_object_int(d, 1);
    for (int i = 0; i < depth; i++) {
        crn_object *outer = crn_object_new(d, kind);
        assert_true(kind == CRN_OBJ_DICT ? crn_object_set(d, outer, "k", inner)
                                         : crn_object_append(d, outer, inner));
        inner = outer;
    }
    return inner;
}

static void check_depth(crn_object *root, uint64_t depth)
{
    crn_error err = CRN_ERROR_INIT;
    assert_ok(crn_object_check_nesting(root, depth, &err));
    assert_status(CRN_LIMIT, crn_object_check_nesting(root, depth - 1, &err));
    assert_non_null(strstr(err.message, "limit nesting"));
    assert_int_equal(root->mark, 0); /* marks are taken away, after an error too */
    assert_ok(crn_object_check_nesting(root, depth, &err));
}

static void test_kinds(void **state)
{
    (void)state;
    static const crn_object_kind kinds[] = {CRN_OBJ_TUPLE, CRN_OBJ_LIST, CRN_OBJ_SET,
                                            CRN_OBJ_FROZENSET, CRN_OBJ_DICT};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        check_depth(chain(kinds[i], 7), 7);
}

static void test_parts_of_instances(void **state)
{
    (void)state;
    for (int part = 0; part < 7; part++) {
        crn_object *deep = chain(CRN_OBJ_LIST, 5);
        crn_object *object =
            crn_object_instance(d, CRN_BY_REDUCE, crn_object_global(d, "m", "f"));
        crn_instance *instance = object->as.instance;
        if (part == 0)
            instance->callable = deep;
        else if (part == 1)
            instance->args = deep;
        else if (part == 2)
            instance->kwargs = deep;
        else if (part == 3)
            instance->state = deep;
        else if (part == 4)
            instance->elements = deep;
        else
            assert_true(crn_object_items_extend(
                d, part == 5 ? &instance->append : &instance->set, &deep, 1));
        check_depth(object, 6);
    }
}

static void test_cycles_and_sharing(void **state)
{
    (void)state;
    crn_error err = CRN_ERROR_INIT;
    crn_object *list = crn_object_new(d, CRN_OBJ_LIST);
    for (int i = 0; i < 3; i++)
        assert_true(crn_object_append(d, list, list));
    assert_ok(crn_object_check_nesting(list, 1, &err));
    /* 2 ** 40 ways from the root, but 41 objects. */
    crn_object *doubled = list;
    for (int i = 0; i < 40; i++) {
        crn_object *next = crn_object_new(d, CRN_OBJ_LIST);
        assert_true(crn_object_append(d, next, doubled) && crn_object_append(d, next, doubled));
        doubled = next;
    }
    check_depth(doubled, 41);
    assert_ok(crn_object_check_nesting(NULL, 1, &err));
    assert_ok(crn_object_check_nesting(crn_object_int(d, 1), 1, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_parts_of_instances),
        cmocka_unit_test(test_cycles_and_sharing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
